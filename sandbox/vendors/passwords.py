"""Password storage of the auth service: salted scrypt from the standard library."""

import asyncio
import base64
import hashlib
import hmac
import secrets

MINIMUM_LENGTH = 8  # contract R-27, and the server is the binding side

# About 10 ms a sign-in. A production service would ask for more; here it would only slow the load runs of the backend.
_COST, _BLOCK, _PARALLEL = 2**12, 8, 1


def _derive(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(errors="surrogatepass"), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL)


def _hash(password: str) -> str:
    salt = secrets.token_bytes(16)
    return "$".join(("scrypt", base64.b64encode(salt).decode(), base64.b64encode(_derive(password, salt)).decode()))


def _matches(password: str, stored: str) -> bool:
    _, salt, digest = stored.split("$")
    return hmac.compare_digest(_derive(password, base64.b64decode(salt)), base64.b64decode(digest))


# Compared with when the e-mail is unknown, so that both refusals take the same time.
DUMMY = _hash(secrets.token_urlsafe())


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(_hash, password)


async def matches(password: str, stored: str) -> bool:
    return await asyncio.to_thread(_matches, password, stored)
