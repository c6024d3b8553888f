"""Who gets in, as whom, and who does not."""

import secrets
from typing import Any

import pytest

from fixtures.product import payloads
from fixtures.product.contract.sessions import LAYER
from fixtures.product.entrances import refusal
from fixtures.product.identities import People
from fixtures.product.nouns import Product, Tokens, User
from fixtures.product.response import Response, object_in
from fixtures.product.tokens import FORGERIES, forge
from fixtures.profile.environment import Environment
from fixtures.wire.finding import Message, finding, locate, observed
from record.outcome import Blocked
from suites.claiming import claiming, name_of, named
from suites.forged import cause_of_acceptance
from suites.rights import require_rights_looked_at
from suites.sharing import SHARED, cause_of, is_shared_me, unread

ROLES = ("admin", "operator", "viewer")
LOCKED = 429
TIMES = 3  # a login that works once and then fails is caught
NO_ROUTE = "/api/does-not-exist"
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
    "una ruta que no existe": NO_ROUTE,
}
FORGED = {each.kind: f"session/{each.id}/status" for each in LAYER if each.kind in FORGERIES}


@pytest.mark.plan("W2-D1-T9", "W2-D2-T6")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.claims("session/login/right/status", "session/login/right/own-account", "session/login/right/again")
@pytest.mark.claims("route/POST /api/auth/login/status", "route/POST /api/auth/login/anonymous")
def test_right_password_signs_in(product: Product, env: Environment, sign_in: People, role: str) -> None:
    """Again and again: people sign in more than once a day. A password that Supabase refuses as well is the profile's mistake."""
    refused = sign_in.refused(role)
    if refused and refused.attribution == "configuration":
        raise Blocked(refused)
    assert refused is None, Message(refused)
    identity = env.identities[role]
    for _ in range(TIMES):
        login = product.accounts.login(identity.email, identity.password)

        assert login.status_code == 200, Message(refusal(role, login))
        seen = login.body["user"]["email"]
        assert seen == identity.email, finding("sign-in-of-another-account", login, seen=seen, email=identity.email)


@pytest.fixture(scope="module")
def mistake(people: People, env: Environment) -> Response[Tokens]:
    """The answer to a wrong password of an account that exists: one for all checks here, so that they lock no account."""
    identity = env.need_identity("viewer")
    return people.anonymous.accounts.login(identity.email, f"not-{identity.password}")


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("session/login/wrong-password/status")
def test_wrong_password_is_refused(mistake: Response[Tokens]) -> None:
    """With 401."""
    assert mistake.status_code == 401, finding("wrong-password-accepted", mistake)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("session/lock/one-failure/status")
def test_one_mistake_locks_nobody_out(mistake: Response[Tokens], product: Product, env: Environment, sign_in: People) -> None:
    """Everybody mistypes a password now and then (contract R-10)."""
    if mistake.response.is_success:
        raise Blocked(observed("wrong-password-accepted", mistake))
    if mistake.status_code == LOCKED:  # before this one
        raise Blocked(refusal("viewer", mistake))
    sign_in.require_login("viewer")
    identity = env.identities["viewer"]
    right = product.accounts.login(identity.email, identity.password)
    if right.status_code == 401:  # a lock is told as one
        raise Blocked(refusal("viewer", right))

    assert right.status_code == 200, finding("account-locked-after-one-mistake", right)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("session/login/unknown-account/status")
def test_unknown_account_is_refused(product: Product) -> None:
    """With 401, like a wrong password."""
    answer = stranger(product)

    assert answer.status_code == 401, finding("unknown-account-admitted", answer)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("session/login/unknown-account/as-wrong-password")
def test_refusal_does_not_tell_who_has_an_account(mistake: Response[Tokens], product: Product) -> None:
    """In the same words for a wrong password and for an unknown account, so that accounts cannot be listed."""
    answer = stranger(product)
    for refused, cause in ((mistake, "wrong-password-accepted"), (answer, "unknown-account-admitted")):
        if not refused.response.is_client_error:
            raise Blocked(observed(cause, refused))
        if refused.status_code == LOCKED:  # which is said of whom it may, and of everybody
            raise Blocked(refusal("viewer", refused))

    seen, expected = (f"{each.status_code} {each.message}" for each in (answer, mistake))
    assert seen == expected, finding("account-existence-revealed", answer, seen=seen, message=expected)


def stranger(product: Product) -> Response[Tokens]:
    """The answer to an account that does not exist."""
    return product.accounts.login(f"{product.ledger.run_id}-{secrets.token_hex(4)}@example.com", "no-such-account")


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.parametrize("role", named({role: f"route/GET /api/auth/me/{role}" for role in ROLES}))
@pytest.mark.claims("session/me/own/status", "session/me/own/own-account", "session/me/own/after-another-sign-in")
def test_me_is_the_caller(sign_in: People, env: Environment, role: str) -> None:
    """Whoever signs in after: a client that all requests share describes the last one to each."""
    sign_in.require_account(role)
    require_own(sign_in(role), env, role)
    others = (other for other in ROLES if other != role and other in env.identities and sign_in.refused(other) is None)
    if other := next(others, None):
        identity = env.identities[other]
        sign_in.anonymous.accounts.login(identity.email, identity.password)
        require_own(sign_in(role), env, role)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.claims("session/me/roles/own-roles")
def test_account_has_its_role(sign_in: People, env: Environment, role: str) -> None:
    """As `me` says it, by which the frontend shows what a person may do (contract 1.7)."""
    sign_in.require_account(role)
    me = sign_in(role).accounts.me()
    if me.status_code != 200:
        raise Blocked(observed("own-token-not-accepted", me))
    if me.body["email"] != env.identities[role].email:
        raise Blocked(observed("me-is-another-account", me, seen=me.body["email"], email=env.identities[role].email))

    assert role in me.body["roles"], finding("role-not-assigned", me, seen=me.body["roles"], role=role)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("session/me/no-token/status", "route/GET /api/auth/me/anonymous")
def test_me_without_a_token_is_refused(product: Product) -> None:
    """`/api/auth` is a public prefix, so the endpoint has to look by itself (contract 1.7)."""
    me = product.accounts.me()

    refused = me.status_code == 401
    cause = "" if refused else cause_of(me, product, "/api/auth/me", 401, "me-without-token-not-refused")
    assert refused, finding(cause, me)
    assert reason_in(me), finding("me-refused-without-reason", me)


def _refused_without_token(path: str) -> str:
    return "session/layer/unknown-path/status" if path == NO_ROUTE else f"route/{name_of('GET', path)}/anonymous"


@pytest.mark.plan("W2-D1-T9", "W2-D2-T7")
@pytest.mark.parametrize("path", claiming(PROTECTED, lambda path: [_refused_without_token(path)]))
@pytest.mark.claims("session/layer/no-header/status")
def test_anonymous_is_refused(product: Product, path: str) -> None:
    """Before anything else is decided about the request, and with a reason in the body (contract R-06)."""
    answer = product.get(path)

    refused = answer.status_code == 401
    cause = "" if refused else cause_of(answer, product, path, 401, "data-open-without-token")
    assert refused, finding(cause, answer)
    assert reason_in(answer), finding("anonymous-refused-without-reason", answer)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.parametrize("forgery", named(FORGED))
def test_forged_token_is_refused(product: Product, sign_in: People, forgery: str) -> None:
    """A token that this deployment did not sign opens nothing (contract R-05)."""
    token = forge(forgery, sign_in.token("admin"))
    answer = product.get(unread("/api/contacts/"), token=token)

    assert answer.status_code == 401, finding(cause_of_acceptance(product, answer, FORGERIES[forgery]), answer)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("session/refresh/current/status", "session/refresh/current/rotates")
@pytest.mark.claims("route/POST /api/auth/refresh/status", "route/POST /api/auth/refresh/anonymous")
def test_refresh_token_works_once(product: Product, sign_in: People) -> None:
    """Single use with rotation (contract 1.6): a stolen refresh token that was used already is worthless."""
    first = sign_in.new_session("viewer")
    renewed = product.accounts.refresh(first["refresh_token"])

    assert renewed.status_code == 200, finding("session-not-renewed", renewed)
    current = renewed.body["refresh_token"]
    assert current != first["refresh_token"], finding("refresh-token-not-rotated", renewed)


@pytest.mark.plan("W2-D1-T9", "W1-D3-T3")
@pytest.mark.claims("session/refresh/used/opens-no-new-session")
def test_used_refresh_token_opens_no_new_session(product: Product, sign_in: People) -> None:
    """Refused, or within the vendor's seconds of grace answered with the token that is current: never with one more."""
    stolen = sign_in.new_session("viewer")["refresh_token"]
    current = [renewed(product, stolen)]
    current.append(renewed(product, current[0]))
    again = product.accounts.refresh(stolen)

    assert again.status_code in (200, 401), finding("used-refresh-token-taken-for-outage", again)
    refused = again.status_code == 401
    assert refused or again.body["refresh_token"] in current, finding("used-refresh-token-accepted", again)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("session/logout/own/status", "session/refresh/signed-out/status", "route/POST /api/auth/logout/status")
def test_logout_ends_the_session(product: Product, sign_in: People) -> None:
    """What was signed out cannot be refreshed (contract 1.7)."""
    ended = sign_in.new_session("viewer")
    logout = product.accounts.logout(ended["access_token"])

    assert logout.status_code == 200, finding("sign-out-fails", logout)
    again = product.accounts.refresh(ended["refresh_token"])
    assert again.status_code == 401, finding("signed-out-session-renewed", again)


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("session/logout/own/ends-no-other-session")
def test_sign_out_ends_no_other_session(product: Product, sign_in: People) -> None:
    """Who signs out at the office goes on at home (contract 1.7)."""
    ended, going_on = sign_in.new_session("viewer"), sign_in.new_session("viewer")
    logout = product.accounts.logout(ended["access_token"])
    if logout.status_code != 200:
        raise Blocked(observed("sign-out-fails", logout))

    other = product.accounts.refresh(going_on["refresh_token"])
    assert other.status_code == 200, finding("sign-out-ends-other-sessions", other)


@pytest.mark.rbac
@pytest.mark.plan("W2-D1-T9")
@pytest.mark.claims("route/POST /api/contacts//viewer")
def test_viewer_cannot_write(viewer: Product) -> None:
    """A viewer reads (contract 1.5)."""
    contact = payloads.contact(viewer.ledger.name("contacto"))
    answer = viewer.forbidden("POST", "/api/contacts/", contact, because="a viewer may not create a contact")
    require_rights_looked_at(answer, viewer)

    where = f"{locate(answer.response)}, as viewer: {answer.status_code}"
    assert answer.status_code == 403, finding("role-not-enforced", answer, where=where)


def require_own(caller: Product, env: Environment, role: str) -> Response[User]:
    """What `me` says: the caller's own account."""
    me = caller.accounts.me()
    assert me.status_code == 200, finding("own-token-not-accepted", me)
    seen, email = me.body["email"], env.identities[role].email
    shared = seen != email and is_shared_me(caller, email)
    assert not shared, finding(SHARED, me)
    assert seen == email, finding("me-is-another-account", me, seen=seen, email=email)
    return me


def renewed(product: Product, refresh_token: str) -> str:
    """The refresh token that replaces this one."""
    answer = product.accounts.refresh(refresh_token)
    assert answer.status_code == 200, finding("session-not-renewed", answer)
    return answer.body["refresh_token"]


def reason_in(answer: Response[Any]) -> str | None:
    """The text that a refusal gives (contract R-06); None where it gives none, or is no JSON object."""
    body = object_in(answer.response)
    return body.get("detail") or body.get("message")
