"""Access tokens that a correct check refuses and a fault accepts."""

import base64
import hashlib
import hmac
import time
from typing import Any

import jwt

from sandbox.backend.accounts import faults

A_DAY_S = 86_400


class UnpackError(Exception):
    """The error of unpacking a token by hand; it is none of the library's, so no handler expects it."""


def accepted(token: str, secret: str, error: jwt.InvalidTokenError) -> dict[str, Any] | None:
    """The claims of a token that a correct check has refused with `error` and a fault accepts; None without such a fault."""
    if faults.MALFORMED_CRASHES.on and token.count(".") != 2:
        raise UnpackError(f"not enough values to unpack (expected 3, got {token.count('.') + 1})") from error
    try:
        header, claims = jwt.get_unverified_header(token), _unverified(token)
    except jwt.InvalidTokenError:
        return None
    algorithm = header.get("alg")
    accepting = (
        (isinstance(error, jwt.MissingRequiredClaimError) and "exp" not in claims, faults.NO_EXP_ACCEPTED),
        (isinstance(error, jwt.InvalidAudienceError), faults.AUDIENCE_NOT_CHECKED),
        (isinstance(error, jwt.ExpiredSignatureError) and claims["exp"] > time.time() - A_DAY_S, faults.EXPIRY_A_DAY_LATE),
        (algorithm == "none", faults.ALG_NONE_ACCEPTED),
        (algorithm == "HS256" and _signed_with_empty_key(token), faults.EMPTY_KEY_ACCEPTED),
        (algorithm == "RS256" and "jwk" in header and _signed_with(header["jwk"], token), faults.KEY_FROM_HEADER),
        (algorithm in ("HS384", "HS512") and _verifies(token, secret, str(algorithm)), faults.ALG_NOT_PINNED),
        (True, faults.SIGNATURE_NOT_CHECKED),
    )
    return claims if any(applies and fault.on for applies, fault in accepting) else None


def _unverified(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _signed_with_empty_key(token: str) -> bool:
    """By hand: the library refuses an empty key."""
    signed, _, signature = token.rpartition(".")
    expected = base64.urlsafe_b64encode(hmac.new(b"", signed.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(expected, signature)


def _signed_with(key: Any, token: str) -> bool:
    try:
        return _verifies(token, jwt.PyJWK.from_dict(key, "RS256").key, "RS256")
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError):
        return False


def _verifies(token: str, key: Any, algorithm: str) -> bool:
    try:
        jwt.decode(token, key, algorithms=[algorithm], options={"verify_aud": False})
    except jwt.InvalidTokenError:
        return False
    return True
