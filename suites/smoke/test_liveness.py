"""Is it up, is it the build we meant, and does its health page tell the truth?"""

import pytest

from fixtures.product.nouns import Json, Product
from fixtures.product.response import Response
from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding

HEALTH_LIMIT_S = 1.0  # contract R-01


@pytest.mark.plan("W2-D1-T9", "W2-D1-E1")
def test_root_introduces_the_api(product: Product) -> None:
    """Somebody else's 200 on the same address is not the MVP."""
    root = product.root()

    assert root.status_code == 200, finding(root, expected="200", then="is the backend deployed behind this address?")
    seen = root.body.get("message")
    expected = "Bienvenido a la API de Automatización de Llamadas"
    assert seen == expected, finding(root, expected=expected, seen=seen, then="does this address lead to another application?")


@pytest.mark.plan("W2-D1-T3", "W2-D1-E1", "W7-D3-T3")
def test_deployed_build_is_the_one_we_meant(product: Product, env: Environment) -> None:
    """A deployment that left the old build running looks healthy in every other way."""
    env.require("expected_version")
    answers = [product.health() for _ in range(6)]  # a stale build may stand behind one of two workers

    seen = sorted({str(answer.body.get("version")) for answer in answers})
    then = (
        "deploy the build that was meant, to every worker, or correct LV_EXPECTED_VERSION; "
        "if / names another version, /health has this one typed in"
    )
    expected = f"version {env.expected_version}, six times"
    assert seen == [env.expected_version], finding(answers[-1], expected=expected, seen=f"versions {seen}", then=then)


@pytest.mark.plan("W2-D1-T3")
def test_root_and_health_name_the_same_version(product: Product) -> None:
    """Two answers of one deployment that disagree come from two builds (contract R-18)."""
    root, health = product.root(), product.health()

    seen, expected = health.body.get("version"), root.body["version"]
    assert seen == expected, finding(
        health, expected=f"version {expected}, as / says", seen=seen, then="is an old backend still behind the proxy?"
    )


@pytest.mark.plan("W2-D1-T3")
def test_api_document_names_the_same_version(product: Product) -> None:
    """Where it is shown: production hides it (contract R-18, R-19)."""
    document, root = product.openapi(), product.root()

    shown = document.body["info"]["version"] if document.status_code == 200 else "hidden"
    expected = root.body["version"]
    assert shown in (expected, "hidden"), finding(
        document,
        expected=f"version {expected}, as / says",
        seen=shown,
        then="is the version typed into the API's document? Take it from where / takes it",
    )


@pytest.mark.plan("W2-D1-T6", "W2-D1-E1")
def test_health_is_ok(product: Product) -> None:
    """The container's health check and the rollback script decide by this answer (contract 7.10)."""
    for _ in range(3):
        health = product.health()

        assert health.status_code == 200, finding(health, expected="200", then=f"mend {_down(health)} first: the rest may follow")
        assert "ok" in health.text, finding(
            health, expected="a body that contains ok", then="the rollback script would call this build broken"
        )
        elapsed_s = health.response.elapsed.total_seconds()
        assert elapsed_s < HEALTH_LIMIT_S, finding(
            health, expected=f"under {HEALTH_LIMIT_S} s", seen=f"{elapsed_s:.3f} s", then="which of its parts answers slowly?"
        )


def _down(health: Response[Json]) -> str:
    """The parts that the body reports as broken; extra keys are optional (contract R-01)."""
    checks = health.body.get("checks")
    parts = [str(part) for part, state in checks.items() if state != "ok"] if isinstance(checks, dict) else []
    return " and ".join(parts) or "what the backend's log names"


@pytest.mark.plan("W2-D1-T6")
def test_health_agrees_with_the_database(product: Product, admin: Product) -> None:
    """A health page that does not look says ok while every page that needs data is down."""
    health = product.health()
    probe = admin.contacts.list(limit=1)

    reported = "up" if health.status_code == 200 else "down"
    seen = "up" if probe.status_code == 200 else "down"
    assert seen == reported, finding(
        probe,
        expected=f"the database {reported}, as /health reports",
        then="/health does not look at the database: mend the database first, then /health",
    )


@pytest.mark.plan("W2-D1-T5", "W2-D1-T6")
def test_health_agrees_with_redis(product: Product, viewer: Product) -> None:
    """The cache statistics fall back to zeros when Redis is gone (contract 2.10), so an uptime of 0 gives it away."""
    health = product.health()
    probe = viewer.caches.metrics()

    reported = "up" if health.status_code == 200 else "down"
    seen = "up" if probe.status_code == 200 and probe.body["uptime"] > 0 else "down"
    assert seen == reported, finding(
        probe,
        expected=f"Redis {reported}, as /health reports",
        then="/health does not look at Redis: mend Redis first, then /health",
    )


@pytest.mark.plan("W2-D1-T4", "W2-D1-E1")
def test_frontend_is_served(product: Product) -> None:
    """The page itself in Spanish, not a redirect to somewhere that happens to work."""
    page = product.page("/login")

    assert page.status_code == 200, finding(page, expected="200", then="is the frontend running behind the proxy?")
    assert '<html lang="es"' in page.text, finding(page, expected='<html lang="es">', then="is this the MVP's frontend?")
    title = "<title>Sistema de Automatización de Llamadas</title>"
    assert title in page.text, finding(page, expected=title, then="is this the MVP's frontend?")
