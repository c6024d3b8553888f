"""Whether an answer was made for the caller who got it, or is one that a cache keeps for everybody."""

import secrets
from typing import Any

from fixtures.product.nouns import Product
from fixtures.product.response import Response

SHARED = "answer-of-another-caller"


def unread(path: str) -> str:
    """The same place at an address that no reader has asked for: a name that the API does not know changes nothing."""
    return f"{path}{'&' if '?' in path else '?'}lv={secrets.token_hex(8)}"


def cause_of(answer: Response[Any], caller: Product, path: str, status: int, cause: str) -> str:
    """Of an answer without the expected status: SHARED where the caller gets that at an address that nobody else has read."""
    if answer.status_code >= 500:
        return cause
    return SHARED if caller.get(unread(path)).status_code == status else cause


def is_shared_me(caller: Product, email: str) -> bool:
    """Whether `/api/auth/me` is right at an address that nobody else has read, and so wrong because of who read it before."""
    answer = caller.get(unread("/api/auth/me"))
    return answer.status_code == 200 and answer.body.get("email") == email
