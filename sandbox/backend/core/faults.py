"""What can be wrong with what all areas share: errors, logs, metrics, health, pages and masks."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="backend")

DOCUMENTATION_OPEN = fault(
    "documentation-left-open",
    "DEBUG was left on in the production environment.",
    kind="configuration",
    severity=2,
    finding="/docs and /openapi.json are served in production.",
    rulings=("R-19",),
    start_only=True,
)
REDOC_OPEN = fault(
    "redoc-left-open",
    "/docs was closed by hand, and its twin /redoc was forgotten.",
    kind="configuration",
    severity=2,
    finding="/redoc is served in production.",
    rulings=("R-19",),
    start_only=True,
    excludes=("documentation-left-open",),
)
SCHEMA_OPEN = fault(
    "schema-left-open",
    "The pages of the documentation are closed and the document that they are made of is not.",
    kind="configuration",
    severity=2,
    finding="/openapi.json, the map of the API, is public in production.",
    rulings=("R-19",),
    start_only=True,
    excludes=("documentation-left-open",),
)
OPENAPI_VERSION_OLD = fault(
    "openapi-version-as-shipped",
    "The version of the API's document was never raised from the first draft's.",
    kind="configuration",
    severity=3,
    finding="/openapi.json names version 0.1.0, and / another.",
    rulings=("R-18",),
    start_only=True,
)
IDS_ARE_ULIDS = fault(
    "ids-are-no-uuids",
    "A library for ids that sort by time was taken, and it makes ULIDs.",
    kind="correctness",
    severity=2,
    finding="The ids of contacts, campaigns and calls are texts of 26 signs, which no client takes for a UUID.",
)
WRITES_NOT_COMMITTED = fault(
    "writes-not-committed",
    "The unit of work is rolled back at the end of a successful request.",
    kind="data",
    severity=1,
    finding="A create is answered with 201 and the record cannot be read afterwards.",
)
ERROR_LEAKS_INTERNALS = fault(
    "error-leaks-internals",
    "Server errors carry the exception's text and traceback to the client.",
    kind="configuration",
    severity=1,
    finding="A 5xx body shows a traceback, SQL or a driver's name.",
    rulings=("R-28",),
)
UNKNOWN_METHOD_SUCCEEDS = fault(
    "unknown-method-succeeds",
    "So that the shipped UI shows no error, a method that a path does not have is answered with an empty success.",
    kind="correctness",
    severity=1,
    finding="PUT on a campaign answers 200 and changes nothing.",
    rulings=("R-04",),
)
ALLOW_HEADER_MISSING = fault(
    "allow-header-missing",
    "The handler for 405 drops the headers of the exception, so Allow is lost.",
    kind="correctness",
    severity=3,
    finding="A 405 does not say which methods the path has.",
)
METRICS_OF_VENDORS_MISSING = fault(
    "metrics-of-vendors-missing",
    "The vendors' metrics live in a registry of their own, which nobody exports.",
    kind="observability",
    severity=2,
    finding="/metrics lacks the metrics of Twilio and ElevenLabs, so their alerts can never fire.",
)
UNREADABLE = fault(
    "metrics-unreadable",
    "One line is put together by hand, with quotes inside a label's value.",
    kind="observability",
    severity=1,
    finding="Prometheus refuses the whole page of metrics for one line, so there are no alerts at all.",
    rulings=("R-02",),
)
WRONG_TYPE = fault(
    "metrics-sent-as-json",
    "The metrics are returned through the framework's JSON answer.",
    kind="observability",
    severity=1,
    finding="The content type of /metrics is not that of a text exposition, so Prometheus refuses to scrape.",
    rulings=("R-02",),
)
NOT_CUMULATIVE = fault(
    "metrics-buckets-not-cumulative",
    "Histograms are exported by hand: each bucket holds its own count and not that of the smaller ones, too.",
    kind="observability",
    severity=2,
    finding="The percentiles of response times that dashboards and alerts show are invented.",
)
WITHOUT_INFINITY = fault(
    "metrics-without-infinity",
    "The bucket of everything, +Inf, was left out of the histograms as redundant.",
    kind="observability",
    severity=2,
    finding="histogram_quantile answers NaN, so no latency alert can fire.",
)
COUNT_OF_ITS_OWN = fault(
    "metrics-count-includes-its-scrape",
    "The count of a histogram is kept by hand, and one step ahead of its buckets.",
    kind="observability",
    severity=2,
    finding="The mean of the response times is computed from other requests than their percentiles.",
)
PHONE_CLEANED = fault(
    "phone-cleaned-silently",
    "Whatever is not a digit is dropped from phone numbers before they are checked.",
    kind="data",
    severity=1,
    finding="a phone number is kept otherwise than it was given, or although it cannot be dialled as it was given",
)
LOG_SHOWS_TOKENS = fault(
    "log-shows-tokens",
    "A debugging aid was left in: request records carry the Authorization header, and nothing is masked.",
    kind="observability",
    severity=1,
    finding="The log file holds access tokens or unmasked phone numbers.",
    rulings=("R-29",),
)
FIELDS_RENAMED = fault(
    "log-fields-renamed",
    "A new log library names the status of a request otherwise.",
    kind="observability",
    severity=2,
    finding="searches for status_code in the log find nothing",
)
HEALTH_LOGGED = fault(
    "health-logged",
    "The list of paths that are not logged was lost when the log library changed.",
    kind="observability",
    severity=3,
    finding="Most of the log is the container's own health check.",
    rulings=("R-01",),
)
KEEPS_QUERY = fault(
    "log-keeps-query-strings",
    "The path is logged with its query, in which the mask does not recognise an encoded phone number.",
    kind="observability",
    severity=1,
    finding="Every search by phone leaves the number in the log.",
    rulings=("R-29",),
)
PRETTY = fault(
    "log-pretty-printed",
    "The setting with which records are indented on a laptop is used in production.",
    kind="observability",
    severity=2,
    finding="One record is many lines, so the collector stores pieces that nobody can search.",
    hides=("log-fields-renamed", "log-in-local-time", "health-logged"),
)
AS_TEXT = fault(
    "log-as-text",
    "LOG_FORMAT was left at text.",
    kind="observability",
    severity=2,
    finding="Log lines are no JSON, so no field can be searched.",
    hides=("log-fields-renamed", "log-in-local-time", "health-logged", "log-keeps-query-strings", "log-shows-tokens"),
)
LOCAL_TIME = fault(
    "log-in-local-time",
    "The container runs in the team's time zone, and the log's timestamps name none.",
    kind="observability",
    severity=2,
    finding="Timestamps are hours off from those of every other service.",
)
METRICS_COUNT_NO_ERRORS = fault(
    "metrics-count-no-errors",
    "Requests are counted on the way out of the handler, which an error never reaches.",
    kind="observability",
    severity=2,
    finding="http_requests_total does not move for a 4xx or 5xx, so HighErrorRate can never fire.",
)
METRICS_FROZEN = fault(
    "metrics-frozen",
    "The counters are kept in one worker and scraped from another.",
    kind="observability",
    severity=2,
    finding="http_requests_total stands still while requests are served.",
)
RAW_PATHS = fault(
    "metrics-labelled-by-raw-path",
    "The label path holds the path of the request and not the route's template.",
    kind="observability",
    severity=2,
    finding="Every id makes time series of its own, until Prometheus runs out of memory.",
)
IDS_ONCE_FOUND = fault(
    "metrics-labelled-by-id-once-found",
    "Unknown paths share one label since the last incident; what is found is still labelled with its id.",
    kind="observability",
    severity=2,
    finding="Every contact that is read makes time series of its own, until Prometheus runs out of memory.",
    excludes=("metrics-labelled-by-raw-path",),
)
PAGES_OF_DEFAULT_SIZE = fault(
    "page-count-ignores-page-size",
    "The number of pages is counted with the default page size, whatever size was asked for.",
    kind="correctness",
    severity=2,
    finding="the last pages of a listing are out of reach",
    excludes=("page-count-one-too-many",),
)
ONE_PAGE_TOO_MANY = fault(
    "page-count-one-too-many",
    "The number of pages is the quotient plus one, which is one too many where the rows fill the last page.",
    kind="correctness",
    severity=2,
    finding="the last page of a listing is empty, for some numbers of rows only",
)
WORD_TAKEN_FOR_FIRST_PAGE = fault(
    "page-word-taken-for-first",
    "A page number that cannot be read is taken for 1.",
    kind="correctness",
    severity=2,
    finding="page=diez shows the first page",
)
SIZE_UNBOUNDED = fault(
    "page-size-unbounded",
    "The upper bound of page sizes was lifted for an export and never put back.",
    kind="performance",
    severity=2,
    finding="page_size=101 is served, and so is a million",
    rulings=("R-22",),
)
FORMULAS_RUN = fault(
    "export-cell-injection",
    "Exports write free text as it is, so a name like =HYPERLINK(...) becomes a formula where the file is opened.",
    kind="data",
    severity=2,
    finding="an exported cell starts with = where the contract asks for an apostrophe",
    excludes=("export-cell-injection-by-plus",),
)
PLUS_FORGOTTEN = fault(
    "export-cell-injection-by-plus",
    "Only = is taken for the beginning of a formula; +, - and @ begin one too.",
    kind="data",
    severity=2,
    finding="an exported cell starts with + or @ where the contract asks for an apostrophe",
)
PHONES_INERT = fault(
    "export-phones-with-apostrophe",
    "The guard against formulas is applied to every column, phone numbers included.",
    kind="data",
    severity=2,
    finding="exported phone numbers cannot be imported again: they begin with an apostrophe",
)
HEALTH_LIES = fault(
    "health-lies",
    "The health check answers ok without asking the database or Redis.",
    kind="availability",
    severity=1,
    finding="/health stays 200 while a dependency is down, so nobody is called and nothing is restarted.",
    rulings=("R-01",),
)
HEALTH_IGNORES_REDIS = fault(
    "health-ignores-redis",
    "The health check was written before there was Redis, and asks the database alone.",
    kind="availability",
    severity=1,
    finding="/health stays 200 while Redis is down.",
    rulings=("R-01",),
    excludes=("health-lies",),
)
VERSION_STALE = fault(
    "version-stale",
    "The deployment still runs the previous image.",
    kind="configuration",
    severity=1,
    finding="The version at / and /health is not the one being released.",
    rulings=("R-18",),
)
STALE_ON_ONE_WORKER = fault(
    "version-stale-on-one-worker",
    "Of two workers one was not restarted and still runs the previous image.",
    kind="configuration",
    severity=1,
    finding="The version at / and /health changes from one request to the next.",
    rulings=("R-18",),
    excludes=("version-stale",),
)
OF_HEALTH = ("health-lies", "health-ignores-redis", "health-slow", "health-version-fixed", "health-rate-limited", "health-logged")
HEALTH_MISSING = fault(
    "health-missing",
    "The health page was left out of the release, as the first version of the code had none.",
    kind="availability",
    severity=1,
    finding="/health is 404: compose, the proxy and the rollback script take the backend for dead.",
    rulings=("R-01",),
    hides=OF_HEALTH,
)
HEALTH_BEHIND_SIGN_IN = fault(
    "health-behind-sign-in",
    "/health was lost from the list of public paths.",
    kind="availability",
    severity=1,
    finding="/health is 401 for the probes, which have no token.",
    rulings=("R-01",),
    hides=OF_HEALTH,
    excludes=("health-missing",),
)
HEALTH_RESHAPED = fault(
    "health-of-another-shape",
    "A library for health pages was introduced, with names of its own.",
    kind="correctness",
    severity=1,
    finding="/health has no status, and the word ok, for which the rollback script looks, is not in it.",
    rulings=("R-01",),
    hides=OF_HEALTH,
    excludes=("health-missing", "health-behind-sign-in"),
)
HEALTH_IS_A_PAGE = fault(
    "health-is-a-page",
    "The proxy does not know /health and hands it to the frontend, which answers every path with its page.",
    kind="configuration",
    severity=1,
    finding="/health is a page of HTML with status 200, whatever state the backend is in.",
    rulings=("R-01",),
    hides=OF_HEALTH,
    excludes=("health-missing", "health-behind-sign-in", "health-of-another-shape"),
)
HEALTH_SLOW = fault(
    "health-slow",
    "The health check also counts all calls ever made, which takes longer than a probe waits.",
    kind="performance",
    severity=2,
    finding="/health takes more than two seconds.",
    rulings=("R-01",),
)
ROOT_OF_ANOTHER_APPLICATION = fault(
    "root-of-another-application",
    "The proxy sends the address to the template application of the host.",
    kind="configuration",
    severity=1,
    finding="The root answers 200 and does not introduce the call automation API.",
)
ROOT_POINTS_TO_DOCUMENTATION = fault(
    "root-points-to-documentation",
    "The root names the path of the documentation in every environment.",
    kind="configuration",
    severity=3,
    finding="docs_url is not null in production.",
    rulings=("R-19",),
)
HEALTH_VERSION_FIXED = fault(
    "health-version-fixed",
    "The health check names a version that was typed in once and is never raised.",
    kind="configuration",
    severity=2,
    finding="/ and /health name different versions of one deployment.",
    rulings=("R-18",),
    hides=("version-stale-on-one-worker",),
)
VIEWER_SEES_PHONES = fault(
    "viewer-sees-phones",
    "Phone numbers are masked in the frontend and leave the API as they are.",
    kind="authorization",
    severity=1,
    finding="a viewer reads the phone numbers of all contacts",
    rulings=("R-29",),
)
MASK_TOO_THIN = fault(
    "phone-mask-too-thin",
    "The mask hides the last two digits only, which leaves a hundred numbers to try.",
    kind="authorization",
    severity=1,
    finding="a viewer reads all but two digits of a phone number",
    rulings=("R-29",),
    excludes=("viewer-sees-phones",),
)
OPERATOR_SEES_MASKS = fault(
    "operator-sees-masked-phones",
    "Whoever is no administrator is taken for a viewer, so those who call get no numbers to call.",
    kind="authorization",
    severity=1,
    finding="an operator reads +346****456 and has nobody to call",
    rulings=("R-07",),
)
