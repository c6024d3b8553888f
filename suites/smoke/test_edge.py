"""What stands between the internet and the backend: https, headers, the door of the metrics."""

import re

import httpx
import pytest

from fixtures.product.nouns import Product
from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding
from record.outcome import Unverified

HEADERS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "x-xss-protection": "1; mode=block",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}  # contract 8.1
ALSO_ACCEPTED = {("x-frame-options", "DENY")}
PLACES = {
    "página": "/login",
    "api": "/",
    "sin permiso": "/api/contacts/",
    "no existe": "/api/auth/does-not-exist",
    "redirección de la api": "/api/auth/me/",
    "página que no existe": "/does-not-exist",
}
POLICY = {
    "default-src": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'", "https://api.elevenlabs.io", "https://api.openai.com"},
}  # contract 8.1; without 'unsafe-inline', which a stricter policy may leave out
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
@pytest.mark.parametrize("path", PLACES.values(), ids=PLACES)
def test_security_headers_are_on(product: Product, path: str) -> None:
    """On errors too: that is where a forgotten header hides (contract R-11)."""
    require_security_headers(product.page(path))


@pytest.mark.plan("W2-D1-T9", "W1-D3-T3")
def test_static_files_carry_the_security_headers(product: Product) -> None:
    """A location with a header of its own inherits none of the others (contract R-11)."""
    page = product.page("/login")
    asset = ASSET.search(page.text)
    if asset is None:
        raise Unverified("/login names no script, style or image of this host", "name one that it loads in ASSET of this file")

    require_security_headers(product.page(asset[1]))


@pytest.mark.plan("W2-D1-T9", "W1-D3-T3")
@pytest.mark.parametrize("path", ["/login", "/api/contacts/"], ids=["página", "api"])
def test_content_security_policy_is_on(product: Product, path: str) -> None:
    """Enforced and whole: what it does not name, a smuggled script may load (contract 8.1)."""
    response = product.page(path)

    policy = response.headers.get("content-security-policy")
    assert policy, finding(
        response,
        expected="a Content-Security-Policy",
        seen=f"only {header}" if (header := "content-security-policy-report-only") in response.headers else "none",
        then="report-only watches and stops nothing: send the policy itself at the proxy, for every answer",
    )
    given = {name: set(sources) for name, *sources in map(str.split, filter(str.strip, policy.split(";")))}
    lacking = [name for name, sources in POLICY.items() if not sources <= given.get(name, set())]
    assert not lacking, finding(
        response, expected=f"{' and '.join(lacking)} as in contract 8.1", seen=policy, then="was a line of the policy lost?"
    )


@pytest.mark.plan("W2-D1-T9")
def test_server_does_not_tell_its_version(product: Product) -> None:
    """A version number is a shopping list for an attacker (contract 8.1)."""
    response = product.page("/login")

    told = {
        name: response.headers[name] for name in ("server", "x-powered-by") if re.search(r"\d", response.headers.get(name, ""))
    }
    assert not told, finding(
        response, expected="no version in Server or X-Powered-By", seen=told, then="server_tokens off, poweredByHeader false"
    )


@pytest.mark.plan("W2-D1-T9", "W1-D4-T2")
@pytest.mark.parametrize("path", ["/", "/login?redirect=%2Fcontacts"])
def test_http_is_sent_to_https(product: Product, env: Environment, path: str) -> None:
    """301 to the same place (contract 8.2)."""
    env.require("http_url")
    response = product.page(f"{env.http_url}{path}")

    assert response.status_code == 301, finding(
        response, expected="301", then="the plain port must answer with a redirect and nothing else"
    )
    expected = env.web_url + path
    seen = response.headers.get("location")
    assert seen == expected, finding(response, expected=expected, seen=seen, then="keep host, path and query in the redirect")


@pytest.mark.plan("W2-D1-T13")
def test_metrics_ask_for_a_password(product: Product) -> None:
    """Metrics tell an attacker what the business does (contract R-02)."""
    answer = product.metrics()

    assert answer.status_code == 401, finding(answer, expected="401", then="put basic auth in front of /metrics")
    guessed = product.metrics(("prometheus", "not-the-password"))
    assert guessed.status_code == 401, finding(
        guessed, expected="401 for a wrong password", then="the password is asked for and not compared: look at the password file"
    )


@pytest.mark.plan("W2-D1-T13")
def test_metrics_are_complete(product: Product, env: Environment) -> None:
    """Alert rules and dashboards depend on these names (contract 7.1)."""
    env.require("metrics.user", "metrics.password")
    answer = product.metrics((env.metrics.user or "", env.metrics.password or ""))

    assert answer.status_code == 200, finding(
        answer, expected="200 with the password", then="compare LV_METRICS_USER and LV_METRICS_PASSWORD with the proxy's"
    )
    lacking = [
        name
        for name in METRICS
        if not re.search(rf"^# TYPE {name}\b", answer.text, re.MULTILINE)
        and not re.search(rf"^# TYPE {name.removesuffix('_total')}\b", answer.text, re.MULTILINE)
    ]
    assert not lacking, finding(
        answer, expected=f"{len(METRICS)} metrics", seen=f"without {lacking}", then="alerts on these can never fire"
    )


@pytest.mark.plan("W2-D1-T13")
def test_metrics_count_what_happens(product: Product, env: Environment, viewer: Product) -> None:
    """Frozen metrics look like a quiet day."""
    env.require("metrics.user", "metrics.password")
    password = (env.metrics.user or "", env.metrics.password or "")
    before = requests_counted(product.metrics(password).text)
    for _ in range(5):
        viewer.contacts.list(limit=1)
    after = requests_counted(product.metrics(password).text)

    seen = after - before
    assert seen >= 5, finding(
        "http_requests_total of /api/contacts/",
        expected="at least 5 more after 5 requests",
        seen=f"{seen:g} more",
        then="are metrics collected in every worker, and not served from a cache?",
    )


def require_security_headers(response: httpx.Response) -> None:
    """All of HEADERS with the contract's values."""
    seen = {name: response.headers.get(name) for name in HEADERS}
    wrong = {name: value for name, value in seen.items() if value != HEADERS[name] and (name, value) not in ALSO_ACCEPTED}
    assert not wrong, finding(
        response,
        expected={name: HEADERS[name] for name in wrong},
        seen=wrong,
        then="set them once, at the proxy, for every answer (always), not only for 200",
    )


def requests_counted(exposition: str) -> float:
    """The sum of http_requests_total over methods and statuses for the contacts list."""
    samples = re.findall(r'^http_requests_total\{[^}]*path="/api/contacts/?"[^}]*\} (\S+)', exposition, re.MULTILINE)
    return sum(map(float, samples))
