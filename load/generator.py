"""The open-loop sender: each request leaves when the plan says, however long the ones before it take.

Locust's own users wait for each answer before they send again, and so leave out just the requests that a slow product delays.
"""

import itertools
import json
import random
import resource
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import gevent  # type: ignore[import-untyped]
from gevent.pool import Pool  # type: ignore[import-untyped]
from geventhttpclient import URL
from geventhttpclient.client import HTTPClient

from fixtures.policy import Outgoing, Policy, outgoing
from fixtures.profile import Environment
from fixtures.transport import REQUEST_HEADER, RUN_HEADER, user_agent
from load.journey import JOURNEY, Request
from load.samples import TIMEOUT, UNEXPECTED_STATUS, Plan, Sample

LOGIN = "/api/auth/login"
LEAST_FIRST = ("viewer", "operator", "admin")  # who only reads needs no more
SPARE_FILES = 200  # file numbers kept for the program itself
DRAIN_S = 2.0  # beyond the limit of the last request
ON_THE_WIRE = (OSError, HTTPException)  # what a connection can raise; anything else is a mistake of ours and voids the run

_numbers = itertools.count(1)
_process = secrets.token_hex(3)


class CannotSend(Exception):  # noqa: N818 - states the fact
    """The run could not begin; the message says what would help."""


@dataclass(frozen=True)
class Answer:
    """`status` is None and `error` says why, without one."""

    status: int | None
    error: str | None
    body: bytes = b""


class Sender:
    """One request at a time through the guard, over shared connections, without a hidden second try."""

    def __init__(self, client: HTTPClient, policy: Policy, address: str) -> None:
        self._client, self._policy, self._address = client, policy, address
        # The client would send a GET again, as often as it has connections, when the target drops it. That would hide the drop.
        client._connection_pool.size = -1  # noqa: SLF001 - no public setting; read only to count these tries
        self._fixed = {RUN_HEADER: policy.run_id, "user-agent": user_agent(), "accept": "application/json"}

    def describe(self, method: str, target: str, body: bytes = b"") -> Outgoing:
        return outgoing(method, self._address + target, body=body)

    def admit(self, request: Outgoing) -> None:
        """GuardError when it may not leave; else waits for its turn."""
        self._policy.admit(request)

    def send(self, method: str, target: str, headers: dict[str, str], limit_s: float, body: bytes = b"") -> Answer:
        """After `admit`. The whole answer has to be there within `limit_s`."""
        status: int | None = None
        signed = self._fixed | {REQUEST_HEADER: f"lv-{_process}{next(_numbers):05x}"} | headers
        try:
            with gevent.Timeout(limit_s):
                response = self._client.request(method, target, body, signed)
                status = response.status_code
                return Answer(status, None, bytes(response.read()))
        except (gevent.Timeout, TimeoutError):
            return Answer(status, TIMEOUT)
        except ON_THE_WIRE as error:
            return Answer(status, type(error).__name__)


def sign_in(sender: Sender, env: Environment, duration_s: float) -> str:
    """A token for the least that the profile can be, through the product's own login. CannotSend when it would not last."""
    role = next((role for role in LEAST_FIRST if role in env.identities), None)
    if role is None:
        raise CannotSend("the profile has nobody to sign in as; set LV_VIEWER_EMAIL and LV_VIEWER_PASSWORD")
    identity = env.identities[role]
    body = json.dumps({"email": identity.email, "password": identity.password}).encode()
    sender.admit(sender.describe("POST", LOGIN, body))
    answer = sender.send("POST", LOGIN, {"content-type": "application/json"}, env.timeout_s, body)
    if answer.status is None:
        fact = f"signing in as {role} got no answer ({answer.error})"
        raise CannotSend(f"{fact}; is {env.api_url} reachable from here, and LV_CA_FILE its authority?")
    try:
        granted = json.loads(answer.body)
        token, lives_s = str(granted["access_token"]), float(granted["expires_in"])
    except (ValueError, KeyError, TypeError) as error:
        fact = f"signing in as {role} ended with {answer.status}"
        raise CannotSend(f"{fact}; does the {role} of the profile exist at {env.api_url} with this password?") from error
    if lives_s < duration_s + env.timeout_s:
        raise CannotSend(f"a session lives {lives_s:.0f} s, and the run takes {duration_s:.0f} s; give a shorter --duration")
    return token


class Generator:
    """Sends the plan's requests as `token`'s owner and gives each sample to `keep` as it ends."""

    def __init__(self, sender: Sender, plan: Plan, token: str, keep: Callable[[Sample], None]) -> None:
        self._sender, self._plan, self._keep = sender, plan, keep
        self._signed = {"authorization": f"Bearer {token}"}
        self._admissible = {request: sender.describe("GET", request.target) for request in JOURNEY}
        self._in_flight = Pool(in_flight_limit(plan))
        self._zero = 0.0

    def run(self, starts: Sequence[float]) -> None:
        """Until the last answer or its limit. What finds no free place in flight is not sent, and then missing."""
        chosen = choose(len(starts), self._plan.seed)
        self._zero = time.perf_counter()
        try:
            for start, request in zip(starts, chosen, strict=True):
                gevent.sleep(max(0.0, start - self._now()))
                if not self._in_flight.full():
                    self._in_flight.spawn(self._one, start, request)
            self._in_flight.join(self._plan.limit_s + DRAIN_S)
        finally:
            self._in_flight.kill()

    def _now(self) -> float:
        return time.perf_counter() - self._zero

    def _one(self, intended: float, request: Request) -> None:
        self._sender.admit(self._admissible[request])
        start = self._now()
        left_s = max(intended + self._plan.limit_s - start, 0.001)
        answer = self._sender.send("GET", request.target, self._signed, left_s)
        error = answer.error or (None if answer.status == 200 else UNEXPECTED_STATUS)
        self._keep(Sample(intended, start, self._now(), request.endpoint, answer.status, error))


def choose(count: int, seed: int) -> list[Request]:
    """The journey's requests in their proportions, in an order that can be repeated."""
    chance = random.Random(seed)  # noqa: S311 - a plan that can be repeated, no secret
    return chance.choices(JOURNEY, weights=[request.weight for request in JOURNEY], k=count)


def in_flight_limit(plan: Plan) -> int:
    """So many that even a target that never answers is sent the whole plan, as far as this process may open connections."""
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    wanted = int(plan.rate * (plan.limit_s + DRAIN_S) * 1.5) + 50
    return max(1, min(wanted, most_files - SPARE_FILES))


def client_of(agent: Any, address: str) -> HTTPClient:
    """The connections of a FastHttpUser to one origin, without its retries and redirects: a measurement must not have them."""
    client: HTTPClient = agent.clientpool.get_client(URL(address))
    parts = urlsplit(address)
    if (client.host, client.port) != (parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)):
        raise CannotSend(f"{address} is read as {client.host}:{client.port}")
    return client
