"""Which calls a report is held against, when it counts others than it was asked for."""

from collections.abc import Iterator

import httpx
import pytest

from fixtures.product.nouns import Product
from fixtures.wire.ledger import Ledger
from suites import reported
from suites.reported import Rows, counted_by_day, counted_by_status, miscount

WINDOW: Rows = [{"status": status} for status in ("completed", "completed", "no_answer")]
ALL: Rows = [*WINDOW, {"status": "failed"}, {"status": "failed"}, {"status": "no_answer"}]


def listed(request: httpx.Request) -> httpx.Response:
    rows = ALL if request.url.params.get("page", "1") == "1" else []
    return httpx.Response(200, json={"data": rows, "total": len(ALL)})


@pytest.fixture
def viewer() -> Iterator[Product]:
    with httpx.Client(transport=httpx.MockTransport(listed), base_url="https://target.example") as client:
        yield Product(client, client, Ledger("lv-test", None), None)


def report(**counts: int) -> dict[str, object]:
    return {"summary": {"total_calls": sum(counts.values())}, "by_status": counts}


@pytest.mark.parametrize(
    ("told", "calls"),
    [
        (report(completed=2, no_answer=1), WINDOW),
        (report(completed=2, no_answer=2, failed=2), ALL),
        (report(completed=2), WINDOW[:2]),
        (report(completed=2, failed=2, cancelled=0), [*WINDOW[:2], *ALL[3:5]]),
        (report(completed=4), None),
        (report(), None),
        (report(completed=0), None),
        ({"summary": {"total_calls": 7}, "by_status": {"completed": 2}}, WINDOW),
        ({"summary": {}, "by_status": {"completed": "two"}}, WINDOW),
    ],
    ids=["window", "all", "no unanswered", "all but these", "others", "none", "zeros", "contradiction", "no total"],
)
def test_calls_are_those_that_its_counts_say(viewer: Product, told: dict[str, object], calls: Rows | None) -> None:
    assert counted_by_status(told, WINDOW, viewer) == calls


def test_days_without_a_call_are_no_calls_of_their_own(viewer: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there are more calls than can be read: an empty line through time is held against those of the window."""
    assert counted_by_day([{"total": 6}], WINDOW, viewer) == ALL
    assert counted_by_day([], WINDOW, viewer) == WINDOW
    monkeypatch.setattr(reported, "AT_MOST", 4)
    assert counted_by_day([], WINDOW, viewer) == WINDOW
    assert counted_by_day([{"total": 6}], WINDOW, viewer) == WINDOW


def test_a_count_that_is_no_number_is_no_crash() -> None:
    assert miscount({"completed": 3}, WINDOW) == "report-status-counts-wrong"
    assert miscount({"completed": "three"}, WINDOW) == "report-counts-other-calls"
