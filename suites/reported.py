"""Which calls a report is about: those of its window, or those that a mistake made of them.

That a report counts other calls than it was asked for is one finding. Its other numbers are held against the calls that it
did count, so that this one hides none of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from fixtures.product.nouns import Product, every_page
from fixtures.wire.finding import observed
from record.outcome import Blocked

AT_MOST = 5_000  # calls that are read one by one; a busier deployment is compared over fewer days
Rows = list[dict[str, Any]]


def every_call(viewer: Product, **query: Any) -> Rows:
    """The calls that the list has under this query, read page by page; Blocked when the pages hold less than it promises.

    By pages as large as they come: that they are as large as asked is the claim of a check.
    """
    first = viewer.calls.list(page_size=100, **query).body
    total, size = first["total"], len(first["data"]) or 100
    calls = every_page(lambda page: viewer.calls.list(page=page, page_size=size, **query).body["data"], at_most=total // size + 2)
    if len(calls) != total:
        raise Blocked(observed("call-pages-incomplete", "GET /api/calls/?page_size=100", rows=len(calls), total=total))
    return calls


def _all_calls(viewer: Product) -> Rows:
    """Whenever they were; none where there are more than can be read."""
    return every_call(viewer) if viewer.calls.list(page_size=1).body["total"] <= AT_MOST else []


def counted_by_day(timeline: Iterable[Mapping[str, Any]], of_window: Rows, viewer: Product) -> Rows:
    """Those of the window, or all that there are when the days add up to their number."""
    total = sum(day["total"] for day in timeline)
    if total == len(of_window):
        return of_window
    everything = _all_calls(viewer)
    return everything if everything and total == len(everything) else of_window


def counted_by_status(report: Mapping[str, Any], of_window: Rows, viewer: Product) -> Rows | None:
    """Those of the window, all that there are, or either without the statuses that are not counted, as its counts say.

    A report whose total and counts contradict each other is about those of the window: which of the two is wrong is the claim
    of a check. None: it counts none, or others than can be read.
    """
    summary, by_status = report.get("summary"), report.get("by_status")
    total = summary.get("total_calls") if isinstance(summary, dict) else None
    counts = without_zeros(by_status) if isinstance(by_status, dict) else {}
    if total in (None, len(of_window)) or _sum(counts) != total:
        return of_window
    for calls in (of_window, _all_calls(viewer)):
        counted = [call for call in calls if call["status"] in counts]
        if counted and tally(counted) == counts:
            return counted
    return None


def tally(calls: Rows) -> dict[str, int]:
    """Status -> how many calls are in it."""
    return dict(Counter(call["status"] for call in calls))


def _sum(counts: Mapping[str, object]) -> int:
    """Of those that are numbers."""
    return sum(count for count in counts.values() if isinstance(count, int))


def without_zeros(by_status: Mapping[str, int]) -> dict[str, int]:
    return {status: count for status, count in by_status.items() if count}


def miscount(seen: Mapping[str, object], calls: Rows) -> str:
    """The cause of wrong counts: calls of one status counted under another, or calls that are others than these."""
    return "report-status-counts-wrong" if _sum(seen) == len(calls) else "report-counts-other-calls"
