"""`locust -f load/locustfile.py --env staging`: the product's journeys at a given rate, judged when the run ends.

Exit code 0 when every success criterion is met, 1 when one is violated or the target broke down, 6 when the run proves too
little, or nothing. With --master and --worker, or --processes, each worker sends its part of one plan, and the master judges it
as a whole.
"""

import argparse
import datetime as dt
import secrets
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # Locust puts only this folder there
    sys.path.insert(0, str(ROOT))

import gevent  # type: ignore[import-untyped] # noqa: E402 - after the path
from gevent.event import AsyncResult, Event  # type: ignore[import-untyped] # noqa: E402
from locust import LoadTestShape, User, events, task  # noqa: E402
from locust.env import Environment as Locust  # noqa: E402
from locust.exception import StopUser  # noqa: E402
from locust.runners import STATE_MISSING, LocalRunner, MasterRunner, WorkerRunner  # noqa: E402

from fixtures.profile.environment import Environment, load  # noqa: E402
from fixtures.profile.file import ProfileInvalid  # noqa: E402
from fixtures.wire.refusals import GuardError  # noqa: E402
from judge import verdicts  # noqa: E402
from load import arrivals, shapes  # noqa: E402
from load.conductor import Conductor, say  # noqa: E402
from load.sender import CannotSend  # noqa: E402
from load.worker import Report, Worker  # noqa: E402
from record.sample import Sample  # noqa: E402
from record.samples import plan_from  # noqa: E402

SHARED_SANDBOX = ROOT / ".cache" / "sandbox.env"  # written by `make sandbox`
EXIT_USAGE = 4
START_LIMIT_S = 60.0  # for all workers to sign in
CLEAN_LIMIT_S = 20.0  # to remove what a run created that was stopped
MASTER_SILENT_S = 10.0  # a worker without the process that could stop it stops
SHARE, READY, GO, RECORDS, DONE, STOP = (f"luz-verde-{kind}" for kind in ("share", "ready", "go", "records", "done", "stop"))


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator] # Locust's own hooks have no types
def offer_options(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(web_host="127.0.0.1")  # Locust would open its web UI, which can start load, to the whole network
    group = parser.add_argument_group("Luz Verde")
    group.add_argument("--env", default="local", help="the environment to load (local: the sandbox that `make sandbox` started)")
    group.add_argument("--env-file", default="", help="a profile of your own instead of a name")
    group.add_argument("--rate", type=float, default=0.0, help="requests a second (0: as many as LV_MAX_RPS allows, up to 100)")
    group.add_argument("--duration", type=float, default=0.0, help="seconds of sending (0: enough for the strictest criterion)")
    group.add_argument(
        "--shape",
        choices=tuple(shapes.SHAPES),
        default="constant",
        help="how the rate changes over the run; rollout: 10/25/50/100 %%",
    )
    group.add_argument("--arrivals", choices=arrivals.PROCESSES, default="poisson", help="how the requests are spread")
    group.add_argument("--journeys", default="", help="only these, separated by commas (default: all)")
    group.add_argument("--seed", type=int, default=1, help="repeats the same plan")
    group.add_argument("--early-stop", action="store_true", help="end as soon as every criterion is decided")
    group.add_argument("--keep-going", action="store_true", help="do not stop for a target in distress (unless it is protected)")
    group.add_argument("--allow-load", action="store_true", help="send load to a protected environment")
    group.add_argument("--allow-writes", action="store_true", help="let journeys write to a protected environment")
    group.add_argument("--samples", default="", help="where to keep the run (reports/out/load/<run>.npz)")
    group.add_argument("--ledger", default="", help="where to note what the run creates, until it is removed")
    group.add_argument("--run-id", default="", help="the run that these requests belong to")


@events.init.add_listener  # type: ignore[untyped-decorator] # Locust's own hooks have no types
def aim(environment: Locust, **_: Any) -> None:
    """Point the users at the profile. Until a run was judged, this process has proved nothing."""
    worker = isinstance(environment.runner, WorkerRunner)  # judges nothing
    environment.process_exit_code = 0 if worker else verdicts.EXIT_CODES["unverified"]
    environment.host = Visitor.host = _profile(environment.parsed_options).api_url
    runner = environment.runner
    if runner and not worker:
        # Locust listens to it only after a run that was started from the command line.
        gevent.signal_handler(signal.SIGTERM, runner.quit)
    if isinstance(runner, MasterRunner):
        MasterSide.listen(runner)
    elif isinstance(runner, WorkerRunner):
        WorkerSide.listen(runner)


def _profile(options: Any) -> Environment:
    """Ends the program when the profile is not whole."""
    name = options.env_file or options.env
    try:
        env = load(name)
        env = load(str(SHARED_SANDBOX)) if env.deployment == "sandbox" else env
    except ProfileInvalid as error:
        hint = "\nStart the sandbox first: make sandbox" if not options.env_file and options.env == "local" else ""
        say(f"{error}{hint}")
        sys.exit(EXIT_USAGE)
    return env


class Runs:
    """The run of this process, and the one before it (a web UI can start several)."""

    conductor: Conductor | None = None
    worker: Worker | None = None

    @classmethod
    def stop(cls, why: str, *, orphans: bool = False) -> None:
        """`orphans`: this worker also removes what a lost one created."""
        if cls.worker:
            cls.worker.generator.stop(why)
            cls.worker.generator.unconfirmed |= orphans

    @classmethod
    def begin(cls, environment: Locust) -> Conductor:
        """The run that this process judges."""
        options: Any = environment.parsed_options
        run_id = options.run_id or f"lv-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        path = Path(options.samples or ROOT / "reports" / "out" / "load" / f"{run_id}.npz")
        runner = environment.runner
        stop = (lambda why: runner.send_message(STOP, {"why": why})) if isinstance(runner, MasterRunner) else cls.stop
        cls.conductor = Conductor(_profile(options), options, run_id, path, stop)
        return cls.conductor


class Course(LoadTestShape):
    """One user a process: the rate is in the plan, so the number of users never changes."""

    def tick(self) -> tuple[int, float] | None:
        runner = self.runner
        if Runs.conductor is None:
            senders = self._begin()
        elif isinstance(runner, MasterRunner):
            senders = MasterSide.look_after(runner, Runs.conductor)
        else:
            senders = 1
        return (senders, float(senders)) if senders else None

    def _begin(self) -> int:
        runner: Any = self.runner
        conductor = Runs.begin(runner.environment)
        parts = runner.clients.ready if isinstance(runner, MasterRunner) else [None]
        if not parts:
            Runs.conductor = None  # Locust says itself that it waits for workers
            return 1
        try:
            plan = conductor.begin(len(parts))
        except (GuardError, ValueError) as error:
            conductor.problem(str(error))
            judge_run(runner.environment)
            return 0
        if isinstance(runner, MasterRunner):
            MasterSide.share(runner, conductor, parts)
        asked = f"{plan.planned:,} requests in {plan.duration_s:g} s to {plan.environment}"
        say(f"load: {asked}, {plan.shape}, up to {plan.rate:g} a second")
        for subject, text in (("left out", ", ".join(plan.left_out)), ("too short to prove", conductor.short)):
            if text:
                say(f"load: {subject}: {text}")
        return len(parts)


class MasterSide:
    """The messages of the judging process to the sending ones, and from them."""

    parts: dict[str, int] = {}  # noqa: RUF012 - of the one run of this process
    ready: set[int] = set()  # noqa: RUF012

    @classmethod
    def listen(cls, runner: MasterRunner) -> None:
        for kind, listener in ((READY, cls._on_ready), (RECORDS, cls._on_records), (DONE, cls._on_done)):
            runner.register_message(kind, listener)

    @classmethod
    def share(cls, runner: MasterRunner, conductor: Conductor, nodes: list[Any]) -> None:
        cls.parts, cls.ready = {node.id: part for part, node in enumerate(nodes)}, set()
        for client_id, part in cls.parts.items():
            plan = asdict(conductor.plan) if conductor.plan else {}
            runner.send_message(SHARE, {"plan": plan, "part": part}, client_id)

    @classmethod
    def look_after(cls, runner: MasterRunner, conductor: Conductor) -> int:
        """How many are to send: none when the run is over. A worker that is gone ends it."""
        for client_id, part in cls.parts.items():
            node = runner.clients.get(client_id)
            if node is None or node.state == STATE_MISSING:
                conductor.lost(part)
        if conductor.lost_any and not conductor.finished:
            runner.send_message(STOP, {"why": "another worker was lost", "orphans": True})
        return 0 if conductor.finished else len(cls.parts)

    @classmethod
    def _on_ready(cls, environment: Locust, msg: Any, **_: Any) -> None:
        cls.ready.add(cls.parts.get(msg.node_id, -1))
        if cls.ready >= set(cls.parts.values()) and environment.runner:
            environment.runner.send_message(GO, {})

    @classmethod
    def _on_records(cls, environment: Locust, msg: Any, **_: Any) -> None:  # noqa: ARG003 - Locust passes it by name
        if Runs.conductor and msg.node_id in cls.parts:
            Runs.conductor.collect(msg.data["records"])

    @classmethod
    def _on_done(cls, environment: Locust, msg: Any, **_: Any) -> None:  # noqa: ARG003
        if Runs.conductor and msg.node_id in cls.parts:
            Runs.conductor.done(cls.parts[msg.node_id], Report(**msg.data["report"]))


class WorkerSide:
    """The messages from the judging process to a sending one."""

    share: AsyncResult = AsyncResult()
    go: Event = Event()

    @classmethod
    def listen(cls, runner: WorkerRunner) -> None:
        runner.register_message(SHARE, cls._on_share)
        runner.register_message(GO, cls._on_go)
        runner.register_message(STOP, cls._on_stop)

    @classmethod
    def _on_share(cls, environment: Locust, msg: Any, **_: Any) -> None:  # noqa: ARG003
        cls.go.clear()
        cls.share.set(msg.data)

    @classmethod
    def _on_go(cls, environment: Locust, msg: Any, **_: Any) -> None:  # noqa: ARG003
        cls.go.set()

    @classmethod
    def _on_stop(cls, environment: Locust, msg: Any, **_: Any) -> None:  # noqa: ARG003
        Runs.stop(msg.data["why"], orphans=msg.data.get("orphans", False))

    @classmethod
    def take_share(cls) -> tuple[dict[str, Any], int]:
        data = cls.share.get(timeout=START_LIMIT_S)
        cls.share = AsyncResult()
        return data["plan"], data["part"]


class Visitor(User):
    """All requests of a process come from this one user, which does not wait for responses."""

    @task
    def journeys(self) -> None:
        runner = self.environment.runner
        if isinstance(runner, WorkerRunner):
            self._send_share(runner)
        elif isinstance(runner, LocalRunner) and Runs.conductor and Runs.conductor.plan:
            self._send_all(runner, Runs.conductor)
        raise StopUser

    def _send_all(self, runner: LocalRunner, conductor: Conductor) -> None:
        assert conductor.plan
        try:
            conductor.done(0, self._worker(conductor.plan, 0).run(conductor.collect, self._show))
        except Exception as error:  # noqa: BLE001 - Locust would log it and start this task again for ever
            conductor.problem(_reason(error))
            conductor.done(0, nothing())
        gevent.spawn(runner.stop if self.environment.web_ui else runner.quit)  # not from here: it waits for this user

    def _send_share(self, runner: WorkerRunner) -> None:
        plan, part = WorkerSide.take_share()
        watch = gevent.spawn(_stop_without_master, runner)
        try:
            report = self._worker(plan_from(plan), part).run(
                lambda records: runner.send_message(RECORDS, {"records": records}) if records else None,
                self._show,
                lambda: _wait_for_the_others(runner),
            )
        except (Exception, gevent.Timeout) as error:  # noqa: BLE001 - as above; a timeout of gevent is no Exception
            report = nothing(_reason(error))
            runner.send_message(READY)
        finally:
            watch.kill()
        runner.send_message(DONE, {"report": report._asdict()})

    def _worker(self, plan: Any, part: int) -> Worker:
        options: Any = self.environment.parsed_options
        Runs.worker = Worker(
            _profile(options),
            plan,
            part,
            allow_load=options.allow_load,
            allow_writes=options.allow_writes,
            keep_going=options.keep_going,
            ledger=Path(options.ledger) if options.ledger else None,
        )
        return Runs.worker

    def _show(self, sample: Sample) -> None:
        """In Locust's own tables and charts; the verdicts do not read them."""
        method, _, name = sample.endpoint.partition(" ")
        failure = None if sample.error is None else RuntimeError(f"{sample.error} {sample.status or ''}".strip())
        self.environment.events.request.fire(
            request_type=method,
            name=name,
            response_time=sample.latency_s * 1000,
            response_length=0,
            exception=failure,
            context={},
        )


def _reason(error: BaseException) -> str:
    """The message of an expected error; any other with its type."""
    return str(error) if isinstance(error, GuardError | CannotSend | gevent.Timeout) else f"{type(error).__name__}: {error}"


def nothing(*problems: str) -> Report:
    return Report([*problems], [], None, 0, 0, 0)


def _wait_for_the_others(runner: WorkerRunner) -> None:
    runner.send_message(READY)
    if not WorkerSide.go.wait(START_LIMIT_S):
        raise CannotSend(f"not all workers were ready within {START_LIMIT_S:g} s; look at their logs")


def _stop_without_master(runner: WorkerRunner) -> None:
    while True:
        gevent.sleep(1.0)
        last = runner.last_heartbeat_timestamp
        if last and time.time() - last > MASTER_SILENT_S:
            Runs.stop("the master is silent")


@events.test_stopping.add_listener  # type: ignore[untyped-decorator] # Locust's own hooks have no types
def end_in_order(environment: Locust, **_: Any) -> None:  # noqa: ARG001 - Locust passes it by name
    """The run was ended before its time: before Locust drops the user, its journeys' rows are removed."""
    if Runs.conductor and not Runs.conductor.finished:
        Runs.conductor.problem("the run was stopped before its end")
    if Runs.worker and not Runs.worker.finished.is_set():
        Runs.worker.generator.abandon("the run was stopped")
        Runs.worker.finished.wait(CLEAN_LIMIT_S)


@events.test_stop.add_listener  # type: ignore[untyped-decorator] # Locust's own hooks have no types
def judge_run(environment: Locust, **_: Any) -> None:
    """The judging process prints its verdicts, and ends accordingly."""
    conductor, Runs.conductor = Runs.conductor, None
    if conductor is None:
        return
    environment.process_exit_code = conductor.finish()
    say(conductor.summary())
