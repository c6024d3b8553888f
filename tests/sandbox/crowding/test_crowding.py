"""Faults of busy times: a crowd feels each of them, a single user none, and what has accumulated is gone with its fault."""

import asyncio
import contextlib
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import httpx
import pytest
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from sandbox import faults
from sandbox.crowding import layer
from sandbox.crowding.traffic import Clock
from tests.conftest import RunningSandbox

pytestmark = pytest.mark.slow

REPORT = "/api/reports/performance_metrics"
WEBHOOK = "/api/webhooks/twilio/voice"
NEVER_ANSWERED = "/api/never"
TARGETS = ("/api/contacts/?limit=10", REPORT, "/health", "/api/auth/me", "/api/calls/", "/login")
PRODUCTS_OWN = {"x-ratelimit-limit": "600", "x-ratelimit-remaining": "599", "x-ratelimit-reset": "60"}
BUSY_RPS = 100
GZIP_FROM_BYTES = 40  # the response of REPORT, and no other one of the API


class Exchange(NamedTuple):
    """One request and its response; `after_s` is when it arrived, from the beginning of its traffic."""

    target: str
    after_s: float
    status: int
    headers: httpx.Headers
    body: dict[str, Any]
    waited_s: float

    @property
    def sound(self) -> bool:
        return self.status == 200 and not self.mixed_up and not self.waited_s and "connection" not in self.headers

    @property
    def mixed_up(self) -> bool:
        return self.status == 200 and self.body != {"asked": self.target}


SYMPTOMS: dict[str, Callable[[Exchange], bool]] = {
    "reports-break-when-busy": lambda response: response.status == 500 and response.target == REPORT,
    "gets-slower": lambda response: response.waited_s > 0,
    "stalls-once-a-minute": lambda response: response.waited_s > 0.5,
    "limits-its-own-load": lambda response: response.status == 429,
    "sheds-with-retry-after": lambda response: response.status == 503 and response.headers["retry-after"] == "5",
    "slow-first-byte": lambda response: response.waited_s == pytest.approx(0.8),
    "mixes-answers-up": lambda response: response.mixed_up,
    "closes-connections": lambda response: response.headers.get("connection") == "close",
    "gives-up-under-load": lambda response: response.status == 500,
}
of_each_fault = pytest.mark.parametrize("fault", SYMPTOMS)


class ScriptedClock(Clock):
    """Moves when the test says so; `slept` is what the request at hand was made to wait."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.slept = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds


async def product(scope: Scope, receive: Receive, send: Send) -> None:
    """Responds at once with the target of the request, or never."""
    request = Request(scope)
    if request.url.path == NEVER_ANSWERED:
        await asyncio.Event().wait()
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    await JSONResponse({"asked": target}, headers=PRODUCTS_OWN)(scope, receive, send)


class Deployment:
    """The product behind the layer that is tested."""

    def __init__(self) -> None:
        self.clock = ScriptedClock()
        compressed = GZipMiddleware(product, minimum_size=GZIP_FROM_BYTES)
        self.layer = layer.Crowding(compressed, self.clock)

    def traffic(
        self,
        rate: float,
        seconds: float,
        *,
        at_once: bool = True,
        targets: tuple[str, ...] = TARGETS,
        method: str = "GET",
        **client: Any,
    ) -> list[Exchange]:
        """`rate` requests a second, evenly. `at_once`: another request is being served all the time."""
        arrivals = zip(range(1, round(rate * seconds) + 1), itertools.cycle(targets), strict=False)
        plan = [(self.clock.time + number / rate, method, target) for number, target in arrivals]
        return asyncio.run(self._send(plan, at_once=at_once, **client))

    async def _send(self, plan: list[tuple[float, str, str]], *, at_once: bool, **client: Any) -> list[Exchange]:
        began = self.clock.time
        transport = httpx.ASGITransport(self.layer, client=(client.pop("address", "203.0.113.9"), 4711))
        async with httpx.AsyncClient(transport=transport, base_url="https://edge.example", **client) as asking:
            other = asyncio.create_task(asking.get(NEVER_ANSWERED)) if at_once else None
            while other and not (self.layer.under_way or other.done()):  # noqa: ASYNC110 - the layer has no event for it
                await asyncio.sleep(0)
            exchanges = [await self._one(asking, *planned, began) for planned in plan]
            if other:
                other.cancel()
                await asyncio.gather(other, return_exceptions=True)
        return exchanges

    async def _one(self, asking: httpx.AsyncClient, at: float, method: str, target: str, began: float) -> Exchange:
        self.clock.time, self.clock.slept = at, 0.0
        response = await asking.request(method, target)
        return Exchange(target, at - began, response.status_code, response.headers, response.json(), self.clock.slept)

    def rest(self, seconds: float) -> None:
        self.clock.time += seconds


@pytest.fixture
def deployment() -> Deployment:
    return Deployment()


@contextlib.contextmanager
def switched_on(fault: str) -> Iterator[None]:
    faults.switch(fault, on=True)
    try:
        yield
    finally:
        faults.switch(fault, on=False)


def unsound(responses: list[Exchange]) -> list[Exchange]:
    return [response for response in responses if not response.sound]


def test_crowd_is_served_as_well_as_anybody(deployment: Deployment) -> None:
    assert unsound(deployment.traffic(BUSY_RPS, 5)) == []


@of_each_fault
@pytest.mark.parametrize(("rate", "at_once"), [(15, True), (BUSY_RPS, False)], ids=["few at once", "many, one after the other"])
def test_single_user_feels_nothing(deployment: Deployment, fault: str, rate: float, at_once: bool) -> None:
    """Nor could they: it is not even asked for, so no proof under this fault has to run what they run."""
    faults.asked_for()
    with switched_on(fault):
        assert unsound(deployment.traffic(rate, 5, at_once=at_once)) == []

    assert fault not in faults.asked_for()


@of_each_fault
def test_crowd_feels_it_while_it_is_on(deployment: Deployment, fault: str) -> None:
    """And nothing else."""
    with switched_on(fault):
        during = deployment.traffic(BUSY_RPS, 5)
    after = deployment.traffic(BUSY_RPS, 5)

    assert any(map(SYMPTOMS[fault], during))
    assert [response for response in unsound(during) if not SYMPTOMS[fault](response)] == []
    assert unsound(after) == []


@of_each_fault
def test_fault_begins_anew(deployment: Deployment, fault: str) -> None:
    """What it had accumulated is forgotten as soon as a request comes while it is off."""
    runs = []
    for _ in range(2):
        with switched_on(fault):
            runs.append(deployment.traffic(BUSY_RPS, 4.9))
        deployment.rest(1)
        deployment.traffic(1, 1)
        deployment.rest(1)

    felt = [[(round(response.after_s, 3), response.waited_s) for response in unsound(run)] for run in runs]
    assert felt[0][0] == pytest.approx(felt[1][0], abs=0.03), "a counter may be elsewhere in its round"
    assert len(felt[0]) == pytest.approx(len(felt[1]), abs=1)


def test_files_of_a_page_are_no_crowd(deployment: Deployment) -> None:
    with switched_on("sheds-with-retry-after"):
        assert unsound(deployment.traffic(BUSY_RPS, 2, targets=("/static/login.js",))) == []


def test_report_breaks_always_and_nothing_else_does(deployment: Deployment) -> None:
    with switched_on("reports-break-when-busy"):
        responses = deployment.traffic(BUSY_RPS, 3)[BUSY_RPS:]

    assert {response.status for response in responses if response.target == REPORT} == {500}
    assert {response.status for response in responses if response.target != REPORT} == {200}
    assert next(response for response in responses if response.target == REPORT).body == {"detail": "Error interno del servidor"}


def test_each_request_makes_the_next_one_slower(deployment: Deployment) -> None:
    with switched_on("gets-slower"):
        waits = [response.waited_s for response in deployment.traffic(BUSY_RPS, 6)]
        for _ in range(7):
            deployment.traffic(1500, 1)
        worst = deployment.traffic(BUSY_RPS, 1)[-1].waited_s

    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(0.29, abs=0.01)
    assert waits[-10] > 1.5 * waits[200] > 0
    assert worst == 5.0


def test_stall_comes_once_a_minute_and_lasts_two_seconds(deployment: Deployment) -> None:
    """Whoever comes while it lasts waits for its end and for those before; a quiet minute has none."""
    with switched_on("stalls-once-a-minute"):
        first = unsound(deployment.traffic(BUSY_RPS, 50))
        second = unsound(deployment.traffic(BUSY_RPS, 50))
        deployment.rest(60)
        quiet = unsound(deployment.traffic(10, 10))

    assert first[0].after_s == pytest.approx(2.2, abs=0.05)
    assert first[-1].after_s == pytest.approx(4.2, abs=0.05)
    answered = [response.after_s + response.waited_s for response in first]
    assert answered == sorted(answered)
    assert [answered[0], answered[-1]] == pytest.approx([4.2, 5.0], abs=0.05)
    assert second[0].after_s == pytest.approx(12.2, abs=0.05)
    assert quiet == []


def test_limit_of_a_first_try_refuses_as_the_true_one_does(deployment: Deployment) -> None:
    with switched_on("limits-its-own-load"):
        last = deployment.traffic(BUSY_RPS, 5, targets=("/api/calls/",))[-BUSY_RPS:]

    assert Counter(response.status for response in last) == {200: 30, 429: 70}
    refused = next(response for response in last if response.status == 429)
    message = "Demasiadas solicitudes. Inténtalo de nuevo más tarde."
    assert refused.body == {"status": "error", "code": 429, "message": message}
    assert refused.headers["retry-after"] == "60"
    assert PRODUCTS_OWN.items() <= dict(refused.headers).items()


def test_limit_of_a_first_try_is_of_each_address_and_of_the_api(deployment: Deployment) -> None:
    with switched_on("limits-its-own-load"):
        probes = deployment.traffic(BUSY_RPS, 2, targets=("/health", "/login"))
        signed = deployment.traffic(BUSY_RPS, 2, targets=(WEBHOOK,), headers={"x-twilio-signature": "firma"})
        assert unsound(deployment.traffic(BUSY_RPS, 2.5))
        others = deployment.traffic(60, 0.4, targets=("/api/calls/",), address="203.0.113.10")

    assert unsound(probes) == unsound(signed) == unsound(others) == []


def test_every_third_is_told_to_come_back(deployment: Deployment) -> None:
    with switched_on("sheds-with-retry-after"):
        last = deployment.traffic(BUSY_RPS, 4)[-300:]

    assert Counter(response.status for response in last) == {200: 200, 503: 100}
    assert unsound(last)[0].body == {"status": "error", "code": 503, "message": "Servicio no disponible temporalmente"}


def test_one_answer_in_ten_is_the_one_before(deployment: Deployment) -> None:
    reads = ("/api/contacts/?limit=10", "/api/auth/me", "/api/calls/")
    with switched_on("mixes-answers-up"):
        responses = deployment.traffic(BUSY_RPS, 5, targets=reads)[-300:]

    mixed = [(before, response) for before, response in itertools.pairwise(responses) if response.mixed_up]
    assert len(mixed) == pytest.approx(30, abs=1)
    for before, response in mixed:
        assert response.body == {"asked": before.target}
        assert int(response.headers["content-length"]) == len(json.dumps(response.body, separators=(",", ":")))


def test_mixed_up_answer_can_be_read(deployment: Deployment) -> None:
    """A compressed body never comes where a plain one is announced: what is wrong is the content alone."""
    with switched_on("mixes-answers-up"):
        responses = deployment.traffic(BUSY_RPS, 5, targets=("/api/auth/me", REPORT, "/api/contacts/", "/api/calls/"))

    assert {response.headers.get("content-encoding") for response in responses} == {"gzip", None}
    assert sum(response.mixed_up for response in responses) > 20


def test_answer_is_never_mixed_up_with_its_like(deployment: Deployment) -> None:
    """Otherwise it would not show: where most requests have the same target, it waits for one with another target."""
    with switched_on("mixes-answers-up"):
        responses = deployment.traffic(BUSY_RPS, 10, targets=("/api/calls/",) * 7 + ("/api/auth/me",))[-900:]

    assert sum(response.mixed_up for response in responses) == pytest.approx(90, abs=2)


def test_writes_and_pages_are_never_mixed_up(deployment: Deployment) -> None:
    with switched_on("mixes-answers-up"):
        assert unsound(deployment.traffic(BUSY_RPS, 5, targets=("/health", "/login"))) == []
        assert unsound(deployment.traffic(BUSY_RPS, 5, targets=("/api/calls/", "/api/contacts/"), method="POST")) == []


def test_threads_are_stuck_until_it_was_quiet(deployment: Deployment) -> None:
    with switched_on("gives-up-under-load"):
        rush = deployment.traffic(BUSY_RPS, 3)
        still = deployment.traffic(7, 20)
        quiet = deployment.traffic(4, 12)

    assert rush[BUSY_RPS].status == 200
    assert {response.status for response in rush[-50:] + still} == {500}
    assert [response.status for response in quiet if response.after_s < 9] == [500] * 35
    assert quiet[-1].status == 200


def test_slower_crowd_leaves_the_threads_alone(deployment: Deployment) -> None:
    with switched_on("gives-up-under-load"):
        assert unsound(deployment.traffic(40, 10)) == []


def test_connection_ends_with_its_response(sandbox: RunningSandbox) -> None:
    """Over TLS the server obeys the header of the layer; how many requests are busy ones depends on the machine."""
    with sandbox.control("closes-connections"):
        broken = connections(sandbox)
    kept = connections(sandbox)

    assert broken["close"] > 0
    assert broken["opened"] >= broken["close"]
    assert kept["close"] == 0
    assert kept["opened"] < 10


def connections(sandbox: RunningSandbox) -> Counter[str]:
    """Of 120 requests by 4 people at once: how many responses had `close`, and how many connections it took."""
    steps = Counter[str]()

    def trace(step: str, _info: object) -> None:
        steps[step] += 1

    def one_person(_number: int) -> list[httpx.Response]:
        with sandbox.anonymous() as client:
            return [client.get("/health", extensions={"trace": trace}) for _ in range(30)]

    with ThreadPoolExecutor(4) as people:
        responses = [response for own in people.map(one_person, range(4)) for response in own]
    closed = sum(response.headers.get("connection") == "close" for response in responses)
    return Counter(close=closed, opened=steps["connection.start_tls.complete"])
