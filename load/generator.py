"""The open-loop sender: each request leaves when the plan says, however long the ones before it take.

Locust's own users wait for each answer before they send again, and so leave out just the requests that a slow product delays.
Only who keeps a row of his own waits for the answer before: what he has not made yet he cannot change.
"""

import itertools
import resource
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import gevent  # type: ignore[import-untyped]
import gevent.monkey  # type: ignore[import-untyped]
from gevent.event import Event  # type: ignore[import-untyped]
from gevent.queue import SimpleQueue  # type: ignore[import-untyped]
from geventhttpclient import URL
from geventhttpclient.client import HTTPClient

from fixtures.product.journeys import Step, Visit
from fixtures.wire.ledger import Ledger
from fixtures.wire.policy import Outgoing, Policy, outgoing
from fixtures.wire.transport import REQUEST_HEADER, RUN_HEADER, user_agent
from load.arrivals import Due
from load.breaker import LOOK_EVERY_S, Breaker
from record.redaction import redact
from record.samples import RATE_LIMITED, SHED, TIMEOUT, UNEXPECTED_STATUS, WITHHELD, WRONG_BODY, Plan, Sample

SPARE_FILES = 200  # file numbers kept for the program itself
DRAIN_S = 2.0  # beyond the limit of the last request
BODIES_A_SECOND = 200.0  # of more, only a part is looked at: reading JSON takes the time that sending needs
CLOCK_JUMP_S = 1.0
BUSY = 0.95  # of one core: whoever computes all the time is late for something
AT_ONCE = 20  # requests that are due already leave one after the other before the answers to others are looked at
KEPT_NOTES = 5  # wrong bodies that are quoted
ON_THE_WIRE = (OSError, HTTPException)  # what a connection can raise; anything else is a mistake of ours and voids the run

# The operating system's own: gevent's would look again at a socket that is only to be glanced at.
_poll, _POLLIN = gevent.monkey.get_original("select", ("poll", "POLLIN"))
_numbers = itertools.count(1)
_process = secrets.token_hex(3)


class CannotSend(Exception):  # noqa: N818 - states the fact
    """The run could not begin; the message says what would help."""


@dataclass(frozen=True)
class Answer:
    """`status` is None and `error` says why, without one. `first_byte` is of the clock `time.perf_counter`."""

    status: int | None
    error: str | None
    body: bytes = b""
    first_byte: float | None = None
    retry_after: bool = False


class Sender:
    """One request at a time through the guard to one origin, over shared connections, without a hidden second try."""

    def __init__(self, client: HTTPClient, policy: Policy, address: str) -> None:
        self._client, self._policy, self._address = client, policy, address
        pool = client._connection_pool  # noqa: SLF001 - no public setting for any of these
        # The client would send a GET again, as often as it has connections, when the target drops it. That would hide the drop.
        pool.size = -1
        pool.network_timeout = None  # type: ignore[assignment] # the limit on the whole answer is ours, and one timer is enough
        pool._is_socket_alive = _is_quiet  # type: ignore[method-assign] # noqa: SLF001
        self.connections = 0
        self._connect = pool._create_socket  # noqa: SLF001
        pool._create_socket = self._counted  # type: ignore[method-assign] # noqa: SLF001
        client.default_headers.update(
            {RUN_HEADER: policy.run_id, "user-agent": user_agent(), "accept": "application/json, text/html"}
        )

    def _counted(self) -> Any:
        self.connections += 1
        return self._connect()

    def describe(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", must_be_refused: str | None = None
    ) -> Outgoing:
        return outgoing(method, self._address + target, headers, body, must_be_refused=must_be_refused)

    def admit(self, request: Outgoing) -> None:
        """GuardError when it may not leave; else waits for its turn."""
        self._policy.admit(request)

    def wait_turn(self, request: Outgoing) -> None:
        """Of a read that was admitted before."""
        self._policy.wait_turn(request)

    def send(self, method: str, target: str, headers: Mapping[str, str], limit_s: float, body: bytes = b"") -> Answer:
        """After `admit`. The whole answer has to be there within `limit_s`."""
        status: int | None = None
        first_byte: float | None = None
        signed = {REQUEST_HEADER: f"lv-{_process}{next(_numbers):05x}", **headers}
        try:
            with gevent.Timeout(limit_s):
                response = self._client.request(method, target, body, signed)
                first_byte = time.perf_counter()
                status = response.status_code
                retry_after = status == 503 and response.get("retry-after") is not None
                return Answer(status, None, bytes(response.read()), first_byte, retry_after)
        except (gevent.Timeout, TimeoutError):
            return Answer(status, TIMEOUT, first_byte=first_byte)
        except ON_THE_WIRE as error:
            return Answer(status, type(error).__name__, first_byte=first_byte)


def _is_quiet(sock: Any) -> bool:
    """Whether a connection that was kept is still open: one that is over can be read. By poll, as select ends at file 1,023."""
    try:
        poll = _poll()
        poll.register(sock.fileno(), _POLLIN)
        return not poll.poll(0)
    except (OSError, ValueError):
        return False


def client_of(agent: Any, address: str) -> HTTPClient:
    """The connections of a FastHttpUser to one origin, without its retries and redirects: a measurement must not have them."""
    client: HTTPClient = agent.clientpool.get_client(URL(address))
    parts = urlsplit(address)
    if (client.host, client.port) != (parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)):
        raise CannotSend(f"{address} is read as {client.host}:{client.port}")
    return client


class Job(NamedTuple):
    """`turn` is for a visit that keeps rows: the end of its request before, and what this one's end has to be told to."""

    request: Due
    turn: tuple[Event, Event] | None
    looked_at: bool


class Generator:
    """Sends the requests of a plan and gives each sample to `keep` as it ends.

    `senders` are those of the API and of the pages (True). `authorize` gives the headers of a step: whose it is, and its
    signature. `spares_target`: stop when it is in distress.
    """

    def __init__(
        self,
        senders: Mapping[bool, Sender],
        plan: Plan,
        authorize: Callable[[Visit, Step], Mapping[str, str]],
        ledger: Ledger,
        keep: Callable[[Sample], None],
        *,
        spares_target: bool = True,
    ) -> None:
        self._senders, self._plan, self._authorize, self._ledger, self._keep = senders, plan, authorize, ledger, keep
        self._spares_target = spares_target
        self._breaker = Breaker(plan.rate / plan.workers)
        self._look_at = max(1, round(plan.rate / BODIES_A_SECOND))
        self._places = in_flight_limit(plan)
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._hands: list[gevent.Greenlet] = []  # who sends; each is used again, as making one costs a tenth of a request
        self._idle = 0
        self._all_idle = Event()
        self._turns: dict[int, Event] = {}  # of visits that keep rows: their last request's end
        self._reads: dict[tuple[Step, str | None], Outgoing] = {}  # requests that are the same each time
        self._zero = 0.0
        self.stopping: str | None = None
        self.abandoned = False
        self.distress: str | None = None
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.doubtful = False  # whether something may have been made that nobody told us of
        self.due = self.unsent = self.bodies = 0

    def run(self, requests: Iterator[Due]) -> None:
        """Until the last answer or its limit. What finds no free place in flight is not sent, and then missing."""
        self._zero = time.perf_counter()
        wall, busy = time.time(), time.process_time()
        watch = gevent.spawn(self._watch)
        try:
            self._send_all(requests)
            self._drain(self._plan.limit_s + DRAIN_S)
        finally:
            watch.kill()
            gevent.killall(self._hands)
        self._account(wall, busy)

    def stop(self, why: str) -> None:
        """No further request leaves; those under way are waited for."""
        self.stopping = self.stopping or why

    def abandon(self, why: str) -> None:
        """The same, and nothing is waited for: what those under way would have made is looked for afterwards."""
        self.stop(why)
        self.abandoned = self.doubtful = True
        gevent.killall(self._hands, block=False)
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
            if not self._idle and len(self._hands) >= self._places:
                self.unsent += 1
                continue
            if self._idle:
                self._idle -= 1
            else:
                self._hands.append(gevent.spawn(self._work))
            self._jobs.put(Job(request, self._turn(request), number % self._look_at == 0))

    def _work(self) -> None:
        while True:
            self._one(*self._jobs.get())
            self._idle += 1
            if self._idle == len(self._hands):
                self._all_idle.set()

    def _drain(self, limit_s: float) -> None:
        """Until everything that left has ended, or the limit."""
        with gevent.Timeout(limit_s, exception=False):
            while self._idle < len(self._hands):
                self._all_idle.clear()
                self._all_idle.wait()
                if self.abandoned:
                    return

    def _turn(self, request: Due) -> tuple[Event, Event] | None:
        """For a visit that keeps rows: the end of its request before, and what this one's end has to be told to."""
        visit = request.visit
        if not visit.journey.writes:
            return None
        before = self._turns.get(visit.number)
        if before is None:
            before = Event()
            before.set()
        mine = self._turns[visit.number] = Event()
        if request.step is visit.journey.steps[-1]:
            del self._turns[visit.number]
        return before, mine

    def _one(self, request: Due, turn: tuple[Event, Event] | None, looked_at: bool) -> None:
        self._breaker.sent(request.start)
        try:
            if turn is None:
                sample = self._asked(request, request.start, looked_at)
            else:
                sample = self._asked_in_turn(request, *turn, looked_at)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is ours: the run says so and proves nothing
            self.problems.append(f"{request.step.endpoint} could not be sent: {type(error).__name__}: {error}")
            self.stop("a request could not be sent")
            return
        self._breaker.ended(request.start, sample)
        self._keep(sample)

    def _asked_in_turn(self, request: Due, before: Event, mine: Event, looked_at: bool) -> Sample:
        """Who waits for the answer before wants this one from then on; the wait is the other request's latency."""
        waited = not before.is_set()
        try:
            before.wait(self._plan.limit_s + DRAIN_S)
            intended = self.now() if waited else request.start
            if any(name not in request.visit.known for name in request.step.needs):
                return Sample(intended, intended, intended, request.step.endpoint, None, WITHHELD)
            return self._asked(request, intended, looked_at)
        finally:
            mine.set()

    def _asked(self, request: Due, intended: float, looked_at: bool) -> Sample:
        step, visit = request.step, request.visit
        sender = self._senders[step.web]
        target, (body, kind) = step.target(visit.known), step.content(visit.known)
        headers = {**self._authorize(visit, step), **kind}
        self._admit(sender, visit.journey.who, step, target=target, headers=headers, body=body)
        start = self.now()
        left_s = max(intended + self._plan.limit_s - start, 0.001)
        answer = sender.send(step.method, target, headers, left_s, body)
        end = self.now()
        error = self._error(step, visit, answer, looked_at)
        first_byte = None if answer.first_byte is None else answer.first_byte - self._zero
        self._account_for_rows(step, visit, answer)
        return Sample(intended, start, end, step.endpoint, answer.status, error, first_byte)

    def _admit(
        self, sender: Sender, who: str | None, step: Step, *, target: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """A plain read is the same each time, so the guard looks at it once; whatever writes, each time."""
        known = self._reads.get((step, who))
        if known is not None:
            sender.wait_turn(known)
            return
        request = sender.describe(step.method, target, headers, body, step.must_be_refused)
        sender.admit(request)
        if step.method == "GET" and "{" not in step.path:
            self._reads[step, who] = request

    def _error(self, step: Step, visit: Visit, answer: Answer, looked_at: bool) -> str | None:
        """Of an answer: which way it is not the one that was asked for."""
        if answer.error:
            return answer.error
        if answer.status != step.expects:
            return RATE_LIMITED if answer.status == 429 else SHED if answer.retry_after else UNEXPECTED_STATUS
        if step.proof is None or not looked_at:
            return None
        self.bodies += 1
        wrong = step.wrong(answer.body, visit.known)
        if wrong and len(self.notes) < KEPT_NOTES:
            self.notes.append(f"{step.endpoint}: {redact(str(wrong))}")
        return WRONG_BODY if wrong else None

    def _account_for_rows(self, step: Step, visit: Visit, answer: Answer) -> None:
        """What was made goes to the ledger before anything else happens to it."""
        if step.creates and answer.status == step.expects and not answer.error:
            try:
                step.learn(answer.body, visit.known)
                self._ledger.note(step.creates.format_map(visit.known))
            except (ValueError, KeyError, TypeError):
                self.doubtful = True
        elif step.creates:
            self.doubtful = True  # the answer was lost or says otherwise: perhaps it is there
        if step.removes and answer.status in (step.expects, 404):
            self._ledger.forget(step.removes.format_map(visit.known))

    def _watch(self) -> None:
        """Four times a second: does the target still bear it?"""
        while True:
            gevent.sleep(LOOK_EVERY_S)
            now = self.now()
            if self._spares_target:
                self.distress = self.distress or self._breaker.distress(now)
            turned_away = self._breaker.turned_away(now)
            if self.distress:
                self.stop(f"the target is in distress: {self.distress}")
            elif turned_away and not self.stopping:
                self.problems.append(f"stopped after {now:.1f} s: {turned_away}; this load measures the limit, not the product")
                self.stop(turned_away)

    def _account(self, wall: float, busy: float) -> None:
        """What this process could not do, so that nobody takes it for the product."""
        elapsed_s = self.now()
        jumped_s = time.time() - wall - elapsed_s
        used = (time.process_time() - busy) / max(elapsed_s, 0.001)
        if abs(jumped_s) > CLOCK_JUMP_S:
            self.problems.append(f"the clock of this machine jumped by {jumped_s:.1f} s in the run: was it suspended, or set?")
        if used > BUSY:
            self.problems.append(
                f"the generator used {100 * used:.0f} % of a core: it was saturated; "
                "spread the rate over --processes or --worker, or lower it"
            )
        if self.unsent:
            self.problems.append(
                f"{self.unsent:,} requests found all {self._places:,} places under way taken: raise `ulimit -n` for open "
                "files, or spread the rate over --processes or --worker"
            )


def in_flight_limit(plan: Plan) -> int:
    """So many that even a target that never answers is sent the whole plan, as far as this process may open connections."""
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    wanted = int(plan.rate / plan.workers * (plan.limit_s + DRAIN_S) * 1.5) + 50
    return max(1, min(wanted, most_files - SPARE_FILES))
