"""Which requests are refused at busy times, and with which response."""

from collections import defaultdict
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Scope, Send

from sandbox.backend.accounts.limits import TOO_MANY, is_exempt
from sandbox.backend.core.errors import UNAVAILABLE, UNHANDLED
from sandbox.crowding import faults
from sandbox.crowding.traffic import Moment, Window, is_off
from sandbox.edge.messages import on_start
from sandbox.edge.proxy import refusal

REPORT = "/api/reports/performance_metrics"
ADDRESS_LIMIT_RPS = 30
EVERY = 3
RUSH, RUSH_S = 150, 3.0
QUIET_RPS, QUIET_S = 5, 10.0


class Refusals:
    """The reasons for a refusal, in the order in which they are checked."""

    def __init__(self) -> None:
        self.threads, self.limit = StuckThreads(), AddressLimit()
        self.busy_requests = 0

    def of(self, scope: Scope, moment: Moment) -> Response | None:
        """The response that takes the place of the product's; None when the request is served."""
        if self.threads.are_stuck(moment):
            return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, UNHANDLED)
        if self.limit.is_exceeded(scope, moment):
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, {"Retry-After": "60"} | self.limit.announced)
        if self._is_shed(moment):
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE, {"Retry-After": "5"})
        if moment.busy and (scope["method"], scope["path"]) == ("GET", REPORT) and faults.REPORTS_BREAK.on:
            return JSONResponse({"detail": "Error interno del servidor"}, HTTPStatus.INTERNAL_SERVER_ERROR)
        return None

    def _is_shed(self, moment: Moment) -> bool:
        self.busy_requests += moment.busy
        return moment.busy and self.busy_requests % EVERY == 0 and faults.SHEDS_WITH_RETRY_AFTER.on


class AddressLimit:
    """A limit for each address: ADDRESS_LIMIT_RPS requests are served in a second and the rest is refused.

    `announced` are the rate limit headers that the product sends.
    """

    def __init__(self) -> None:
        self.served: dict[str, Window] = defaultdict(lambda: Window(1.0))
        self.announced: dict[str, str] = {}

    def is_exceeded(self, scope: Scope, moment: Moment) -> bool:
        limited = moment.busy and scope["path"].startswith("/api/") and not is_exempt(scope)
        if not (limited and faults.LIMITS_ITS_OWN_LOAD.on):
            return False
        window = self.served[scope["client"][0]]
        exceeded = window.count(moment.now) >= ADDRESS_LIMIT_RPS
        if not exceeded:
            window.add(moment.now)
        return exceeded

    def observed(self, send: Send, moment: Moment) -> Send:
        """A `send` that keeps the rate limit headers of the product."""
        if not (moment.busy and faults.LIMITS_ITS_OWN_LOAD.on):
            return send

        def learn(message: Message) -> None:
            headers = Headers(raw=list(message["headers"]))
            found = {name: value for name, value in headers.items() if name.startswith("x-ratelimit-")}
            self.announced = found or self.announced

        return on_start(send, learn)


class StuckThreads:
    """Stuck after a rush, until QUIET_S pass without more than QUIET_RPS requests in a second."""

    def __init__(self) -> None:
        self.rush, self.stuck = Window(RUSH_S), False
        self.last_busy = 0.0

    def are_stuck(self, moment: Moment) -> bool:
        if is_off(faults.GIVES_UP_UNDER_LOAD):
            self.rush, self.stuck = Window(RUSH_S), False
        if moment.last_second > QUIET_RPS:
            self.last_busy = moment.now
        if moment.now - self.last_busy >= QUIET_S:
            self.stuck = False
        if moment.busy and faults.GIVES_UP_UNDER_LOAD.on:
            self.rush.add(moment.now)
            self.stuck = self.stuck or self.rush.count(moment.now) >= RUSH
        return self.stuck
