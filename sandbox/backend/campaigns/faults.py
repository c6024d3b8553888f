"""What can be wrong with campaigns."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="backend")

NAIVE_CRASHES = fault(
    "campaign-date-without-offset-crashes",
    "A date without UTC offset is compared with the clock, which has one.",
    kind="correctness",
    severity=2,
    finding="a campaign with 2026-01-01T09:00 is a server error",
    rulings=("R-21",),
)
MIXED_CRASHES = fault(
    "campaign-mixed-dates-crash",
    "The two dates are compared before anybody looks whether they can be.",
    kind="correctness",
    severity=2,
    finding="one date with and one without UTC offset is a server error",
    rulings=("R-21",),
)
STATUS_IN_ANY_CASE = fault(
    "campaign-status-in-any-case",
    "The status is lower-cased before it is looked up, because the shipped UI sends capitals.",
    kind="correctness",
    severity=2,
    finding="DRAFT is accepted where the contract has draft only",
)
RETRIES_OF_OLD_RELEASE = fault(
    "campaign-retries-of-an-older-release",
    "The default of max_retries is still that of the release before.",
    kind="correctness",
    severity=2,
    finding="a campaign without max_retries calls everybody five times",
)
EMPTY_CHANGE_RESETS = fault(
    "campaign-empty-change-resets-type",
    "A change is written from the model with its defaults where nothing was sent.",
    kind="data",
    severity=1,
    finding="saving a form without a change makes a sales campaign of any",
)
UNKNOWN_STATUS_LISTS_ALL = fault(
    "campaign-list-ignores-unknown-status",
    "A status that is none is taken for no filter.",
    kind="correctness",
    severity=2,
    finding="status=ACTIVE shows all campaigns",
)
LIST_KNOWS_UTC_ONLY = fault(
    "campaign-list-knows-utc-only",
    "The dates of the list are read by a pattern that ends in Z.",
    kind="correctness",
    severity=2,
    finding="a list from a date in local time is refused",
    rulings=("R-21",),
)
NAME_CUT = fault(
    "campaign-name-cut",
    "A name that is too long is cut to what the column holds.",
    kind="data",
    severity=2,
    finding="a long name is accepted and comes back shorter",
)
DELETE_ONLY_CANCELS = fault(
    "campaign-delete-only-cancels",
    "Deleting a campaign only sets it to cancelled; listings and lookups forget to leave it out.",
    kind="data",
    severity=1,
    finding="a campaign whose deletion was answered with 204 can still be read",
)
PAGES_OVERLAP = fault(
    "campaign-pages-overlap",
    "The offset of the campaign listing is counted from one row too early, so the last row of a page opens the next one.",
    kind="correctness",
    severity=2,
    finding="the same campaign is on two consecutive pages",
)
WRAPPED = fault(
    "campaigns-in-a-page-object",
    "The listing of campaigns was given the page object that the other listings have.",
    kind="correctness",
    severity=2,
    finding="the list of campaigns is an object where clients expect an array",
)
LISTED_WITHOUT_SCRIPT = fault(
    "campaign-list-without-script",
    "The listing of campaigns leaves out the script, which is long and which no table shows.",
    kind="correctness",
    severity=2,
    finding="a campaign of the list has no script_template, so whoever copies it from there copies half of it",
    excludes=("campaigns-in-a-page-object",),
)
OPERATOR_MAY_DELETE = fault(
    "operator-may-delete-campaigns",
    "Deleting a campaign asks for the right to write, not for that of an administrator.",
    kind="authorization",
    severity=1,
    finding="an operator deletes a campaign with all its calls",
)
PAGE_ZERO_CRASHES = fault(
    "campaign-page-zero-crashes",
    "The bounds of page are not checked, and the page is cut out of the rows with a negative index.",
    kind="correctness",
    severity=2,
    finding="page=0 is a server error",
    rulings=("R-22",),
)
STATUS_FILTER_IGNORED = fault(
    "campaign-status-filter-ignored",
    "The listing accepts a status and does not filter by it.",
    kind="correctness",
    severity=2,
    finding="the list of active campaigns shows drafts",
)
DATE_FILTER_IGNORED = fault(
    "campaign-date-filter-ignored",
    "The listing accepts dates and does not filter by them.",
    kind="correctness",
    severity=2,
    finding="the campaigns of a week are those of all time",
)
REST_RESET = fault(
    "campaign-update-resets-the-rest",
    "A change is completed with the defaults of creation and written whole.",
    kind="data",
    severity=1,
    finding="changing a campaign's name sets its retries and key points back",
    rulings=("R-04",),
)
CHANGE_NOT_STORED = fault(
    "campaign-update-not-stored",
    "The change is applied to the answer and its transaction is rolled back.",
    kind="data",
    severity=1,
    finding="a changed campaign is answered as changed and is what it was",
    rulings=("R-04",),
    excludes=("campaign-status-not-stored",),
)
PATCH_NOT_ROUTED = fault(
    "campaign-patch-not-routed",
    "The router knows the update as PUT, as the documentation says, and the PUT was then taken out.",
    kind="correctness",
    severity=1,
    finding="campaigns cannot be changed: PATCH is 405",
    rulings=("R-04",),
)
ACTIVATION_REFUSED = fault(
    "campaign-activation-refused",
    "The transition table was typed in without the step from draft to active.",
    kind="correctness",
    severity=1,
    finding="a draft cannot be activated",
    rulings=("R-20",),
)
PAUSE_IS_FINAL = fault(
    "campaign-pause-is-final",
    "A paused campaign is taken for a finished one.",
    kind="correctness",
    severity=1,
    finding="a paused campaign cannot be taken up again",
    rulings=("R-20",),
)
STATUS_NOT_STORED = fault(
    "campaign-status-not-stored",
    "The status is taken out of what an update writes, and put into its answer.",
    kind="data",
    severity=1,
    finding="a campaign says active when it is activated and is a draft when it is read",
    rulings=("R-20",),
)
OFFSET_DROPPED = fault(
    "campaign-date-offset-dropped",
    "The offset of a date is cut off and the hour taken for UTC.",
    kind="data",
    severity=1,
    finding="a campaign begins hours before or after the time that was typed in",
    rulings=("R-21",),
)
PLACEHOLDERS_EATEN = fault(
    "campaign-placeholders-eaten",
    "The script is formatted when it is stored, with nobody's name.",
    kind="data",
    severity=1,
    finding="every call says Hola and no name",
)
UPDATED_AT_FROZEN = fault(
    "campaign-updated-at-stands-still",
    "The answers carry the moment of creation as the moment of the last change.",
    kind="correctness",
    severity=2,
    finding="a changed campaign says that it was never changed",
)
STATS_SWAPPED = fault(
    "campaign-stats-swapped",
    "Successes and failures are handed over by position, in the wrong order.",
    kind="data",
    severity=2,
    finding="the successes of a campaign are stored as failures",
)
NOT_FOUND_IN_ENGLISH = fault(
    "campaign-not-found-in-english",
    "The message for a campaign that does not exist was never translated.",
    kind="correctness",
    severity=3,
    finding="an unknown campaign is answered in English",
)
COUNTERS_CORRECTED = fault(
    "campaign-counters-corrected-silently",
    "Counters that do not add up are made to fit in place of being refused.",
    kind="data",
    severity=2,
    finding="impossible counters of a campaign are accepted",
)
CHANGE_STORED_FIRST = fault(
    "campaign-change-stored-before-checked",
    "A hook that keeps the AI settings of a campaign up to date runs before the body is validated.",
    kind="data",
    severity=1,
    finding="a change that is refused with 422 is stored, and the list of campaigns breaks for everybody",
)
