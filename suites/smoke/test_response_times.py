"""Answers come in time: the plan's mean of 500 ms, judged by an interval and not by one number (SUCCESS-2)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.wire.evidence import Evidence
from fixtures.wire.finding import Message, finding
from record.outcome import Unverified
from record.sample import UNEXPECTED_STATUS, Sample

if TYPE_CHECKING:
    from judge.verdicts import Verdict
    from suites.judging import Judge

CRITERION = "mean response time"
ROUNDS = 20  # with 6 endpoints 120 answers: enough to claim the mean while a request may take up to 10 s
# A product that is slow beyond doubt fails after a few rounds. Looking often would be as many chances of a false alarm, so the
# looks share one: a twentieth of it for each early look, which only claims what is plain, and the rest for the last one.
EARLY_LOOKS = (2, 6)  # after so many rounds
EARLY_SHARE = 0.05
REFUSED_AT_MOST = 5  # reads without a 200 after which no more are sent
READS: dict[str, Callable[[Product], Response[Any]]] = {
    "contactos": lambda product: product.contacts.list(),
    "campañas": lambda product: product.campaigns.list(),
    "llamadas": lambda product: product.calls.list(),
    "cifras": lambda product: product.calls.metrics(),
    "informe": lambda product: product.reports.performance(),
    "quién soy": lambda product: product.accounts.me(),
}
WHERE = ", ".join(READS)


@pytest.mark.plan("W2-D2-T9", "SUCCESS-2")
@pytest.mark.usefixtures("whatever_it_takes")
def test_mean_response_time_is_kept(viewer: Product, judge: "Judge", evidence: Evidence) -> None:
    """Over all reads, and no single one of them far beyond it."""
    samples: list[Sample] = []
    for until in (*EARLY_LOOKS, ROUNDS):
        samples += _rounds(viewer, until - len(samples) // len(READS))
        assert not _refused(samples), _refusals(samples)
        share = EARLY_SHARE if until < ROUNDS else 1 - EARLY_SHARE * len(EARLY_LOOKS)
        judged = judge.of_samples(CRITERION, samples, part_of_alpha=share)
        if judged.state == "violated":
            break

    evidence.measure(CRITERION, judged.overall.estimate or 0.0, "ms")
    if judged.state == "unverified":
        raise Unverified("mean-response-time-undecided", **_interval(judged.overall))
    assert judged.state == "met", _exceeded(judged.violations[0])


def _refused(samples: list[Sample]) -> list[Sample]:
    return [sample for sample in samples if sample.error]


def _refusals(samples: list[Sample]) -> Message:
    refused = _refused(samples)
    first = refused[0]
    return finding("reads-refused", WHERE, refused=len(refused), reads=len(samples), endpoint=first.endpoint, status=first.status)


def _exceeded(verdict: "Verdict") -> Message:
    endpoints = verdict.scope if verdict.scope in READS else WHERE
    return finding("mean-response-time-exceeded", WHERE, endpoints=endpoints, **_interval(verdict))


def _interval(verdict: "Verdict") -> dict[str, str]:
    """The facts of a mean: its limit, where it lies and on how many answers that rests."""
    numbers = {"limit_ms": verdict.limit, "low_ms": verdict.low, "high_ms": verdict.high, "answers": verdict.samples}
    return {name: f"{number:.0f}" for name, number in numbers.items()}


def _rounds(product: Product, count: int) -> list[Sample]:
    """Fewer where so many are refused that the claim is lost: a database that is gone need not be asked 120 times."""
    samples: list[Sample] = []
    for name, read in count * [*READS.items()]:
        samples.append(_timed(name, read(product)))
        if sum(bool(sample.error) for sample in samples) >= REFUSED_AT_MOST:
            break
    return samples


def _timed(name: str, answer: Response[Any]) -> Sample:
    """Without the pauses of our own rate limiter."""
    error = None if answer.status_code == 200 else UNEXPECTED_STATUS
    return Sample(0.0, 0.0, answer.response.elapsed.total_seconds(), name, answer.status_code, error)
