"""How fast a run may send."""

import time

import pytest

from fixtures import limits


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(limits, "time", made)
    return made


def moments(limit: limits.Quota | limits.Pace, clock: Clock, count: int) -> list[float]:
    seen = []
    for _ in range(count):
        limit.wait()
        seen.append(clock.now)
    return seen


def test_quota_never_fits_more_into_a_minute(clock: Clock) -> None:
    """Ten at once, and the eleventh when the first is a minute old."""
    seen = moments(limits.Quota(10), clock, 35)

    assert seen[:10] == [1000.0] * 10
    assert all(later - earlier >= 60 for earlier, later in zip(seen, seen[10:], strict=False))


def test_pace_leaves_a_gap(clock: Clock) -> None:
    """Five a second are 200 ms apart."""
    seen = moments(limits.Pace(5), clock, 6)

    assert seen == pytest.approx([1000 + 0.2 * turn for turn in range(6)])


def test_limits_do_not_wait_without_need() -> None:
    """Real time: a wide limit costs nothing that anybody notices."""
    began = time.perf_counter()
    quota = limits.Quota(100_000)
    for _ in range(1000):
        quota.wait()

    assert time.perf_counter() - began < 1
