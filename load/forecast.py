"""What a run can prove at best, before anything is sent: what each criterion needs, how long that takes, what less can claim.

At best means that every response is the right one and comes at once. After failures a claim needs more requests.
"""

import dataclasses
import itertools
import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from judge import intervals, sequence
from judge.criteria import FIRST_LOOK, Criterion, PercentileLatency, Share
from judge.sequence import FARTHEST
from load import plans, shapes
from record.samples import Plan, Samples

COUNTED = 20_000  # requests of the plan, from which the share of each endpoint is counted
LEAST_COUNTED = 3_000  # fewer may miss the rarest endpoint, and promise the others too much


class Forecast(NamedTuple):
    """Of one criterion. Requests; `needs` of all together, `alone` so many that the rarest endpoint has enough of its own.

    `takes_s` and `alone_s` are how long these last at the plan's rate and shape, `rarest_share` is that endpoint's part of all
    requests, `can` whether this run has what it needs, `at_best` what it can claim if not.
    """

    criterion: Criterion
    needs: int | None
    takes_s: float
    alone: int | None
    alone_s: float
    rarest: str
    rarest_share: float
    can: bool
    at_best: str

    @property
    def sentence(self) -> str:
        needs = f"{self.needs:,} requests" if self.needs else "more requests than can be sent"
        return f"{self.criterion.name}: {needs}, {duration(self.takes_s)}; {self.at_best}"


def forecast(plan: Plan, criteria: Sequence[Criterion]) -> list[Forecast]:
    """Of each criterion on the run that was planned."""
    shares = shares_of(plan)
    return [_of(criterion, plan, shares) for criterion in criteria]


def shares_of(plan: Plan) -> dict[str, float]:
    """Which part of the requests goes to each endpoint; in a short run, if it went on."""
    longer = max(1.0, LEAST_COUNTED / max(plan.planned, 1))
    lasting = dataclasses.replace(plan, duration_s=longer * plan.duration_s)
    counts = Counter(due.step.endpoint for due in itertools.islice(plans.requests(lasting), COUNTED))
    total = sum(counts.values())
    return {endpoint: count / total for endpoint, count in counts.items()}


def _of(criterion: Criterion, plan: Plan, shares: dict[str, float]) -> Forecast:
    about = {name: share for name, share in shares.items() if not criterion.endpoints or name in criterion.endpoints}
    part = sum(about.values())
    needs = _scaled(clean_requests(criterion, plan, criterion.alpha), part)
    rarest = min(about, key=about.__getitem__, default="")
    share = about.get(rarest, 0.0)
    alone = _scaled(clean_requests(criterion, plan, criterion.alpha / max(len(about), 1)), share)
    can = needs is not None and needs <= plan.planned and set(criterion.endpoints) <= shares.keys()
    at_best = _at_best(criterion, int(round(part * plan.planned, 6)), plan, can=can)
    return Forecast(criterion, needs, _takes_s(needs, plan), alone, _takes_s(alone, plan), rarest, share, can, at_best)


def _takes_s(needs: int | None, plan: Plan) -> float:
    """If the run's shape were stretched until it has so many requests."""
    full = shapes.requests(shapes.known(plan.shape), plan.rate, plan.duration_s)
    return math.inf if needs is None or not full else needs * plan.duration_s / full


def clean_requests(criterion: Criterion, plan: Plan, alpha: float) -> int | None:
    """How many right and quick responses prove it; None when no number does."""
    nothing = Samples.of(())
    if isinstance(criterion, Share) or not plan.early_stop:
        return criterion.measure(nothing, limit_s=plan.limit_s, alpha=alpha, anytime=plan.early_stop).needs
    looks = ((FIRST_LOOK << look, alpha / 2 ** (look + 1)) for look in itertools.count())
    for size, share in itertools.takewhile(lambda each: each[0] < FARTHEST, looks):
        needs = criterion.measure(nothing, limit_s=plan.limit_s, alpha=share).needs
        if needs is not None and needs <= size:
            return size
    return None


def _scaled(needs: int | None, part: float) -> int | None:
    return math.ceil(round(needs / part, 6)) if needs is not None and part else None


def _at_best(criterion: Criterion, requests: int, plan: Plan, *, can: bool) -> str:
    """What this run can claim of it. Numbers are rounded to the side on which they are still proven."""
    if can:
        return "this run can prove it"
    claim = ""
    if isinstance(criterion, Share) and requests:
        claim = _share_at_best(criterion, requests, plan)
    elif isinstance(criterion, PercentileLatency):
        claim = _percentile_at_best(requests, criterion.alpha, plan)
    return f"the {requests:,} of this run prove {claim} at best" if claim else f"the {requests:,} of this run prove nothing of it"


def _share_at_best(criterion: Share, requests: int, plan: Plan) -> str:
    if plan.early_stop or criterion.burst > 1:
        bad = sequence.bounds(0, requests, criterion.alpha, burst=criterion.burst).high
    else:
        bad = intervals.share(0, requests, criterion.alpha).high
    hundredths = math.ceil(round(10_000 * bad, 6))
    return f"at least {100 - hundredths / 100:.2f} %" if criterion.at_least else f"below {hundredths / 100:.2f} %"


def _percentile_at_best(requests: int, alpha: float, plan: Plan) -> str:
    """The one that so many responses stay below by chance as rarely as alpha. At any time only whole looks count."""
    if plan.early_stop:
        if requests < FIRST_LOOK:
            return ""
        look = int(math.log2(requests / FIRST_LOOK))
        requests, alpha = FIRST_LOOK << look, alpha / 2 ** (look + 1)
    return f"percentile {math.floor(1000 * alpha ** (1 / requests)) / 10:.1f}" if requests else ""


def too_short(forecasts: Sequence[Forecast]) -> str:
    """What the planned run cannot prove however well it goes; "" when nothing."""
    return "; ".join(each.sentence for each in forecasts if not each.can)


def duration(seconds: float) -> str:
    """In days, hours, minutes or seconds, whichever is easiest to read."""
    if math.isinf(seconds):
        return "for ever"
    for unit, length_s in (("days", 86_400.0), ("h", 3_600.0), ("min", 60.0)):
        if seconds >= 2 * length_s:
            return f"{seconds / length_s:.1f} {unit}"
    return f"{math.ceil(seconds)} s"


def table(plan: Plan, forecasts: Sequence[Forecast]) -> str:
    """For a terminal."""
    shape = shapes.known(plan.shape)
    head = (
        f"{plan.planned:,} requests in {duration(plan.duration_s)} to {plan.environment}, {plan.shape} ({shape.why}), "
        f"up to {plan.rate:g} a second, {len(plan.endpoints)} endpoints"
    )
    rows = [("criterion", "needs", "takes", "each endpoint", "this run")]
    for each in forecasts:
        side = ">=" if each.criterion.at_least else "<"
        rows.append(
            (
                f"{each.criterion.name} {side} {each.criterion.limit:g} {each.criterion.unit}",
                "no number" if each.needs is None else f"{each.needs:,}",
                duration(each.takes_s),
                "no number" if each.alone is None else f"{each.alone:,} ({duration(each.alone_s)})",
                each.at_best,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:>{widths[3]}}  {row[4]}" for row in rows
    ]
    left_out = [f"left out  {reason}" for reason in plan.left_out]
    assumed = (
        f"at best   every response is right and comes at once: a mean of 0 ms, when none may take more than {plan.limit_s:g} s"
    )
    rare = min((each for each in forecasts if each.rarest), key=lambda each: each.rarest_share, default=None)
    rarest = [f"rarest    {rare.rarest}, {100 * rare.rarest_share:.1f} % of the requests"] if rare else []
    return "\n".join([head, "", *lines, "", assumed, *rarest, *left_out])
