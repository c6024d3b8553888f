"""What stands between the internet and the backend: https, security headers, the password of the metrics."""

import re
from collections.abc import Callable, Sequence

import httpx
import pytest

from fixtures.product.contract import headers as contract
from fixtures.product.identities import People
from fixtures.product.nouns import Product
from fixtures.profile.environment import Environment
from fixtures.wire import header_values
from fixtures.wire.finding import finding, observed
from fixtures.wire.header_values import same_address
from record.outcome import Blocked, Unverified
from suites.claiming import claiming
from suites.sharing import SHARED, cause_of, is_shared_me, unread

HEADERS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "x-xss-protection": "1; mode=block",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}  # contract 8.1
FEATURES = ("camera", "microphone", "geolocation", "interest-cohort")
A_YEAR_S = 31_536_000


def _lasts_a_year(lines: Sequence[str]) -> bool:
    rule = header_values.transport_security(lines)
    return int(rule.get("max-age", "0")) >= A_YEAR_S and "includesubdomains" in rule


# Whether the lines of a header say to a browser what HEADERS says; ValueError where they say nothing to it.
SAYS: dict[str, Callable[[Sequence[str]], bool]] = {
    "strict-transport-security": _lasts_a_year,
    "x-content-type-options": lambda lines: header_values.first_option(lines) == "nosniff",
    "x-frame-options": lambda lines: header_values.frame_options(lines) in ({"sameorigin"}, {"deny"}),
    "x-xss-protection": lambda lines: header_values.filter_options(lines)[:2] == ["1", "mode=block"],
    "referrer-policy": lambda lines: header_values.referrer_policy(lines) == HEADERS["referrer-policy"],
    "permissions-policy": lambda lines: {header_values.permissions(lines).get(name) for name in FEATURES} == {"()"},
}
PLACES = {
    "página": "/login",
    "api": "/",
    "sin permiso": "/api/contacts/",
    "no existe": "/api/auth/does-not-exist",
    "redirección de la api": "/api/auth/me/",
    "página que no existe": "/does-not-exist",
}
IDS = ("hsts", "nosniff", "frame", "xss", "referrer", "permissions")  # HEADERS, as the contract's table names them
CLASSES = {
    place.path: name for name, place in contract.PLACES.items() if name in contract.SECURED and place.caller == "anonymous"
}
CLASSES["/"] = "page-redirect"  # of the web, to sign in
POLICY = {
    "default-src": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'", "https://api.elevenlabs.io", "https://api.openai.com"},
}  # contract 8.1; without 'unsafe-inline', which a stricter policy may leave out
WITH_POLICY = {"página": "/login", "api": "/api/contacts/"}
REFUSED = "request-token-refused"
KEPT = {"contactos": "/api/contacts/?limit=1", "informe": "/api/reports/performance_metrics", "caché": "/cache/metrics"}
ASSET = re.compile(r"""(?:src|href)=["'](/[^"'?#]+\.(?:js|css|svg|png|ico|woff2?))["'?#]""")
METRICS = (
    "http_requests_total",
    "http_request_duration_seconds",
    "elevenlabs_requests_total",
    "elevenlabs_errors_total",
    "twilio_requests_total",
    "twilio_errors_total",
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
)  # contract 7.1


@pytest.mark.plan("W2-D1-T9", "W1-D3-T3")
@pytest.mark.parametrize("path", claiming(PLACES, lambda path: [f"header/{CLASSES[path]}/{each}" for each in IDS]))
def test_security_headers_are_on(product: Product, path: str) -> None:
    """On errors too: that is where a forgotten header hides (contract R-11)."""
    require_security_headers(product.page(path))


@pytest.mark.plan("W2-D1-T9", "W1-D3-T3")
@pytest.mark.claims(*(f"header/static/{each}" for each in IDS))
def test_static_files_carry_the_security_headers(product: Product) -> None:
    """A location with a header of its own inherits none of the others (contract R-11)."""
    page = product.page("/login")
    asset = ASSET.search(page.text)
    if asset is None:
        raise Unverified("static-files-not-named")

    require_security_headers(product.page(asset[1]))


@pytest.mark.plan("W2-D1-T9", "W1-D3-T3")
@pytest.mark.parametrize("path", claiming(WITH_POLICY, lambda path: [f"header/{CLASSES[path]}/csp"]))
@pytest.mark.claims("header/csp/*")
def test_content_security_policy_is_on(product: Product, path: str) -> None:
    """Enforced and whole: what it does not name, a smuggled script may load (contract 8.1)."""
    response = product.page(path)

    policies = header_values.content_security(header_values.lines_of(response, "content-security-policy"))
    only_reported = "content-security-policy-report-only" in response.headers
    assert policies, finding("csp-report-only" if only_reported else "csp-missing", response)
    lacking = [
        name for name, sources in POLICY.items() if not all(sources <= header_values.sources_of(each, name) for each in policies)
    ]
    seen = response.headers["content-security-policy"]
    assert not lacking, finding("csp-incomplete", response, seen=seen, directives=", ".join(lacking))


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("header/page/server", "header/page/powered-by")
def test_server_does_not_tell_its_version(product: Product) -> None:
    """A version number says which known weaknesses to try (contract 8.1)."""
    response = product.page("/login")

    shown = {
        name: response.headers[name] for name in ("server", "x-powered-by") if re.search(r"\d", response.headers.get(name, ""))
    }
    assert not shown, finding("server-version-shown", response, seen=shown)


@pytest.mark.plan("W2-D1-T9", "W1-D4-T2")
@pytest.mark.parametrize("path", ["/", "/login?redirect=%2Fcontacts"])
@pytest.mark.claims("redirect/http/301")
def test_http_is_redirected_for_good(product: Product, env: Environment, path: str) -> None:
    """With 301, so that browsers ask no second time in the clear (contract 8.2)."""
    response = product.page(env.need("http_url") + path)

    assert response.status_code == 301, finding("http-not-redirected", response)


@pytest.mark.plan("W2-D1-T9", "W1-D4-T2")
@pytest.mark.parametrize("path", ["/", "/login?redirect=%2Fcontacts"])
@pytest.mark.claims("redirect/http/location")
def test_http_is_sent_to_https(product: Product, env: Environment, path: str) -> None:
    """To the same place, whatever redirect it is (contract 8.2)."""
    response = product.page(env.need("http_url") + path)
    if not response.has_redirect_location:
        raise Blocked(observed("http-not-redirected", response))

    expected = env.web_url + path
    seen = response.headers.get("location", "")
    assert same_address(seen, expected), finding("http-redirected-elsewhere", response, seen=seen, address=expected)


@pytest.mark.plan("W2-D1-T9", "W1-D3-T3")
@pytest.mark.parametrize("path", KEPT.values(), ids=KEPT)
@pytest.mark.claims("header/api/unshared", "header/api-refusal/unshared")
def test_second_reader_gets_an_answer_of_their_own(product: Product, viewer: Product, path: str) -> None:
    """Whoever comes first: what a cache keeps of one caller must not go to the next (contract 1.6)."""
    for first, second in ((viewer, product), (product, viewer)):
        address = unread(path)
        for caller in (first, second, first):
            answer = caller.get(address)
            if answer.status_code not in (200, 401):
                raise Blocked(observed("request-not-served", answer, status=200))

            status, cause = (200, REFUSED) if caller.role else (401, "data-open-without-token")
            right = answer.status_code == status
            named = None if right else cause_of(answer, caller, path, status, cause)
            if named == REFUSED:  # whoever comes first, which the check of this route says
                raise Blocked(observed(named, answer))
            assert named is None, finding(named, answer)


@pytest.mark.plan("W2-D1-T9", "W1-D3-T3")
@pytest.mark.claims("header/api/unshared")
def test_second_role_gets_an_answer_of_its_own(sign_in: People, env: Environment) -> None:
    """The same address, asked by two people one after the other, and by the first one again."""
    address = unread("/api/auth/me")
    for role in ("viewer", "operator", "viewer"):
        caller = sign_in(role)
        answer = caller.get(address)

        own = env.need_identity(role).email
        assert answer.status_code == 200, finding("own-token-not-accepted", answer)
        seen = answer.body["email"]
        shared = seen != own and is_shared_me(caller, own)
        assert not shared, finding(SHARED, answer)
        assert seen == own, finding("me-is-another-account", answer, seen=seen, email=own)


@pytest.mark.plan("W2-D1-T13")
@pytest.mark.claims("metrics/password-asked", "metrics/password-compared")
def test_metrics_ask_for_a_password(product: Product) -> None:
    """Metrics show an attacker what the business does (contract R-02)."""
    answer = product.metrics()

    open_to_all = answer.status_code == 200
    assert answer.status_code == 401, finding("metrics-open" if open_to_all else "metrics-not-asking", answer)
    guessed = product.metrics(("prometheus", "not-the-password"))
    assert guessed.status_code == 401, finding("metrics-password-not-compared", guessed)


@pytest.mark.plan("W2-D1-T13")
@pytest.mark.claims(*(f"metric/{name}/present" for name in METRICS))
def test_metrics_are_complete(product: Product, env: Environment) -> None:
    """Alert rules and dashboards depend on these names (contract 7.1)."""
    answer = product.metrics(_credentials(env))

    assert answer.status_code == 200, finding("metrics-password-not-accepted", answer)
    lacking = [
        name
        for name in METRICS
        if not re.search(rf"^# TYPE {name}\b", answer.text, re.MULTILINE)
        and not re.search(rf"^# TYPE {name.removesuffix('_total')}\b", answer.text, re.MULTILINE)
    ]
    assert not lacking, finding("metrics-missing", answer, metrics=", ".join(lacking))


@pytest.mark.plan("W2-D1-T13")
@pytest.mark.claims("metrics/requests-counted")
def test_metrics_count_what_happens(product: Product, env: Environment, viewer: Product) -> None:
    """Frozen metrics look like a quiet day."""
    credentials = _credentials(env)
    exposed = product.metrics(credentials)
    if exposed.status_code != 200:
        raise Blocked(observed("metrics-refused", exposed))
    before = requests_counted(exposed.text)
    for _ in range(5):
        read = viewer.get(unread("/api/contacts/?limit=1"))  # a cache before the backend serves what was read, and counts nothing
        if read.status_code != 200:
            raise Blocked(observed("request-not-served", read, status=200))
    after = requests_counted(product.metrics(credentials).text)

    seen = after - before
    where = 'http_requests_total{path="/api/contacts/"}'
    assert seen >= 5, finding("metrics-stand-still", where, seen=f"{seen:g}", requests=5)


def _credentials(env: Environment) -> tuple[str, str]:
    env.require("metrics.user", "metrics.password")  # names both in one message
    return env.need("metrics.user"), env.need("metrics.password")


def require_security_headers(response: httpx.Response) -> None:
    """All of HEADERS, and they say to a browser what the contract's values say."""
    seen = {name: header_values.lines_of(response, name) for name in HEADERS}
    wrong = {name: ", ".join(lines) or None for name, lines in seen.items() if not _says(name, lines)}
    expected = {name: HEADERS[name] for name in wrong}
    assert not wrong, finding("security-headers-missing", response, seen=wrong, headers=expected)


def _says(name: str, lines: Sequence[str]) -> bool:
    try:
        return bool(lines) and SAYS[name](lines)
    except ValueError:
        return False


def requests_counted(exposition: str) -> float:
    """The sum of http_requests_total over methods and statuses for the contacts list."""
    samples = re.findall(r'^http_requests_total\{[^}]*path="/api/contacts/?"[^}]*\} (\S+)', exposition, re.MULTILINE)
    return sum(map(float, samples))
