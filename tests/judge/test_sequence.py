"""A claim that holds at every moment: a look after each request that stops the run is wrong in one run of twenty at most."""

from bisect import bisect_left
from collections.abc import Callable
from itertools import count, takewhile

import numpy as np
import numpy.typing as npt
import pytest

from judge import intervals, sequence

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
RUNS = 10_000
REQUESTS = 5_000
LIMIT = 0.01
ROUNDING = 1e-9  # of sums of thousands of probabilities


class Product:
    """Many runs at once of a product that fails 1 % of its requests, one by one. `truth` is the share of each run so far."""

    def __init__(self, runs: int, seed: int = 7, rate: float = LIMIT) -> None:
        self.chance = np.random.default_rng(seed)
        self.rate = rate
        self.failed: Mask = np.zeros(runs, dtype=bool)
        self.risk = np.zeros(runs)
        self.asked = 0

    def ask(self) -> None:
        """The next request of each run."""
        self.asked += 1
        risk = self.probability()
        self.risk += risk
        self.failed = self.chance.random(len(risk)) < risk

    def probability(self) -> Numbers:
        return np.full(len(self.failed), self.rate)

    @property
    def truth(self) -> Numbers:
        return self.risk / self.asked


class Bursts(Product):
    """While it is down each request fails, `length` in a row on average; it starts in its long-run state."""

    def __init__(self, runs: int, length: int, rate: float = LIMIT) -> None:
        super().__init__(runs, rate=rate)
        self.ends = 1 / length
        self.begins = rate * self.ends / (1 - rate)

    def probability(self) -> Numbers:
        if self.asked == 1:
            return super().probability()
        return np.where(self.failed, 1 - self.ends, self.begins)


class Slumps(Product):
    """One request in ten fails while it is ill, which is a tenth of the time and lasts 50 requests on average."""

    def __init__(self, runs: int) -> None:
        super().__init__(runs)
        self.ill = self.chance.random(runs) < 0.1

    def probability(self) -> Numbers:
        luck = self.chance.random(len(self.ill))
        self.ill = np.where(self.ill, luck >= 1 / 50, luck < 1 / 450)
        return np.where(self.ill, 0.1, 0.0)


class Outages(Product):
    """Down for the first second of every hundred, while requests come as Poisson arrivals. The truth is the time it was down."""

    def __init__(self, runs: int, per_second: float) -> None:
        super().__init__(runs)
        self.per_second = per_second
        self.now = np.zeros(runs)

    def probability(self) -> Numbers:
        self.now += self.chance.exponential(1 / self.per_second, len(self.now))
        return (self.now % 100 < 1).astype(float)

    @property
    def truth(self) -> Numbers:
        return (np.floor(self.now / 100) + np.minimum(self.now % 100, 1)) / self.now


def least_requests(proves: Callable[[int, int], bool], most: int = REQUESTS) -> npt.NDArray[np.int64]:
    """By the number of failures, from how many requests on they prove less than 1 %; `most` + 1 beyond the last."""
    found = (bisect_left(range(most + 1), True, lo=failures, key=lambda n: proves(failures, n)) for failures in count())
    return np.array([*takewhile(lambda n: n <= most, found), most + 1])


def wrongly_below(product: Product, least: npt.NDArray[np.int64], requests: int = REQUESTS, *, of_run: bool = True) -> float:
    """The share of runs that are called better than 1 % at a moment at which they are not, or at all when the long run counts."""
    failures, wrong = np.zeros(len(product.failed), dtype=int), np.zeros(len(product.failed), dtype=bool)
    for asked in range(1, requests + 1):
        product.ask()
        failures += product.failed
        claimed = asked >= least[np.minimum(failures, len(least) - 1)]
        wrong |= claimed & (product.truth >= LIMIT - ROUNDING) if of_run else claimed
    return float(wrong.mean())


def anytime(failures: int, requests: int) -> bool:
    return sequence.settled(failures, requests, LIMIT) == "below"


def exact(failures: int, requests: int) -> bool:
    return requests > 0 and intervals.share(failures, requests).high <= LIMIT


LEAST = least_requests(anytime)
AT_THE_LIMIT: dict[str, Callable[[], Product]] = {
    "one by one": lambda: Product(RUNS),
    "bursts of 5": lambda: Bursts(RUNS, 5),
    "bursts of 20": lambda: Bursts(RUNS, 20),
    "slumps": lambda: Slumps(RUNS),
    "periodic outages, 3 requests a second": lambda: Outages(RUNS, 3),
    "periodic outages, 30 requests a second": lambda: Outages(RUNS, 30),
}


@pytest.mark.parametrize("product", AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
def test_a_run_at_its_limit_is_rarely_called_better(product: Callable[[], Product]) -> None:
    assert wrongly_below(product(), LEAST) <= 0.05


def test_a_bound_for_one_look_would_not_hold() -> None:
    """What the sequence is for: the exact bound, looked at after every request, is wrong in far more runs than promised."""
    assert wrongly_below(Product(RUNS), least_requests(exact)) > 0.15


def test_a_run_at_its_limit_is_rarely_called_worse() -> None:
    most = [
        bisect_left(range(REQUESTS), True, key=lambda n: sequence.settled(k, max(n, k), LIMIT) != "above") for k in range(200)
    ]
    product = Product(RUNS)
    failures, wrong = np.zeros(RUNS, dtype=int), np.zeros(RUNS, dtype=bool)
    for asked in range(1, REQUESTS + 1):
        product.ask()
        failures += product.failed
        wrong |= asked < np.array(most)[failures]

    assert 0 < wrong.mean() <= 0.05


@pytest.mark.parametrize(("rate", "at_most"), [(0.0, 400), (0.002, 700), (0.005, 2500)])
def test_a_better_product_is_soon_proven(rate: float, at_most: int) -> None:
    """The median number of requests until less than 1 % is proven."""
    product = Product(RUNS, rate=rate)
    failures, decided = np.zeros(RUNS, dtype=int), np.zeros(RUNS, dtype=bool)
    for asked in range(1, at_most + 1):
        product.ask()
        failures += product.failed
        decided |= asked >= LEAST[np.minimum(failures, len(LEAST) - 1)]

    assert decided.mean() > 0.5


@pytest.mark.parametrize(("length", "burst"), [(5, 10), (20, 40)])
def test_bursts_that_are_allowed_for_do_not_fool_a_claim_about_the_long_run(length: int, burst: int) -> None:
    """A run that saw too few of them looks better than the product is, in most runs unless `burst` allows for them."""
    requests = 20_000
    least = least_requests(lambda k, n: sequence.settled(k, n, LIMIT, burst=burst) == "below", requests)

    assert wrongly_below(Bursts(2_000, length), least, requests, of_run=False) <= 0.05
    assert wrongly_below(Bursts(2_000, length), LEAST, of_run=False) > 0.5


@pytest.mark.parametrize(("failures", "requests"), [(0, 0), (0, 1), (3, 3), (0, 400), (7, 3_000), (90, 5_000), (4_000, 5_000)])
@pytest.mark.parametrize("burst", [1, 10])
def test_settled_is_what_the_bounds_say(failures: int, requests: int, burst: int) -> None:
    low, high = sequence.bounds(failures, requests, burst=burst)

    assert 0 <= low <= failures / max(requests, 1) <= high <= 1
    for limit in (0.001, 0.01, 0.5):
        expected = "below" if high <= limit else "above" if low >= limit else None
        assert sequence.settled(failures, requests, limit, burst=burst) == expected


@pytest.mark.parametrize("alpha", [0.05, 0.001])
def test_bounds_are_the_limits_that_are_just_settled(alpha: float) -> None:
    low, high = sequence.bounds(40, 3_000, alpha)
    little = 1e-6

    assert [sequence.settled(40, 3_000, high + side, alpha) for side in (-little, little)] == [None, "below"]
    assert [sequence.settled(40, 3_000, low + side, alpha) for side in (-little, little)] == ["above", None]


def test_bounds_close_in_on_the_share() -> None:
    low, high = sequence.bounds(10_000, 1_000_000)

    assert 0.0095 < low < 0.01 < high < 0.0105


@pytest.mark.parametrize("limit", [0.001, 0.01])
@pytest.mark.parametrize(("failures", "requests"), [(0, 0), (0, 100), (1, 300), (30, 1_000)])
def test_the_requests_that_are_asked_for_settle_it(failures: int, requests: int, limit: float) -> None:
    more = sequence.requests_to_settle(failures, requests, limit, hoped=0.0)

    assert more is not None
    total = requests + more
    share = failures / requests if requests else 0.0
    assert sequence.settled(share * total, total, limit) is not None
    assert more == 0 or sequence.settled(share * (total - 1), total - 1, limit) is None


def test_what_is_settled_needs_nothing_and_what_lies_on_the_limit_never_is() -> None:
    assert sequence.requests_to_settle(0, 1_000, LIMIT, hoped=0.0) == 0
    assert sequence.requests_to_settle(10, 1_000, LIMIT, hoped=0.0) is None


@pytest.mark.parametrize(("failures", "requests"), [(-1, 10), (11, 10), (0, -1)])
def test_impossible_counts_are_refused(failures: int, requests: int) -> None:
    with pytest.raises(ValueError, match="failures in"):
        sequence.bounds(failures, requests)
