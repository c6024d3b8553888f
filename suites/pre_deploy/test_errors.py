"""What the deployment says when it refuses or fails: enough to go on with, and nothing of its inside (contract 2.2, R-28)."""

import contextlib
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from fixtures.product.contract.errors import CASES
from fixtures.product.identities import People
from fixtures.product.inner_text import revealed_by
from fixtures.product.nouns import NOBODY, Product
from fixtures.product.read_routes import ROUTES, ReadRoute
from fixtures.product.response import Response, object_in
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding
from record.outcome import Blocked
from suites.claiming import claiming

NO_SUCH_PATH = "/api/does-not-exist"
REFUSED_AS_USUAL = "404"
ODD = {
    "sin ficha": "/api/contacts/",
    "ruta que no existe": "/api/auth/does-not-exist",
    "entrada con GET": "/api/auth/login",
}
ODD_SIGNED = {
    "lista": "/api/contacts/?limit=1",
    "ruta que no existe": "/api/does-not-exist",
    "id que no es": "/api/contacts/not-an-id",
    "id de nadie": f"/api/campaigns/{NOBODY}",
    "página enorme": "/api/calls/?page=999999999999999999999999",
    "fecha que no es": "/api/reports/performance_metrics?start_date=ayer",
    "comillas": "/api/contacts/?search=%27%22%3B--%00",
}

NOT_FOUND = 404
# What the contract refuses by name: the path, and the status.
REFUSED = {
    "ruta que no existe": (NO_SUCH_PATH, 404),
    "campaña de nadie": (f"/api/campaigns/{NOBODY}", 404),
    "contacto de nadie": (f"/api/contacts/{NOBODY}", 404),
    "fecha que no es": ("/api/reports/performance_metrics?start_date=ayer", 422),
    "búsqueda sin texto": ("/api/contacts/search", 422),
    "página que no es": ("/api/calls/?page=x", 422),
    "estado que no es": ("/api/campaigns/?status=x", 422),
}
# By what is asked for: the contract's case, and the route's row where it has one.
ROWS = {case.path: f"error/{case.id}" for case in CASES}
OF_ROUTES = {
    f"/api/campaigns/{NOBODY}": ("route/GET /api/campaigns/{id}/404",),
    f"/api/contacts/{NOBODY}": ("route/GET /api/contacts/{id}/404",),
}
ALLOWED = {f"{path}-{method}": (path, method) for path, method in (("/api/auth/me", "GET"), ("/api/auth/login", "POST"))}
INVALID = {name: refused for name, refused in REFUSED.items() if refused[1] == 422}

Answers = Sequence[Response[Any]]

pytestmark = pytest.mark.plan("W1-D3-T1")


@pytest.fixture(scope="module")
def answers_of_routes(people: People, env: Environment) -> Answers:
    """What the routes that read answer our pages; and a refusal, so that there is an error to look at."""
    origin = {"origin": env.web_url}
    answers = [people("viewer").get(NO_SUCH_PATH, headers=origin)]
    for route in ROUTES.values():
        with contextlib.suppress(Blocked):  # its area has failed often enough to be known
            answers.append(route.ask(people(route.role), headers=origin))
    return answers


@pytest.fixture
def route_errors(answers_of_routes: Answers) -> Answers:
    """Those of them that are errors, but for a refused token, of which another check tells."""
    return [answer for answer in answers_of_routes if answer.status_code >= 400 and answer.status_code != 401]


@pytest.mark.claims("error/internals/anonymous")
@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
def test_refusal_tells_nothing_inside(product: Product, env: Environment, path: str) -> None:
    """Not to strangers."""
    require_nothing_inside(product.get(path), env)


@pytest.mark.claims("error/internals/odd-request")
@pytest.mark.parametrize("path", ODD_SIGNED.values(), ids=ODD_SIGNED)
def test_error_tells_nothing_inside(viewer: Product, env: Environment, path: str) -> None:
    """Nor to those who are signed in: whatever comes back for an odd request, a crash included."""
    require_nothing_inside(viewer.get(path), env)


@pytest.mark.claims("error/internals/failing-route")
def test_failing_route_tells_nothing_inside(route_errors: Answers, env: Environment) -> None:
    """A route that fails is a finding of its own; what it says of the inside is another."""
    for answer in route_errors:
        require_nothing_inside(answer, env)


@pytest.mark.claims("error/internals/malformed-token")
def test_malformed_token_tells_nothing_inside(product: Product, env: Environment) -> None:
    """What a scanner sends first."""
    require_nothing_inside(product.get("/api/contacts/", token=".".join("????")), env)


@pytest.mark.claims("error/internals/failed-sign-in")
def test_failed_sign_in_tells_nothing_inside(product: Product, env: Environment) -> None:
    """A refused sign-in says neither why nor where the accounts are kept."""
    require_nothing_inside(product.accounts.login(f"{product.ledger.run_id}@example.com", "no-such-account"), env)


@pytest.mark.claims("error/internals/failed-refresh")
def test_failed_refresh_tells_nothing_inside(product: Product, env: Environment) -> None:
    """Nor does a refused refresh token, which every expired session sends."""
    require_nothing_inside(product.accounts.refresh("no-such-token"), env)


def _enveloped(case: tuple[str, int]) -> Sequence[str]:
    path, _ = case
    return (f"{ROWS[path]}/status", f"{ROWS[path]}/envelope", *OF_ROUTES.get(path, ()))


@pytest.mark.parametrize(("path", "status"), claiming(REFUSED, _enveloped, several=True))
def test_error_has_the_envelope(viewer: Product, path: str, status: int) -> None:
    """The shape in which every client reads errors (contract 2.2)."""
    answer = viewer.get(path)

    require_status(answer, status)
    require_envelope(answer)


def test_failing_route_keeps_the_envelope(route_errors: Answers) -> None:
    """Also where a route fails: the frontend shows `message`, and whoever reports it needs the id (contract 2.2)."""
    for answer in route_errors:
        require_envelope(answer)


@pytest.mark.parametrize(("path", "status"), claiming(INVALID, lambda case: [f"{ROWS[case[0]]}/errors"], several=True))
def test_validation_error_names_the_field(viewer: Product, path: str, status: int) -> None:
    """Each problem with its place, so that a form can show it there (contract 2.2)."""
    answer = viewer.get(path)

    require_status(answer, status)
    assert problems_in(answer), finding("validation-errors-not-named", answer)


@pytest.mark.claims("header/api-missing/request-id", "header/api-invalid/request-id")
@pytest.mark.claims(*(f"{ROWS[path]}/request-id" for path, _ in REFUSED.values()))
def test_error_carries_its_request_id(viewer: Product) -> None:
    """What a user reports is found in the log by it (contract 2.1)."""
    for path, _ in REFUSED.values():
        answer = viewer.get(path)

        if answer.status_code in (401, 500):
            continue  # the layer's refusals and what nobody handles have none
        request_id = answer.headers.get("x-request-id")
        assert request_id, finding("error-without-request-id", answer, seen="no X-Request-ID")
        named = object_in(answer.response).get("request_id", request_id)
        assert named == request_id, finding("error-without-request-id", answer, seen=f"X-Request-ID {request_id}, body {named}")


@pytest.mark.claims("cors/answer/not-found/own", "cors/answer/invalid/own", "cors/answer/forbidden/own")
def test_error_is_readable_by_our_pages(viewer: Product, env: Environment, answers_of_routes: Answers) -> None:
    """An error without the CORS headers that a success has looks to a page like a network that is down (contract R-12)."""
    origin = {"origin": env.web_url}
    served = viewer.get("/api/contacts/lists", headers=origin).headers.get("access-control-allow-origin")
    answers = [viewer.get(path, headers=origin) for path, _ in REFUSED.values()]
    answers += [route.ask(viewer, headers=origin) for route in ROUTES.values() if route.role != "viewer"]  # who may not

    for answer in [*answers, *answers_of_routes]:
        seen = answer.headers.get("access-control-allow-origin")
        readable = seen == served or served is None or answer.status_code < 400
        assert readable, finding("error-not-readable-by-pages", answer, seen=f"Access-Control-Allow-Origin: {seen or '-'}")


@pytest.mark.parametrize(
    ("path", "allowed"),
    claiming(ALLOWED, lambda case: [f"method/{case[0]}/405", f"method/{case[0]}/allow"], several=True),
)
def test_wrong_method_names_the_right_one(product: Product, path: str, allowed: str) -> None:
    """A 405 carries Allow (RFC 9110, contract 2.2)."""
    answer = product.head(path)

    assert answer.status_code == 405, finding("wrong-method-not-refused", answer)
    seen = answer.headers.get("allow", "")
    assert allowed in seen, finding("allow-header-missing", answer, seen=f"Allow: {seen or '-'}", method=allowed)


@pytest.mark.claims("error/connection-kept")
def test_connection_outlives_an_error(sign_in: People) -> None:
    """Proxies keep connections open for all users: one that is lost after an error fails the request of another."""
    lost = {route.template: ending for route in ROUTES.values() if (ending := lost_after(sign_in(route.role), route))}

    assert not lost, finding(
        "connection-lost-after-error",
        f"GET {NO_SUCH_PATH}, after GET {next(iter(lost), '-')}",
        seen="; ".join(f"{ending} after {template}" for template, ending in lost.items()),
    )


def lost_after(caller: Product, route: ReadRoute) -> str | None:
    """How the request ended that followed on the route's answer, where the same request is answered a moment later; else None."""
    route.ask(caller)
    following = ending_of(caller)
    return following if following != REFUSED_AS_USUAL and ending_of(caller) == REFUSED_AS_USUAL else None


def ending_of(caller: Product) -> str:
    """Of a request for a path that does not exist: its status, or the error of the connection."""
    try:
        return str(caller.get(NO_SUCH_PATH).status_code)
    except httpx.RemoteProtocolError as error:
        return str(error)


def require_status(answer: Response[Any], status: int) -> None:
    """A route that fails, or that does not let the token in, says nothing about what it refuses."""
    assert answer.status_code < 500, finding("request-not-served", answer, status=status)
    area = "/".join(answer.response.request.url.path.split("/")[:3])
    assert answer.status_code != 401, finding("token-opens-not-every-router", answer, area=area)
    if status == NOT_FOUND:
        assert answer.status_code == NOT_FOUND, finding("unknown-not-404", answer)
    assert answer.status_code == status, finding("request-not-refused", answer, status=status)


def require_nothing_inside(answer: Response[Any], env: Environment) -> None:
    """No exception text, SQL, stack or host name of what stands behind (contract R-28)."""
    revealed = revealed_by(answer, env)

    assert revealed is None, finding(
        "error-reveals-internals",
        answer,
        seen=f"{revealed and revealed.excerpt!r}: {answer.status_code} {' '.join(answer.text.split())[:200]!r}",
    )


def require_envelope(answer: Response[Any]) -> None:
    """Contract 2.2; `request_id` may be left out."""
    body = object_in(answer.response)
    message = body.get("message")
    seen = (body.get("status"), body.get("code"), isinstance(message, str) and bool(message))

    assert seen == ("error", answer.status_code, True), finding("error-without-envelope", answer)


def problems_in(answer: Response[Any]) -> list[Any]:
    """`errors` of a validation error; empty unless each has a place, a message and a type."""
    problems = object_in(answer.response).get("errors")
    whole = isinstance(problems, list) and all(
        isinstance(each, dict) and isinstance(each.get("loc"), list) and each.get("msg") and each.get("type") for each in problems
    )
    return problems if isinstance(problems, list) and whole else []
