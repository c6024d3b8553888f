"""A real, short run against a product in miniature: faults are found, and nothing is met without evidence."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from fixtures.product.journeys import endpoints
from fixtures.wire.transport import user_agent
from judge import health, objectives, verdicts
from judge.verdicts import Judgement
from load import diagnosis, run
from load.run import RunRequest, RunResult
from record import samples
from record.sample import RATE_LIMITED, SHED, TIMEOUT, UNEXPECTED_STATUS, WRONG_BODY
from tests.judge.recorded import criteria_of
from tests.load import product
from tests.load.product import READS, Small, serving
from tests.servers.loopback import Reply, Request

pytestmark = pytest.mark.slow

RATE, DURATION_S, LIMIT_S = 120.0, 3.0, 2.0
READERS = ("consultar contactos", "consultar campañas", "seguir las llamadas", "ver los informes", "vigilar")


def send(small: Small, folder: Path, profile: Mapping[str, str] | None = None, **options: Any) -> RunResult:
    asked = {"rate": RATE, "duration_s": DURATION_S} | options
    request = RunRequest(small.profile(folder, **(profile or {})), run_id="lv-test-run", limit_s=LIMIT_S, **asked)
    return run.run(request, folder=folder / "load")


def judged(outcome: RunResult, name: str) -> Judgement:
    """As if each request had left on time: what the product did, whatever else this machine had to do."""
    samples = outcome.recording.samples
    on_time = replace(outcome.recording, samples=replace(samples, intended_start=samples.start))
    return verdicts.judge_run(on_time, [objectives.named(name, criteria_of())])[0]


def late(outcome: RunResult) -> bool:
    """Whether this machine was too busy for the generator: then the run proves nothing, and ends with 6."""
    return (health.lateness_p99_s(outcome.recording.samples) or 0.0) > health.LATENESS_P99_S


def endings_at(outcome: RunResult, endpoint: str) -> set[tuple[int | None, str | None]]:
    samples = outcome.recording.samples
    return {(sample.status, sample.error) for sample in samples.where(samples.at(endpoint)).rows()}


class FromFirstRequest:
    """A clock that begins when it is read for the first time: the start of the generator takes as long as the machine likes."""

    def __init__(self) -> None:
        self._zero: float | None = None

    def now(self) -> float:
        self._zero = time.monotonic() if self._zero is None else self._zero
        return time.monotonic() - self._zero


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Small, RunResult]]:
    with serving() as small:
        yield small, send(small, tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Small, RunResult]]:
    """Each of some endpoints is broken in a way of its own, and most requests are fine: they would dilute it."""
    misbehave = {
        "/api/calls/metrics": product.slow,
        "/api/reports/performance_metrics": product.drop,
        "/api/reports/call_history": product.redirect,
        "/api/contacts/search": product.wrong_content,
        "/login": product.shed,
        "/health": product.hang,
        "/api/webhooks/twilio/status": product.truncate,
    }
    with serving(misbehave) as small:
        yield small, send(small, tmp_path_factory.mktemp("broken"), duration_s=6.0)


def test_healthy_is_met_as_far_as_its_samples_prove(healthy: tuple[Small, RunResult]) -> None:
    """Some 360 requests prove the mean and one percent, and not a tenth of a percent."""
    _, outcome = healthy

    states = {name: judged(outcome, name).state for name in ("availability", "mean response time", "error rate")}

    assert states == {"availability": "unverified", "mean response time": "met", "error rate": "met"}, outcome.log
    assert outcome.returncode == 6
    assert (judged(outcome, "availability").overall.needs or 0) > 2000


def test_healthy_run_sent_what_it_planned(healthy: tuple[Small, RunResult]) -> None:
    small, outcome = healthy
    recording = outcome.recording

    assert recording.plan is not None
    assert recording.problems == ()
    assert len(recording.samples) == recording.plan.planned
    assert set(recording.samples.by_endpoint()) == set(endpoints()) == set(recording.plan.endpoints)
    assert small.arrivals["/api/auth/me"] == int(recording.samples.at("GET /api/auth/me").sum())


def test_nothing_stays_behind(healthy: tuple[Small, RunResult]) -> None:
    """Neither rows whose journey was not through when the run ended, nor the file of a run in progress."""
    small, outcome = healthy

    assert outcome.recording.samples.at("POST /api/contacts/").sum() > 5
    assert small.rows == {}
    assert sorted(path.name for path in outcome.kept.parent.iterdir()) == ["locust.html", "locust.log", "samples.npz"]


def test_requests_are_recognisable_and_signed(healthy: tuple[Small, RunResult]) -> None:
    small, _ = healthy

    assert small.headers["x-luz-verde-run"] == "lv-test-run"
    assert small.headers["user-agent"] == user_agent()
    assert small.headers["x-luz-verde-request"].startswith("lv-")
    assert small.signatures
    assert all(small.signatures)


def test_contents_are_looked_at_and_connections_counted(healthy: tuple[Small, RunResult]) -> None:
    recording = healthy[1].recording

    assert 0.8 * len(recording.samples) < (recording.bodies or 0) <= len(recording.samples)
    assert 0 < (recording.connections or 0) < 0.5 * len(recording.samples)


def test_gevent_stays_outside(healthy: tuple[Small, RunResult]) -> None:
    """It would replace the sockets, threads and clocks of everything that is verified here."""
    assert len(healthy[1].recording.samples)
    assert not {"gevent", "locust"} & set(sys.modules)


BROKEN = {
    "GET /api/calls/metrics": (200, None),
    "GET /api/reports/performance_metrics": (None, "HTTPConnectionClosed"),
    "GET /api/reports/call_history": (302, UNEXPECTED_STATUS),
    "GET /api/contacts/search": (200, WRONG_BODY),
    "GET /login": (503, SHED),
    "GET /health": (None, TIMEOUT),
    "POST /api/webhooks/twilio/status": (200, "HTTPParseError"),
    "GET /api/contacts/": (200, None),
}


@pytest.mark.parametrize(("endpoint", "expected"), BROKEN.items(), ids=BROKEN)
def test_each_fault_is_recorded(broken: tuple[Small, RunResult], endpoint: str, expected: tuple[int | None, str | None]) -> None:
    assert endings_at(broken[1], endpoint) == {expected}


def test_a_dropped_request_is_not_sent_again(broken: tuple[Small, RunResult]) -> None:
    """The client's own retries would hide what the user of a browser sees."""
    small, outcome = broken

    sent = int(outcome.recording.samples.at("GET /api/reports/performance_metrics").sum())

    assert small.arrivals["/api/reports/performance_metrics"] == sent > 0
    assert small.arrivals["/api/elsewhere"] == 0


def test_broken_is_violated_and_named(broken: tuple[Small, RunResult]) -> None:
    _, outcome = broken
    named = {
        name: {verdict.scope for verdict in judged(outcome, name).violations} - {verdicts.ALL}
        for name in ("availability", "mean response time", "error rate")
    }

    gone = {"GET /api/reports/performance_metrics", "GET /login", "GET /health", "POST /api/webhooks/twilio/status"}
    assert outcome.returncode == (6 if late(outcome) else 1)
    assert named == {
        "availability": gone,
        "mean response time": {"GET /api/calls/metrics", "GET /health"},
        "error rate": gone | {"GET /api/reports/call_history", "GET /api/contacts/search"},
    }


def test_a_wrong_content_is_quoted(broken: tuple[Small, RunResult]) -> None:
    assert any(note.startswith("GET /api/contacts/search: ") for note in broken[1].recording.notes)


def test_a_stall_counts_for_every_request_in_it(tmp_path: Path) -> None:
    """The product stands still from the second to the third second: requests of that second waited, and are in the mean."""
    clock = FromFirstRequest()

    def stand_still(request: Request) -> Reply:
        if 2 <= clock.now() < 3:
            time.sleep(3 - clock.now())
        return product.right(request)

    with serving(dict.fromkeys(READS, stand_still)) as small:
        outcome = send(small, tmp_path, duration_s=4.0, journeys=READERS)
    latencies = outcome.recording.samples.latency_s
    stall = diagnosis.longest_stall(outcome.recording.samples)

    assert (latencies > 0.2).sum() > 0.5 * RATE * 0.8
    assert latencies.max() > 0.8
    assert stall is not None
    assert 0.5 < stall.length_s <= latencies.max()  # a busy machine takes answers in late, which ends or begins it elsewhere


def test_only_what_was_asked_for_is_sent_and_the_rest_is_named(tmp_path: Path) -> None:
    with serving() as small:
        outcome = send(small, tmp_path, journeys=["vigilar"], duration_s=1.0)

    assert outcome.recording.plan is not None
    assert set(outcome.recording.samples.by_endpoint()) == {"GET /health"}
    assert "consultar contactos (not asked for)" in outcome.recording.plan.left_out


def test_a_protected_environment_is_only_read(tmp_path: Path) -> None:
    """Load was allowed, writing was not."""
    with serving() as small:
        outcome = send(small, tmp_path, {"LV_PROTECTED": "true"}, allow_load=True, duration_s=1.0)

    assert outcome.recording.plan is not None
    assert not [
        endpoint for endpoint in outcome.recording.plan.endpoints if not endpoint.startswith(("GET", "POST /api/webhooks"))
    ]
    assert any("--allow-writes" in reason for reason in outcome.recording.plan.left_out)
    assert next(small.numbers) == 1


def test_its_own_limit_is_not_the_products_failure(tmp_path: Path) -> None:
    """A target that turns every request away was not measured, and is not asked any longer."""
    with serving(dict.fromkeys(READS, product.turn_away)) as small:
        outcome = send(small, tmp_path, duration_s=6.0, journeys=READERS)

    assert {error for _, error in endings_at(outcome, "GET /api/auth/me")} == {RATE_LIMITED}
    assert {judgement.state for judgement in verdicts.judge_run(outcome.recording)} == {"unverified"}
    assert "its rate limit turned" in judged(outcome, "error rate").sentence
    assert sum(small.arrivals.values()) < 3 * RATE


@pytest.mark.parametrize("breaks", [product.unavailable, product.hang], ids=["refuses", "hangs"])
def test_distress_ends_the_run_within_two_seconds(tmp_path: Path, breaks: Any) -> None:
    """Half of one second's requests fail, or have waited for two seconds: no further request leaves, and that is a finding."""
    clock, arrivals = FromFirstRequest(), [0.0]

    def break_down(request: Request) -> Reply:
        arrivals.append(clock.now())
        return (breaks if arrivals[-1] > 1 else product.right)(request)

    with serving(dict.fromkeys(READS, break_down)) as small:
        outcome = send(small, tmp_path, {"LV_TIMEOUT_S": "6"}, duration_s=12.0, journeys=READERS)
    lasted_s = max(arrivals) - 1
    delayed_s = float(outcome.recording.samples.lateness_s.max())

    assert outcome.recording.distress
    assert lasted_s < (2.0 if breaks is product.unavailable else 2.0 + 2.0) + delayed_s
    assert outcome.returncode == 1
    assert judged(outcome, "mean response time").state != "met"


def test_a_run_may_end_as_soon_as_all_is_decided(tmp_path: Path) -> None:
    """One endpoint fails always: a few looks are enough, and the rest of the minute is saved."""
    with serving({"/api/calls/": product.unavailable}) as small:
        outcome = send(small, tmp_path, duration_s=60.0, journeys=READERS, early_stop=True)
    plan, due = outcome.recording.plan, outcome.recording.due

    assert outcome.recording.settled or late(outcome)
    assert late(outcome) or (plan and due and due < plan.planned / 2)
    assert judged(outcome, "availability").state == "violated"
    assert outcome.returncode == (6 if late(outcome) else 1)


def test_a_wrong_password_proves_nothing(tmp_path: Path) -> None:
    with serving() as small:
        outcome = send(small, tmp_path, {"LV_VIEWER_PASSWORD": "wrong-password-1"})

    judgement = judged(outcome, "availability")
    assert (outcome.returncode, judgement.state) == (6, "unverified")
    assert "signing in as viewer ended with 401" in judgement.sentence


def test_an_unreachable_target_proves_nothing(tmp_path: Path) -> None:
    with serving() as gone:
        pass
    outcome = send(gone, tmp_path)

    assert (outcome.returncode, judged(outcome, "error rate").state) == (6, "unverified")
    assert "ConnectionRefusedError" in judged(outcome, "error rate").sentence


REFUSED: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "protected": ({"LV_PROTECTED": "true"}, {}, "--allow-load"),
    "unknown journey": ({}, {"journeys": ["volar"]}, "consultar contactos"),
}


@pytest.mark.parametrize(("profile", "options", "remedy"), REFUSED.values(), ids=REFUSED)
def test_a_refused_run_sends_nothing(tmp_path: Path, profile: dict[str, str], options: dict[str, Any], remedy: str) -> None:
    with serving() as small:
        outcome = send(small, tmp_path, profile, **options)

    judgement = judged(outcome, "availability")
    assert (outcome.returncode, judgement.state, sum(small.arrivals.values())) == (6, "unverified", 0)
    assert remedy in judgement.sentence


def test_a_broken_profile_is_named_with_the_log(tmp_path: Path) -> None:
    with serving() as small:
        outcome = send(small, tmp_path, {"LV_MAX_RPS": "many"})

    assert judged(outcome, "availability").state == "unverified"
    assert "LV_MAX_RPS" in judged(outcome, "availability").sentence


class Watched(subprocess.Popen[bytes]):
    started: ClassVar[list["Watched"]] = []

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.started.append(self)


def test_interrupting_ends_the_generator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It removes what it made; and what it had sent until then claims nothing."""
    monkeypatch.setattr(subprocess, "Popen", Watched)

    def interrupt(line: str) -> None:
        if "0 errors" in line and " 0 answers" not in line:
            raise KeyboardInterrupt

    with serving() as small:
        request = RunRequest(small.profile(tmp_path), RATE, 30.0, "lv-test-run", limit_s=LIMIT_S)
        with pytest.raises(KeyboardInterrupt):
            run.run(request, folder=tmp_path / "load", show=interrupt)
        left = dict(small.rows)
    recording = samples.read(tmp_path / "load" / "samples.npz")

    assert [process.poll() for process in Watched.started] == [6]
    assert left == {}
    assert len(recording.samples)
    assert {judgement.state for judgement in verdicts.judge_run(recording)} == {"unverified"}
