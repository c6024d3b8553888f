"""A run against a protected environment changes no row, also where the product refuses nobody."""

import re
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.conftest import RunningSandbox
from tests.suites import runs

WIDE_OPEN = ("no-roles-at-all", "supabase-rls-bypassed", "layer-forgets-deletions", "json-callbacks-without-token")
SEEN_OPEN = {
    "accepted-callback-without-token",
    "no-token-accepted",
    "rights-behind-validation",  # a body of nulls: whether the role would have been refused cannot be seen
    "role-not-enforced",
    "supabase-inserts-open-to-anonymous",
    "supabase-rows-open-to-anonymous",
    "supabase-table-empty",
}
# What signing in leaves, which a protected environment allows: sessions with their tokens, and a line of the audit log each.
OF_SIGN_INS = {"auth.sessions", "auth.refresh_tokens", "public.auth_audit_log"}
COLUMNS_OF_SIGN_INS = {"auth.users": ("last_sign_in_at", "updated_at")}
# The files whose checks ask for what must be refused.
ASKING = sorted(path for path in runs.ROOT.glob("suites/*/test_*.py") if re.search("forbidden|must_be_refused", path.read_text()))


@pytest.fixture
def protected(sandbox: RunningSandbox, tmp_path: Path) -> Path:
    profile = tmp_path / "protected.env"
    text = sandbox.profile_path.read_text(encoding="utf-8")
    profile.write_text(text.replace("LV_PROTECTED=false", "LV_PROTECTED=true"), encoding="utf-8")
    return profile


def digests(database_url: str) -> dict[str, str]:
    """Of each table all its rows, without what signing in changes."""
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'auth') ORDER BY 1, 2"
        ).fetchall()
        found = {}
        for schema, table in tables:
            name = f"{schema}.{table}"
            if name in OF_SIGN_INS:
                continue
            query = sql.SQL(
                "SELECT md5(coalesce(string_agg(row, ',' ORDER BY row), ''))"
                " FROM (SELECT (to_jsonb(each) - %s::text[])::text AS row FROM {} AS each) AS rows"
            ).format(sql.Identifier(schema, table))
            digest = connection.execute(query, [[*COLUMNS_OF_SIGN_INS.get(name, ())]]).fetchone()
            assert digest
            found[name] = str(digest[0])
    return found


@pytest.mark.parametrize("faults", [(), WIDE_OPEN], ids=["healthy", "wide open"])
def test_no_row_changes(sandbox: RunningSandbox, protected: Path, faults: tuple[str, ...]) -> None:
    """Not by what must be refused and is not; and each such request has a form in which it may be sent."""
    before = digests(sandbox.profile["DATABASE_URL"])
    with sandbox.control(*faults):
        run = runs.verify(protected, *map(str, ASKING))
    after = digests(sandbox.profile["DATABASE_URL"])
    causes = {check["finding"]["cause"] for check in run.data["checks"] if check["finding"]}

    assert len(before) > len(OF_SIGN_INS)
    assert after == before
    assert not [path for path in run.folder.glob("ledger-*") if "created" in path.read_text(encoding="utf-8")]
    assert causes == (SEEN_OPEN if faults else set())
