"""Is it up, is it the build we meant, and does its health page tell the truth?"""

import pytest

from fixtures.product.nouns import Json, Product
from fixtures.product.response import Response
from fixtures.profile.environment import Environment
from fixtures.wire.finding import Message, finding

HEALTH_LIMIT_S = 1.0  # contract R-01
ANSWERS = 6  # a stale build may stand behind one of two workers


@pytest.mark.plan("W2-D1-T9", "W2-D1-E1")
def test_root_introduces_the_api(product: Product) -> None:
    """A 200 of another application on the same address is not the MVP."""
    root = product.root()

    assert root.status_code == 200, finding("root-not-served", root)
    seen = root.body.get("message")
    expected = "Bienvenido a la API de Automatización de Llamadas"
    assert seen == expected, finding("root-of-another-application", root, seen=seen, message=expected)


@pytest.mark.plan("W2-D1-T3", "W2-D1-E1", "W7-D3-T3")
def test_deployed_build_is_the_one_we_meant(product: Product, env: Environment) -> None:
    """A deployment that left the old build running looks healthy in every other way."""
    expected = env.need("expected_version")
    answers = [product.health() for _ in range(ANSWERS)]

    seen = sorted({str(answer.body.get("version")) for answer in answers})
    assert seen == [expected], finding(
        "build-not-the-expected-one", answers[-1], seen=", ".join(seen), version=expected, times=ANSWERS
    )


@pytest.mark.plan("W2-D1-T3")
def test_root_and_health_name_the_same_version(product: Product) -> None:
    """Two answers of one deployment that disagree come from two builds (contract R-18)."""
    root, health = product.root(), product.health()

    seen, expected = health.body.get("version"), root.body["version"]
    assert seen == expected, finding("versions-disagree", health, seen=seen, version=expected)


@pytest.mark.plan("W2-D1-T3")
def test_api_document_names_the_same_version(product: Product) -> None:
    """Where it is shown: production hides it (contract R-18, R-19)."""
    document, root = product.openapi(), product.root()

    shown = document.body["info"]["version"] if document.status_code == 200 else "hidden"
    expected = root.body["version"]
    assert shown in (expected, "hidden"), finding("api-document-version-differs", document, seen=shown, version=expected)


@pytest.mark.plan("W2-D1-T6", "W2-D1-E1")
def test_health_is_ok(product: Product) -> None:
    """The container's health check and the rollback script decide by this answer (contract 7.10)."""
    for _ in range(3):
        health = product.health()

        assert health.status_code == 200, _unhealthy(health)
        assert "ok" in health.text, finding("health-without-ok", health)
        elapsed_s = health.response.elapsed.total_seconds()
        assert elapsed_s < HEALTH_LIMIT_S, finding("health-slow", health, seen=f"{elapsed_s:.3f} s", seconds=HEALTH_LIMIT_S)


def _unhealthy(health: Response[Json]) -> Message:
    """With the parts that the body reports as broken; extra keys are optional (contract R-01)."""
    checks = health.body.get("checks")
    parts = [str(part) for part, state in checks.items() if state != "ok"] if isinstance(checks, dict) else []
    return finding("health-names-broken-parts", health, parts=", ".join(parts)) if parts else finding("health-not-ok", health)


@pytest.mark.plan("W2-D1-T6")
def test_health_agrees_with_the_database(product: Product, admin: Product) -> None:
    """A health page that does not look says ok while every page that needs data is down."""
    health = product.health()
    probe = admin.contacts.list(limit=1)

    reported = "up" if health.status_code == 200 else "down"
    seen = "up" if probe.status_code == 200 else "down"
    assert seen == reported, finding("health-disagrees-with-database", probe, status=health.status_code)


@pytest.mark.plan("W2-D1-T5", "W2-D1-T6")
def test_health_agrees_with_redis(product: Product, viewer: Product) -> None:
    """The cache statistics fall back to zeros when Redis is down (contract 2.10); one that is up uses memory from its start."""
    health = product.health()
    probe = viewer.caches.metrics()

    reported = "up" if health.status_code == 200 else "down"
    seen = "up" if probe.status_code == 200 and probe.body["memory_usage_bytes"] > 0 else "down"
    assert seen == reported, finding("health-disagrees-with-redis", probe, status=health.status_code)


@pytest.mark.plan("W2-D1-T4", "W2-D1-E1")
def test_frontend_is_served(product: Product) -> None:
    """The page itself in Spanish, not a redirect to somewhere that happens to work."""
    page = product.page("/login")

    assert page.status_code == 200, finding("frontend-not-served", page)
    assert '<html lang="es"' in page.text, finding("frontend-not-in-spanish", page, markup='<html lang="es">')
    title = "<title>Sistema de Automatización de Llamadas</title>"
    assert title in page.text, finding("frontend-of-another-application", page, markup=title)
