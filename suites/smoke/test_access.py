"""Who gets in, as whom, and who does not."""

from typing import Any

import pytest

from fixtures.product.identities import People
from fixtures.product.nouns import Product, Tokens
from fixtures.product.response import Response
from fixtures.product.tokens import FORGERIES, WHAT_TO_MEND, forge
from fixtures.profile.environment import Environment
from fixtures.profile.parts import Identity
from fixtures.wire.finding import stated as finding

ROLES = ("admin", "operator", "viewer")
TIMES = 3  # a login that works once and then fails is caught
PROTECTED = {
    "campañas": "/api/campaigns/",
    "contactos": "/api/contacts/",
    "listas de contactos": "/api/contacts/lists",
    "exportación de contactos": "/api/contacts/export",
    "llamadas": "/api/calls/",
    "métricas de llamadas": "/api/calls/metrics",
    "informes": "/api/reports/performance_metrics",
    "historial": "/api/reports/call_history",
    "caché": "/cache/metrics",
    "caché de audio": "/api/audio-cache/stats",
    "una ruta que no existe": "/api/does-not-exist",
}


@pytest.mark.plan("W2-D1-T9", "W2-D2-T6")
@pytest.mark.parametrize("role", ROLES)
def test_right_password_signs_in(product: Product, env: Environment, sign_in: People, role: str) -> None:
    """Again and again: nobody signs in only once a day."""
    sign_in(role)
    identity = env.identities[role]
    for _ in range(TIMES):
        login = product.accounts.login(identity.email, identity.password)

        assert login.status_code == 200, finding(
            login, expected="200", then="is Supabase auth up, and does this identity exist there?"
        )
        seen = login.body["user"]["email"]
        assert seen == identity.email, finding(
            login, expected=identity.email, seen=seen, then="the answer describes somebody else: stop the release"
        )


@pytest.mark.plan("W2-D1-T9")
def test_wrong_password_is_refused(product: Product, env: Environment, sign_in: People) -> None:
    """Refused, and the next right password still works: one mistake locks nobody out (contract R-10)."""
    sign_in("viewer")
    identity = env.identities["viewer"]
    wrong = product.accounts.login(identity.email, f"not-{identity.password}")
    right = product.accounts.login(identity.email, identity.password)

    assert wrong.status_code == 401, finding(wrong, expected="401", then="any password opens this account: stop the release")
    assert right.status_code == 200, finding(
        right, expected="200 after one mistake", then="does one wrong password lock the account?"
    )


@pytest.mark.plan("W2-D1-T9")
def test_unknown_account_is_refused(product: Product) -> None:
    """In the same words as a wrong password, so that nobody can list the accounts."""
    answer = product.accounts.login(f"{product.ledger.run_id}@example.com", "no-such-account")

    assert answer.status_code == 401, finding(answer, expected="401", then="does the login create accounts?")
    message = answer.body.get("message")
    assert message == "Credenciales inválidas", finding(
        answer, expected="Credenciales inválidas", seen=message, then="does the answer give away whether the account exists?"
    )


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.parametrize("role", ROLES)
def test_me_is_the_caller(sign_in: People, env: Environment, role: str) -> None:
    """A `me` that describes the last person who signed in shows one user's data to another."""
    for other in set(ROLES) & env.identities.keys():
        sign_in(other)  # whoever signed in last must not become everybody
    me = sign_in(role).accounts.me()

    assert me.status_code == 200, finding(me, expected="200", then="does the API accept the tokens that its own login gives?")
    seen = me.body["email"]
    assert seen == env.identities[role].email, finding(
        me,
        expected=env.identities[role].email,
        seen=seen,
        then="/me must read the presented token, not a shared client: stop the release",
    )
    assert role in me.body["roles"], finding(
        me, expected=f"the role {role}", seen=me.body["roles"], then="look at user_roles for this account"
    )


@pytest.mark.plan("W2-D1-T9")
def test_me_without_a_token_is_refused(product: Product) -> None:
    """`/api/auth` is a public prefix, so the endpoint has to look by itself (contract 1.7)."""
    me = product.accounts.me()

    assert me.status_code == 401, finding(
        me,
        expected="401",
        then="200: it answers to nobody, so whose data is that? 5xx: it takes for granted that somebody is signed in",
    )
    assert reason_in(me), finding(me, expected="a reason in message", then="answer with the envelope of contract 2.2 (R-06)")


@pytest.mark.plan("W2-D1-T9", "W2-D2-T7")
@pytest.mark.parametrize("path", PROTECTED.values(), ids=PROTECTED)
def test_anonymous_is_refused(product: Product, path: str) -> None:
    """Before anything else is decided about the request, and with a reason in the body (contract R-06)."""
    answer = product.get(path)

    assert answer.status_code == 401, finding(
        answer, expected="401", then="is AUTH_ENABLED true? Data is open to the internet: stop the release"
    )
    assert reason_in(answer), finding(
        answer, expected="JSON with a reason in detail or message", then="compare with contract 1.6: people are shown this text"
    )


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_token_is_refused(product: Product, admin: Product, forgery: str) -> None:
    """A token that this deployment did not sign opens nothing (contract R-05)."""
    token = forge(forgery, admin)
    answer = product.get("/api/contacts/", token=token)

    assert answer.status_code == 401, finding(
        answer,
        expected=f"401 for a token {FORGERIES[forgery]}",
        then=f"{WHAT_TO_MEND[forgery]} Signature, algorithm and key have to be verified: stop the release",
    )


@pytest.mark.plan("W2-D1-T9")
def test_refresh_token_works_once(product: Product, env: Environment, sign_in: People) -> None:
    """Single use with rotation (contract 1.6): a stolen refresh token that was used already is worthless."""
    sign_in("viewer")
    identity = env.identities["viewer"]
    first = session_of(product, identity)
    renewed = product.accounts.refresh(first["refresh_token"])

    assert renewed.status_code == 200, finding(
        renewed, expected="200", then="a session would end after an hour: is Supabase auth reachable from the backend?"
    )
    seen = renewed.body["refresh_token"]
    assert seen != first["refresh_token"], finding(
        renewed, expected="a new refresh token", seen="the same one", then="turn refresh token rotation on"
    )


@pytest.mark.plan("W2-D1-T9", "W1-D3-T3")
def test_used_refresh_token_opens_no_new_session(product: Product, env: Environment, sign_in: People) -> None:
    """Refused, or within the vendor's seconds of grace answered with the token that is current: never with one more."""
    sign_in("viewer")
    identity = env.identities["viewer"]
    stolen = session_of(product, identity)["refresh_token"]
    current = [renewed(product, stolen)]
    current.append(renewed(product, current[0]))
    again = product.accounts.refresh(stolen)

    assert again.status_code in (200, 401), finding(again, expected="401", then="does the API tell a used token from an outage?")
    refused = again.status_code == 401
    assert refused or again.body["refresh_token"] in current, finding(
        again,
        expected="401, or the token that is current",
        seen="200 with one more refresh token",
        then="a stolen refresh token is good for ever: turn rotation and reuse detection on",
    )


@pytest.mark.plan("W2-D1-T9")
def test_logout_ends_the_session(product: Product, env: Environment, sign_in: People) -> None:
    """What was signed out cannot be refreshed, and another session of the same person goes on (contract 1.7)."""
    sign_in("viewer")
    identity = env.identities["viewer"]
    ended, going_on = session_of(product, identity), session_of(product, identity)
    logout = product.accounts.logout(ended["access_token"])

    assert logout.status_code == 200, finding(logout, expected="200", then="can anybody sign out?")
    again = product.accounts.refresh(ended["refresh_token"])
    assert again.status_code == 401, finding(
        again, expected="401 for a session that was signed out", then="does logout reach Supabase with the caller's own token?"
    )
    other = product.accounts.refresh(going_on["refresh_token"])
    assert other.status_code == 200, finding(
        other, expected="200: another session of the same person goes on", then="logout must be local to the caller's session"
    )


@pytest.mark.rbac
@pytest.mark.plan("W2-D1-T9")
def test_viewer_cannot_write(viewer: Product) -> None:
    """A viewer reads (contract 1.5)."""
    answer = viewer.contacts.create(must_be_refused="a viewer may not create a contact")

    assert answer.status_code == 403, finding(answer, expected="403", then="roles are not enforced on contacts")


def session_of(product: Product, identity: Identity) -> Tokens:
    """One more session of somebody who has signed in before."""
    login = product.accounts.login(identity.email, identity.password)
    assert login.status_code == 200, finding(
        login, expected="200 for one more session", then="does signing in work more than once? See test_right_password_signs_in"
    )
    return login.body


def renewed(product: Product, refresh_token: str) -> str:
    """The refresh token that is given for one."""
    answer = product.accounts.refresh(refresh_token)
    assert answer.status_code == 200, finding(
        answer, expected="200 for a token that was not used yet", then="is Supabase auth reachable from the backend?"
    )
    return answer.body["refresh_token"]


def reason_in(answer: Response[Any]) -> str | None:
    """The text that a refusal gives (contract R-06); None where it gives none, or is no JSON object."""
    try:
        body = answer.body
    except ValueError:
        return None
    return (body.get("detail") or body.get("message")) if isinstance(body, dict) else None
