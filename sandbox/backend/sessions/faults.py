"""What can be wrong with signing in as a whole, and with what a token opens afterwards."""

from functools import partial
from typing import NamedTuple

from sandbox.backend.failures import faults as failures
from sandbox.faults import Fault, declare

fault = partial(declare, part="backend")
sign_in = partial(fault, kind="availability", severity=1)

# What needs a password that the login takes.
OF_THE_LOGIN = (
    "login-lock*",
    "login-never-locks",
    "login-logs-password",
    "login-refused-with-200",
    "login-reveals-accounts",
    "login-works-once",
    "logout-*",
    "me-is-last-sign-in",
    "password-not-checked",
    "refresh-token-*",
    "sign-out-ignored",
)
REFUSES_EVERYBODY = sign_in(
    "login-refuses-everybody",
    "The login asks a project of Supabase in which nobody of this environment has an account.",
    finding="The right password is refused as a wrong one, for everybody.",
    hides=OF_THE_LOGIN,
)
FAILS = sign_in(
    "login-fails-for-everybody",
    "The answer of the identity provider is read by the names of an older version.",
    finding="The login answers 500, whoever signs in.",
    hides=OF_THE_LOGIN,
    excludes=("login-refuses-everybody",),
)
CLIENT_CLOSED = sign_in(
    "login-closes-its-client",
    "The client of the identity provider is shared by all requests, and the first sign-in closes it.",
    finding="The first sign-in after a start succeeds, and every other fails.",
    hides=OF_THE_LOGIN,
    excludes=("login-refuses-everybody", "login-fails-for-everybody"),
)
OUTAGE_AS_REFUSAL = sign_in(
    "login-outage-told-as-refusal",
    "Whatever goes wrong at the identity provider is told as a wrong password.",
    finding="While the identity provider is down, people are told that their password is wrong.",
    hides=("login-outage-tells-exception",),
)
DATA_OF_LAST_SIGN_IN = fault(
    "data-as-last-sign-in",
    "One client of the database is shared by all requests and keeps the session of whoever signed in last.",
    kind="authorization",
    severity=1,
    finding="A viewer reads and writes with the rights of the administrator who signed in after him.",
    rulings=("R-07",),
)
HEADER_CRASHES = fault(
    "authorization-header-crashes",
    "The scheme and the token are unpacked from the header as if there were always two parts.",
    kind="correctness",
    severity=2,
    finding="Authorization: Bearer without a token, or with a word too many, is answered with 500.",
    rulings=("R-05",),
)
SCHEME_BY_CASE = fault(
    "authorization-scheme-by-case",
    "The scheme is compared with Bearer as it is written.",
    kind="correctness",
    severity=2,
    finding="A client that sends bearer in lower case is refused.",
    excludes=("authorization-header-crashes",),
)
ROLE_CRASHES = fault(
    "role-claim-crashes",
    "The claim role is split at its commas, whatever it is.",
    kind="correctness",
    severity=2,
    finding="A token whose role is a list is answered with 500.",
)
SHORT_PASSWORDS = fault(
    "registration-takes-short-passwords",
    "The length of a password is left to the identity provider, which asks for six characters.",
    kind="authorization",
    severity=2,
    finding="An account can be registered with a password of six characters.",
    rulings=("R-27",),
)
TAKEN_EMAIL_FAILS = fault(
    "registration-of-taken-email-fails",
    "Whatever the identity provider refuses at a registration is answered with 500, a known e-mail included.",
    kind="correctness",
    severity=2,
    finding="Whoever registers again reads of an error of the server, and not that the account exists.",
)


class RouterRefusal(NamedTuple):
    fault: Fault
    prefix: str


def _refused_by(router: str, prefix: str, hides: tuple[str, ...]) -> RouterRefusal:
    declared = fault(
        f"token-refused-by-{router}",
        f"The router of {router} has a verifier of its own, which asks for the audience of an older project.",
        kind="authorization",
        severity=1,
        finding=f"{prefix} answers 401 to the token that opens every other router.",
        rulings=("R-05",),
        hides=hides,
    )
    return RouterRefusal(declared, prefix)


REFUSED_BY = (
    _refused_by("contacts", "/api/contacts", ("contacts-router-crashes", *failures.CONTACTS_CRASH.hides)),
    _refused_by("campaigns", "/api/campaigns", ("campaigns-router-crashes", *failures.CAMPAIGNS_CRASH.hides)),
    _refused_by("calls", "/api/calls", ("calls-router-crashes", *failures.CALLS_CRASH.hides)),
    _refused_by("reports", "/api/reports", ("reports-router-crashes", "performance-*", *failures.REPORTS_CRASH.hides)),
    _refused_by("cache", "/cache", ("cache-*",)),
    _refused_by("audio-cache", "/api/audio-cache", ("audio-cache-off", "audio-cache-counts-its-index")),
)
