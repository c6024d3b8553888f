"""One browser, one small site that it may visit, and one that it may not."""

import ssl
from collections.abc import Iterator

import pytest
import trustme

from fixtures import chromium
from fixtures.browser_guard import Rules
from fixtures.chromium import Chromium
from tests.browser.servers import Permits, Site, serving


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """Trusts the authority and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


@pytest.fixture
def site(authority: trustme.CA) -> Iterator[Site]:
    """The product, as far as these tests go."""
    with serving(authority) as product:
        product.page(
            "/", "<!doctype html><html lang=es><meta charset=utf-8><link rel=icon href=data:,><title>Inicio</title><h1>hola</h1>"
        )
        yield product


@pytest.fixture
def sink(authority: trustme.CA) -> Iterator[Site]:
    """Somebody else, on another port of the same machine."""
    with serving(authority) as somebody:
        yield somebody


@pytest.fixture(scope="session")
def running() -> Iterator[Chromium]:
    with chromium.started(Rules(Permits(set()).check, lambda _: None)) as browser:
        yield browser


@pytest.fixture
def permits(site: Site) -> Permits:
    return Permits({site.url})


@pytest.fixture
def browser(running: Chromium, permits: Permits, tls: ssl.SSLContext) -> Iterator[Chromium]:
    """The one browser under this test's permits."""
    running.gate.rules = Rules(permits.check, permits.exchanges.append, {"X-Luz-Verde-Run": "lv-test"}, tls, timeout_s=5)
    running.gate.trouble.clear()
    with running.in_use():
        yield running
