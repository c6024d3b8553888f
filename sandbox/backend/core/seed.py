"""Seed data of a staging deployment (contract 10.1): 50 contacts, 5 campaigns with 10 calls each, and the people who sign in.

Other contents in their place: `seed_data.py`.

The same rows, with the same ids, at each run; only dates follow the clock, so that reports over 30 days always see them.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, LiteralString
from uuid import UUID, uuid5

import psycopg
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from sandbox.backend.core.seed_data import CONTENTS, Content
from sandbox.backend.core.seed_material import DIALOGUE, NOTES, TAGS, CampaignSeed
from sandbox.process.settings import Settings

NAMESPACE = UUID("5eedda7a-0000-4000-8000-000000000010")
SPREAD = timedelta(days=26)  # in ten steps: calls at five times of the day, whenever the sandbox starts
FINISHED = frozenset({"completed", "failed", "busy", "no_answer", "cancelled", "error"})
UNSUCCESSFUL = frozenset({"failed", "busy", "no_answer", "error"})
WAITING = frozenset({"scheduled", "pending", "in_progress"})
REASONS = {"failed": "Llamada fallida", "error": "Error interno del proveedor", "cancelled": "Cancelada manualmente"}

Row = dict[str, Any]
Connection = psycopg.AsyncConnection[Any]


async def seed(settings: Settings) -> None:
    """Idempotent: a seeded row that has been changed becomes what it was, other rows stay."""
    now = datetime.now(UTC).replace(microsecond=0)
    content = CONTENTS[settings.data]
    contacts = _contacts(content, now)
    campaigns = _campaigns(content, settings, now)
    calls = _calls(content, settings, campaigns, contacts, now)
    _count(campaigns, calls)
    async with await psycopg.AsyncConnection.connect(settings.database_url) as connection:
        await _people(connection, settings)
        await _store(connection, "contacts", contacts)
        await _lists(connection, content, campaigns, contacts)
        await _store(connection, "calls", calls)
        await _conversations(connection, calls)


async def _store(
    connection: Connection, table: LiteralString, rows: Sequence[Row], key: Sequence[LiteralString] = ("id",)
) -> None:
    """Insert the rows, or put seeded ones back as they were. The rows have the same columns in the same order."""
    if not rows:
        return
    columns = list(rows[0])
    changes = [SQL("{0} = excluded.{0}").format(Identifier(column)) for column in columns if column not in key]
    statement = SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO {}").format(
        Identifier(table),
        SQL(", ").join(map(Identifier, columns)),
        SQL(", ").join(SQL("%s") for _ in columns),
        SQL(", ").join(map(Identifier, key)),
        SQL("UPDATE SET {}").format(SQL(", ").join(changes)) if changes else SQL("NOTHING"),
    )
    async with connection.cursor() as cursor:
        await cursor.executemany(statement, [list(row.values()) for row in rows])


def _id(content: Content, kind: str, index: int) -> UUID:
    return uuid5(NAMESPACE, f"{content.namespace}{kind}/{index}")


async def _people(connection: Connection, settings: Settings) -> None:
    """Names and roles of those who have an account already; the auth service made the accounts."""
    people = settings.identities
    await connection.execute("DELETE FROM user_roles WHERE user_id = ANY(%s::uuid[])", [[person.id for person in people]])
    await _store(
        connection, "user_roles", [{"user_id": person.id, "role": person.role} for person in people], key=("user_id", "role")
    )
    profiles = [
        {"id": person.id, "full_name": person.name, "role": "admin" if person.role == "admin" else "user"} for person in people
    ]
    await _store(connection, "profiles", profiles)


def _contacts(content: Content, now: datetime) -> list[Row]:
    random = Random(10)
    return [_contact(content, index, random, now) for index in range(content.contacts)]


def _contact(content: Content, index: int, random: Random, now: datetime) -> Row:
    name = f"{content.first_names[index % len(content.first_names)]} {content.surnames[index % len(content.surnames)]}"
    moment = now - SPREAD + SPREAD * index / max(50, content.contacts)
    return {
        "id": _id(content, "contact", index),
        "name": name,
        "phone_number": content.phone(index),
        "email": None if index % 7 == 6 else _email(name, index),
        "notes": random.choice(NOTES) if index % 3 == 0 else None,
        "tags": sorted(random.sample(TAGS, index % 4)),
        "created_at": moment,
        "updated_at": moment,
    }


def _email(name: str, index: int) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    first, last, *_ = plain.split()
    return f"{first}.{last}{index}@example.com"


def _campaigns(content: Content, settings: Settings, now: datetime) -> list[Row]:
    owners = [person.id for person in settings.identities if person.role in {"admin", "operator"}]
    return [
        _campaign(content, index, each, owner=owners[index % len(owners)], now=now)
        for index, each in enumerate(content.campaigns)
    ]


def _campaign(content: Content, index: int, campaign: CampaignSeed, *, owner: str, now: datetime) -> Row:
    begins = now - SPREAD - timedelta(days=1) + timedelta(hours=index)
    over = campaign.status in {"completed", "cancelled"}
    return {
        "id": _id(content, "campaign", index),
        "user_id": owner,
        "name": campaign.name,
        "description": campaign.description,
        "status": campaign.status,
        "campaign_type": campaign.campaign_type,
        "schedule_start": begins,
        "schedule_end": now - timedelta(hours=6) if over else now + timedelta(days=30),
        "contact_list_ids": [_id(content, "list", index % len(content.lists))] if content.lists else [],
        "script_template": campaign.script,
        "calling_hours_start": "09:00",
        "calling_hours_end": "20:00",
        "key_points": list(campaign.key_points),
        "created_at": begins,
        "updated_at": begins,
    }


def _calls(content: Content, settings: Settings, campaigns: Sequence[Row], contacts: Sequence[Row], now: datetime) -> list[Row]:
    random = Random(10)
    return [
        _call(
            settings, random, campaigns[number], contacts[number * 10 + turn], status=outcome, created=_moment(now, number, turn)
        )
        for number, campaign in enumerate(content.campaigns)
        for turn, outcome in enumerate(campaign.outcomes)
    ]


def _moment(now: datetime, number: int, turn: int) -> datetime:
    """When call `turn` of campaign `number` was made; no two in the same second, so that newest first is one order."""
    return now - SPREAD * (1 - turn / 10) + timedelta(minutes=37 * number)


def _call(settings: Settings, random: Random, campaign: Row, contact: Row, *, status: str, created: datetime) -> Row:
    call_id = uuid5(NAMESPACE, f"call/{campaign['id']}/{contact['id']}")
    placed = status not in {"scheduled", "pending", "cancelled"}
    due = created + (timedelta(days=28) if status == "scheduled" else timedelta(minutes=30))
    began = due + timedelta(seconds=random.randint(2, 9)) if placed else None
    duration = random.randint(35, 290) if status == "completed" else None
    ended = began + timedelta(seconds=duration or 20) if began and status in FINISHED else None
    talk = _talk(began, random) if status == "completed" and began else None
    return {
        "id": call_id,
        "campaign_id": campaign["id"],
        "contact_id": contact["id"],
        "status": status,
        "scheduled_time": due,
        "start_time": began,
        "end_time": ended,
        "duration": duration,
        "recording_url": _recording(settings, call_id) if status == "completed" else None,
        "notes": "Usuario interesado. Requiere seguimiento." if talk and len(talk) > 1 else None,
        "twilio_sid": f"CA{call_id.hex}" if placed else None,
        "retry_attempts": 1 if status in UNSUCCESSFUL else 0,
        "script_template": campaign["script_template"],
        "webhook_url": f"{settings.app_url}/api/webhooks/twilio/",
        "status_callback_url": f"{settings.app_url}/api/webhooks/twilio/status",
        "phone_number": contact["phone_number"],
        "from_number": settings.twilio_phone_number,
        "error_message": REASONS.get(status),
        "voice_id": "Bella",
        "interaction_history": Jsonb(talk) if talk else None,
        "created_at": created,
        "updated_at": ended or created,
    }


def _talk(began: datetime, random: Random) -> list[Row]:
    exchanges = DIALOGUE[: random.randint(1, len(DIALOGUE))]
    return [
        {"timestamp": (began + timedelta(seconds=8 * (turn + 1))).isoformat(), "user_message": user, "ai_response": answer}
        for turn, (user, answer) in enumerate(exchanges)
    ]


def _recording(settings: Settings, call_id: UUID) -> str:
    account = f"{settings.twilio_api_base_url}/2010-04-01/Accounts/{settings.twilio_account_sid}"
    recording = uuid5(NAMESPACE, f"recording/{call_id}")
    return f"{account}/Recordings/RE{recording.hex}.wav"


def _count(campaigns: Iterable[Row], calls: Sequence[Row]) -> None:
    """The counters of a campaign agree with its rows."""
    for campaign in campaigns:
        statuses = [call["status"] for call in calls if call["campaign_id"] == campaign["id"]]
        campaign["total_calls"] = len(statuses)
        campaign["successful_calls"] = statuses.count("completed")
        campaign["failed_calls"] = sum(status in UNSUCCESSFUL for status in statuses)
        campaign["pending_calls"] = sum(status in WAITING for status in statuses)


async def _lists(connection: Connection, content: Content, campaigns: Sequence[Row], contacts: Sequence[Row]) -> None:
    """Lists, who is in them, and which campaigns call them."""
    lists = content.lists
    ids = [_id(content, "list", index) for index in range(len(lists))]
    await _store(
        connection,
        "contact_lists",
        [{"id": list_id, "name": each.name, "description": each.description} for list_id, each in zip(ids, lists, strict=True)],
    )
    members = [
        {"contact_list_id": list_id, "contact_id": contact["id"]}
        for list_id, each in zip(ids, lists, strict=True)
        for contact in contacts[each.members]
    ]
    await _store(connection, "contact_list_contacts", members, key=("contact_list_id", "contact_id"))
    await _store(connection, "campaigns", campaigns)
    links = [
        {"campaign_id": campaign["id"], "contact_list_id": list_id}
        for campaign in campaigns
        for list_id in campaign["contact_list_ids"]
    ]
    await _store(connection, "campaign_contact_lists", links, key=("campaign_id", "contact_list_id"))


async def _conversations(connection: Connection, calls: Sequence[Row]) -> None:
    """What calls leave behind: spoken turns, errors, the state of each contact in its campaign, and memories of a few."""
    spoken = [call for call in calls if call["interaction_history"]]
    await _store(connection, "call_history", [turn for call in spoken for turn in _turns(call)])
    await _store(connection, "call_errors", [_error(call) for call in calls if call["status"] in {"failed", "error"}])
    await _store(connection, "campaign_contacts", [_progress(call) for call in calls])
    memories = [
        {"conversation_id": str(call["id"]), "memory_data": Jsonb({"history": call["interaction_history"].obj})}
        for call in spoken[:3]
    ]
    await _store(connection, "conversation_memories", memories, key=("conversation_id",))


def _turns(call: Row) -> list[Row]:
    return [
        {"id": uuid5(NAMESPACE, f"turn/{call['id']}/{number}"), "call_id": call["id"], **turn}
        for number, turn in enumerate(call["interaction_history"].obj)
    ]


def _error(call: Row) -> Row:
    return {
        "id": uuid5(NAMESPACE, f"error/{call['id']}"),
        "call_id": call["id"],
        "error_type": "twilio",
        "error_message": call["error_message"],
        "timestamp": call["end_time"],
    }


def _progress(call: Row) -> Row:
    return {
        "id": uuid5(NAMESPACE, f"progress/{call['id']}"),
        "campaign_id": call["campaign_id"],
        "contact_id": call["contact_id"],
        "call_status": call["status"],
        "retry_count": call["retry_attempts"],
        "called_at": call["start_time"],
    }
