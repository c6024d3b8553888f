"""`locust -f load/locustfile.py --env staging`: the main journey at a fixed rate, judged when it ends.

Exit code 0 when every success criterion is met, 1 when one is violated, 6 when the run proves too little, or nothing.
"""

import argparse
import datetime as dt
import secrets
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # Locust puts only this folder there
    sys.path.insert(0, str(ROOT))

import gevent  # type: ignore[import-untyped] # noqa: E402 - after the path
from locust import FastHttpUser, events, task  # noqa: E402
from locust.env import Environment as Locust  # noqa: E402
from locust.exception import StopUser  # noqa: E402
from locust.runners import LocalRunner  # noqa: E402

from fixtures.policy import Policy  # noqa: E402
from fixtures.profile import Environment, load  # noqa: E402
from fixtures.profile_file import ProfileInvalid  # noqa: E402
from fixtures.refusals import GuardError  # noqa: E402
from fixtures.transport import tls  # noqa: E402
from load import arrivals, generator, judge, samples  # noqa: E402
from load.ceiling import Ceiling  # noqa: E402
from load.extent import check, duration_for, rate_for  # noqa: E402
from load.journey import JOURNEY  # noqa: E402

SHARED_SANDBOX = ROOT / ".cache" / "sandbox.env"  # written by `make sandbox`
EXIT_USAGE = 4
JUDGED: list[Path] = []  # journals of this process, the newest last


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator] # Locust's own hooks have no types
def offer_options(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(web_host="127.0.0.1")  # Locust would open its web UI, which can start load, to the whole network
    group = parser.add_argument_group("Luz Verde")
    group.add_argument("--env", default="local", help="the environment to load (local: the sandbox that `make sandbox` started)")
    group.add_argument("--env-file", default="", help="a profile of your own instead of a name")
    group.add_argument("--rate", type=float, default=0.0, help="requests a second (0: as many as LV_MAX_RPS allows, up to 100)")
    group.add_argument("--duration", type=float, default=0.0, help="seconds of sending (0: enough for the strictest criterion)")
    group.add_argument("--arrivals", choices=arrivals.PROCESSES, default="poisson", help="how the requests are spread")
    group.add_argument("--seed", type=int, default=1, help="repeats the same plan")
    group.add_argument("--allow-load", action="store_true", help="send load to a protected environment")
    group.add_argument("--samples", default="", help="where to write the samples")
    group.add_argument("--run-id", default="", help="the run that these requests belong to")


@events.init.add_listener  # type: ignore[untyped-decorator] # Locust's own hooks have no types
def aim(environment: Locust, **_: Any) -> None:
    """Point the user at the profile's API. Until a run was judged, this process has proved nothing."""
    environment.process_exit_code = judge.EXIT_CODES["unverified"]
    if not isinstance(environment.runner, LocalRunner):
        _give_up("the plan of arrivals is made for one process; run without --master, --worker and --processes")
    Reader.env = env = _profile(environment.parsed_options)
    environment.host = Reader.host = env.api_url
    Reader.network_timeout = Reader.connection_timeout = env.timeout_s
    Reader.ssl_context_factory = staticmethod(lambda **_: tls(env.ca_file))


def _profile(options: Any) -> Environment:
    name = options.env_file or options.env
    try:
        env = load(name)
        return load(str(SHARED_SANDBOX)) if env.deployment == "sandbox" else env
    except ProfileInvalid as error:
        hint = "\nStart the sandbox first: make sandbox" if not options.env_file and options.env == "local" else ""
        _give_up(f"{error}{hint}")
        raise


def _give_up(why: str) -> None:
    print(why, file=sys.stderr)  # noqa: T201 - a command line speaks
    sys.exit(EXIT_USAGE)


class Reader(FastHttpUser):
    """The whole journey's traffic comes from this one user, which does not wait for answers."""

    fixed_count = 1
    env: Environment
    insecure = False
    max_redirects = 0
    max_retries = 0
    concurrency = 20_000  # the generator limits what is in flight; waiting for a connection here would look like a slow product

    @task
    def journey(self) -> None:
        options: Any = self.environment.parsed_options
        run_id = options.run_id or f"lv-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        path = Path(options.samples or ROOT / "reports" / "out" / "load" / f"{run_id}.jsonl")
        JUDGED.append(path)
        journal = samples.Journal(path)
        try:
            self._send(options, run_id, journal)
        except (GuardError, generator.CannotSend) as error:
            journal.problem(str(error))
        finally:
            journal.close()
        self._end()

    def _send(self, options: Any, run_id: str, journal: samples.Journal) -> None:
        policy = Policy(self.env, run_id=run_id, allow_load=options.allow_load)
        policy.pace = Ceiling(self.env.max_rps)
        rate = rate_for(self.env, options.rate or None)
        duration_s = duration_for(rate, options.duration or None)
        check(policy, rate, duration_s)
        sender = generator.Sender(generator.client_of(self.client.client, self.env.api_url), policy, self.env.api_url)
        token = generator.sign_in(sender, self.env, duration_s)
        starts = arrivals.planned(options.arrivals, rate, duration_s, self.env.max_rps, options.seed)
        plan = samples.Plan(
            run_id,
            self.env.name,
            dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            rate,
            duration_s,
            len(starts),
            self.env.timeout_s,
            options.arrivals,
            options.seed,
            tuple(request.endpoint for request in JOURNEY),
        )
        journal.plan(plan)

        def keep(sample: samples.Sample) -> None:
            journal.sample(sample)
            self._show(sample)

        generator.Generator(sender, plan, token, keep).run(starts)

    def _show(self, sample: samples.Sample) -> None:
        """To Locust's own tables and charts; the verdicts do not read them."""
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

    def _end(self) -> None:
        """The run ends with its only user; not from here, because that waits for this user."""
        runner = self.environment.runner
        web = self.environment.web_ui is not None
        if runner is not None:
            gevent.spawn(runner.stop if web else runner.quit)
        raise StopUser


@events.test_stop.add_listener  # type: ignore[untyped-decorator] # Locust's own hooks have no types
def judge_run(environment: Locust, **_: Any) -> None:
    if not JUDGED:
        return
    judgements = judge.judge_run(samples.read(JUDGED[-1]))
    environment.process_exit_code = judge.EXIT_CODES[judge.worst(judgements)]
    print("\n".join([*(line.sentence for line in judgements), f"samples: {JUDGED[-1]}"]), file=sys.stderr)  # noqa: T201 - a command line speaks
