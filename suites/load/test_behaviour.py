"""What only concurrency brings to light, beside the numbers: responses stay right, and none is turned away."""

from typing import TYPE_CHECKING

import pytest

from fixtures.profile.environment import Environment
from fixtures.wire.evidence import Evidence
from fixtures.wire.finding import finding
from record.outcome import Unverified
from record.sample import RATE_LIMITED, WRONG_BODY

if TYPE_CHECKING:
    from record.samples import Recording

WHERE = "load/samples.npz"  # in the folder of the run
REUSED_AT_LEAST = 0.5  # of the requests; browsers and Twilio keep connections, and each new one costs a TLS handshake
ENOUGH = 100  # requests: with fewer, one connection each says nothing


def _some(recording: "Recording") -> None:
    if not len(recording.samples):
        raise Unverified("load-nothing-sent", problems="; ".join(recording.problems) or "-")


@pytest.mark.plan("W2-D2-T9", "RISK-2")
def test_target_bears_the_load(load_run: "Recording") -> None:
    """The run reaches its end: it was not stopped because half of all requests failed, or waited too long."""
    _some(load_run)

    assert load_run.distress is None, finding("load-breaks-target-down", WHERE, seen=load_run.distress)


@pytest.mark.plan("W2-D2-T9")
def test_answers_belong_to_their_requests(sound_run: "Recording", evidence: Evidence) -> None:
    """Under load as well, each answer is that of its own request: its shape, its row, its name."""
    wrong = int(sound_run.samples.ended_in(WRONG_BODY).sum())
    evidence.measure("contents looked at", sound_run.bodies or 0, "answers")
    if not sound_run.bodies:
        raise Unverified("load-contents-not-looked-at")

    assert not wrong, finding(
        "load-mixes-answers-up", WHERE, seen=f"{wrong}: {'; '.join(sound_run.notes)}", looked_at=sound_run.bodies
    )


@pytest.mark.limits
@pytest.mark.plan("W2-D2-T9")
def test_nobody_is_turned_away_below_the_limit(load_run: "Recording", env: Environment) -> None:
    """The rate limit is the agreed one: load below it meets no 429 (contract R-09)."""
    _some(load_run)
    away = int(load_run.samples.ended_in(RATE_LIMITED).sum())

    assert not away, finding(
        "load-limit-below-agreed",
        WHERE,
        limit=env.limits.rate_limit_per_minute,
        refused=away,
        requests=len(load_run.samples),
    )


@pytest.mark.plan("W2-D2-T9")
def test_connections_are_kept(sound_run: "Recording", evidence: Evidence) -> None:
    """Connections serve more than one request: a TLS handshake for each would cost more than most answers."""
    requests = len(sound_run.samples)
    if sound_run.connections is None or requests < ENOUGH:
        raise Unverified("load-connections-unknown", requests=requests, enough=ENOUGH)
    evidence.measure("connections", sound_run.connections, "connections")

    most = (1 - REUSED_AT_LEAST) * requests
    assert sound_run.connections <= most, finding(
        "load-connections-not-kept", WHERE, most=f"{most:.0f}", requests=requests, connections=sound_run.connections
    )
