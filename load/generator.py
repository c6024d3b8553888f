"""The open-loop generator: each request leaves when the plan says, however long the ones before it take.

Locust's own users wait for each response before they send again, and so leave out just the requests that a slow product delays.
Only a visit that keeps a row of its own waits for the response before: a row that is not created yet cannot be changed.
"""

import resource
import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import gevent  # type: ignore[import-untyped] # gevent has no types
from gevent.event import Event  # type: ignore[import-untyped] # gevent has no types
from gevent.queue import SimpleQueue  # type: ignore[import-untyped] # gevent has no types

from fixtures.product.journeys import Step, Visit
from fixtures.wire.ledger import Ledger
from fixtures.wire.policy import Outgoing
from load.arrivals import Due
from load.breaker import LOOK_EVERY_S, Breaker
from load.own_process import OwnProcess
from load.sender import Response, Sender
from record.redaction import Redactor
from record.sample import RATE_LIMITED, SHED, UNEXPECTED_STATUS, WITHHELD, WRONG_BODY, Sample
from record.samples import Plan

SPARE_FILES = 200  # file numbers kept for the program itself
DRAIN_S = 2.0  # beyond the limit of the last request
BODIES_A_SECOND = 200.0  # of more, only a part is checked: reading JSON takes the time that sending needs
AT_ONCE = 20  # requests that are due already leave one after the other before responses to others are read
KEPT_NOTES = 5  # wrong bodies that are quoted


class Turn(NamedTuple):
    """Of a request whose visit keeps rows: the end of the visit's request before it, and its own end."""

    before: Event
    own: Event


class Job(NamedTuple):
    request: Due
    turn: Turn | None
    check_body: bool


class Generator:
    """Sends the requests of a plan and gives each sample to `keep` as it ends.

    `senders` are those of the API and of the pages (True). `authorize` gives the headers of a step: its session, and its
    signature. `stop_on_distress`: no further request leaves when the target breaks down.
    """

    def __init__(
        self,
        senders: Mapping[bool, Sender],
        plan: Plan,
        authorize: Callable[[Visit, Step], Mapping[str, str]],
        ledger: Ledger,
        keep: Callable[[Sample], None],
        *,
        redactor: Redactor,
        stop_on_distress: bool = True,
    ) -> None:
        self._senders, self._plan, self._authorize, self._ledger, self._keep = senders, plan, authorize, ledger, keep
        self._redactor, self._stop_on_distress = redactor, stop_on_distress
        self._breaker = Breaker(plan.rate / plan.workers)
        self._check_every = max(1, round(plan.rate / BODIES_A_SECOND))
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._greenlets: list[gevent.Greenlet] = []  # each is used again, as making one costs a tenth of a request
        self._idle = 0
        self._all_idle = Event()
        self._last_ends: dict[int, Event] = {}  # of visits that keep rows, by their number
        self._reads: dict[tuple[Step, str | None], Outgoing] = {}  # requests that are the same each time
        self._zero = 0.0
        self.max_in_flight = in_flight_limit(plan)
        self.stopping: str | None = None
        self.abandoned = False
        self.distress: str | None = None
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.unconfirmed = False  # whether something may have been created without a response that says so
        self.due = self.unsent = self.bodies = 0

    def run(self, requests: Iterator[Due]) -> None:
        """Until the last response or its limit. A request that would exceed `max_in_flight` is not sent, and then missing."""
        process = OwnProcess(LOOK_EVERY_S)
        self._zero = process.began
        watch = gevent.spawn(self._watch, process)
        try:
            self._send_all(requests)
            self._drain(self._plan.limit_s + DRAIN_S)
        finally:
            watch.kill()
            gevent.killall(self._greenlets)
        self.problems += process.problems()
        if self.unsent:
            self.problems.append(
                f"{self.unsent:,} requests were not sent, because {self.max_in_flight:,} were under way already: "
                "raise `ulimit -n` for open files, or spread the rate over --processes or --worker"
            )

    def stop(self, why: str) -> None:
        """No further request leaves; those under way are waited for."""
        self.stopping = self.stopping or why

    def abandon(self, why: str) -> None:
        """The same, and nothing is waited for: what those under way may have created is searched for afterwards."""
        self.stop(why)
        self.abandoned = self.unconfirmed = True
        gevent.killall(self._greenlets, block=False)
        self._all_idle.set()

    def now(self) -> float:
        return time.perf_counter() - self._zero

    @property
    def connections(self) -> int:
        return sum(sender.connections for sender in {id(sender): sender for sender in self._senders.values()}.values())

    def _send_all(self, requests: Iterator[Due]) -> None:
        for number, request in enumerate(requests):
            early_s = request.start - self.now()
            if early_s > 0 or number % AT_ONCE == 0:
                gevent.sleep(max(0.0, early_s))
            if self.stopping:
                return
            self.due += 1
            if not self._idle and len(self._greenlets) >= self.max_in_flight:
                self.unsent += 1
                continue
            if self._idle:
                self._idle -= 1
            else:
                self._greenlets.append(gevent.spawn(self._work))
            self._jobs.put(Job(request, self._turn(request), number % self._check_every == 0))

    def _work(self) -> None:
        while True:
            self._one(self._jobs.get())
            self._idle += 1
            if self._idle == len(self._greenlets):
                self._all_idle.set()

    def _drain(self, limit_s: float) -> None:
        """Until everything that left has ended, or the limit."""
        with gevent.Timeout(limit_s, exception=False):
            while self._idle < len(self._greenlets):
                self._all_idle.clear()
                self._all_idle.wait()
                if self.abandoned:
                    return

    def _turn(self, request: Due) -> Turn | None:
        visit = request.visit
        if not visit.journey.writes:
            return None
        before = self._last_ends.get(visit.number)
        if before is None:
            before = Event()
            before.set()
        own = self._last_ends[visit.number] = Event()
        if request.step is visit.journey.steps[-1]:
            del self._last_ends[visit.number]
        return Turn(before, own)

    def _one(self, job: Job) -> None:
        request, at = job.request, self.now()
        self._breaker.sent(at)
        try:
            sample = self._in_turn(job, job.turn) if job.turn else self._ask(request, request.start, job.check_body)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is ours: the run says so and proves nothing
            self.problems.append(f"{request.step.endpoint} could not be sent: {type(error).__name__}: {error}")
            self.stop("a request could not be sent")
            return
        self._breaker.ended(at, sample)
        self._keep(sample)

    def _in_turn(self, job: Job, turn: Turn) -> Sample:
        """A visit that waits for a response wants the next one from then on; the wait is the latency of the request before."""
        request, waited = job.request, not turn.before.is_set()
        try:
            turn.before.wait(self._plan.limit_s + DRAIN_S)
            intended = self.now() if waited else request.start
            if any(name not in request.visit.known for name in request.step.needs):
                return Sample(intended, intended, intended, request.step.endpoint, None, WITHHELD)
            return self._ask(request, intended, job.check_body)
        finally:
            turn.own.set()

    def _ask(self, request: Due, intended: float, check_body: bool) -> Sample:
        step, visit = request.step, request.visit
        sender = self._senders[step.web]
        target, (body, content_type) = step.target(visit.known), step.content(visit.known)
        headers = {**self._authorize(visit, step), **content_type}
        self._admit(sender, visit.journey.who, step, target=target, headers=headers, body=body)
        start = self.now()
        left_s = max(intended + self._plan.limit_s - start, 0.001)
        response = sender.send(step.method, target, headers, left_s, body)
        end = self.now()
        error = self._error(step, visit, response, check_body)
        first_byte = None if response.first_byte is None else response.first_byte - self._zero
        self._account_for_rows(step, visit, response)
        return Sample(intended, start, end, step.endpoint, response.status, error, first_byte)

    def _admit(
        self, sender: Sender, who: str | None, step: Step, *, target: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """A plain read is the same each time, so the guard checks it once; whatever writes, each time."""
        known = self._reads.get((step, who))
        if known is not None:
            sender.wait_turn(known)
            return
        request = sender.describe(step.method, target, headers, body, step.must_be_refused)
        sender.admit(request)
        if step.method == "GET" and "{" not in step.path:
            self._reads[step, who] = request

    def _error(self, step: Step, visit: Visit, response: Response, check_body: bool) -> str | None:
        """In which way it is not the response that the step expects."""
        if response.error:
            return response.error
        if response.status != step.expects:
            return RATE_LIMITED if response.status == 429 else SHED if response.retry_after else UNEXPECTED_STATUS
        if step.proof is None or not check_body:
            return None
        self.bodies += 1
        wrong = step.wrong(response.body, visit.known)
        if wrong and len(self.notes) < KEPT_NOTES:
            self.notes.append(f"{step.endpoint}: {self._redactor.text(str(wrong))}")
        return WRONG_BODY if wrong else None

    def _account_for_rows(self, step: Step, visit: Visit, response: Response) -> None:
        """What was created goes to the ledger before anything else happens to it."""
        if step.creates and response.status == step.expects and not response.error:
            try:
                step.learn(response.body, visit.known)
                self._ledger.note(step.creates.format_map(visit.known))
            except (ValueError, KeyError, TypeError):
                self.unconfirmed = True
        elif step.creates:
            self.unconfirmed = True  # the response was lost or says otherwise: the row may exist
        if step.removes and response.status in (step.expects, 404):
            self._ledger.forget(step.removes.format_map(visit.known))

    def _watch(self, process: OwnProcess) -> None:
        """Four times a second: does the target still bear it? Of what happened while we stood still, nothing is known."""
        while True:
            gevent.sleep(LOOK_EVERY_S)
            now = self.now()
            if stalled := process.look():
                self.problems.append(f"stopped after {now:.1f} s: {stalled}")
                self.stop(stalled)
                continue
            if self._stop_on_distress:
                self.distress = self.distress or self._breaker.distress(now)
            turned_away = self._breaker.turned_away(now)
            if self.distress:
                self.stop(f"the target is in distress: {self.distress}")
            elif turned_away and not self.stopping:
                self.problems.append(f"stopped after {now:.1f} s: {turned_away}; this load measures the limit, not the product")
                self.stop(turned_away)


def in_flight_limit(plan: Plan) -> int:
    """So many that even a target that never answers is sent the whole plan, as far as this process may open connections."""
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    wanted = int(plan.rate / plan.workers * (plan.limit_s + DRAIN_S) * 1.5) + 50
    return max(1, min(wanted, most_files - SPARE_FILES))
