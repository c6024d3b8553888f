"""Ids as the API shows them, where a fault says that they are no UUIDs: ULIDs, 26 signs that sort by time."""

import re
from uuid import UUID

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.backend.core import faults

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
LENGTH = 26
ULID = re.compile(rb"(?<![0-9A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Z])")
SHOWN = re.compile(rb'("(?:id|contact_id|campaign_id)":\s*")([0-9a-f-]{36})(?=")')
LISTINGS = ("/api/contacts", "/api/campaigns", "/api/calls")


def as_ulid(uuid: bytes) -> bytes:
    number, signs = UUID(uuid.decode()).int, ""
    for _ in range(LENGTH):
        number, rest = divmod(number, 32)
        signs = SIGNS[rest] + signs
    return signs.encode()


def as_uuid(ulid: bytes) -> bytes:
    number = 0
    for sign in ulid.decode():
        number = number * 32 + SIGNS.index(sign)
    return str(UUID(int=number % 2**128)).encode()


class OtherIds:
    """ASGI layer. What comes in is translated back, so that whoever takes an id as it is goes on working."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(LISTINGS) or not faults.IDS_ARE_ULIDS.on:
            await self.app(scope, receive, send)
            return
        path = _back(scope["path"].encode())
        inner = {**scope, "path": path.decode(), "raw_path": path, "query_string": _back(scope["query_string"])}
        body = _back(await _whole(receive))
        inner["headers"] = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
        inner["headers"].append((b"content-length", str(len(body)).encode()))
        await self.app(inner, _once(body, receive), shown(send))


def _back(content: bytes) -> bytes:
    return ULID.sub(lambda found: as_uuid(found[0]), content)


async def _whole(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _once(body: bytes, receive: Receive) -> Receive:
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body}

    return receiving


def shown(send: Send) -> Send:
    """Keeps the whole body, to change it before its length is said."""
    start: Message = {}
    body = b""

    async def sending(message: Message) -> None:
        nonlocal start, body
        if message["type"] == "http.response.start":
            start = message
            return
        body += message.get("body", b"")
        if message.get("more_body"):
            return
        changed = SHOWN.sub(lambda found: found[1] + as_ulid(found[2]), body)
        headers = MutableHeaders(scope=start)
        if "content-length" in headers:
            headers["content-length"] = str(len(changed))
        await send(start)
        await send({"type": "http.response.body", "body": changed})

    return sending
