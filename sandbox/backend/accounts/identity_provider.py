"""The part of Supabase's auth REST that the backend uses (contract 6.6)."""

import ssl
from typing import Any

import httpx

from sandbox.backend.accounts import faults
from sandbox.process.settings import Settings


class Refused(Exception):  # noqa: N818 - it states the fact, as every error here does
    """The provider understood the request and said no; `code` is its own word for the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class IdentityProvider:
    """Methods raise Refused for a 4xx and httpx.HTTPError for everything else that is not an answer."""

    def __init__(self, settings: Settings) -> None:
        self._anonymous = {"apikey": settings.supabase_key}
        self._service = {"apikey": settings.supabase_service_key, "Authorization": f"Bearer {settings.supabase_service_key}"}
        self._client = httpx.AsyncClient(
            base_url=f"{settings.supabase_url}/auth/v1",
            verify=ssl.create_default_context(cafile=settings.ca_file),
            timeout=5,
        )
        self._last_token = ""  # read only when the fault is on

    async def close(self) -> None:
        await self._client.aclose()

    async def sign_in(self, email: str, password: str) -> dict[str, Any]:
        body = {"email": email, "password": password}
        session = await self._ask("POST", "/token", self._anonymous, params={"grant_type": "password"}, json=body)
        self._last_token = session["access_token"]
        return session

    async def refresh(self, refresh_token: str) -> dict[str, Any]:
        body = {"refresh_token": refresh_token}
        return await self._ask("POST", "/token", self._anonymous, params={"grant_type": "refresh_token"}, json=body)

    async def create_user(self, email: str, password: str, metadata: dict[str, Any]) -> dict[str, Any]:
        body = {"email": email, "password": password, "email_confirm": True, "user_metadata": metadata}
        return await self._ask("POST", "/admin/users", self._service, json=body)

    async def knows(self, email: str) -> bool:
        accounts = await self._ask("GET", "/admin/users", self._service, params={"per_page": 1000})
        return any(account["email"] == email.lower() for account in accounts["users"])

    async def owner(self, token: str) -> dict[str, Any]:
        return await self._ask("GET", "/user", self._as(self._last_token if faults.ME_IS_LAST_SIGN_IN.on else token))

    async def sign_out(self, token: str) -> None:
        """Only the session of this token."""
        await self._ask(
            "POST", "/logout", self._as(token), params={"scope": "global" if faults.SIGN_OUT_EVERYWHERE.on else "local"}
        )

    def _as(self, token: str) -> dict[str, str]:
        return self._anonymous | {"Authorization": f"Bearer {token}"}

    async def _ask(self, method: str, path: str, headers: dict[str, str], **rest: Any) -> dict[str, Any]:
        answer = await self._client.request(method, path, headers=headers, **rest)
        if answer.is_client_error and answer.status_code != 429:
            raise Refused(str(answer.json().get("error_code", answer.status_code)))
        answer.raise_for_status()
        body: dict[str, Any] = answer.json() if answer.content else {}
        return body
