"""What a load run asks of its target, and whether that may be asked at all."""

import math

from fixtures.profile.environment import Environment
from fixtures.wire.policy import SHARE_OF_LIMIT, Policy
from fixtures.wire.refusals import LoadRefused
from load import shapes

DEFAULT_RATE = 100.0  # requests a second
PER_CORE_RPS = 2_000.0  # what one core of a usual machine sends with honest times, TLS and journeys included
ENOUGH = 3_200  # requests: 2,995 without a failure prove 99.9 % to be available; arrivals by chance may be fewer than planned


ENOUGH_AT_ANY_TIME = 5_000  # the same for a run that may end early: 3,603, and the look after 4,800


def rate_for(env: Environment, asked: float | None) -> float:
    """Requests a second: what was asked for, or as much as the profile allows up to the default."""
    return asked if asked is not None else min(DEFAULT_RATE, env.limits.max_rps)


def duration_for(rate: float, asked_s: float | None, shape: str = "constant", *, early_stop: bool = False) -> float:
    """Seconds: what was asked for, what the shape takes, or enough for the strictest criterion at that rate."""
    if asked_s is not None:
        return asked_s
    known = shapes.known(shape)
    if not 0 < rate < math.inf:
        return 0.0  # `check` says what is wrong with it
    return known.duration_s or math.ceil(
        (ENOUGH_AT_ANY_TIME if early_stop else ENOUGH) / (shapes.requests(known, rate, 1.0) or 1.0)
    )


def check(policy: Policy, rate: float, duration_s: float) -> None:
    """LoadRefused unless the environment, its ceiling and its rate limit allow this run."""
    policy.require_load()
    env = policy.env
    if not (0 < rate < math.inf and 0 < duration_s < math.inf):
        raise LoadRefused("load-of-nothing", rate=f"{rate:g}", seconds=f"{duration_s:g}")
    if rate > env.limits.max_rps:
        raise LoadRefused("load-above-ceiling", rate=f"{rate:g}", environment=env.name, most=f"{env.limits.max_rps:g}")
    most = int(env.limits.rate_limit_per_minute * SHARE_OF_LIMIT)
    if min(rate * duration_s, rate * 60) > most:
        raise LoadRefused(
            "load-above-rate-limit",
            rate=f"{rate:g}",
            seconds=f"{duration_s:g}",
            per_minute=env.limits.rate_limit_per_minute,
            most=f"{most / 60:.2g}",
        )
