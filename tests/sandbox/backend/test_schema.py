"""The database of contract 4.4 (R-17), how it came to be, and the seed data of 10.1."""

import collections
import io
import ssl
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.conftest import RunningSandbox

MIGRATIONS = Path(__file__).resolve().parents[3] / "sandbox" / "backend" / "core" / "migrations"
STAMPS = {"created_at": "timestamptz", "updated_at": "timestamptz"}
TABLES: dict[str, dict[str, str]] = {
    "campaigns": {
        "id": "uuid",
        "user_id": "uuid",
        "name": "varchar(255)",
        "description": "text",
        "status": "campaign_status",
        "campaign_type": "campaign_type",
        "schedule_start": "timestamptz",
        "schedule_end": "timestamptz",
        "contact_list_ids": "uuid[]",
        "script_template": "text",
        "calling_hours_start": "time",
        "calling_hours_end": "time",
        "max_retries": "int4",
        "retry_delay_minutes": "int4",
        "total_calls": "int4",
        "successful_calls": "int4",
        "failed_calls": "int4",
        "pending_calls": "int4",
        "ai_config": "jsonb",
        "key_points": "text[]",
        **STAMPS,
    },
    "contacts": {
        "id": "uuid",
        "name": "varchar(255)",
        "phone_number": "varchar(20)",
        "email": "varchar(255)",
        "notes": "text",
        "tags": "text[]",
        "additional_data": "jsonb",
        **STAMPS,
    },
    "contact_lists": {"id": "uuid", "name": "varchar(255)", "description": "text", **STAMPS},
    "contact_list_contacts": {"contact_list_id": "uuid", "contact_id": "uuid", "created_at": "timestamptz"},
    "campaign_contact_lists": {"campaign_id": "uuid", "contact_list_id": "uuid", "created_at": "timestamptz"},
    "campaign_contacts": {
        "id": "uuid",
        "campaign_id": "uuid",
        "contact_id": "uuid",
        "call_status": "varchar(50)",
        "retry_count": "int4",
        "called_at": "timestamptz",
        **STAMPS,
    },
    "calls": {
        "id": "uuid",
        "campaign_id": "uuid",
        "contact_id": "uuid",
        "status": "call_status",
        "scheduled_time": "timestamptz",
        "start_time": "timestamptz",
        "end_time": "timestamptz",
        "duration": "int4",
        "recording_url": "text",
        "notes": "text",
        "twilio_sid": "varchar(64)",
        "retry_attempts": "int4",
        "max_retries": "int4",
        "script_template": "text",
        "webhook_url": "text",
        "status_callback_url": "text",
        "phone_number": "varchar(20)",
        "from_number": "varchar(20)",
        "error_message": "text",
        "voice_id": "text",
        "interaction_history": "jsonb",
        **STAMPS,
    },
    "call_history": {
        "id": "uuid",
        "call_id": "uuid",
        "user_message": "text",
        "ai_response": "text",
        "timestamp": "timestamptz",
    },
    "call_errors": {
        "id": "uuid",
        "call_id": "uuid",
        "error_type": "text",
        "error_message": "text",
        "timestamp": "timestamptz",
    },
    "user_roles": {"user_id": "uuid", "role": "text"},
    "role_permissions": {"role": "text", "permission": "text"},
    "profiles": {"id": "uuid", "full_name": "text", "role": "text"},
    "conversation_memories": {"conversation_id": "text", "memory_data": "jsonb", "updated_at": "timestamptz"},
    "conversation_metrics": {"id": "uuid", "conversation_id": "text", "metrics": "jsonb", "created_at": "timestamptz"},
    "auth_audit_log": {
        "id": "uuid",
        "user_id": "uuid",
        "event_type": "text",
        "ip_address": "text",
        "user_agent": "text",
        "metadata": "jsonb",
        "created_at": "timestamptz",
    },
}
INDEXES = {
    "idx_campaigns_status",
    "idx_campaigns_campaign_type",
    "idx_calls_status",
    "idx_calls_campaign_id",
    "idx_calls_contact_id",
    "idx_calls_scheduled_time",
    "idx_contacts_phone_number",
}
CALL_STATUSES = ["busy", "cancelled", "completed", "error", "failed", "in_progress", "no_answer", "pending", "scheduled"]

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def database(staging: RunningSandbox) -> Iterator[Connection]:
    """The backend's login. What a test writes is rolled back."""
    with psycopg.connect(staging.profile["DATABASE_URL"]) as connection:
        yield connection
        connection.rollback()


def column(connection: Connection, query: LiteralString | sql.Composed, *values: object) -> list[object]:
    return [row[0] for row in connection.execute(query, values).fetchall()]


def mapping(connection: Connection, query: LiteralString, *values: object) -> dict[object, object]:
    return {row[0]: row[1] for row in connection.execute(query, values).fetchall()}


@pytest.mark.parametrize("table", TABLES)
def test_r17_table_has_its_columns(database: Connection, table: str) -> None:
    query = """SELECT attname, CASE WHEN atttypmod > 4 AND typname = 'varchar' THEN format('varchar(%%s)', atttypmod - 4)
        WHEN typname LIKE '\\_%%' THEN substr(typname, 2) || '[]' ELSE typname END
        FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
        WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"""

    assert mapping(database, query, f"public.{table}") == TABLES[table]


def test_r17_row_level_security_is_on_everywhere(database: Connection) -> None:
    tables = mapping(
        database, "SELECT relname, relrowsecurity FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )

    assert set(TABLES) <= set(tables)
    assert [name for name, secured in tables.items() if not secured] == []


def test_r17_anonymous_role_is_granted_nothing(database: Connection) -> None:
    granted = column(
        database,
        """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND has_table_privilege('anon', oid, 'SELECT, INSERT, UPDATE, DELETE')""",
    )
    open_policies = column(database, "SELECT policyname FROM pg_policies WHERE roles && '{anon,public}'::name[]")

    assert (granted, open_policies) == ([], [])


def test_r17_campaigns_and_contacts_have_their_policies(database: Connection) -> None:
    query = "SELECT DISTINCT tablename || ' ' || cmd FROM pg_policies WHERE tablename IN ('campaigns', 'contacts')"

    assert {"campaigns SELECT", "campaigns INSERT", "campaigns DELETE", "contacts SELECT"} <= set(column(database, query))


def test_r17_call_statuses_are_the_nine(database: Connection) -> None:
    assert sorted(map(str, column(database, "SELECT unnest(enum_range(NULL::call_status))"))) == CALL_STATUSES


def test_r17_searches_have_their_indexes(database: Connection) -> None:
    defined = mapping(database, "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")

    assert set(defined) >= INDEXES
    assert any("USING gin (tags)" in str(text) for text in defined.values())
    assert any("UNIQUE" in str(text) and "(twilio_sid) WHERE (twilio_sid IS NOT NULL)" in str(text) for text in defined.values())


REFUSED: dict[str, LiteralString] = {
    "campaign that ends before it starts": "UPDATE campaigns SET schedule_end = schedule_start",
    "overnight hours": "UPDATE campaigns SET calling_hours_end = calling_hours_start",
    "negative total": "UPDATE campaigns SET total_calls = -1, successful_calls = -1, failed_calls = 0",
    "negative pending": "UPDATE campaigns SET pending_calls = -1",
    "more outcomes than calls": "UPDATE campaigns SET successful_calls = total_calls, failed_calls = 1",
    "negative retries": "UPDATE campaigns SET max_retries = -1",
    "negative wait": "UPDATE campaigns SET retry_delay_minutes = -1",
    "campaign without dates": "UPDATE campaigns SET schedule_start = NULL",
    "campaign without script": "UPDATE campaigns SET script_template = NULL",
    "contact without name": "UPDATE contacts SET name = NULL",
    "contact with a phone that is none": "UPDATE contacts SET phone_number = '12345'",
    "call of an unknown contact": "UPDATE calls SET contact_id = gen_random_uuid()",
    "call of no campaign": "UPDATE calls SET campaign_id = gen_random_uuid()",
    "call with a status of the UI": "UPDATE calls SET status = 'queued'",
    "two calls with one sid": "UPDATE calls SET twilio_sid = 'CA'",
    "contact twice in a campaign": "INSERT INTO campaign_contacts (campaign_id, contact_id) "
    "SELECT campaign_id, contact_id FROM campaign_contacts",
    "contact twice in a list": "INSERT INTO contact_list_contacts SELECT * FROM contact_list_contacts",
    "role twice": "INSERT INTO user_roles SELECT * FROM user_roles",
    "permission twice": "INSERT INTO role_permissions SELECT * FROM role_permissions",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_r17_impossible_row_is_refused(database: Connection, statement: LiteralString) -> None:
    with pytest.raises((psycopg.errors.IntegrityError, psycopg.errors.InvalidTextRepresentation)):
        database.execute(statement)


@pytest.mark.parametrize("parent", ["campaigns", "contacts"])
def test_r17_calls_and_links_go_with_their_parent(database: Connection, parent: str) -> None:
    database.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(parent)))

    for dependent in ("calls", "call_history", "campaign_contacts"):
        assert column(database, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(dependent))) == [0]


def test_r17_every_change_moves_updated_at(database: Connection) -> None:
    for table in ("campaigns", "contacts", "contact_lists", "calls", "campaign_contacts"):
        changed = sql.SQL("UPDATE {} SET updated_at = '2020-01-01' RETURNING updated_at = now()")  # the trigger's word

        assert set(column(database, changed.format(sql.Identifier(table)))) == {True}, table


def test_migrations_are_recorded_in_their_order(database: Connection) -> None:
    recorded = database.execute("SELECT version, name FROM schema_migrations ORDER BY applied_at, version").fetchall()

    assert [f"{version}_{name}.sql" for version, name in recorded] == sorted(path.name for path in MIGRATIONS.glob("*.sql"))


def test_statistics_of_a_campaign_are_its_calls(database: Connection) -> None:
    for row in database.execute("SELECT id, total_calls, successful_calls FROM campaigns").fetchall():
        (stats,) = column(database, "SELECT get_campaign_stats(%s)", row[0])
        assert isinstance(stats, dict)
        assert set(stats) == {"total_calls", "completed_calls", "failed_calls", "pending_calls", "avg_duration"}
        assert (stats["total_calls"], stats["completed_calls"]) == row[1:]


def test_five_people_can_sign_in(database: Connection, staging: RunningSandbox) -> None:
    roles = column(database, "SELECT user_roles.role FROM user_roles JOIN auth.users ON users.id = user_id")

    assert collections.Counter(roles) == {"admin": 1, "operator": 1, "viewer": 3}
    assert column(database, "SELECT count(*) FROM auth.users") == [5]
    assert column(database, "SELECT count(*) FROM profiles WHERE full_name ~ '[áéíóúñ]'") == [5]
    assert all(staging.token(role) for role in ("admin", "operator", "viewer"))


def test_fifty_contacts_five_campaigns_ten_calls_each(staging: RunningSandbox) -> None:
    with staging.client("admin") as client:
        contacts = client.get("/api/contacts/", params={"limit": 100}).json()
        campaigns = client.get("/api/campaigns/", params={"page_size": 100}).json()
        totals = [client.get("/api/calls/", params={"campaign_id": campaign["id"]}).json()["total"] for campaign in campaigns]

    assert (contacts["total"], len(contacts["data"]), totals) == (50, 50, [10] * 5)
    assert len({contact["name"] for contact in contacts["data"]}) == 50
    assert any("ñ" in contact["name"] for contact in contacts["data"])
    assert {campaign["status"] for campaign in campaigns} == {"draft", "active", "paused", "completed", "cancelled"}


def test_recordings_can_be_heard(staging: RunningSandbox) -> None:
    account = (staging.profile["TWILIO_ACCOUNT_SID"], staging.profile["TWILIO_AUTH_TOKEN"])
    with staging.client("admin") as client:
        calls = client.get("/api/calls/", params={"status": "completed", "page_size": 3}).json()["data"]
        details = [client.get(f"/api/calls/{call['id']}", params={"include_recordings": True}).json() for call in calls]
    with httpx.Client(verify=client_tls(staging), auth=account) as vendor:
        sounds = [vendor.get(detail["recording_url"]).raise_for_status().content for detail in details]

    for sound in sounds:
        with wave.open(io.BytesIO(sound)) as audio:
            assert audio.getnframes() > 0
    assert len(sounds) == 3


def client_tls(sandbox: RunningSandbox) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=sandbox.profile["LV_CA_FILE"])
