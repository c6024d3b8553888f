"""Supabase answers the way the MVP relies on: accounts, and rows that only the right people see (contract 4.4, 6.6)."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest

from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding
from fixtures.wire.ledger import Ledger
from record.outcome import Unverified

if TYPE_CHECKING:
    from supabase import Client

PRIVATE_TABLES = (
    "campaigns", "contacts", "contact_lists", "contact_list_contacts", "campaign_contact_lists", "campaign_contacts", "calls",
    "call_history", "call_errors", "user_roles", "role_permissions", "profiles", "conversation_memories", "conversation_metrics",
    "auth_audit_log",
)  # fmt: skip
# Rows that no table keeps, because something that it requires is missing: where the door is open, nothing comes of it.
IMPOSSIBLE_ROWS = {
    "contacts": {"name": None, "phone_number": None},
    "campaigns": {"name": None},
    "calls": {"id": None},
    "user_roles": {"user_id": None, "role": None},
}
REFUSALS = ("42501", "PGRST301", "PGRST302")
TOO_MANY = 429
SIGN_IN_LIMIT_S = 1.0  # contract 11: p95 of auth
TIMES = 3


@pytest.mark.plan("W1-D5-T1", "W2-D1-T10")
def test_identity_signs_in(supabase: "Client", env: Environment) -> None:
    """Through the official SDK, as the frontend does."""
    if "viewer" not in env.identities:
        raise Unverified("the profile has no viewer", "set LV_VIEWER_EMAIL and LV_VIEWER_PASSWORD")
    identity = env.identities["viewer"]
    answer = supabase.auth.sign_in_with_password({"email": identity.email, "password": identity.password})

    seen = answer.user.email if answer.user else None
    assert seen == identity.email, finding(
        "sign_in_with_password", expected=identity.email, seen=seen, then="does this identity exist in this Supabase project?"
    )


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
@pytest.mark.parametrize("table", PRIVATE_TABLES)
def test_anonymous_key_reads_nothing(supabase: "Client", table: str) -> None:
    """The anon key is in every browser, so no row may come with it (contract R-17)."""
    seen = rows_or_refusal(supabase, table)

    assert seen in (0, "refused"), finding(
        f"select from {table} with the anon key",
        expected="no rows, or a refusal",
        seen=f"{seen} rows",
        then=f"enable row-level security on {table}: stop the release",
    )


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
@pytest.mark.parametrize("table", IMPOSSIBLE_ROWS)
def test_anonymous_key_writes_nothing(supabase_wire: httpx.Client, env: Environment, table: str) -> None:
    """Refused for who asks, before anybody looks at the row (contract 4.4)."""
    env.require("supabase.key")
    key = env.supabase.key or ""
    answer = supabase_wire.post(
        f"/rest/v1/{table}",
        json=IMPOSSIBLE_ROWS[table],
        headers={"apikey": key, "authorization": f"Bearer {key}"},
        extensions={"must_be_refused": "nobody may add rows with the anonymous key"},
    )

    assert answer.status_code in (401, 403), finding(
        answer,
        expected="401 or 403: may not insert",
        then=f"anybody on the internet can add rows: mend the policies on {table}. Stop the release",
    )


@pytest.mark.writes("asks to add a row that no table keeps")
@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
def test_viewer_gives_no_roles(supabase_as: "Callable[[str], Client]") -> None:
    """Whoever could write user_roles would be administrator a moment later."""
    seen = insert_or_refusal(supabase_as("viewer"), "user_roles")

    assert seen == "refused", finding(
        "insert into user_roles as viewer",
        expected="refused for who asks",
        seen=seen,
        then="take INSERT on user_roles away from everybody but the service role: stop the release",
    )


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
def test_anonymous_key_lists_no_accounts(supabase: "Client") -> None:
    """The administration of accounts is for the service key (contract 6.6)."""
    from supabase import AuthApiError  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        seen = f"{len(supabase.auth.admin.list_users())} accounts"
    except AuthApiError as error:
        seen = f"refused with {error.status}"

    assert seen in ("refused with 401", "refused with 403"), finding(
        "auth.admin.list_users with the anonymous key",
        expected="refused",
        seen=seen,
        then="update the auth service and rotate keys",
    )


@pytest.mark.writes("asks to recover the password of an account that does not exist: no mail is sent")
@pytest.mark.plan("W1-D5-T1", "W1-D3-T1")
def test_recovery_does_not_tell_who_has_an_account(supabase: "Client", ledger: Ledger) -> None:
    """The same answer for everybody; with another one anybody could try out e-mails (contract 9.6)."""
    from supabase import AuthApiError  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        supabase.auth.reset_password_for_email(f"{ledger.run_id}@example.com")
        seen = "accepted"
    except AuthApiError as error:
        if error.status == TOO_MANY:
            raise Unverified("Supabase sends no more mails for now", "try again in an hour") from error
        seen = f"{error.status} {error.message}"

    assert seen == "accepted", finding(
        "reset_password_for_email of an unknown account", expected="accepted", seen=seen, then="it tells who is a user"
    )


@pytest.mark.plan("W1-D5-T1", "SUCCESS-2")
def test_signing_in_is_quick(supabase: "Client", env: Environment) -> None:
    """At the vendor itself, where the backend adds nothing. The quickest of a few: slower than that it is never."""
    env.require("viewer")
    person = env.identities["viewer"]
    took_s = []
    for _ in range(TIMES):
        began = time.perf_counter()
        supabase.auth.sign_in_with_password({"email": person.email, "password": person.password})
        took_s.append(time.perf_counter() - began)

    seen = min(took_s)
    assert seen <= SIGN_IN_LIMIT_S, finding(
        "sign_in_with_password",
        expected=f"at most {SIGN_IN_LIMIT_S:g} s",
        seen=f"{seen:.1f} s at the quickest of {TIMES}",
        then="the time is spent at Supabase: look at its status page, its region and the size of its machine",
    )


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
@pytest.mark.parametrize(("role", "sees"), [("admin", True), ("operator", True), ("viewer", False)])
def test_contacts_are_for_those_who_call(supabase_as: "Callable[[str], Client]", role: str, sees: bool) -> None:
    """Admin and operator read contacts, a viewer gets them only masked through the API (contract 4.3)."""
    seen = rows_or_refusal(supabase_as(role), "contacts")

    holds = isinstance(seen, int) and (seen > 0) == sees if sees else seen in (0, "refused")
    assert holds, finding(
        f"select from contacts as {role}",
        expected="rows" if sees else "no rows, or a refusal",
        seen=f"{seen} rows",
        then="look at the policies on contacts",
    )


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
def test_profile_of_others_is_hidden(supabase_as: "Callable[[str], Client]") -> None:
    """A user reads the own profile and no other."""
    client = supabase_as("viewer")
    user = client.auth.get_user()
    rows = client.table("profiles").select("id").execute().data

    own = user.user.id if user else None
    seen = sorted(str(row["id"]) for row in rows if isinstance(row, dict))
    assert seen in ([own], []), finding(
        "select id from profiles as viewer",
        expected=f"only {own}",
        seen=f"{len(seen)} rows",
        then="look at the policies on profiles",
    )


def rows_or_refusal(client: "Client", table: str) -> int | str:
    """How many rows a select shows (at most 5), or "refused"."""
    from postgrest.exceptions import APIError  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        return len(client.table(table).select("*").limit(5).execute().data)
    except APIError as error:
        if error.code in REFUSALS:
            return "refused"
        raise


def insert_or_refusal(client: "Client", table: str) -> str:
    """What becomes of an impossible row: "refused" for who asks, or whatever the table says to it."""
    from postgrest.exceptions import APIError  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        client.table(table).insert(IMPOSSIBLE_ROWS[table]).execute()
    except APIError as error:
        return "refused" if error.code in REFUSALS else f"let through to the table: {error.message}"
    return "accepted"
