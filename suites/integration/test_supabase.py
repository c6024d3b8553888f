"""Supabase answers the way the MVP relies on: accounts, and rows that only the right people see (contract 4.4, 6.6)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from fixtures.environment import Environment
from fixtures.finding import finding
from fixtures.verdicts import Unverified

if TYPE_CHECKING:
    from supabase import Client

PRIVATE_TABLES = ("contacts", "campaigns", "calls", "profiles", "user_roles", "auth_audit_log", "conversation_memories")


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
        if error.code in ("42501", "PGRST301", "PGRST302"):
            return "refused"
        raise
