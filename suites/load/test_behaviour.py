"""What only concurrency brings to light, beside the numbers: responses stay right, and none is turned away."""

from typing import TYPE_CHECKING

import pytest

from fixtures.profile.environment import Environment
from fixtures.wire import evidence
from record.finding import finding
from record.outcome import Unverified
from record.sample import RATE_LIMITED, WRONG_BODY

if TYPE_CHECKING:
    from record.samples import Recording

WHERE = "load of the product's journeys, load/samples.npz of this run"
REUSED_AT_LEAST = 0.5  # of the requests; browsers and Twilio keep connections, and each new one costs a TLS handshake
ENOUGH = 100  # requests: with fewer, one connection each says nothing


def _some(recording: "Recording") -> None:
    if not len(recording.samples):
        why = "; ".join(recording.problems) or "the generator sent no request"
        raise Unverified(
            f"nothing was measured under load: {why}", "fix that first; the log of the generator is beside its samples"
        )


@pytest.mark.plan("W2-D2-T9", "RISK-2")
def test_target_bears_the_load(load_run: "Recording") -> None:
    """The run reaches its end: it was not stopped because half of all requests failed, or waited too long."""
    _some(load_run)

    assert load_run.distress is None, finding(
        expected="the load to the end of the run",
        seen=f"sending was stopped for the target's distress: {load_run.distress}",
        where=WHERE,
        then="what gave up first? The samples say when; look at processor, memory, connections of the database then",
    )


@pytest.mark.plan("W2-D2-T9")
def test_answers_belong_to_their_requests(sound_run: "Recording") -> None:
    """Under load as well, each answer is that of its own request: its shape, its row, its name."""
    wrong = int(sound_run.samples.ended_in(WRONG_BODY).sum())
    evidence.measure("contents looked at", sound_run.bodies or 0, "answers")
    if not sound_run.bodies:
        raise Unverified("no answer's content was looked at", "send more: --rate, --duration")

    assert not wrong, finding(
        expected=f"the right content in each of {sound_run.bodies:,} answers that were looked at",
        seen=f"{wrong:,} with other content: {'; '.join(sound_run.notes)}",
        where=WHERE,
        then="is a buffer, a cache key or a connection shared between requests? Stop the release: people may see others' data",
    )


@pytest.mark.plan("W2-D2-T9")
def test_nobody_is_turned_away_below_the_limit(load_run: "Recording", env: Environment) -> None:
    """The rate limit is the agreed one: load below it meets no 429 (contract R-09)."""
    _some(load_run)
    away = int(load_run.samples.ended_in(RATE_LIMITED).sum())

    assert not away, finding(
        expected=f"no 429 below {env.rate_limit_per_minute:,} requests a minute",
        seen=f"{away:,} of {len(load_run.samples):,} requests were turned away by the rate limit (429)",
        where=WHERE,
        then="which limit is in force there? If it is meant so, LV_RATE_LIMIT_PER_MINUTE of the profile has to say it",
    )


@pytest.mark.plan("W2-D2-T9")
def test_connections_are_kept(sound_run: "Recording") -> None:
    """Connections serve more than one request: a TLS handshake for each would cost more than most answers."""
    requests = len(sound_run.samples)
    if sound_run.connections is None or requests < ENOUGH:
        raise Unverified(f"{requests:,} requests say nothing of connections", "send more: --rate, --duration")
    evidence.measure("connections", sound_run.connections, "connections")

    assert sound_run.connections <= (1 - REUSED_AT_LEAST) * requests, finding(
        expected=f"fewer connections than half of the {requests:,} requests",
        seen=f"{sound_run.connections:,} connections: they are closed after each answer",
        where=WHERE,
        then="is keep-alive off at the proxy, or does the backend answer `Connection: close`?",
    )
