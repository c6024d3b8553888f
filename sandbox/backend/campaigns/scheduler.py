"""The round that calls the contacts of active campaigns (contract 3.6). Nothing starts it by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.backend.calls import store as call_store
from sandbox.backend.calls.models import CallCreate
from sandbox.backend.calls.states import CallStatus, retry_allowed
from sandbox.backend.calls.store import Connection, Row
from sandbox.backend.calls.telephony import Telephony, TelephonyError
from sandbox.backend.core.metrics import Metrics
from sandbox.process.settings import Settings

CAMPAIGNS_PER_ROUND = 10


def window_contains(campaign: Row, now: datetime) -> bool:
    """Between the campaign's dates and within its calling hours, in UTC; no hours means all day."""
    if not campaign["schedule_start"] <= now <= campaign["schedule_end"]:
        return False
    start, end = campaign["calling_hours_start"], campaign["calling_hours_end"]
    return bool(start is None or end is None or start <= now.time() <= end)


def due(link: Row, campaign: Row, now: datetime) -> bool:
    """Whether a contact of the campaign is to be called now: not while a call runs, and not before the wait is over."""
    if link["called_at"] is None:
        return True
    if link["call_status"] in {CallStatus.COMPLETED, CallStatus.IN_PROGRESS} or link["retry_count"] >= campaign["max_retries"]:
        return False
    return bool(now - link["updated_at"] >= timedelta(minutes=campaign["retry_delay_minutes"]))


@dataclass(frozen=True)
class Round:
    """What a round works with."""

    connection: Connection
    vendor: Telephony
    settings: Settings
    metrics: Metrics

    async def run(self, now: datetime) -> int:
        """Call who is due in the first ten campaigns whose window contains `now`. Return the number of calls placed."""
        active = await self.connection.execute("SELECT * FROM campaigns WHERE status = 'active' ORDER BY schedule_start, id")
        campaigns = [campaign for campaign in await active.fetchall() if window_contains(campaign, now)]
        placed = 0
        for campaign in campaigns[:CAMPAIGNS_PER_ROUND]:
            for link in await self._contacts(campaign):
                if due(link, campaign, now):
                    # A transaction each: what was placed stays recorded, whatever becomes of the next one.
                    async with self.connection.transaction():
                        placed += await self._ring(self._order(campaign, link), link)
            await self.connection.execute(
                "UPDATE campaigns SET status = 'completed' WHERE id = %s AND pending_calls <= 0", [campaign["id"]]
            )
        return placed

    async def _contacts(self, campaign: Row) -> list[Row]:
        """The campaign's links with the phone of each contact and its latest call in the campaign, if any."""
        links = await self.connection.execute(
            """SELECT link.*, contacts.phone_number, latest.id AS call_id
            FROM campaign_contacts link JOIN contacts ON contacts.id = link.contact_id
            LEFT JOIN LATERAL (SELECT id FROM calls WHERE campaign_id = link.campaign_id AND contact_id = link.contact_id
                               ORDER BY created_at DESC LIMIT 1) latest ON true
            WHERE link.campaign_id = %s ORDER BY link.created_at, link.id""",
            [campaign["id"]],
        )
        return await links.fetchall()

    def _order(self, campaign: Row, link: Row) -> CallCreate:
        webhooks = f"{self.settings.app_url}/api/webhooks/twilio"
        return CallCreate(
            campaign_id=str(campaign["id"]),
            contact_id=link["contact_id"],
            status=CallStatus.PENDING,
            max_retries=campaign["max_retries"],
            script_template=campaign["script_template"],
            webhook_url=f"{webhooks}/",
            status_callback_url=f"{webhooks}/status",
            phone_number=link["phone_number"],
            from_number=self.settings.twilio_phone_number,
        )

    async def _ring(self, order: CallCreate, link: Row) -> bool:
        """A first call, or a retry of one that failed. Whether the vendor took it."""
        previous = await call_store.by_id(self.connection, str(link["call_id"]), lock=True)
        if previous is None:
            return await self._first(order, link)
        if retry_allowed(CallStatus(previous["status"]), previous["retry_attempts"], previous["max_retries"]):
            return await self._again(order, previous, link)
        return False

    async def _first(self, order: CallCreate, link: Row) -> bool:
        try:
            sid = await self.vendor.place(order)
        except TelephonyError:
            await self._note(link, CallStatus.FAILED, retried=False)
            return False
        await call_store.insert(self.connection, order, sid)
        await self._note(link, CallStatus.IN_PROGRESS, retried=False)
        return True

    async def _again(self, order: CallCreate, call: Row, link: Row) -> bool:
        self.metrics.call_retries_total.inc()
        changes: dict[str, Any] = {"retry_attempts": call["retry_attempts"] + 1}
        try:
            changes |= {"status": CallStatus.PENDING, "twilio_sid": await self.vendor.place(order)}
        except TelephonyError as error:
            changes |= {"status": CallStatus.FAILED, "error_message": str(error)}
        await call_store.update(self.connection, call, self.metrics, **changes)
        taken = changes["status"] is CallStatus.PENDING
        await self._note(link, CallStatus.IN_PROGRESS if taken else CallStatus.FAILED, retried=True)
        return taken

    async def _note(self, link: Row, outcome: CallStatus, *, retried: bool) -> None:
        await self.connection.execute(
            """UPDATE campaign_contacts
            SET call_status = %s, retry_count = retry_count + %s, called_at = now(), updated_at = now() WHERE id = %s""",
            [outcome, int(retried), link["id"]],
        )
