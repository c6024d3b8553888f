"""Bounds on the share of failures that hold at every moment of a run at once, so that a run may end at any look.

Let mu be how probable it is, given all that came before, that the next request fails, and x be 1 if it does. For any theta >= 0
the chord lies above the curve, so E[theta^x] <= 1 - mu (1 - theta). Hence theta^(x1 + ... + xn) divided by the product of these
right-hand sides is a supermartingale however the requests depend on each other (Howard, Ramdas, McAuliffe and Sekhon,
"Time-uniform Chernoff bounds via nonnegative supermartingales", Probability Surveys 17, 2020), and whatever the mu are, the
product is at most (1 - m (1 - theta))^n with their average m (the logarithm is concave). A mixture over thetas stays below
1 / alpha for ever with a probability of 1 - alpha (Ville, Étude critique de la notion de collectif, 1939). What it refutes of m
gives the bounds: thetas below 1 bound m from above, those beyond 1 from below.

What is bounded is the average of mu over *this run so far*: what the product did, which is why bursts cannot fool it. Under
Poisson arrivals that do not react to the product, the bounds also hold for the share of the time so far in which it was down.
Nothing is said of outages that did not come in the run.

A claim about the long-run share has to assume how long a cluster of failures may be, which is `burst`: when clusters
begin independently of each other and are no longer than `burst` requests, each weighs as much as one failure at most (the chord
again, over x / burst), and requests count a `burst`th as much. Clusters of geometric length need twice their mean for "below".

No rule can keep that second promise and still prove 1 % at 0.2 % in 700 requests. Take a product that fails 0.2 % of its requests
one by one and 0.8 % in bursts of 20: three runs in four have no burst in their first 700 requests and look the same as those of
the good product, so a rule that proves half of the good ones is wrong about more than a third of these.
"""

import math
from bisect import bisect_left
from typing import Literal

from scipy.optimize import brentq  # type: ignore[import-untyped] # scipy has no types

from judge.intervals import ALPHA, Bounds

# (theta, weight). Theta is about the share to be distinguished from the limit, in limits: 0.2 for five times better than
# promised. The weights of BETTER were chosen by simulation for few requests at 0 to 0.7 limits. Each list sums to 1; its thetas
# near 1 cost little and keep the bounds of long runs narrow. None is 0, so one failure refutes nothing for good.
BETTER = ((0.03, 0.35), (0.2, 0.4), (0.4, 0.1), (0.6, 0.07), (0.8, 0.04), (0.9, 0.02), (0.95, 0.01), (0.98, 0.005), (0.99, 0.005))
WORSE = (
    (100, 0.05),
    (10, 0.1),
    (4, 0.2),
    (2, 0.25),
    (1.5, 0.2),
    (1.2, 0.1),
    (1.1, 0.05),
    (1.05, 0.03),
    (1.02, 0.02),
)
FARTHEST = 10**9  # requests; a claim that needs more is out of reach
Mixture = tuple[tuple[float, float], ...]


def bounds(failures: float, requests: int, alpha: float = ALPHA, *, burst: int = 1) -> Bounds:
    """Of the average probability of failure, each bound with confidence 1 - alpha at all moments together.

    They belong to the moment: yesterday's bound says nothing of today's average. ValueError for more failures than requests.
    """
    if not 0 <= failures <= requests or burst < 1:
        raise ValueError(f"there are no {failures} failures in {requests} requests with bursts of {burst}")
    if not requests:
        return Bounds(0.0, 1.0)

    def beyond(average: float, mixture: Mixture) -> float:
        return _evidence(failures / burst, requests / burst, average, mixture) + math.log(alpha)

    observed = failures / requests
    low = float(brentq(beyond, 0.0, observed, args=(WORSE,))) if beyond(0.0, WORSE) > 0 else 0.0
    high = float(brentq(beyond, observed, 1.0, args=(BETTER,))) if beyond(1.0, BETTER) > 0 else 1.0
    return Bounds(low, high)


def settled(
    failures: float, requests: float, limit: float, alpha: float = ALPHA, *, burst: int = 1
) -> Literal["below", "above"] | None:
    """On which side of `limit` the average surely lies: what `bounds` says."""
    enough = -math.log(alpha)
    if _evidence(failures / burst, requests / burst, limit, BETTER) >= enough:
        return "below"
    return "above" if _evidence(failures / burst, requests / burst, limit, WORSE) >= enough else None


def requests_to_settle(
    failures: int, requests: int, limit: float, alpha: float = ALPHA, *, hoped: float, burst: int = 1
) -> int | None:
    """How many more requests settle it, if the share stays as it is (`hoped` without data). 0 settled; None: no number.

    At a fixed share the evidence is convex in the number of requests: once it is enough, it stays enough.
    """
    share = failures / requests if requests else hoped

    def decided(count: int) -> bool:
        return settled(share * count, count, limit, alpha, burst=burst) is not None

    if settled(failures, requests, limit, alpha, burst=burst):
        return 0
    if not decided(FARTHEST):
        return None
    return max(bisect_left(range(FARTHEST), True, lo=requests, key=decided) - requests, 1)


def _evidence(failures: float, requests: float, average: float, mixture: Mixture) -> float:
    """The logarithm of what the mixture won against this average."""
    won = [
        math.log(weight) + failures * math.log(theta) - requests * math.log1p(-average * (1 - theta)) for theta, weight in mixture
    ]
    most = max(won)
    return most + math.log(sum(math.exp(each - most) for each in won))
