"""A real, short run against a product in miniature: what is wrong is seen, what is right is met, and nothing is met unseen."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from fixtures.transport import user_agent
from load import judge, run, samples
from load.criteria import AVAILABILITY, ERROR_RATE, MEAN_RESPONSE, Criterion
from load.journey import JOURNEY
from load.judge import Judgement
from load.run import Outcome
from load.samples import TIMEOUT, UNEXPECTED_STATUS
from tests.load import product
from tests.load.product import Handler, Small, serving

RATE, DURATION_S, LIMIT_S = 120.0, 3.0, 2.0


def send(small: Small, folder: Path, duration_s: float = DURATION_S, profile: Mapping[str, str] | None = None) -> Outcome:
    return run.run(
        small.profile(folder, **(profile or {})), RATE, duration_s, "lv-test-run", folder=folder / "load", limit_s=LIMIT_S
    )


def judged(outcome: Outcome, criterion: Criterion) -> Judgement:
    return judge.judge_run(outcome.recording, [criterion])[0]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Small, Outcome]]:
    with serving() as small:
        yield small, send(small, tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Small, Outcome]]:
    """Each endpoint is broken in a way of its own; contacts are fine."""
    misbehave = {
        "/api/calls/": product.unavailable,
        "/api/reports/performance_metrics": product.slow,
        "/api/auth/me": product.drop,
        "/api/contacts/search": product.redirect,
        "/api/campaigns/": product.truncate,
        "/health": product.hang,
    }
    with serving(misbehave) as small:
        yield small, send(small, tmp_path_factory.mktemp("broken"))


def test_healthy_is_met_as_far_as_it_was_seen(healthy: tuple[Small, Outcome]) -> None:
    """Some 360 requests prove the mean and one percent, and not a tenth of a percent."""
    _, outcome = healthy

    states = {criterion.name: judged(outcome, criterion).state for criterion in (AVAILABILITY, MEAN_RESPONSE, ERROR_RATE)}

    assert states == {"availability": "unverified", "mean response time": "met", "error rate": "met"}, outcome.log
    assert outcome.returncode == 6
    assert (judged(outcome, AVAILABILITY).overall.needs or 0) > 2000


def test_healthy_run_sent_what_it_planned(healthy: tuple[Small, Outcome]) -> None:
    small, outcome = healthy
    recording = outcome.recording

    assert recording.plan is not None
    assert len(recording.samples) == recording.plan.planned == sum(small.arrivals.values())
    assert {sample.endpoint for sample in recording.samples} == {request.endpoint for request in JOURNEY}


def test_requests_are_recognisable_and_signed(healthy: tuple[Small, Outcome]) -> None:
    small, _ = healthy

    assert small.headers["x-luz-verde-run"] == "lv-test-run"
    assert small.headers["user-agent"] == user_agent()
    assert small.headers["x-luz-verde-request"].startswith("lv-")
    assert small.headers["authorization"] == "Bearer a.b.c"


def test_gevent_stays_outside(healthy: tuple[Small, Outcome]) -> None:
    """It would replace the sockets, threads and clocks of everything that is verified here."""
    assert healthy[1].recording.samples
    assert not {"gevent", "locust"} & set(sys.modules)


BROKEN = {
    "GET /api/calls/": (503, UNEXPECTED_STATUS),
    "GET /api/reports/performance_metrics": (200, None),
    "GET /api/auth/me": (None, "HTTPConnectionClosed"),
    "GET /api/contacts/search": (302, UNEXPECTED_STATUS),
    "GET /api/campaigns/": (200, "HTTPParseError"),
    "GET /health": (None, TIMEOUT),
    "GET /api/contacts/": (200, None),
}


@pytest.mark.parametrize(("endpoint", "expected"), BROKEN.items(), ids=BROKEN)
def test_each_way_to_break_is_seen(broken: tuple[Small, Outcome], endpoint: str, expected: tuple[int | None, str | None]) -> None:
    seen = [sample for sample in broken[1].recording.samples if sample.endpoint == endpoint]

    assert {(sample.status, sample.error) for sample in seen} == {expected}


def test_a_dropped_request_is_not_sent_again(broken: tuple[Small, Outcome]) -> None:
    """The client's own retries would hide what the user of a browser sees."""
    small, outcome = broken

    sent = sum(sample.endpoint == "GET /api/auth/me" for sample in outcome.recording.samples)

    assert small.arrivals["/api/auth/me"] == sent > 0
    assert small.arrivals["/api/elsewhere"] == 0


def test_broken_is_violated_and_named(broken: tuple[Small, Outcome]) -> None:
    _, outcome = broken
    by_criterion = {criterion.name: judged(outcome, criterion) for criterion in (AVAILABILITY, MEAN_RESPONSE, ERROR_RATE)}
    named = {name: {verdict.scope for verdict in found.violations} - {judge.ALL} for name, found in by_criterion.items()}

    assert outcome.returncode == 1
    assert named == {
        "availability": {"GET /api/calls/", "GET /api/auth/me", "GET /api/campaigns/", "GET /health"},
        "mean response time": {"GET /api/reports/performance_metrics", "GET /health"},
        "error rate": {"GET /api/calls/", "GET /api/auth/me", "GET /api/contacts/search", "GET /api/campaigns/", "GET /health"},
    }


def test_a_stall_counts_for_all_who_came_meanwhile(tmp_path: Path) -> None:
    """The product answers nobody for a second: those who wanted something in that second waited, and are in the mean."""
    free = threading.Event()
    free.set()

    def wait(handler: Handler) -> None:
        free.wait()
        handler.answer(200)

    with serving({request.target.partition("?")[0]: wait for request in JOURNEY}) as small:
        timers = [threading.Timer(2.5, free.clear), threading.Timer(3.5, free.set)]
        for timer in timers:
            timer.start()
        outcome = send(small, tmp_path, duration_s=4.0)
    waited = [sample for sample in outcome.recording.samples if sample.latency_s > 0.2]

    assert len(waited) > 0.5 * RATE * 0.8
    assert max(sample.latency_s for sample in waited) > 0.8


def test_a_wrong_password_proves_nothing(tmp_path: Path) -> None:
    with serving() as small:
        outcome = send(small, tmp_path, profile={"LV_VIEWER_PASSWORD": "wrong-password-1"})

    judgement = judged(outcome, AVAILABILITY)
    assert (outcome.returncode, judgement.state) == (6, "unverified")
    assert "signing in as viewer ended with 401" in judgement.sentence


def test_a_session_must_last_as_long_as_the_run(tmp_path: Path) -> None:
    """Half a run of 401 would be our mistake, not the product's."""
    with serving() as small:
        outcome = send(small, tmp_path, duration_s=700.0)

    assert "a session lives 600 s" in judged(outcome, AVAILABILITY).sentence


def test_nobody_there_proves_nothing(tmp_path: Path) -> None:
    with serving() as gone:
        pass
    outcome = send(gone, tmp_path)

    assert (outcome.returncode, judged(outcome, ERROR_RATE).state) == (6, "unverified")
    assert "ConnectionRefusedError" in judged(outcome, ERROR_RATE).sentence


REFUSED = {
    "protected": ({"LV_PROTECTED": "true"}, "--allow-load"),
    "above the ceiling": ({"LV_MAX_RPS": "50"}, "LV_MAX_RPS=50"),
    "above the target's own limit": ({"LV_RATE_LIMIT_PER_MINUTE": "100"}, "100 a minute"),
}


@pytest.mark.parametrize(("profile", "remedy"), REFUSED.values(), ids=REFUSED)
def test_a_run_that_may_not_be_sends_nothing(tmp_path: Path, profile: dict[str, str], remedy: str) -> None:
    with serving() as small:
        outcome = send(small, tmp_path, profile=profile)

    judgement = judged(outcome, AVAILABILITY)
    assert (outcome.returncode, judgement.state, sum(small.arrivals.values())) == (6, "unverified", 0)
    assert remedy in judgement.sentence


def test_a_broken_profile_is_told_with_the_log(tmp_path: Path) -> None:
    with serving() as small:
        outcome = send(small, tmp_path, profile={"LV_MAX_RPS": "many"})

    assert judged(outcome, AVAILABILITY).state == "unverified"
    assert "LV_MAX_RPS" in judged(outcome, AVAILABILITY).sentence


class Watched(subprocess.Popen[bytes]):
    started: ClassVar[list["Watched"]] = []

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.started.append(self)


def test_interrupting_ends_the_generator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what it had sent until then claims nothing."""
    monkeypatch.setattr(subprocess, "Popen", Watched)

    def interrupt(line: str) -> None:
        if "answers" in line:
            raise KeyboardInterrupt

    with serving() as small, pytest.raises(KeyboardInterrupt):
        run.run(small.profile(tmp_path), RATE, 30.0, "lv-test-run", folder=tmp_path / "load", show=interrupt)
    recording = samples.read(tmp_path / "load" / "samples.jsonl")

    assert [process.returncode for process in Watched.started] == [-signal.SIGKILL]
    assert recording.samples
    assert {judgement.state for judgement in judge.judge_run(recording)} == {"unverified"}
