"""Whether the generator did what it planned. One that could not keep up must not be judged as the product."""

from collections.abc import Iterator

import numpy as np

from record.sample import RATE_LIMITED, WITHHELD
from record.samples import Mask, Plan, Recording, Samples

# The strictest claim on time is a mean below 500 ms: a tenth of it, for one request in a hundred, cannot turn that verdict. On a
# quiet machine of its own a generator stays below 10 ms, but here it may share two cores with the target it measures.
LATENESS_P99_S = 0.050
ACHIEVED_AT_LEAST = 0.98
TICK_S = 0.05  # by which a sleep may end early
TURNED_AWAY_AT_MOST = 0.01  # of the requests: what is left must still be the load that was meant


def lateness_p99_s(samples: Samples) -> float | None:
    """How late the latest hundredth of the requests was sent at least, in seconds; None when nothing was sent."""
    sent = samples.where(~samples.ended_in(WITHHELD)).lateness_s
    return float(np.quantile(sent, 0.99, method="inverted_cdf")) if len(sent) else None


def achieved(recording: Recording) -> float:
    """The share of the planned requests that left and came to an end; of those until then, when the run stopped itself."""
    plan = recording.plan
    planned = (recording.due if recording.due is not None else plan.planned) if plan else 0
    return len(recording.samples) / planned if planned else 0.0


def turned_away(samples: Samples) -> float:
    """The share that the target's own rate limit answered with 429."""
    return float(samples.ended_in(RATE_LIMITED).mean()) if len(samples) else 0.0


def possible(samples: Samples) -> Mask:
    """Those whose times a clock can have shown; nothing can be computed of the others."""
    intended, start, end = samples.intended_start, samples.start, samples.end
    return np.isfinite(end) & (intended - TICK_S <= start) & (start <= end)


def reasons_to_void(recording: Recording) -> list[str]:
    """Why nothing of this run can be believed; empty for a sound one."""
    plan, samples = recording.plan, recording.samples
    reasons = list(recording.problems)
    if plan is None or not len(samples):
        return [*reasons, "the generator sent no request"]
    return [*reasons, *_not_measured(recording, plan), *_not_the_load(recording, plan)]


def _not_measured(recording: Recording, plan: Plan) -> Iterator[str]:
    """What no load that was sent as planned leaves behind."""
    samples = recording.samples
    silent = sorted(set(plan.endpoints) - samples.by_endpoint().keys())
    if silent and recording.distress is None:
        yield f"no request to {', '.join(silent)} came to an end, so nothing is known about it"
    if len(samples) > plan.planned:
        yield f"{len(samples):,} requests ended and {plan.planned:,} were planned: some were sent, or counted, twice"
    if not possible(samples).all():
        yield "some requests end before they begin, or at no time at all: the clock or the file is wrong"


def _not_the_load(recording: Recording, plan: Plan) -> Iterator[str]:
    samples = recording.samples
    if achieved(recording) < ACHIEVED_AT_LEAST and recording.distress is None:
        yield f"only {len(samples):,} of {plan.planned:,} planned requests were sent and ended: the run did not reach its load"
    late = lateness_p99_s(samples) or 0.0
    if late > LATENESS_P99_S:
        yield (
            f"the generator sent one request in a hundred {late * 1000:.0f} ms late or later "
            f"(at most {LATENESS_P99_S * 1000:.0f} ms): it was measured, not the product"
        )
    if turned_away(samples) > TURNED_AWAY_AT_MOST:
        yield (
            f"the target's rate limit turned {100 * turned_away(samples):.1f} % of the requests away (429): "
            "this load measures the limit, not the product; lift it there for this machine, or give a lower --rate"
        )
