"""What can be wrong with the proxy: its headers, origins, redirects and limits."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="edge", kind="configuration")
# Of what stands before all: only the environment file is looked at without the target.
EVERYTHING_ELSE = ("[!p]*", "p[!r]*", "proxy-*")

HEADERS_MISSING_ON_ERRORS = fault(
    "header-missing-on-errors",
    "The proxy adds the security headers to successful answers only (add_header without `always`).",
    severity=2,
    finding="error responses lack the security headers",
    rulings=("R-11",),
)
HSTS_MISSING = fault(
    "hsts-missing",
    "Strict-Transport-Security was lost from the proxy configuration.",
    severity=2,
    finding="Strict-Transport-Security is absent",
    rulings=("R-11",),
)
SERVER_VERSION_SHOWN = fault(
    "server-version-shown",
    "server_tokens was left on at the proxy.",
    severity=3,
    finding="the Server header tells the version of the proxy",
    rulings=("R-11",),
)
HEADERS_MISSING_ON_STATIC = fault(
    "header-missing-on-static-files",
    "The location of the static files sets Cache-Control, and so inherits none of the headers above it.",
    severity=2,
    finding="scripts, styles and images come without the security headers",
    rulings=("R-11",),
)
HEADERS_MISSING_ON_REDIRECTS = fault(
    "header-missing-on-redirects",
    "The redirects of the API come from a location of their own that nobody gave the headers.",
    severity=2,
    finding="redirects come without the security headers",
    rulings=("R-11",),
)
HEADERS_MISSING_ON_PAGES = fault(
    "header-missing-on-pages",
    "The security headers are set by the backend, and the pages do not come from there.",
    severity=2,
    finding="the pages come without the security headers, and only the API has them",
    rulings=("R-11",),
)
HSTS_FOR_FIVE_MINUTES = fault(
    "hsts-for-five-minutes",
    "Strict-Transport-Security still has the five minutes of its first day.",
    severity=2,
    finding="max-age is 300 s, so that a browser forgets the rule over lunch",
    rulings=("R-11",),
    excludes=("hsts-missing",),
)
FRAMES_TWICE = fault(
    "header-sent-twice",
    "Proxy and backend both set X-Frame-Options, and they do not agree.",
    severity=2,
    finding="the header reads `SAMEORIGIN, ALLOWALL`, which contradicts itself",
    rulings=("R-11",),
)
POLICY_REPORT_ONLY = fault(
    "csp-report-only",
    "The content security policy was tried out as report-only and never switched on.",
    severity=2,
    finding="there is no Content-Security-Policy that a browser would enforce",
    rulings=("R-11",),
)
POLICY_WITHOUT_CONNECT = fault(
    "csp-without-connect-src",
    "The directive connect-src was lost when the policy was put on several lines.",
    severity=1,
    finding="connect-src is missing from the content security policy",
    rulings=("R-11",),
    excludes=("csp-report-only",),
    hides=("login-shows-the-vendors-error",),  # nothing reaches Supabase that it could say
)
POWERED_BY_SHOWN = fault(
    "framework-version-shown",
    "The framework of the pages tells its name and version.",
    severity=3,
    finding="X-Powered-By tells the version of the framework",
    rulings=("R-11",),
)
CORS_REFLECTS_ANY_ORIGIN = fault(
    "cors-reflects-any-origin",
    "Any Origin is echoed back, with credentials allowed.",
    kind="authorization",
    severity=1,
    finding="a foreign origin is allowed to read answers with credentials",
    rulings=("R-12",),
)
CORS_LISTS_NOBODY = fault(
    "cors-lists-nobody",
    "CORS_ORIGINS was left empty.",
    severity=1,
    finding="the frontend's own origin may not read the API's answers",
    rulings=("R-12",),
    excludes=("cors-reflects-any-origin",),
)
STAR_WITH_CREDENTIALS = fault(
    "cors-star-with-credentials",
    "Every origin is allowed with *, and credentials as well.",
    kind="authorization",
    severity=1,
    finding="Access-Control-Allow-Origin is * together with credentials",
    rulings=("R-12",),
    hides=("cors-lists-nobody",),
)
NULL_ORIGIN_LISTED = fault(
    "cors-lists-null",
    "The origin null was listed for a test page that was opened from a file.",
    kind="authorization",
    severity=1,
    finding="a sandboxed frame of any site may read the answers",
    rulings=("R-12",),
)
ORIGIN_BY_PREFIX = fault(
    "cors-compares-the-beginning",
    "Origins are compared by their beginning.",
    kind="authorization",
    severity=1,
    finding="an origin that begins like ours, such as https://our-host.evil.example, may read the answers",
    rulings=("R-12",),
)
OPEN_ON_PREFLIGHT = fault(
    "cors-open-on-preflight",
    "Preflights are answered by a location of its own, which allows whoever asks.",
    severity=1,
    finding="a foreign origin is let in at the preflight, and only there",
    rulings=("R-12",),
    hides=("cors-lists-nobody",),
)
STAR_ON_REFUSALS = fault(
    "cors-star-on-refusals",
    "The refusals of the authentication layer are written by hand and allow every origin.",
    severity=1,
    finding="answers with 401 allow every origin",
    rulings=("R-12",),
)
PREFLIGHT_WANTS_TOKEN = fault(
    "cors-preflight-wants-a-token",
    "CORS stands behind the authentication layer, and a browser sends no token with a preflight.",
    severity=1,
    finding="a preflight is 401, so that no browser of another origin can use the API",
    rulings=("R-12",),
)
METRICS_UNPROTECTED = fault(
    "metrics-unprotected",
    "The basic-auth block of /metrics was left out of the proxy configuration.",
    kind="authorization",
    severity=1,
    finding="/metrics answers 200 without credentials",
    rulings=("R-02",),
)
METRICS_ANY_PASSWORD = fault(
    "metrics-any-password",
    "The password of /metrics is asked for and compared with nothing.",
    kind="authorization",
    severity=1,
    finding="/metrics answers 200 to any user and password",
    rulings=("R-02",),
    excludes=("metrics-password-old",),
)
REDIRECT_REFLECTS_HOST = fault(
    "redirect-reflects-host",
    "Redirects are built from the Host header that the client sent, whatever it is.",
    severity=2,
    finding="Location points to the foreign host of the request",
)
REDIRECT_FORGETS_PATH = fault(
    "redirect-forgets-path",
    "The redirect to https leads to the start page, whatever was asked for.",
    severity=2,
    finding="a link over http ends at the start page",
)
METRICS_PASSWORD_OLD = fault(
    "metrics-password-old",
    "The password file of /metrics was not renewed when the password was.",
    severity=2,
    finding="/metrics answers 401 to the password that Prometheus was given",
    rulings=("R-02",),
)
PLAIN_WELCOME_PAGE = fault(
    "http-shows-welcome-page",
    "The plain port answers with the welcome page of the proxy's installation.",
    severity=2,
    finding="http is answered with 200 and a page of the proxy, and not sent to https",
)
REDIRECT_TEMPORARY = fault(
    "redirect-temporary",
    "The redirect to https is a 302.",
    severity=2,
    finding="http is redirected with 302, so browsers and search engines ask over http again and again",
)
FORWARDED_FOR_BELIEVED = fault(
    "client-address-believed",
    "The proxy passes on the X-Forwarded-For that the client sent.",
    severity=1,
    finding="a client names the address that it is counted under, so that no limit holds for it",
    rulings=("R-09",),
)
CACHE_PREFIX_STRIPPED = fault(
    "proxy-strips-cache-prefix",
    "proxy_pass of /cache/ has a slash at its end, so that the prefix is taken off.",
    severity=2,
    finding="/cache/metrics reaches the backend as /metrics",
    rulings=("R-13",),
)
WEBSOCKETS_NOT_FORWARDED = fault(
    "proxy-forgets-websockets",
    "The location of /ws/ was not copied to this environment.",
    severity=2,
    finding="WebSockets end at the frontend, and no conversation can be listened to",
    rulings=("R-13",),
)
ERROR_PAGES_OF_PROXY = fault(
    "proxy-replaces-error-bodies",
    "proxy_intercept_errors is on: the API's 404 is replaced with a page of the proxy.",
    severity=2,
    finding="errors of the API come as HTML through the proxy, and as JSON from the backend",
    rulings=("R-13",),
)
HEADERS_MISSING = fault(
    "header-missing-everywhere",
    "The include with the security headers is not in the configuration of this environment.",
    severity=2,
    finding="no response of any kind carries a security header",
    rulings=("R-11",),
    hides=("header-*", "hsts-*", "csp-*"),
)
BASIC_AUTH = fault(
    "basic-auth-on-everything",
    "The hoster's password gate, which kept the site private before its launch, is still in front of it.",
    kind="availability",
    severity=1,
    finding="every request is answered with 401 and a question for a password of the hoster",
    hides=EVERYTHING_ELSE,
)
CHALLENGE = fault(
    "cdn-challenges-clients",
    "A bot rule of the CDN asks whoever is no browser to run a script first, the API's clients and the vendors included.",
    kind="availability",
    severity=1,
    finding="every request is answered with 403 and a page that says Just a moment...",
    excludes=("basic-auth-on-everything",),
    hides=EVERYTHING_ELSE,
)
EVERYTHING_WAITS = fault(
    "everything-waits-two-seconds",
    "Before each request the proxy asks a service that has become slow, and waits for its answer.",
    kind="performance",
    severity=2,
    finding="each response takes two seconds longer, of whatever kind it is",
    hides=("health-slow", "call-metrics-row-by-row", "supabase-auth-slow"),
)
API_CACHED = fault(
    "cdn-caches-the-api",
    "The CDN was told to cache everything, and it does not look at Authorization: an answer to one is an answer to all.",
    kind="authorization",
    severity=1,
    finding="a stranger who asks after a signed-in user gets that user's answer",
    hides=("metrics-frozen", "rate-limit-counts-per-process"),
)
