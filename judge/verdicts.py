"""From samples to a verdict on a success criterion: met, violated, or unverified with how many more requests it needs.

Pure functions. "The product keeps its promise" is claimed with the confidence of its objective or not at all. What is claimed of
shares is about the time of the run: arrivals by chance see the product as it was then (PASTA), bursts of errors included, and
nothing says that it will be so tomorrow.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from judge import objectives
from judge.criteria import Criterion, Estimate, counted
from judge.health import possible, reasons_to_void
from record.outcome import EXIT_FAILED, EXIT_UNVERIFIED
from record.samples import Recording, Samples

State = Literal["met", "violated", "unverified"]
ALL = "all requests"
EXIT_CODES: dict[State, int] = {"met": 0, "violated": EXIT_FAILED, "unverified": EXIT_UNVERIFIED}
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
        if self.violations:
            return "violated"
        return "unverified" if self.missing_endpoints else self.overall.state

    @property
    def violations(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in (self.overall, *self.endpoints) if verdict.state == "violated")

    @property
    def missing_endpoints(self) -> tuple[str, ...]:
        """Endpoints that the objective names and that no request says anything about."""
        covered = {verdict.scope for verdict in self.endpoints if verdict.samples}
        return tuple(name for name in self.criterion.endpoints if name not in covered)

    @property
    def proven(self) -> int:
        """How many endpoints keep it beyond doubt, each for itself."""
        return sum(verdict.state == "met" for verdict in self.endpoints)

    @property
    def sentence(self) -> str:
        if self.void:
            return f"{self.criterion.name} is unverified: {'; '.join(self.void)}"
        if self.violations:
            return "; ".join(verdict.sentence for verdict in self.violations)
        if self.missing_endpoints:
            return f"{self.criterion.name} is unverified: no request says anything about {', '.join(self.missing_endpoints)}"
        alone = f"; {self.proven} of {len(self.endpoints)} endpoints prove it on their own" if len(self.endpoints) > 1 else ""
        return self.overall.sentence + alone


def judge(
    criterion: Criterion,
    samples: Samples,
    *,
    scope: str = ALL,
    limit_s: float = DEFAULT_LIMIT_S,
    alpha: float | None = None,
    anytime: bool = False,
) -> Verdict:
    """The verdict on these samples; `alpha` where it is not the criterion's own."""
    found = criterion.measure(samples, limit_s=limit_s, alpha=criterion.alpha if alpha is None else alpha, anytime=anytime)
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


def judge_run(recording: Recording, criteria: Sequence[Criterion] | None = None) -> list[Judgement]:
    """Each criterion (default: those of the run's plan; none without a plan) on the whole run and on each endpoint.

    Nothing is believed of a run whose generator could not keep up. A run that could end before its plan, because its verdicts
    were settled or for its target's distress, is judged by bounds that hold whenever one looks.
    """
    if criteria is None:
        criteria = objectives.criteria(recording.plan.objectives) if recording.plan else ()
    void = tuple(reasons_to_void(recording))
    limit_s = recording.plan.limit_s if recording.plan else DEFAULT_LIMIT_S
    anytime = recording.distress is not None or bool(recording.plan and recording.plan.early_stop)
    samples = counted(recording.samples.where(possible(recording.samples)))
    judged = [judge_criterion(criterion, samples, limit_s=limit_s, void=void, anytime=anytime) for criterion in criteria]
    return [_without_promise(judgement, recording) for judgement in judged]


def _without_promise(judgement: Judgement, recording: Recording) -> Judgement:
    """A target that broke down keeps no promise: what it did until then is not what was asked about."""
    if recording.distress is None or judgement.state == "violated":
        return judgement
    why = f"the run was stopped for the target's distress: {recording.distress}"
    return Judgement(judgement.criterion, judgement.overall, judgement.endpoints, (*judgement.void, why))


def judge_criterion(
    criterion: Criterion,
    samples: Samples,
    *,
    limit_s: float = DEFAULT_LIMIT_S,
    void: tuple[str, ...] = (),
    alpha: float | None = None,
    anytime: bool = False,
) -> Judgement:
    """Endpoints share one chance of a false alarm (Bonferroni), so that more of them do not raise it.

    With several looks at the same run each has its share of alpha.
    """
    alpha = criterion.alpha if alpha is None else alpha
    by_endpoint = samples.by_endpoint()
    if criterion.endpoints:
        by_endpoint = {name: by_endpoint[name] for name in criterion.endpoints if name in by_endpoint}
        samples = samples.where(samples.at(*criterion.endpoints))
    share = alpha / max(len(by_endpoint), 1)
    endpoints = tuple(
        judge(criterion, of_one, scope=endpoint, limit_s=limit_s, alpha=share, anytime=anytime)
        for endpoint, of_one in by_endpoint.items()
    )
    scope = ", ".join(criterion.endpoints) or ALL
    return Judgement(
        criterion, judge(criterion, samples, scope=scope, limit_s=limit_s, alpha=alpha, anytime=anytime), endpoints, void
    )


def worst(judgements: Iterable[Judgement]) -> State:
    """Of a run: no criterion at all means that nothing was claimed."""
    states = {judgement.state for judgement in judgements}
    order: tuple[State, ...] = ("violated", "unverified", "met")
    return next((state for state in order if state in states), "unverified")


def state_of(recording: Recording, judgements: Iterable[Judgement]) -> State:
    """Of a run as a whole. A target that could not bear the load did not pass, whatever was left unproven."""
    return "violated" if recording.distress and not recording.problems else worst(judgements)


def sentences(recording: Recording, judgements: Iterable[Judgement]) -> list[str]:
    """One for each criterion, after the reason why sending was stopped."""
    stopped = [f"stopped: the target is in distress: {recording.distress}"] if recording.distress else []
    return [*stopped, *(judgement.sentence for judgement in judgements)]


def finite(value: Any) -> Any:
    """The same value, as JSON takes it: None for Infinity and NaN, wherever they stand in it."""
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


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
    in_run = "while the run lasted " if criterion.unit == "%" else ""
    observed = (
        f"{_shown(found.value, criterion.unit)} in {found.samples:,} requests, "
        f"{in_run}surely between {_shown(found.low, criterion.unit)} and {_shown(found.high, criterion.unit)}"
    )
    missing = "" if state != "unverified" else f"; {more(needs)}"
    return f"{criterion.name} of {scope} is {state}: {observed}; {bound}{missing}"


def more(needs: int | None) -> str:
    """What would settle a criterion that is not."""
    return f"about {needs:,} more requests would settle it" if needs else "it lies on its limit: no number of requests settles it"


def _shown(value: float, unit: str) -> str:
    if math.isinf(value):
        return "any value"
    return f"{value:.3f} %" if unit == "%" else f"{value:.0f} {unit}"
