"""The dashboard says the same to everybody, whatever language the browser is set to (contract 9.1, 9.13)."""

import pytest

from fixtures.browser.pages import FIGURES, wrong_figures
from fixtures.browser.visit import Visit
from fixtures.product.nouns import Product
from fixtures.wire.finding import stated as finding

TITLES = ("Estado Agente IA", *FIGURES, "Duración promedio")
WATCHED_MS = 500


@pytest.mark.plan("W7-D3-T2", "W2-D2-T9")
def test_dashboard_comes_to_rest(visit: Visit) -> None:
    """Everybody leaves it open all day: one that asks again as soon as it is answered loads the API without end."""
    page = visit("/", role="operator")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit.settle(page)
    asked.clear()
    page.wait_for_timeout(WATCHED_MS)

    assert len(asked) <= 1, finding(
        f"/ for {WATCHED_MS} ms after it had its figures",
        expected="to come to rest",
        seen=f"{len(asked)} more requests, first {asked[:1]}",
        then="what starts the next question? Ask again after a pause, not after each answer",
    )


@pytest.mark.plan("W7-D3-T2", "W2-D2-T8")
@pytest.mark.parametrize("locale", ["en-US", "es-MX", "de-DE"])
def test_dashboard_says_the_same_in_any_browser(visit: Visit, operator: Product, locale: str) -> None:
    """There is one language, and a number must not change its value with the sign that another country writes in it."""
    before = operator.reports.performance().body["summary"]
    page = visit("/", role="operator", locale=locale)
    visit.settle(page)
    after = operator.reports.performance().body["summary"]

    missing = [title for title in TITLES if not page.get_by_text(title, exact=True).count()]
    assert not missing, finding(
        f"/ in a browser set to {locale}",
        expected=f"the titles {', '.join(missing)}",
        seen="they are not there",
        then="does the page follow the browser's language? The product is in Spanish",
    )
    wrong = wrong_figures(page, before, after)
    assert not wrong, finding(
        f"/ in a browser set to {locale}",
        expected="on each card its figure of the report",
        seen="; ".join(f"{card}: {said}" for card, said in wrong.items()),
        then="is it so in a Spanish browser, too? Then see there; else a number is written by the browser's language and read "
        "by another: give the language wherever one is formatted",
    )
