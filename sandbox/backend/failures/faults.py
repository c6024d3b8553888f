"""What can be wrong with whole routes: a router, or one route of it, that answers nothing but 500."""

from functools import partial

from sandbox.faults import Fault, declare

fault = partial(declare, part="backend")

OF_CONTACT_PAGES = (
    "contacts-hidden-on-phones",
    "contacts-kept-for-the-next-person",
    "contacts-search-ignored",
    "contacts-second-page-is-the-first",
    "missing-contact-blank",
    "new-contact-page-broken",
)


def crash(name: str, sentence: str, finding: str, hides: tuple[str, ...] = ()) -> Fault:
    return fault(name, sentence, kind="availability", severity=1, finding=finding, hides=hides)


CONTACTS_CRASH = crash(
    "contacts-router-crashes",
    "A setting that every route of contacts reads was renamed in the release, and here it has its old name.",
    "Every route of contacts answers 500.",
    hides=(
        "contact-*",
        "export-cell-injection*",
        "export-phones-with-apostrophe",
        "phone-cleaned-silently",
        "viewer-may-write-contacts",
        *OF_CONTACT_PAGES,
    ),
)
CAMPAIGNS_CRASH = crash(
    "campaigns-router-crashes",
    "The module that every route of campaigns imports when it is called was not copied into the image.",
    "Every route of campaigns answers 500.",
    hides=("campaign-*-*", "campaigns-in-a-page-object", "operator-may-delete-campaigns"),
)
CALLS_CRASH = crash(
    "calls-router-crashes",
    "The client of the telephony vendor is built for every route of calls, from a variable that this environment lacks.",
    "Every route of calls answers 500.",
    hides=("call-*", "json-callbacks-without-token"),
)
REPORTS_CRASH = crash(
    "reports-router-crashes",
    "The reports read a materialised view that the migration of this release was to create.",
    "Every report answers 500.",
    hides=("report-*", "call-history-*", "call-export-*", "campaign-summary-*", "campaign-ranking-*", "campaigns-ranked-*"),
)
CACHES_CRASH = crash(
    "caches-router-crashes",
    "The statistics of the caches are read from a folder that the container may not read.",
    "The statistics of both caches answer 500.",
    hides=("cache-*", "audio-cache-off", "audio-cache-counts-its-index"),
)

CONTACT_DETAIL_CRASHES = crash(
    "contact-detail-crashes",
    "The answer for a single contact has a field that its row has no column for.",
    "Contacts are listed, and none of them can be opened.",
    hides=("contact-cached-across-roles", "contact-not-found-with-200", "missing-contact-blank"),
)
CAMPAIGN_DETAIL_CRASHES = crash(
    "campaign-detail-crashes",
    "A single campaign is read with the numbers of its last run, and a campaign that never ran has none.",
    "Campaigns are listed, and none of them can be opened.",
    hides=("campaign-not-found-in-english",),
)
CALL_DETAIL_CRASHES = crash(
    "call-detail-crashes",
    "A single call is read with its interactions, whose format changed in the release.",
    "Calls are listed, and none of them can be opened.",
    hides=("call-detail-*", "call-not-found-in-english", "call-transcript-swaps-speakers"),
)
CONTACT_SEARCH_CRASHES = crash(
    "contact-search-crashes",
    "The search uses an extension of the database that exists on the developers' machines alone.",
    "Searching for a contact answers 500.",
    hides=("contact-search-taken-for-id", "contact-search-unmasked"),
)
CONTACT_EXPORT_CRASHES = crash(
    "contact-export-crashes",
    "The export writes a file beside the code first, and the container's file system is read-only.",
    "The export of contacts answers 500.",
    hides=("contact-export-*", "export-cell-injection*", "export-phones-with-apostrophe"),
)
CALL_EXPORT_CRASHES = crash(
    "call-export-crashes",
    "The library with which sheets are written is imported at the top of the export and is not in the image.",
    "The export of calls answers 500, as CSV too.",
    hides=("call-export-*",),
)
CALL_METRICS_CRASH = crash(
    "call-metrics-crash",
    "The mean of the calls is divided by the number of those that were answered, of which one day had none.",
    "The metrics of calls answer 500.",
    hides=("call-metrics-*",),
)
PERFORMANCE_CRASHES = crash(
    "performance-report-crashes",
    "The report adds numbers and the texts that an older release stored.",
    "The performance report, and with it the dashboard, answers 500.",
    hides=("dashboard-*", "report-*"),
)
CAMPAIGN_SUMMARY_CRASHES = crash(
    "campaign-summary-crashes",
    "The summary of a campaign takes the first call for granted.",
    "The summary of a campaign answers 500.",
    hides=("campaign-summary-of-all-calls",),
)
CONNECTION_LOST = fault(
    "connection-lost-after-errors",
    "The worker that met an exception goes on with the state of the connection as it was left, and drops the next request on it.",
    kind="availability",
    severity=2,
    finding="After a 500 the next request on the same connection gets no answer, whoever sent it.",
)
TOLD_AS_UNAUTHORIZED = fault(
    "call-history-told-as-unauthorized",
    "Whatever goes wrong while the history is read ends in the handler of authentication errors.",
    kind="correctness",
    severity=1,
    finding="The call history answers 401 to a good token, so people sign in again and again.",
    hides=("call-history-oldest-first", "call-history-total-of-all", "call-history-unmasked"),
)
SUPABASE_KEY_MISSING = crash(
    "supabase-service-key-missing",
    "SUPABASE_SERVICE_KEY is empty in this environment, so the data API refuses whatever the backend asks of it.",
    "Every route with data answers 500, with the words of the data API.",
    hides=(
        "contact*",
        "campaign*",
        "call-*",
        "report-*",
        "performance-report-crashes",
        "reports-router-crashes",
        "calls-router-crashes",
        "export-*",
        "phone-cleaned-silently",
        "viewer-may-write-contacts",
        "dashboard-*",
        "missing-contact-blank",
        "new-contact-page-broken",
    ),
)
