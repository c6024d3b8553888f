"""The plan of a run: what is asked of the target, by whom, and in what order. The same plan gives the same requests anywhere."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from fixtures.product.journeys import JOURNEYS, Journey, endpoints
from fixtures.profile import objectives_file
from fixtures.profile.environment import Environment
from judge.criteria import Criterion
from judge.objectives import criteria
from load import arrivals, shapes
from load.arrivals import Due
from record.samples import Plan

ROLES = ("viewer", "operator", "admin")  # each may do what those before it may (contract 1.5)
WRITES_NEED = "writing to a protected environment needs --allow-writes"


class NoJourneyAllowed(ValueError):  # noqa: N818 - states the fact
    """The environment allows no journey: `left_out` says of each what is missing."""

    def __init__(self, environment: str, left_out: Sequence[str]) -> None:
        super().__init__(f"no journey can be sent to {environment}: {'; '.join(left_out)}")
        self.left_out = left_out


def journeys_for(
    env: Environment, *, allow_writes: bool, only: Sequence[str] = (), makes_identities: bool = False
) -> tuple[tuple[Journey, ...], tuple[str, ...]]:
    """Those that this environment allows, and why the others are left out; ValueError for an unknown name.

    `makes_identities`: of a deployment that makes its own identities and secrets when it starts.
    """
    if makes_identities and not only:
        return JOURNEYS, ()
    known = {journey.name: journey for journey in JOURNEYS}
    unknown = [name for name in only if name not in known]
    if unknown:
        raise ValueError(f"no journey is called {unknown[0]!r}; known: {', '.join(known)}")
    reasons = {journey: _why_not(journey, env, allow_writes=allow_writes, only=only) for journey in JOURNEYS}
    sent = tuple(journey for journey, reason in reasons.items() if not reason)
    return sent, tuple(f"{journey.name} ({reason})" for journey, reason in reasons.items() if reason)


def _why_not(journey: Journey, env: Environment, *, allow_writes: bool, only: Sequence[str]) -> str | None:
    if only and journey.name not in only:
        return "not asked for"
    if journey.writes and env.protected and not allow_writes:
        return WRITES_NEED
    if journey.who and role_for(journey, env) is None:
        return f"the profile has no identity that may: set LV_{journey.who.upper()}_EMAIL and LV_{journey.who.upper()}_PASSWORD"
    if journey.signed and not (env.twilio.auth_token and env.app.url):
        return "signing as Twilio needs TWILIO_AUTH_TOKEN and APP_URL"
    return None


def role_for(journey: Journey, env: Environment) -> str | None:
    """The least of the profile's roles that may walk it."""
    if journey.who is None:
        return None
    return next((role for role in ROLES[ROLES.index(journey.who) :] if role in env.identities), None)


def make(
    env: Environment,
    run_id: str,
    rate: float,
    duration_s: float,
    *,
    journeys: Sequence[Journey],
    objectives: Sequence[dict[str, Any]],
    shape: str = "constant",
    process: str = "poisson",
    seed: int = 1,
    limit_s: float | None = None,
    left_out: Sequence[str] = (),
    early_stop: bool = False,
    workers: int = 1,
) -> Plan:
    """ValueError when the shape or the process is unknown."""
    starts = arrivals.times(process, shapes.known(shape), rate, duration_s, most_rps=env.limits.max_rps, seed=seed)
    return Plan(
        run_id=run_id,
        environment=env.name,
        started_at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        rate=rate,
        duration_s=duration_s,
        planned=sum(1 for _ in starts),
        limit_s=limit_s or env.limits.timeout_s,
        arrivals=process,
        seed=seed,
        endpoints=tuple(endpoints(tuple(journeys))),
        shape=shape,
        early_stop=early_stop,
        workers=workers,
        most_rps=env.limits.max_rps,
        journeys=tuple(journey.name for journey in journeys),
        left_out=tuple(left_out),
        objectives=tuple(objectives),
    )


def of_environment(
    env: Environment,
    run_id: str,
    rate: float,
    duration_s: float,
    *,
    allow_writes: bool,
    only: Sequence[str] = (),
    makes_identities: bool = False,
    **sending: Any,
) -> Plan:
    """Of all journeys that it allows, with its own objectives; NoJourneyAllowed when there is none."""
    journeys, left_out = journeys_for(env, allow_writes=allow_writes, only=only, makes_identities=makes_identities)
    if not journeys:
        raise NoJourneyAllowed(env.name, left_out)
    documents = objectives_file.read(env.files.objectives)
    return make(env, run_id, rate, duration_s, journeys=journeys, objectives=documents, left_out=left_out, **sending)


def criteria_of(plan: Plan | None) -> list[Criterion]:
    """Those that the run is sent for; a run that never got a plan is judged by envs/objectives.yaml."""
    return criteria(plan.objectives if plan else objectives_file.read())


def requests(plan: Plan, part: int = 0) -> Iterator[Due]:
    """What one of the plan's workers sends: whole visits, those whose number falls to its part."""
    shape = shapes.known(plan.shape)
    starts = arrivals.times(plan.arrivals, shape, plan.rate, plan.duration_s, most_rps=plan.most_rps, seed=plan.seed)
    journeys = [journey for journey in JOURNEYS if journey.name in plan.journeys]
    everything = arrivals.requests(starts, journeys, plan.duration_s, plan.seed, plan.run_id)
    return (due for due in everything if due.visit.number % plan.workers == part)
