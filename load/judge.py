"""From samples to a verdict on a success criterion: met, violated, or unverified with how many more requests it needs.

Pure functions. The sentence "the product keeps its promise" is claimed with 95 % confidence or not at all.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from load.criteria import CRITERIA, Criterion, Estimate
from load.health import possible, reasons_to_void
from load.intervals import ALPHA
from load.samples import Recording, Sample

State = Literal["met", "violated", "unverified"]
ALL = "all requests"
EXIT_CODES: dict[State, int] = {"met": 0, "violated": 1, "unverified": 6}
DEFAULT_LIMIT_S = 10.0


@dataclass(frozen=True)
class Verdict:
    """Of one criterion on one scope: an endpoint or all requests. Numbers are in `unit`; `low` and `high` bound the truth.

    `samples` are the requests that say something about it, `needs` how many more might settle it (None: no number would).
    """

    criterion: str
    scope: str
    state: State
    estimate: float | None
    low: float
    high: float
    limit: float
    samples: int
    needs: int | None
    unit: str
    sentence: str


@dataclass(frozen=True)
class Judgement:
    """Of one criterion on a run. An endpoint that violates it is not diluted by others; `void` says why nothing is believed."""

    criterion: Criterion
    overall: Verdict
    endpoints: tuple[Verdict, ...]
    void: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        if self.void:
            return "unverified"
        return "violated" if self.violations else self.overall.state

    @property
    def violations(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in (self.overall, *self.endpoints) if verdict.state == "violated")

    @property
    def sentence(self) -> str:
        if self.void:
            return f"{self.criterion.name} is unverified: {'; '.join(self.void)}"
        return "; ".join(verdict.sentence for verdict in self.violations) or self.overall.sentence


def judge(
    criterion: Criterion, samples: Sequence[Sample], *, scope: str = ALL, limit_s: float = DEFAULT_LIMIT_S, alpha: float = ALPHA
) -> Verdict:
    """The verdict on these samples."""
    found = criterion.measure(samples, limit_s=limit_s, alpha=alpha)
    state = _state(criterion, found)
    needs = found.needs if state == "unverified" else 0
    return Verdict(
        criterion.name,
        scope,
        state,
        found.value,
        found.low,
        found.high,
        criterion.limit,
        found.samples,
        needs,
        criterion.unit,
        _sentence(criterion, found, scope, state, needs),
    )


def judge_run(recording: Recording, criteria: Sequence[Criterion] = CRITERIA) -> list[Judgement]:
    """Each criterion on the whole run and on each endpoint; nothing is believed of a run whose generator could not keep up."""
    void = tuple(reasons_to_void(recording))
    limit_s = recording.plan.limit_s if recording.plan else DEFAULT_LIMIT_S
    samples = possible(recording.samples)
    return [judge_criterion(criterion, samples, limit_s=limit_s, void=void) for criterion in criteria]


def judge_criterion(
    criterion: Criterion,
    samples: Sequence[Sample],
    *,
    limit_s: float = DEFAULT_LIMIT_S,
    void: tuple[str, ...] = (),
    alpha: float = ALPHA,
) -> Judgement:
    """Endpoints share one chance of a false alarm (Bonferroni), so that more of them do not raise it.

    Whoever looks at the same run more than once gives each look its share of ALPHA.
    """
    by_endpoint: dict[str, list[Sample]] = {}
    for sample in samples:
        by_endpoint.setdefault(sample.endpoint, []).append(sample)
    share = alpha / max(len(by_endpoint), 1)
    endpoints = [
        judge(criterion, of_one, scope=endpoint, limit_s=limit_s, alpha=share) for endpoint, of_one in sorted(by_endpoint.items())
    ]
    return Judgement(criterion, judge(criterion, samples, limit_s=limit_s, alpha=alpha), tuple(endpoints), void)


def worst(judgements: Sequence[Judgement]) -> State:
    """Of a run: no criterion at all means that nothing was claimed."""
    states = {judgement.state for judgement in judgements}
    order: tuple[State, ...] = ("violated", "unverified", "met")
    return next((state for state in order if state in states), "unverified")


def _state(criterion: Criterion, found: Estimate) -> State:
    if not found.samples:
        return "unverified"
    above, below = found.low >= criterion.limit, found.high <= criterion.limit
    if above == below:
        return "unverified"
    return "met" if above == criterion.at_least else "violated"


def _sentence(criterion: Criterion, found: Estimate, scope: str, state: State, needs: int | None) -> str:
    bound = f"limit {'at least' if criterion.at_least else 'below'} {_shown(criterion.limit, criterion.unit)}"
    if found.value is None:
        return f"{criterion.name} of {scope} is unverified: no request says anything about it; {bound}"
    seen = (
        f"{_shown(found.value, criterion.unit)} in {found.samples:,} requests, "
        f"surely between {_shown(found.low, criterion.unit)} and {_shown(found.high, criterion.unit)}"
    )
    missing = "" if state != "unverified" else f"; {more(needs)}"
    return f"{criterion.name} of {scope} is {state}: {seen}; {bound}{missing}"


def more(needs: int | None) -> str:
    """What would settle a criterion that is not."""
    return f"about {needs:,} more requests would settle it" if needs else "it lies on its limit: no number of requests settles it"


def _shown(value: float, unit: str) -> str:
    if math.isinf(value):
        return "any value"
    return f"{value:.3f} %" if unit == "%" else f"{value:.0f} {unit}"
