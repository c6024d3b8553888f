"""Conversations over WebSockets are for signed-in users (contract 2.12, R-25). Nothing is ever sent on them here."""

from collections.abc import Callable

import pytest

from fixtures.product.identities import People
from fixtures.product.nouns import NOBODY, Product
from fixtures.product.tokens import forge, sign
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding, observed
from fixtures.wire.websocket import Listen, SocketResponse
from record.outcome import Blocked, Unverified
from suites.claiming import claiming

POLICY_VIOLATION = 1008
FAILURES = (1006, 1011)  # the connection was lost without a word, or the server says that it failed
# Which token, and on which of the two routes.
KNOCKS = {
    "missing": ("missing", ""),
    "missing, audio": ("missing", "/audio"),
    "made up": ("made up", ""),
    "forged": ("forged", ""),
    "expired": ("expired", ""),
}
# The situation of the contract that each is.
SITUATIONS = {
    ("missing", ""): "no-token",
    ("missing", "/audio"): "no-token-audio",
    ("made up", ""): "made-up",
    ("forged", ""): "forged",
    ("expired", ""): "expired",
}
# What it is called where a token of this kind opens a socket.
OPENED = {
    "missing": "socket-without-token-accepted",
    "made up": "socket-token-not-verified",
    "forged": "socket-token-not-verified",
    "expired": "socket-expired-token-accepted",
}
TokenOf = Callable[[str], str | None]


@pytest.fixture
def token_of(people: People, env: Environment) -> TokenOf:
    """A token of the kind that KNOCKS names; none may open anything. Unverified without the secret that one of them needs."""

    def made(kind: str) -> str | None:
        if kind == "expired":
            return sign("expired", people.token("admin"), env.need("supabase.jwt_secret"))
        return {"missing": None, "made up": "this-is-no-token", "forged": forge("tampered", people.token("admin"))}[kind]

    return made


@pytest.fixture
def finished_call(viewer: Product) -> str:
    """The id of a call that is over, so that nothing can happen to it; Unverified when there is none."""
    calls = viewer.calls.list(status="completed", page_size=1).body["data"]
    if not calls:
        raise Unverified("no-finished-call")
    return str(calls[0]["id"])


@pytest.mark.plan("W1-D3-T1")
@pytest.mark.parametrize(
    ("token", "route"), claiming(KNOCKS, lambda knock: [f"session/socket/{SITUATIONS[knock]}/status"], several=True)
)
def test_socket_is_closed_to_strangers(listen: Listen, token_of: TokenOf, finished_call: str, token: str, route: str) -> None:
    """Refused at the handshake, or closed with 1008 before anything was sent. What fails on the way lets nobody in."""
    response = listen(f"/ws/call/{finished_call}{route}", token_of(token))

    if response.status not in (None, 401, 403):
        raise Blocked(observed("proxy-drops-websockets", response.where, **facts(response)))
    assert not has_failed(response), finding("socket-fails-at-a-stranger", response.where, **facts(response))
    assert not lets_in(response), finding(opened_by(listen, token_of, finished_call, token), response.where, **facts(response))


def opened_by(listen: Listen, token_of: TokenOf, call_id: str, token: str) -> str:
    """What it is called that this token opens a socket: where a lesser one does, that."""
    lesser = (kind for kind in ("missing", "made up") if lets_in(listen(f"/ws/call/{call_id}", token_of(kind))))
    return OPENED[next(lesser, token)]


def has_failed(response: SocketResponse) -> bool:
    return response.code in FAILURES and not response.frame


def lets_in(response: SocketResponse) -> bool:
    return response.status is None and response.code != POLICY_VIOLATION and not has_failed(response)


@pytest.mark.plan("W1-D3-T1", "W1-D4-T4")
@pytest.mark.claims("session/socket/unknown-call/status")
def test_socket_of_an_unknown_call_is_closed(listen: Listen, operator: Product) -> None:
    """Accepted, so that it went through the proxy, and closed with 1008 (contract 2.12)."""
    response = listen(f"/ws/call/{NOBODY}", operator.bearer_token())

    assert response.status is None, finding("proxy-drops-websockets", response.where, **facts(response))
    assert not has_failed(response), finding("socket-of-unknown-call-fails", response.where, **facts(response))
    assert response.code == POLICY_VIOLATION, finding("socket-of-unknown-call-open", response.where, **facts(response))


def facts(response: SocketResponse) -> dict[str, str]:
    """For a finding: a handshake that was accepted has the status 101."""
    return {"status": str(response.status or 101), "code": str(response.code or "-"), "received": str(len(response.frame or b""))}
