"""Supabase answers the way the MVP relies on: accounts, and rows that only the right people see (contract 4.4, 6.6)."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest

from fixtures.product.identities import People
from fixtures.product.response import object_in
from fixtures.profile.environment import Environment
from fixtures.vendors.supabase import OpenSupabase
from fixtures.wire.finding import finding
from fixtures.wire.ledger import Ledger
from record.outcome import Unverified
from suites.claiming import named

if TYPE_CHECKING:
    from supabase import Client

PRIVATE_TABLES = (
    "campaigns", "contacts", "contact_lists", "contact_list_contacts", "campaign_contact_lists", "campaign_contacts", "calls",
    "call_history", "call_errors", "user_roles", "role_permissions", "profiles", "conversation_memories", "conversation_metrics",
    "auth_audit_log",
)  # fmt: skip
# Rows that no table keeps, because something that it requires is missing: where the door is open, nothing comes of it.
IMPOSSIBLE_ROWS = {
    "contacts": {"id": None, "name": None, "phone_number": None},
    "campaigns": {"id": None, "name": None},
    "calls": {"id": None},
    "user_roles": {"user_id": None, "role": None},
}
READS_CONTACTS = {"admin": True, "operator": True, "viewer": False}
REFUSALS = ("42501", "PGRST301", "PGRST302")  # codes of PostgreSQL and PostgREST
NOTHING = (0, *REFUSALS)
TOO_MANY = 429
SIGN_IN_LIMIT_S = 1.0  # contract 11: p95 of auth
TIMES = 3


@pytest.mark.plan("W1-D5-T1", "W2-D1-T10")
def test_identity_signs_in(supabase: "Client", env: Environment) -> None:
    """Through the official SDK, as the frontend does."""
    identity = env.need_identity("viewer")
    answer = supabase.auth.sign_in_with_password({"email": identity.email, "password": identity.password})

    seen = answer.user.email if answer.user else None
    assert seen == identity.email, finding(
        "supabase-identity-differs", "auth.sign_in_with_password", seen=seen or "-", email=identity.email
    )


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
@pytest.mark.parametrize("table", named({table: f"rls/{table}/anonymous/select" for table in PRIVATE_TABLES}))
def test_anonymous_key_reads_nothing(supabase: "Client", open_supabase: OpenSupabase, env: Environment, table: str) -> None:
    """The anon key is in every browser, so no row may come with it (contract R-17).

    A refusal says so for itself. No rows say it where there are some, which only the service key sees.
    """
    seen = rows_or_refusal(supabase, table)
    if seen == 0 and rows_or_refusal(open_supabase(env.need("supabase.service_key")), table) == 0:
        raise Unverified("supabase-table-empty", table=table)

    assert seen in NOTHING, finding("supabase-rows-open-to-anonymous", address(env, table), rows=seen)


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
@pytest.mark.parametrize("table", named({table: f"rls/{table}/anonymous/insert" for table in IMPOSSIBLE_ROWS}))
def test_anonymous_key_writes_nothing(supabase_wire: httpx.Client, env: Environment, table: str) -> None:
    """Refused for who asks, before the row is looked at (contract 4.4)."""
    key = env.need("supabase.key")
    answer = supabase_wire.post(
        f"/rest/v1/{table}",
        json=IMPOSSIBLE_ROWS[table],
        headers={"apikey": key, "authorization": f"Bearer {key}"},
        extensions={"must_be_refused": "no row may be added with the anonymous key"},
    )

    seen = f"{answer.status_code} {code_of(answer)}"  # the same for every table, where the message names a column of each
    assert answer.status_code in (401, 403), finding("supabase-inserts-open-to-anonymous", answer, seen=seen)


@pytest.mark.writes("asks to add a row that no table keeps")
@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
@pytest.mark.claims("rls/user_roles/viewer/insert")
def test_viewer_gives_no_roles(supabase_as: "Callable[[str], Client]") -> None:
    """A user who could write user_roles would be administrator a moment later."""
    seen = insert_or_refusal(supabase_as("viewer"), "user_roles")

    assert seen == "refused", finding("supabase-roles-writable", "POST /rest/v1/user_roles", seen=seen)


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
def test_anonymous_key_lists_no_accounts(supabase: "Client") -> None:
    """The administration of accounts is for the service key (contract 6.6)."""
    from supabase import AuthApiError  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        status, accounts = 200, len(supabase.auth.admin.list_users())
    except AuthApiError as error:
        status, accounts = error.status, 0

    assert status in (401, 403), finding("supabase-accounts-listed", "auth.admin.list_users", status=status, accounts=accounts)


@pytest.mark.writes("asks to recover the password of an account that does not exist: no mail is sent")
@pytest.mark.plan("W1-D5-T1", "W1-D3-T1")
def test_recovery_does_not_tell_who_has_an_account(supabase: "Client", ledger: Ledger) -> None:
    """The same answer for known and unknown e-mails; with another one accounts could be guessed (contract 9.6)."""
    from supabase import AuthApiError  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        supabase.auth.reset_password_for_email(f"{ledger.run_id}@example.com")
        seen = "accepted"
    except AuthApiError as error:
        if error.status == TOO_MANY:
            raise Unverified("supabase-mail-limit-reached") from error
        seen = f"{error.status} {error.message}"

    assert seen == "accepted", finding("supabase-recovery-reveals-accounts", "auth.reset_password_for_email", seen=seen)


@pytest.mark.plan("W1-D5-T1", "SUCCESS-2")
def test_signing_in_is_quick(supabase: "Client", env: Environment) -> None:
    """At the vendor itself, where the backend adds nothing. The fastest of a few attempts: no attempt takes less."""
    identity = env.need_identity("viewer")
    took_s = []
    for _ in range(TIMES):
        began = time.perf_counter()
        supabase.auth.sign_in_with_password({"email": identity.email, "password": identity.password})
        took_s.append(time.perf_counter() - began)

    seen = min(took_s)
    assert seen <= SIGN_IN_LIMIT_S, finding(
        "supabase-sign-in-slow",
        "auth.sign_in_with_password",
        limit_s=f"{SIGN_IN_LIMIT_S:g}",
        fastest_s=f"{seen:.1f}",
        attempts=TIMES,
    )


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
@pytest.mark.parametrize("role", named({role: f"rls/contacts/{role}/select" for role in READS_CONTACTS}))
def test_contacts_are_for_those_who_call(
    supabase: "Client", supabase_as: "Callable[[str], Client]", sign_in: People, env: Environment, role: str
) -> None:
    """Admin and operator read contacts, a viewer gets them only masked through the API (contract 4.3)."""
    require_closed_to_anonymous(supabase, env, "contacts")
    seen = rows_or_refusal(supabase_as(role), "contacts")
    if seen == 0 and READS_CONTACTS[role] and not sign_in("operator").contacts.list(limit=1).body["data"]:
        raise Unverified("no-contacts-to-look-at")  # nobody sees a row where there is none

    sees = READS_CONTACTS[role]
    holds = isinstance(seen, int) and (seen > 0) == sees if sees else seen in NOTHING
    cause = "supabase-contacts-hidden-from-staff" if sees else "supabase-contacts-open-to-viewers"
    assert holds, finding(cause, address(env, "contacts"), rows=seen, role=role)


@pytest.mark.plan("W1-D5-T1", "W1-D3-T3")
@pytest.mark.claims("rls/profiles/viewer/select")
def test_profile_of_others_is_hidden(supabase: "Client", supabase_as: "Callable[[str], Client]", env: Environment) -> None:
    """A user reads the own profile and no other."""
    require_closed_to_anonymous(supabase, env, "profiles")
    client = supabase_as("viewer")
    user = client.auth.get_user()
    rows = client.table("profiles").select("id").execute().data

    own = user.user.id if user else None
    seen = sorted(str(row["id"]) for row in rows if isinstance(row, dict))
    assert seen in ([own], []), finding("supabase-profiles-readable", address(env, "profiles"), rows=len(seen), own=own)


def address(env: Environment, table: str) -> str:
    return f"GET {env.need('supabase.url')}/rest/v1/{table}"


def code_of(answer: httpx.Response) -> str:
    """The code of PostgreSQL or PostgREST; empty where the answer is none of theirs."""
    return str(object_in(answer).get("code", ""))


def require_closed_to_anonymous(supabase: "Client", env: Environment, table: str) -> None:
    """Where anybody at all reads the table, that is the finding, and not what one of the roles reads."""
    seen = rows_or_refusal(supabase, table)
    assert seen in NOTHING, finding("supabase-rows-open-to-anonymous", address(env, table), rows=seen)


def rows_or_refusal(client: "Client", table: str) -> int | str:
    """How many rows a select shows (at most 5), or the code of a refusal."""
    from postgrest.exceptions import APIError  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        return len(client.table(table).select("*").limit(5).execute().data)
    except APIError as error:
        if error.code in REFUSALS:
            return str(error.code)
        raise


def insert_or_refusal(client: "Client", table: str) -> str:
    """What becomes of an impossible row: "refused" for who asks, the error of the table, or "201"."""
    from postgrest.exceptions import APIError  # noqa: PLC0415 - the SDK is imported by the checks that use it

    try:
        client.table(table).insert(IMPOSSIBLE_ROWS[table]).execute()
    except APIError as error:
        return "refused" if error.code in REFUSALS else f"{error.code}: {error.message}"
    return "201"
