"""The dashboard says the same to every user, whatever language the browser is set to (contract 9.1, 9.13)."""

from typing import TYPE_CHECKING

import pytest

from fixtures.browser.pages import FIGURES
from fixtures.browser.visit import Visit, page_finding
from fixtures.product.nouns import Product
from fixtures.wire.finding import finding
from record.outcome import Blocked
from suites.dashboard import figures_wrong_each_time

if TYPE_CHECKING:  # importing Playwright takes 0.2 s, and a run without pages does not need it
    from playwright.sync_api import Page

TITLES = ("Estado Agente IA", *FIGURES, "Duración promedio")
WATCHED_MS = 500
in_each_language = pytest.mark.parametrize("locale", ["en-US", "es-MX", "de-DE"])


@pytest.mark.plan("W7-D3-T2", "W2-D2-T9")
def test_dashboard_comes_to_rest(visit: Visit) -> None:
    """It stays open all day: one that asks again as soon as it is answered loads the API without end."""
    page = visit("/", role="operator")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    rested = visit.settle(page)
    requests.clear()
    page.wait_for_timeout(WATCHED_MS)

    assert rested, finding("page-never-rests", visit.where, seconds=10)
    assert len(requests) <= 1, finding("dashboard-never-rests", "/", watched_ms=WATCHED_MS, count=len(requests), url=requests[0])


def _wrong_in_spanish(visit: Visit, operator: Product) -> bool:
    page = visit("/", role="operator")
    visit.settle(page)
    return bool(figures_wrong_each_time(visit, page, operator))


def _in(visit: Visit, locale: str) -> "tuple[Page, list[str]]":
    """The dashboard in a browser of this language, and the titles that it does not show."""
    page = visit("/", role="operator", locale=locale)
    visit.settle(page)
    return page, visit.missing(page, *TITLES)


@in_each_language
@pytest.mark.plan("W7-D3-T2", "W2-D2-T8")
@pytest.mark.claims("page/dashboard/card/*")
def test_dashboard_is_spanish_in_any_browser(visit: Visit, locale: str) -> None:
    """There is one language (contract 9.1)."""
    page, missing = _in(visit, locale)

    assert not missing, page_finding("dashboard-titles-missing", visit, page, titles=", ".join(missing), locale=locale)


@in_each_language
@pytest.mark.plan("W7-D3-T2", "W2-D2-T8")
@pytest.mark.claims("page/dashboard/does/figures-any-locale")
def test_dashboard_counts_the_same_in_any_browser(visit: Visit, operator: Product, locale: str) -> None:
    """A number must not change its value with the sign that another country writes in it."""
    page, missing = _in(visit, locale)
    if set(FIGURES) <= set(missing):
        titles = ", ".join(missing)
        raise Blocked(page_finding("dashboard-titles-missing", visit, page, titles=titles, locale=locale).finding)

    wrong = figures_wrong_each_time(visit, page, operator)
    seen = "; ".join(f"{card}: {shown}" for card, shown in wrong.items())
    assert not (wrong and _wrong_in_spanish(visit, operator)), page_finding("dashboard-figures-wrong", visit, page, seen=seen)
    assert not wrong, page_finding("dashboard-figures-follow-locale", visit, page, seen=seen, locale=locale)
