"""Whether the generator did what it planned. One that could not keep up must not be judged as the product."""

import math
from collections.abc import Sequence

from load.samples import Plan, Recording, Sample

# The strictest claim on time is a mean below 500 ms: a tenth of it, for one request in a hundred, cannot turn that verdict. On a
# quiet machine of its own a generator stays below 10 ms, but here it may share two cores with the target it measures.
LATENESS_P99_S = 0.050
ACHIEVED_AT_LEAST = 0.98
TICK_S = 0.05  # by which a sleep may end early


def lateness_p99_s(samples: Sequence[Sample]) -> float | None:
    """How late the latest hundredth of the requests was sent at least, in seconds."""
    ordered = sorted(sample.lateness_s for sample in samples)
    return ordered[math.ceil(0.99 * len(ordered)) - 1] if ordered else None


def achieved(recording: Recording) -> float:
    """The share of the planned requests that left and came to an end."""
    planned = recording.plan.planned if recording.plan else 0
    return len(recording.samples) / planned if planned else 0.0


def possible(samples: Sequence[Sample]) -> list[Sample]:
    """Those whose times a clock can have shown; nothing can be computed of the others."""
    return [
        sample for sample in samples if math.isfinite(sample.end) and sample.intended_start - TICK_S <= sample.start <= sample.end
    ]


def reasons_to_void(recording: Recording) -> list[str]:
    """Why nothing of this run can be believed; empty for a sound one."""
    plan, samples = recording.plan, recording.samples
    reasons = list(recording.problems)
    if plan is None or not samples:
        return [*reasons, "the generator sent no request"]
    reasons += _not_measured(plan, samples)
    if achieved(recording) < ACHIEVED_AT_LEAST:
        reasons.append(
            f"only {len(samples):,} of {plan.planned:,} planned requests were sent and ended: the run did not reach its load"
        )
    late = lateness_p99_s(samples) or 0.0
    if late > LATENESS_P99_S:
        reasons.append(
            f"the generator sent one request in a hundred {late * 1000:.0f} ms late or later "
            f"(at most {LATENESS_P99_S * 1000:.0f} ms): it was measured, not the product"
        )
    return reasons


def _not_measured(plan: Plan, samples: Sequence[Sample]) -> list[str]:
    """What no load that was sent as planned leaves behind."""
    reasons = []
    silent = sorted(set(plan.endpoints) - {sample.endpoint for sample in samples})
    if silent:
        reasons.append(f"no request to {', '.join(silent)} came to an end, so nothing is known about it")
    if len(samples) > plan.planned:
        reasons.append(f"{len(samples):,} requests ended and {plan.planned:,} were planned: some were sent, or counted, twice")
    if len(possible(samples)) < len(samples):
        reasons.append("some requests end before they begin, or at no time at all: the clock or the file is wrong")
    return reasons
