"""Is it up, is it the build we meant, and does its health page tell the truth?"""

from collections.abc import Iterable
from typing import Any

import pytest

from fixtures.product.nouns import Json, Product
from fixtures.product.recognition import version_in
from fixtures.product.response import Response
from fixtures.profile.environment import Environment
from fixtures.wire.finding import Message, finding, observed
from record.outcome import Blocked

HEALTH_LIMIT_S = 1.0  # contract R-01
NEEDING_THE_DATABASE = ("/api/contacts/?limit=1", "/api/campaigns/?page_size=1", "/api/calls/?page_size=1")
ANSWERS = 6  # a stale build may stand behind one of two workers


@pytest.mark.plan("W2-D1-T9", "W2-D1-E1")
@pytest.mark.claims("root/message", "route/GET //status")
def test_root_introduces_the_api(product: Product) -> None:
    """A 200 of another application on the same address is not the MVP."""
    root = product.root()

    assert root.status_code == 200, finding("root-not-served", root)
    seen = fields_of(root).get("message")
    expected = "Bienvenido a la API de Automatización de Llamadas"
    assert seen == expected, finding("root-of-another-application", root, seen=seen, message=expected)


@pytest.mark.plan("W2-D1-T3", "W2-D1-E1", "W7-D3-T3")
def test_deployed_build_is_the_one_we_meant(product: Product, env: Environment) -> None:
    """A deployment that left the old build running looks healthy in every other way."""
    expected = env.need("expected_version")
    by_health = version_of(product.health()) is not None  # which may leave it out (contract R-01)
    answers = [product.health() if by_health else product.root() for _ in range(ANSWERS)]

    seen = versions(answers)
    # The build is there, and its /health always says otherwise: that the two disagree is the mistake.
    only_health = by_health and len(seen) == 1 and product.root_url and version_of(product.root()) == expected
    cause = "versions-disagree" if only_health else "build-not-the-expected-one"
    assert seen == [expected], finding(cause, answers[-1], seen=", ".join(seen), version=expected)


@pytest.mark.plan("W2-D1-T3")
@pytest.mark.claims("version/root-and-health")
def test_root_and_health_name_the_same_version(product: Product) -> None:
    """Two answers of one deployment that disagree come from two builds (contract R-18)."""
    roots, healths = ([ask() for _ in range(ANSWERS)] for ask in (product.root, product.health))

    assert None not in map(version_of, roots), finding("root-names-no-version", roots[0])
    expected, seen = versions(roots), versions(healths)
    # Of two builds at once another check tells: then both are named by both.
    assert seen == ["-"] or set(seen) & set(expected), finding(
        "versions-disagree", healths[0], seen=", ".join(seen), version=", ".join(expected)
    )


@pytest.mark.plan("W2-D1-T3")
@pytest.mark.claims("version/schema")
def test_api_document_names_the_same_version(product: Product) -> None:
    """Where it is shown: production hides it (contract R-18, R-19)."""
    document, root = product.openapi(), product.root()

    shown = version_of(document) if document.status_code == 200 else "hidden"
    expected = version_of(root)
    assert expected is not None, finding("root-names-no-version", root)
    assert shown in (expected, "hidden"), finding("api-document-version-differs", document, seen=shown, version=expected)


@pytest.mark.plan("W2-D1-T6", "W2-D1-E1")
@pytest.mark.claims("health/status", "health/ok", "route/GET /health/status", "route/GET /health/anonymous")
def test_health_is_ok(product: Product) -> None:
    """The container's health check and the rollback script decide by this answer (contract 7.10)."""
    for _ in range(3):
        health = product.health()

        require_health(health)
        assert health.status_code == 200, _unhealthy(health)


@pytest.mark.usefixtures("whatever_it_takes")
@pytest.mark.plan("W2-D1-T6", "W2-D1-E1")
@pytest.mark.claims("health/within-1-s")
def test_health_answers_within_a_second(product: Product) -> None:
    """Whatever it says: a probe that waits longer takes the backend for dead (contract R-01)."""
    for _ in range(3):
        health = product.health()
        if cause := what_stands_there(health):
            raise Blocked(observed(cause, health))

        elapsed_s = health.response.elapsed.total_seconds()
        assert elapsed_s < HEALTH_LIMIT_S, finding("health-slow", health, seen=f"{elapsed_s:.3f} s", seconds=HEALTH_LIMIT_S)


def require_health(health: Response[Json]) -> None:
    """That it is a health page: one that is missing or another thing says nothing about the parts behind it."""
    cause = what_stands_there(health)
    assert cause is None, finding(cause or "", health)


def what_stands_there(health: Response[Json]) -> str | None:
    """The cause where /health is none: 200 with the word ok, or 5xx for a part that is down (contract R-01, 7.10)."""
    if health.status_code in (401, 403):
        return "health-behind-sign-in"
    if health.status_code in (404, 405, 410):
        return "health-missing"
    if health.status_code != 200:
        return None
    if health.headers.get("content-type", "").startswith("text/html"):
        return "health-is-a-page"
    if "ok" in health.text:
        return None
    return "health-without-ok" if "status" in fields_of(health) else "health-of-another-shape"


def fields_of(answer: Response[Any]) -> dict[str, Any]:
    """Empty where the body is no JSON object."""
    try:
        body = answer.body
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def reported_of(part: str, health: Response[Json]) -> str | None:
    """What /health says of a part; None where it reports others as down and does not name this one."""
    checks = fields_of(health).get("checks")
    if isinstance(checks, dict) and part in checks:
        return "up" if checks[part] == "ok" else "down"
    return "up" if health.status_code == 200 else None


def versions(answers: Iterable[Response[Any]]) -> list[str]:
    """The different ones that they name, and - for an answer that names none."""
    return sorted({version_of(answer) or "-" for answer in answers})


def version_of(answer: Response[Any]) -> str | None:
    """That of /health, of the root, or of the OpenAPI document; None where it names none."""
    return version_in(answer.response)


def _unhealthy(health: Response[Json]) -> Message:
    """With the parts that the body reports as broken; extra keys are optional (contract R-01)."""
    checks = fields_of(health).get("checks")
    parts = [str(part) for part, state in checks.items() if state != "ok"] if isinstance(checks, dict) else []
    return finding("health-names-broken-parts", health, parts=", ".join(parts)) if parts else finding("health-not-ok", health)


@pytest.mark.plan("W2-D1-T6")
@pytest.mark.claims("health/database")
def test_health_agrees_with_the_database(product: Product, admin: Product) -> None:
    """A health page that does not look says ok while every page that needs data is down."""
    health = product.health()
    probes = [admin.get(path, anyway=True) for path in NEEDING_THE_DATABASE]

    require_health(health)
    reported = reported_of("database", health)
    seen = "down" if all(probe.status_code >= 500 for probe in probes) else "up"  # one of them may fail for a reason of its own
    assert reported in (seen, None), finding("health-disagrees-with-database", probes[0], status=health.status_code)


@pytest.mark.plan("W2-D1-T5", "W2-D1-T6")
@pytest.mark.claims("health/redis")
def test_health_agrees_with_redis(product: Product, viewer: Product) -> None:
    """The cache statistics fall back to zeros when Redis is down (contract 2.10); one that is up uses memory from its start."""
    health = product.health()
    probe = viewer.caches.metrics()

    require_health(health)
    assert probe.status_code == 200, finding("request-not-served", probe, status=200)
    reported = reported_of("redis", health)
    seen = "up" if fields_of(probe).get("memory_usage_bytes", 0) > 0 else "down"
    assert reported in (seen, None), finding("health-disagrees-with-redis", probe, status=health.status_code)


@pytest.mark.plan("W2-D1-T4", "W2-D1-E1")
@pytest.mark.claims("page/login/lang", "page/login/title")
def test_frontend_is_served(product: Product) -> None:
    """The page itself in Spanish, not a redirect to somewhere that happens to work."""
    page = product.page("/login")

    assert page.status_code == 200, finding("frontend-not-served", page)
    assert '<html lang="es"' in page.text, finding("frontend-not-in-spanish", page, markup='<html lang="es">')
    title = "<title>Sistema de Automatización de Llamadas</title>"
    assert title in page.text, finding("frontend-of-another-application", page, markup=title)
