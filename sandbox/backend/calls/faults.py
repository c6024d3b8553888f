"""What can be wrong with calls: their states, listing, figures, export and sockets."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="backend")

LAST_ROW_LOST = fault(
    "call-export-excel-loses-a-row",
    "The sheet is filled up to the number of calls, and the header takes one of these rows.",
    kind="data",
    severity=1,
    finding="the Excel file has one call less than the CSV",
)
WINDOW_IGNORED = fault(
    "report-ignores-window",
    "The reports take a window and count all calls ever made.",
    kind="correctness",
    severity=2,
    finding="a report over a past day counts calls of today",
)
DURATION_OVER_ALL = fault(
    "report-mean-over-all-calls",
    "The mean duration is taken over all calls, those without a duration included as 0.",
    kind="correctness",
    severity=2,
    finding="calls are reported shorter than they were",
)
NO_ANSWER_LEFT_OUT = fault(
    "report-leaves-out-no-answer",
    "The reports know the statuses of an older release and leave out calls that nobody answered.",
    kind="correctness",
    severity=2,
    finding="the report counts fewer calls than the list shows",
)
LAST_DAY_LOST = fault(
    "report-timeline-loses-a-day",
    "The timeline ends a day early: its end is meant to be excluded, and the window's is included.",
    kind="correctness",
    severity=2,
    finding="the days of the timeline hold fewer calls than the total above them",
)
BUSY_AS_NO_ANSWER = fault(
    "report-busy-as-no-answer",
    "Calls that were busy are counted with those that nobody answered, as an older screen had one line for both.",
    kind="correctness",
    severity=2,
    finding="the report has no busy calls and too many unanswered ones",
)
LOCAL_DAYS = fault(
    "report-day-in-local-time",
    "The days of the timeline are those of the office's clock, and the calls are stored in UTC.",
    kind="correctness",
    severity=2,
    finding="a call late in the evening is reported on the next day",
)
RATE_AS_FRACTION = fault(
    "report-rates-as-fractions",
    "The rates are shares between 0 and 1, and the page adds a percent sign.",
    kind="correctness",
    severity=2,
    finding="a success rate of 44 % is reported as 0.44 %",
)
FAILURES_OF_THE_REST = fault(
    "report-failures-are-the-rest",
    "Whatever is not completed is counted as failed, so calls that wait or were withdrawn are failures.",
    kind="correctness",
    severity=2,
    finding="the failure rate counts calls that have not been made yet",
    # Completed and failed calls are then all calls.
    hides=("dashboard-counts-finished-calls",),
)
DURATION_IN_MS = fault(
    "report-duration-in-milliseconds",
    "The mean duration is given in the unit of another service.",
    kind="correctness",
    severity=2,
    finding="an average call lasts two days",
)
TIMELINE_REPEATS_DAY = fault(
    "report-timeline-day-per-status",
    "The timeline has an entry for each day and status instead of each day.",
    kind="correctness",
    severity=2,
    finding="the same day stands in the timeline several times",
)
STATUS_IGNORED = fault(
    "call-status-filter-ignored",
    "The status is counted with and not filtered by: two statements, one of them forgotten.",
    kind="correctness",
    severity=2,
    finding="the list of failed calls shows completed ones",
)
END_EXCLUDED = fault(
    "call-end-date-excluded",
    "Calls on the last day of the dates that were asked for are left out: a date is taken for its midnight, twice.",
    kind="correctness",
    severity=2,
    finding="the calls of today are missing from a list until today",
)
NAIVE_DATE_CRASHES = fault(
    "call-date-without-offset-crashes",
    "A date in the query is compared with the clock, which has an offset.",
    kind="correctness",
    severity=2,
    finding="filtering calls by a date without UTC offset is a server error",
    rulings=("R-21",),
)
PAGE_CAPPED = fault(
    "call-page-capped-silently",
    "The data REST gives at most 25 rows at a time, whatever is asked for.",
    kind="data",
    severity=2,
    finding="a page of 100 holds 25 calls and the other 75 are on no page",
    rulings=("R-22",),
)
ORDER_IGNORED = fault(
    "call-sort-order-ignored",
    "sort_order is compared with ASC and clients send asc.",
    kind="correctness",
    severity=2,
    finding="sorting calls upwards sorts them downwards",
)
SORTED_AS_TEXT = fault(
    "call-durations-sorted-as-text",
    "Columns are cast to text before they are sorted.",
    kind="correctness",
    severity=2,
    finding="a call of 100 seconds is sorted before one of 35",
)
SORT_PASTED = fault(
    "call-sort-pasted-into-sql",
    "sort_by is pasted into the statement without looking whether it is a column.",
    kind="authorization",
    severity=1,
    finding="an unknown sort_by is a server error, and a clever one reads what it likes",
)
UNMASKED = fault(
    "call-list-unmasked",
    "The list of calls is not taken through the mask: it was added where contacts are.",
    kind="authorization",
    severity=1,
    finding="a viewer reads the bare numbers of everybody who was called",
    rulings=("R-29",),
)
ROW_BY_ROW = fault(
    "call-metrics-row-by-row",
    "The numbers over all calls are added up in Python, from rows that are fetched one at a time.",
    kind="performance",
    severity=2,
    finding="/api/calls/metrics takes seconds, and longer each week.",
)
TAKEN_FOR_ID = fault(
    "call-metrics-taken-for-id",
    "The route with an id was moved above the fixed paths and takes the word metrics for an id.",
    kind="correctness",
    severity=2,
    finding="/api/calls/metrics answers that there is no such call",
    rulings=("R-03",),
)
WEEK_FROM_SUNDAY = fault(
    "call-metrics-week-from-sunday",
    "Weeks begin on Sunday, as the calendar of another country has it.",
    kind="correctness",
    severity=2,
    finding="the weeks of the chart are not those of the calls' list",
)
PLACED_FOR_UNKNOWN = fault(
    "call-placed-for-unknown-contact",
    "The vendor is asked to call before the campaign and the contact are looked up.",
    kind="correctness",
    severity=1,
    finding="A request that is answered with 404 still rings somebody's phone and costs money.",
)
CANCEL_STAYS_LOCAL = fault(
    "call-cancel-not-sent-to-vendor",
    "Cancelling a call changes the database only; the line stays open.",
    kind="vendor",
    severity=2,
    finding="A call that shows as cancelled goes on at the vendor.",
)
CANCEL_REASON_LOST = fault(
    "call-cancel-loses-reason",
    "The reason of a cancellation is overwritten with the default.",
    kind="correctness",
    severity=3,
    finding="nobody can see why a call was cancelled",
)
RESCHEDULE_KEEPS_STATUS = fault(
    "call-reschedule-keeps-status",
    "Rescheduling moves the time and leaves the status.",
    kind="correctness",
    severity=1,
    finding="a rescheduled call stays cancelled and is never made",
)
RESCHEDULE_INTO_PAST = fault(
    "call-reschedule-into-the-past",
    "The new time of a call is not compared with the clock.",
    kind="correctness",
    severity=2,
    finding="a call is rescheduled to yesterday",
)
DURATION_NOT_STORED = fault(
    "call-duration-not-stored",
    "A change of status writes the status and drops what comes with it.",
    kind="data",
    severity=2,
    finding="a completed call has no duration",
)
RECORDING_ALWAYS_SHOWN = fault(
    "call-detail-shows-recording",
    "The recording's address is part of every detail, asked for or not.",
    kind="authorization",
    severity=2,
    finding="whoever looks at a call gets the address of its recording",
)
SPEAKERS_SWAPPED = fault(
    "call-transcript-swaps-speakers",
    "The two sides of an exchange were taken in the wrong order.",
    kind="data",
    severity=2,
    finding="the transcript has the person say what the system said",
)
NEIGHBOURS_CONTACT = fault(
    "call-detail-of-another-contact",
    "The contact is looked up by its position among the campaign's calls instead of by its id.",
    kind="data",
    severity=1,
    finding="a call shows the name and number of somebody else",
)
DURATION_NEGATIVE = fault(
    "call-detail-duration-negative",
    "The duration of a finished call is computed again, start minus end.",
    kind="correctness",
    severity=2,
    finding="a call lasted less than nothing",
)
DETAIL_UNMASKED = fault(
    "call-detail-unmasked",
    "The contact's phone is joined to the detail after the mask was applied.",
    kind="authorization",
    severity=1,
    finding="a viewer reads the bare number of whoever was called",
    rulings=("R-29",),
)
NOT_FOUND_IN_ENGLISH = fault(
    "call-not-found-in-english",
    "The message for a call that does not exist was never translated.",
    kind="correctness",
    severity=3,
    finding="an unknown call is answered in English",
)
TWIML_UNESCAPED = fault(
    "twiml-unescaped",
    "TwiML is put together as text and names and scripts go in as they are.",
    kind="correctness",
    severity=1,
    finding="An ampersand in a contact's name breaks the call; markup in a script is obeyed by the vendor.",
)
TWIML_IN_ENGLISH = fault(
    "twiml-without-language",
    "The sentences name no language, so the vendor reads Spanish with an English voice.",
    kind="correctness",
    severity=2,
    finding="<Say> has no language es-ES; nobody understands the call.",
)
GATHER_TO_INNER_ADDRESS = fault(
    "gather-action-inner-address",
    "The address for the answer is made from the host that the backend sees.",
    kind="configuration",
    severity=1,
    finding="Twilio cannot reach the address of <Gather>, so every answer is lost.",
)
STATUS_NOT_COUNTED = fault(
    "call-total-ignores-status",
    "The status is filtered by and not counted with: two statements, one of them forgotten.",
    kind="correctness",
    severity=2,
    finding="a list of failed calls promises as many pages as the list of all has",
)
SCRIPT_CUT = fault(
    "twiml-script-cut",
    "The script goes through a column of the first release, which holds 32 characters.",
    kind="data",
    severity=1,
    finding="The call ends its script in the middle of a word.",
)
NAME_NOT_FILLED_IN = fault(
    "twiml-name-not-filled-in",
    "The greeting lost its format call and is read out as a template.",
    kind="correctness",
    severity=2,
    finding="The call greets `{name}`.",
)
WITHOUT_TOKEN = fault(
    "websocket-without-token",
    "The authentication layer looks at http requests only and nobody else looks at WebSockets.",
    kind="authorization",
    severity=1,
    finding="Anybody who knows a call's id can listen to its conversation.",
    rulings=("R-25",),
)
TOKEN_ONLY_PRESENT = fault(
    "websocket-token-not-verified",
    "The socket asks whether there is a token and does not look at it.",
    kind="authorization",
    severity=1,
    finding="Any text in the query parameter `token` opens a conversation.",
    rulings=("R-25",),
)
EXPIRED_TOKEN_TAKEN = fault(
    "websocket-token-never-expires",
    "The socket verifies the signature of the token with a call of its own, which leaves the expiry out.",
    kind="authorization",
    severity=2,
    finding="A token that expired opens a conversation.",
    rulings=("R-25",),
)
BUSY_MAPPED_TO_FAILED = fault(
    "webhook-busy-mapped-to-failed",
    "The status webhook still follows the legacy table and stores busy and no-answer as failed.",
    kind="correctness",
    severity=2,
    finding="A call that was busy or not answered is reported as failed, so the wrong retry wait applies.",
    rulings=("R-16",),
)
CANCELED_UNKNOWN = fault(
    "webhook-canceled-unknown",
    "The table of the vendor's words spells `cancelled` with two l, and Twilio with one.",
    kind="correctness",
    severity=2,
    finding="A call that was withdrawn stays pending for ever and holds up the end of its campaign.",
    rulings=("R-16",),
)
UNKNOWN_STATUS_IS_AN_ERROR = fault(
    "webhook-unknown-word-ends-call",
    "A word of the vendor that is not in the table sets the call to error.",
    kind="correctness",
    severity=2,
    finding="A running call is ended in the books when the vendor invents a status.",
    rulings=("R-16",),
)
TERMINAL_OVERWRITTEN = fault(
    "terminal-status-overwritten",
    "A callback that arrives late takes a finished call back to an earlier state.",
    kind="data",
    severity=1,
    finding="A completed call shows as in progress after a delayed callback.",
)
COUNTED_TWICE = fault(
    "campaign-counters-count-again",
    "The counters of a campaign move with every report of a call's end, the same end told again included.",
    kind="data",
    severity=2,
    finding="a campaign has more successes than calls that ended well",
)
PENDING_STAYS = fault(
    "campaign-counters-keep-pending",
    "A call that ends is added to the successes or failures and stays among those that wait.",
    kind="data",
    severity=2,
    finding="a campaign never runs out of waiting calls and is never completed",
)
