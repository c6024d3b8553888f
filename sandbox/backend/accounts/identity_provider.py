"""The part of Supabase's auth REST that the backend uses (contract 6.6)."""

import ssl
from typing import Any

import httpx

from sandbox.backend.accounts import faults
from sandbox.backend.sessions import faults as session_faults
from sandbox.process.settings import Settings


class Refused(Exception):  # noqa: N818 - it states the fact, as every error here does
    """The provider refused the request; `code` is its own error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class IdentityProvider:
    """Methods raise Refused for a 4xx and httpx.HTTPError for every other failure."""

    def __init__(self, settings: Settings) -> None:
        self._anonymous = {"apikey": settings.supabase_key}
        self._service = {"apikey": settings.supabase_service_key, "Authorization": f"Bearer {settings.supabase_service_key}"}
        self._client = httpx.AsyncClient(
            base_url=f"{settings.supabase_url}/auth/v1",
            verify=ssl.create_default_context(cafile=settings.ca_file),
            timeout=5,
        )
        self.last_token = ""  # read for faults only
        self._has_signed_in = False  # since CLIENT_CLOSED is on

    async def close(self) -> None:
        await self._client.aclose()

    async def sign_in(self, email: str, password: str) -> dict[str, Any]:
        self._close_after_first()
        body = {"email": email, "password": password}
        session = await self._send("POST", "/token", self._anonymous, params={"grant_type": "password"}, json=body)
        self.last_token = session["access_token"]
        return session

    def _close_after_first(self) -> None:
        closed, self._has_signed_in = self._has_signed_in, session_faults.CLIENT_CLOSED.on
        if closed and self._has_signed_in:
            raise RuntimeError("Cannot send a request, as the client has been closed.")

    async def refresh(self, refresh_token: str) -> dict[str, Any]:
        body = {"refresh_token": refresh_token}
        return await self._send("POST", "/token", self._anonymous, params={"grant_type": "refresh_token"}, json=body)

    async def create_user(self, email: str, password: str, metadata: dict[str, Any]) -> dict[str, Any]:
        body = {"email": email, "password": password, "email_confirm": True, "user_metadata": metadata}
        return await self._send("POST", "/admin/users", self._service, json=body)

    async def has_account(self, email: str) -> bool:
        accounts = await self._send("GET", "/admin/users", self._service, params={"per_page": 1000})
        return any(account["email"] == email.lower() for account in accounts["users"])

    async def owner(self, token: str) -> dict[str, Any]:
        return await self._send("GET", "/user", self._authorized_by(self.last_token if faults.ME_IS_LAST_SIGN_IN.on else token))

    async def sign_out(self, token: str) -> None:
        """Only the session of this token."""
        await self._send(
            "POST",
            "/logout",
            self._authorized_by(token),
            params={"scope": "global" if faults.SIGN_OUT_EVERYWHERE.on else "local"},
        )

    def _authorized_by(self, token: str) -> dict[str, str]:
        return self._anonymous | {"Authorization": f"Bearer {token}"}

    async def _send(self, method: str, path: str, headers: dict[str, str], **rest: Any) -> dict[str, Any]:
        response = await self._client.request(method, path, headers=headers, **rest)
        if response.is_client_error and response.status_code != 429:
            raise Refused(str(response.json().get("error_code", response.status_code)))
        response.raise_for_status()
        body: dict[str, Any] = response.json() if response.content else {}
        return body
