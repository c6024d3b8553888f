"""One process's part of a run: sign in, wait for the start, send, clean up, report."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import gevent  # type: ignore[import-untyped] # gevent has no types
from gevent.event import Event  # type: ignore[import-untyped] # gevent has no types

from fixtures.product.journeys import JOURNEYS
from fixtures.profile.environment import Environment, secrets_of
from fixtures.wire.ledger import Ledger
from fixtures.wire.limits import SlidingWindowQuota
from fixtures.wire.policy import Policy
from load import plans
from load.arrivals import window
from load.cleanup import clean
from load.generator import Generator
from load.sample_log import pack
from load.sender import Connections, Sender
from load.sessions import Sessions
from record.redaction import Redactor
from record.sample import WITHHELD, Sample
from record.samples import Plan

EMIT_EVERY_S = 0.25
WHY = "the journeys of a load run keep rows of their own"


class Report(NamedTuple):
    """Of a part that is complete; the fields are those of `samples.Recording`."""

    problems: list[str]
    notes: list[str]
    distress: str | None
    due: int
    bodies: int
    connections: int


class Worker:
    """`part` is the worker's number among the workers of the plan."""

    def __init__(
        self,
        env: Environment,
        plan: Plan,
        part: int,
        *,
        allow_load: bool,
        allow_writes: bool,
        keep_going: bool,
        ledger: Path | None,
    ) -> None:
        redactor = Redactor(secrets_of(env))
        policy = Policy(
            env,
            run_id=plan.run_id,
            allow_load=allow_load,
            allow_writes=allow_writes,
            workers=plan.workers,
            redactor=redactor,
        )
        self._policy = policy
        policy.rate_limiter = SlidingWindowQuota(*window(env.limits.max_rps / plan.workers))
        api = Sender(Connections(env.api_url, env), policy, env.api_url)
        web = api if env.web_url == env.api_url else Sender(Connections(env.web_url, env), policy, env.web_url)
        self._env, self._plan, self._part, self._api = env, plan, part, api
        self._sessions = Sessions(api, env)
        self._ledger = Ledger(plan.run_id, ledger)
        self._codes = {endpoint: code for code, endpoint in enumerate(plan.endpoints)}
        self._records = bytearray()
        self.finished = Event()
        self._show: Callable[[Sample], None] = lambda _: None
        self.generator = Generator(
            {False: api, True: web},
            plan,
            self._sessions.headers,
            self._ledger,
            self._keep,
            redactor=redactor,
            stop_on_distress=env.protected or not keep_going,
        )

    def run(
        self,
        emit: Callable[[bytes], None],
        show: Callable[[Sample], None],
        wait_for_start: Callable[[], None] = lambda: None,
    ) -> Report:
        """`emit` gets packed records a few times a second, `show` each sample as it ends. CannotSend or a GuardError when it
        never starts.
        """
        self._show = show
        try:
            self._sessions.open(journey for journey in JOURNEYS if journey.name in self._plan.journeys)
            wait_for_start()
            left = self._send(emit)
        finally:
            self.finished.set()
        sent = self.generator
        problems = [*sent.problems, *self._sessions.problems]
        return Report(problems, [*sent.notes, *left], sent.distress, sent.due, sent.bodies, sent.connections)

    def _send(self, emit: Callable[[bytes], None]) -> list[str]:
        """What was left behind."""
        emitting = gevent.spawn(self._emit_regularly, emit)
        left: list[str] = []
        with self._policy.writing(WHY):
            try:
                self.generator.run(plans.requests(self._plan, self._part))
            finally:
                emitting.kill()
                left = clean(self._api, self._sessions, self._env, self._ledger, unconfirmed=self.generator.unconfirmed)
                self._emit(emit)
        return left

    def _keep(self, sample: Sample) -> None:
        self._records += pack(sample, self._codes[sample.endpoint])
        if sample.error != WITHHELD:
            self._show(sample)

    def _emit_regularly(self, emit: Callable[[bytes], None]) -> None:
        while True:
            gevent.sleep(EMIT_EVERY_S)
            self._emit(emit)

    def _emit(self, emit: Callable[[bytes], None]) -> None:
        records, self._records = bytes(self._records), bytearray()
        emit(records)
