"""The figures of the dashboard beside those of the report, on a deployment where calls come and go."""

from typing import TYPE_CHECKING

from fixtures.browser.pages import wrong_figures
from fixtures.browser.visit import Visit
from fixtures.product.nouns import Product

if TYPE_CHECKING:  # importing Playwright takes 0.2 s, and a run without pages does not need it
    from playwright.sync_api import Page

LOOKS = 3  # a call that comes and goes between two reports is on the page alone


def figures_wrong_each_time(visit: Visit, page: "Page", operator: Product) -> dict[str, str]:
    """Card -> what it shows and what the report says, as `wrong_figures`, of cards that are wrong at every look."""
    wrong: dict[str, str] = {}
    for look in range(LOOKS):
        before = operator.reports.performance().body["summary"]
        page.reload()
        visit.settle(page)
        after = operator.reports.performance().body["summary"]
        found = wrong_figures(page, before, after)
        wrong = {card: shown for card, shown in found.items() if not look or card in wrong}
        if not wrong:
            break
    return wrong
