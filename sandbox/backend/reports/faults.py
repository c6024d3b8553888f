"""What can be wrong with reports."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="backend")

SUMMARY_OF_ALL = fault(
    "campaign-summary-of-all-calls",
    "The summary of a campaign lost its condition and counts the calls of all campaigns.",
    kind="correctness",
    severity=1,
    finding="the summary of one campaign has the calls of the others",
)
RANKED_BY_CALLS = fault(
    "campaigns-ranked-by-calls",
    "The ranking of campaigns is ordered by the number of calls instead of by success.",
    kind="correctness",
    severity=3,
    finding="the best campaign does not come first",
)
HISTORY_OLDEST_FIRST = fault(
    "call-history-oldest-first",
    "The call history is ordered upwards.",
    kind="correctness",
    severity=2,
    finding="the newest calls are on the last page of the history",
)
EXPORT_OF_COMPLETED = fault(
    "call-export-of-completed-calls",
    "The export holds the completed calls only, which was what the first user asked for.",
    kind="data",
    severity=1,
    finding="the exported file has fewer calls than the screen shows",
)
TOTAL_RENAMED = fault(
    "report-total-renamed",
    "The total of the report was given the name that the history has for it.",
    kind="correctness",
    severity=2,
    finding="the report has no total_calls, and the first card of the dashboard is empty",
)
HISTORY_ROWS_OF_ALL = fault(
    "call-history-rows-of-all",
    "The total of the history is counted with the campaign that was asked for, and the rows are read without it.",
    kind="correctness",
    severity=2,
    finding="the history of a campaign shows the calls of all",
)
HISTORY_WITHOUT_WAITING = fault(
    "call-history-without-waiting-calls",
    "The total of the history leaves out what waits: it was written for the calls that are over.",
    kind="correctness",
    severity=2,
    finding="the history promises fewer calls than the list has",
    excludes=("call-history-total-of-all",),
)
EXPORT_IGNORES_CAMPAIGN = fault(
    "call-export-ignores-campaign",
    "The export takes a campaign and writes the calls of all.",
    kind="data",
    severity=1,
    finding="the file of one campaign holds the calls of the others",
)
HISTORY_UNMASKED = fault(
    "call-history-unmasked",
    "The history was written after the mask and does not know of it.",
    kind="authorization",
    severity=1,
    finding="a viewer reads the bare numbers of everybody who was called",
    rulings=("R-29",),
)
HISTORY_TOTAL_OF_ALL = fault(
    "call-history-total-of-all",
    "The total of the history is counted without the campaign that was asked for.",
    kind="correctness",
    severity=2,
    finding="the history of a campaign promises the calls of all",
)
EXPORT_IGNORES_WINDOW = fault(
    "call-export-ignores-window",
    "The export takes dates and writes all calls.",
    kind="data",
    severity=2,
    finding="an export of one day holds every call ever made",
)
DELETED_IN_RANKING = fault(
    "campaign-ranking-keeps-deleted",
    "The ranking is kept for a minute and nobody tells it that a campaign is gone.",
    kind="correctness",
    severity=3,
    finding="a deleted campaign stands in the ranking",
)
DAYS_ROUNDED_UP = fault(
    "report-days-one-too-many",
    "Both ends of the window are counted as days.",
    kind="correctness",
    severity=3,
    finding="the calls per day are fewer than they were",
)
