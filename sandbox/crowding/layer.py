"""What goes wrong with many users at once and never with a single one."""

import asyncio

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.crowding import faults
from sandbox.crowding.refusals import Refusals
from sandbox.crowding.responses import Responses
from sandbox.crowding.traffic import Clock, Moment, Traffic
from sandbox.crowding.waits import Waits

BLOCKED_S = 0.02  # fifty requests a second, and no more
WORKERS, SWAPPING_S = 12, 0.7


class Crowding:
    """Outermost layer: counts the requests under way and acts out the faults of busy times."""

    def __init__(self, app: ASGIApp, clock: Clock | None = None) -> None:
        self.app = app
        self.clock = clock or Clock()
        self.under_way = 0
        self.only_worker = asyncio.Lock()
        self.served = 0
        self.traffic = Traffic()
        self.waits, self.refusals, self.responses = Waits(), Refusals(), Responses(self.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        crowded = self.under_way > 0
        moment = self.traffic.arrival(self.clock.now(), scope["path"], crowded=crowded)
        self.under_way += 1
        self.served += 1
        try:
            if self.served % WORKERS == 0 and faults.SOME_WAIT.on:
                await asyncio.sleep(SWAPPING_S)
            if crowded and faults.SHEDS_LOAD.on:
                await JSONResponse({"detail": "Servicio no disponible"}, 503)(scope, receive, send)
                return
            if crowded and faults.ONE_AT_A_TIME.on:
                async with self.only_worker:
                    await asyncio.sleep(BLOCKED_S)
            await self.serve(scope, receive, send, moment)
        finally:
            self.under_way -= 1

    async def serve(self, scope: Scope, receive: Receive, send: Send, moment: Moment) -> None:
        """Wait, refuse or serve, as the faults of the moment say."""
        wait_s = self.waits.seconds(moment)
        if wait_s > 0:
            await self.clock.sleep(wait_s)
        altered = self.responses.altered(scope, send, moment)
        refused = self.refusals.of(scope, moment)
        if refused:
            await refused(scope, receive, altered)
        else:
            await self.app(scope, receive, self.refusals.limit.observed(altered, moment))
