"""Whether an access token is one of ours, and still good (contract 1.6, R-05)."""

import base64
import hashlib
import hmac
import time
from typing import Any

import jwt

from sandbox.faults import Fault, declare

RULINGS = ("R-05",)
AUDIENCE = "authenticated"
A_DAY_S = 86_400


def _hole(name: str, sentence: str, finding: str) -> Fault:
    """Each of these lets somebody in who must stay outside."""
    return declare(name, sentence, part="backend", kind="authorization", severity=1, finding=finding, rulings=RULINGS)


NO_EXP_ACCEPTED = _hole(
    "token-no-exp-accepted",
    "The expiry claim is checked only when it is there.",
    "A signed token without exp is accepted for ever.",
)
SIGNATURE_NOT_CHECKED = _hole(
    "token-signature-not-checked",
    "A debugging aid was left in: tokens are decoded and not verified.",
    "A forged, unsigned or expired token opens the API.",
)
ALG_NONE_ACCEPTED = _hole(
    "token-alg-none-accepted",
    "The list of algorithms was copied from a tutorial and holds none.",
    "A token without any signature opens the API.",
)
EMPTY_KEY_ACCEPTED = _hole(
    "token-empty-key-accepted",
    "For the rotation of the key a second one is tried, and its variable is empty.",
    "Anybody can sign tokens with the empty key.",
)
KEY_FROM_HEADER = _hole(
    "token-brings-its-own-key",
    "RS256 was prepared: the key is taken from the token's own header (jwk).",
    "A token signed with a key that it carries itself opens the API.",
)
ALG_NOT_PINNED = _hole(
    "token-algorithm-not-pinned",
    "Whatever algorithm the header names is used with our key, instead of HS256 alone.",
    "A token that is signed with another algorithm than HS256 opens the API.",
)
AUDIENCE_NOT_CHECKED = _hole(
    "token-audience-not-checked",
    "The check of the audience was switched off to get past an error.",
    "A token that was made out for another service opens this one.",
)
EXPIRY_A_DAY_LATE = _hole(
    "token-good-a-day-longer",
    "The tolerance for clocks that disagree was meant to be a minute and is a day.",
    "A token that expired an hour ago still opens the API.",
)
MALFORMED_CRASHES = declare(
    "token-malformed-crashes",
    "The parts of a token are unpacked by hand before the library looks at them, and nobody catches what goes wrong there.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="A token that is none is answered with 500 and the exception's text, instead of 401.",
    rulings=("R-05", "R-28"),
)


class UnpackError(Exception):
    """What nobody catches when the parts are unpacked by hand; no error of the library."""


def verified_claims(token: str, secret: str) -> dict[str, Any]:
    """The claims of a token of ours. Raises jwt.InvalidTokenError, and ValueError for what is no token."""
    try:
        claims = _verified(token, secret)
    except jwt.InvalidTokenError as error:
        if MALFORMED_CRASHES.on and token.count(".") != 2:
            raise UnpackError(f"not enough values to unpack (expected 3, got {token.count('.') + 1})") from error
        let_in = _let_in_by_mistake(token, secret, error)
        if let_in is None:
            raise
        return let_in
    return claims


def _verified(token: str, secret: str) -> dict[str, Any]:
    options: Any = {"require": ["exp", "sub"], "verify_aud": False}
    claims: dict[str, Any] = jwt.decode(token, secret, algorithms=["HS256"], options=options)
    audience = claims.get("aud", AUDIENCE)
    if audience != AUDIENCE and not (isinstance(audience, list) and AUDIENCE in audience):
        raise jwt.InvalidAudienceError("Audience doesn't match")
    return claims


def _let_in_by_mistake(token: str, secret: str, error: jwt.InvalidTokenError) -> dict[str, Any] | None:
    """The claims of a token that a correct check has refused with `error` and a wrong one accepts; None without a fault."""
    try:
        header, claims = jwt.get_unverified_header(token), _unverified(token)
    except jwt.InvalidTokenError:
        return None
    algorithm = header.get("alg")
    mistakes = (
        (isinstance(error, jwt.MissingRequiredClaimError) and "exp" not in claims, NO_EXP_ACCEPTED),
        (isinstance(error, jwt.InvalidAudienceError), AUDIENCE_NOT_CHECKED),
        (isinstance(error, jwt.ExpiredSignatureError) and claims["exp"] > time.time() - A_DAY_S, EXPIRY_A_DAY_LATE),
        (algorithm == "none", ALG_NONE_ACCEPTED),
        (
            algorithm == "HS256" and _signed_with_nothing(token),
            EMPTY_KEY_ACCEPTED,
        ),
        (algorithm == "RS256" and "jwk" in header and _signed_with(header["jwk"], token), KEY_FROM_HEADER),
        (algorithm in ("HS384", "HS512") and _is_signed(token, secret, str(algorithm)), ALG_NOT_PINNED),
        (True, SIGNATURE_NOT_CHECKED),
    )
    return claims if any(applies and fault.on for applies, fault in mistakes) else None


def _unverified(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _signed_with_nothing(token: str) -> bool:
    """By hand: the library refuses an empty key."""
    signed, _, signature = token.rpartition(".")
    expected = base64.urlsafe_b64encode(hmac.new(b"", signed.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(expected, signature)


def _signed_with(key: Any, token: str) -> bool:
    try:
        return _is_signed(token, jwt.PyJWK.from_dict(key, "RS256").key, "RS256")
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError):
        return False


def _is_signed(token: str, key: Any, algorithm: str) -> bool:
    try:
        jwt.decode(token, key, algorithms=[algorithm], options={"verify_aud": False})
    except jwt.InvalidTokenError:
        return False
    return True
