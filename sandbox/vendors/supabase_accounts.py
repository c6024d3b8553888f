"""User accounts, their sessions and refresh tokens: what the auth service keeps in schema `auth`.

Of the product's own schema it reads user_roles and writes auth_audit_log. A new account's profile and first role are the business
of the trigger there.
"""

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import jwt
import psycopg
from psycopg.types.json import Jsonb

from sandbox.process.settings import Settings
from sandbox.vendors import faults, passwords

ACCESS_TOKEN_LIFETIME_S = 3600  # contract 1.6
EMAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+")  # visible ASCII; only a mail would show whether it exists


Row = dict[str, Any]
Connection = psycopg.AsyncConnection[Row]
SignOutScope = Literal["local", "others", "global"]


@dataclass(frozen=True)
class NewUser:
    """What an account is made of. `metadata` is the user's own data, which the user may change; `app_metadata` is ours."""

    email: str
    password: str
    id: str | None = None
    phone: str | None = None
    confirmed: bool = True
    metadata: Mapping[str, Any] | None = None
    app_metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Client:
    """The client of a session: recorded with it and in the audit log."""

    ip: str | None
    user_agent: str | None


class RefreshTokenNotFound(LookupError):  # noqa: N818 - errors state the fact
    """No such refresh token, or its session was closed."""


class RefreshTokenAlreadyUsed(ValueError):  # noqa: N818 - errors state the fact
    """A used token came back, so it may be stolen: its whole family has been revoked."""


async def add_user(connection: Connection, user: NewUser) -> Row:
    """Raise psycopg's UniqueViolation when the e-mail is taken."""
    cursor = await connection.execute(
        """
        INSERT INTO auth.users (id, email, phone, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
        VALUES (coalesce(%s::uuid, gen_random_uuid()), lower(%s), %s, %s, CASE WHEN %s THEN now() END,
                '{"provider": "email", "providers": ["email"]}'::jsonb || %s, %s)
        RETURNING *
        """,
        (
            user.id,
            user.email,
            user.phone,
            await passwords.hash_password(user.password),
            user.confirmed,
            Jsonb(dict(user.app_metadata or {})),
            Jsonb(dict(user.metadata or {})),
        ),
    )
    return _present(await cursor.fetchone())


async def keep_identity(connection: Connection, user: NewUser) -> None:
    """Make the account exist with this id, password and name, whatever an earlier start left behind."""
    await connection.execute(
        """
        INSERT INTO auth.users (id, email, encrypted_password, email_confirmed_at, raw_user_meta_data)
        VALUES (%s, lower(%s), %s, now(), %s)
        ON CONFLICT (lower(email)) DO UPDATE
        SET id = excluded.id, encrypted_password = excluded.encrypted_password, raw_user_meta_data = excluded.raw_user_meta_data
        """,
        (user.id, user.email, await passwords.hash_password(user.password), Jsonb(dict(user.metadata or {}))),
    )


async def find_user(connection: Connection, user_id: str) -> Row | None:
    cursor = await connection.execute("SELECT * FROM auth.users WHERE id = %s", (user_id,))
    return await cursor.fetchone()


async def is_known(connection: Connection, email: str) -> bool:
    cursor = await connection.execute("SELECT 1 FROM auth.users WHERE lower(email) = lower(%s)", (email,))
    return await cursor.fetchone() is not None


async def list_users(connection: Connection, *, page: int, per_page: int) -> tuple[list[Row], int]:
    """One page, newest first, and how many there are in all."""
    cursor = await connection.execute(
        "SELECT * FROM auth.users ORDER BY created_at DESC, id LIMIT %s OFFSET %s", (per_page, (page - 1) * per_page)
    )
    users = await cursor.fetchall()
    total = await connection.execute("SELECT count(*) AS total FROM auth.users")
    return users, _present(await total.fetchone())["total"]


async def delete_user(connection: Connection, user_id: str) -> bool:
    cursor = await connection.execute("DELETE FROM auth.users WHERE id = %s", (user_id,))
    return cursor.rowcount == 1


async def authenticate(connection: Connection, email: str, password: str) -> Row | None:
    """The user whose e-mail and password these are, in the same time whether or not the e-mail is known."""
    cursor = await connection.execute("SELECT * FROM auth.users WHERE lower(email) = lower(%s)", (email,))
    user = await cursor.fetchone()
    matches = await passwords.matches(password, user["encrypted_password"] if user else passwords.DUMMY)
    return user if matches or faults.PASSWORD_NOT_CHECKED.on else None


async def open_session(connection: Connection, user: Row, client: Client) -> str:
    """The new session's id. The sign-in goes to the audit log (contract 4.3)."""
    cursor = await connection.execute(
        "INSERT INTO auth.sessions (user_id, user_agent, ip) VALUES (%s, %s, %s) RETURNING id",
        (user["id"], client.user_agent, client.ip),
    )
    session = _present(await cursor.fetchone())
    await connection.execute("UPDATE auth.users SET last_sign_in_at = now() WHERE id = %s", (user["id"],))
    await connection.execute(
        "INSERT INTO public.auth_audit_log (user_id, event_type, ip_address, user_agent, metadata)"
        " VALUES (%s, 'sign_in', %s, %s, %s)",
        (user["id"], client.ip, client.user_agent, Jsonb({"session_id": str(session["id"])})),
    )
    return str(session["id"])


async def session_exists(connection: Connection, session_id: str) -> bool:
    cursor = await connection.execute("SELECT 1 FROM auth.sessions WHERE id = %s", (session_id,))
    return await cursor.fetchone() is not None


async def close_sessions(connection: Connection, *, user_id: str, session_id: str | None, scope: SignOutScope) -> None:
    """Refresh tokens go with their sessions."""
    if faults.SIGN_OUT_IGNORED.on:
        return
    conditions = {"local": "id = %(session)s", "others": "id <> %(session)s", "global": "true"}
    await connection.execute(
        f"DELETE FROM auth.sessions WHERE user_id = %(user)s AND {conditions[scope]}",  # noqa: S608 - one of three texts above
        {"user": user_id, "session": session_id},
    )


async def issue_refresh_token(connection: Connection, session_id: str) -> str:
    if faults.REFRESH_TOKEN_STAYS.on and (kept := await _token_of(connection, session_id)):
        return kept
    token = secrets.token_urlsafe(16)
    await connection.execute("INSERT INTO auth.refresh_tokens (token, session_id) VALUES (%s, %s)", (token, session_id))
    return token


async def _token_of(connection: Connection, session_id: str) -> str | None:
    found = await connection.execute("SELECT token FROM auth.refresh_tokens WHERE session_id = %s", (session_id,))
    row = await found.fetchone()
    return row["token"] if row else None


async def spend_refresh_token(connection: Connection, token: str) -> tuple[Row, str]:
    """The user and session that the token stood for; it works once.

    Raises RefreshTokenNotFound or RefreshTokenAlreadyUsed. The latter's revocation has to be committed.
    """
    cursor = await connection.execute(
        "UPDATE auth.refresh_tokens SET revoked = true, updated_at = now() WHERE token = %s AND (NOT revoked OR %s)"
        " RETURNING session_id",
        (token, faults.REFRESH_TOKEN_REUSABLE.on or faults.REFRESH_TOKEN_STAYS.on),
    )
    spent = await cursor.fetchone()
    if spent is None:
        await _revoke_family(connection, token)
        raise RefreshTokenAlreadyUsed
    cursor = await connection.execute(
        "WITH session AS (UPDATE auth.sessions SET refreshed_at = now() WHERE id = %s RETURNING user_id)"
        " SELECT users.* FROM auth.users JOIN session ON users.id = session.user_id",
        (spent["session_id"],),
    )
    return _present(await cursor.fetchone()), str(spent["session_id"])


async def _revoke_family(connection: Connection, token: str) -> None:
    cursor = await connection.execute("SELECT session_id FROM auth.refresh_tokens WHERE token = %s", (token,))
    used = await cursor.fetchone()
    if used is None:
        raise RefreshTokenNotFound
    await connection.execute("UPDATE auth.refresh_tokens SET revoked = true WHERE session_id = %s", (used["session_id"],))


async def roles_of(connection: Connection, user_id: str) -> list[str]:
    """The MVP's roles (contract 1.5), which this deployment's access token hook copies into the token."""
    cursor = await connection.execute("SELECT role FROM public.user_roles WHERE user_id = %s ORDER BY role", (user_id,))
    return [row["role"] for row in await cursor.fetchall()]


async def access_token(connection: Connection, settings: Settings, user: Row, session_id: str) -> tuple[str, int]:
    """A signed token and when it expires (Unix seconds).

    The backend reads the MVP's roles from `role` as a comma list (contract 1.6), so the hook puts them there; a user without any
    keeps Supabase's own `authenticated`.
    """
    now = int(time.time())
    roles = await roles_of(connection, user["id"])
    claims = {
        "iss": f"{settings.supabase_url}/auth/v1",
        "sub": str(user["id"]),
        "aud": "authenticated",
        "exp": now + ACCESS_TOKEN_LIFETIME_S,
        "iat": now,
        "email": user["email"],
        "phone": user["phone"] or "",
        "app_metadata": user["raw_app_meta_data"] | {"roles": roles},
        "user_metadata": user["raw_user_meta_data"],
        "role": ",".join(roles) or "authenticated",
        "aal": "aal1",
        "amr": [{"method": "password", "timestamp": now}],
        "session_id": session_id,
        "is_anonymous": False,
    }
    return jwt.encode(claims, settings.supabase_jwt_secret, algorithm="HS256"), claims["exp"]


def _present(row: Row | None) -> Row:
    """The row of a statement that always yields one."""
    if row is None:
        raise LookupError("a statement that yields one row yielded none")
    return row
