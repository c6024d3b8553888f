"""`python -m load plan`: what each criterion needs, and what a run can prove. Nothing is sent."""

import argparse
import dataclasses
import math

from fixtures.profile.environment import Environment, load
from fixtures.wire.policy import Policy
from fixtures.wire.refusals import LoadRefused
from load import forecast, plans, sizing
from load.commands.output import say
from record.outcome import EXIT_UNVERIFIED

RUN_ID = "lv-plan"


def run(options: argparse.Namespace) -> int:
    """0 when the run can prove every criterion, else 6; ValueError for a run that would be refused, after the table."""
    env = load(options.env_file or options.env or "local")
    if env.deployment == "sandbox":  # its limits are known when it starts, and they are high enough for load
        at_most = dataclasses.replace(
            env.limits, max_rps=sizing.PER_CORE_RPS, rate_limit_per_minute=int(60 * 2 * sizing.PER_CORE_RPS)
        )
        env = dataclasses.replace(env, limits=at_most)
    rate = sizing.rate_for(env, options.rate)
    duration_s = sizing.duration_for(rate, options.duration, options.shape, early_stop=options.early_stop)
    refusal = _refusal(env, rate, duration_s)
    if refusal and not (0 < rate <= env.limits.max_rps and 0 < duration_s < math.inf):
        raise ValueError(refusal)
    plan = plans.of_environment(
        env,
        RUN_ID,
        rate,
        duration_s,
        allow_writes=options.allow_writes,
        makes_identities=env.deployment == "sandbox",
        shape=options.shape,
        early_stop=options.early_stop,
    )
    forecasts = forecast.forecast(plan, plans.criteria_of(plan))
    say(forecast.table(plan, forecasts))
    if refusal:  # by the target's own limit: what the criteria need is worth knowing all the same
        raise ValueError(f"this run would be refused: {refusal}")
    return 0 if all(each.can for each in forecasts) else EXIT_UNVERIFIED


def _refusal(env: Environment, rate: float, duration_s: float) -> str:
    """Why this run would be refused; "" when it would not."""
    try:
        sizing.check(Policy(env, run_id=RUN_ID, allow_load=True), rate, duration_s)
    except LoadRefused as error:
        return str(error)
    return ""
