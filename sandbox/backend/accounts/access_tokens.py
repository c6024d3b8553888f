"""Whether an access token is one of ours and valid (contract 1.6, R-05)."""

from typing import Any

import jwt

from sandbox.backend.accounts import token_faults

AUDIENCE = "authenticated"


def verified_claims(token: str, secret: str) -> dict[str, Any]:
    """The claims of a token of ours. Raises jwt.InvalidTokenError, and ValueError for what is no token."""
    try:
        return _verified(token, secret)
    except jwt.InvalidTokenError as error:
        accepted: dict[str, Any] | None = token_faults.accepted(token, secret, error)
        if accepted is None:
            raise
        return accepted


def _verified(token: str, secret: str) -> dict[str, Any]:
    options: Any = {"require": ["exp", "sub"], "verify_aud": False}
    claims: dict[str, Any] = jwt.decode(token, secret, algorithms=["HS256"], options=options)
    audience = claims.get("aud", AUDIENCE)
    if audience != AUDIENCE and not (isinstance(audience, list) and AUDIENCE in audience):
        raise jwt.InvalidAudienceError("Audience doesn't match")
    return claims
