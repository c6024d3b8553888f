"""Conversations over WebSockets are for those who may talk (contract 2.12, R-25). Nothing is ever said on them here."""

from collections.abc import Callable

import pytest

from fixtures.product.nouns import NOBODY, Product
from fixtures.product.tokens import forge, sign
from fixtures.profile.environment import Environment
from fixtures.wire.finding import stated as finding
from fixtures.wire.websocket import Listen
from record.outcome import Unverified

POLICY_VIOLATION = 1008
# Which token, and on which of the two routes.
KNOCKS = {
    "missing": ("missing", ""),
    "missing, audio": ("missing", "/audio"),
    "made up": ("made up", ""),
    "forged": ("forged", ""),
    "expired": ("expired", ""),
}
TokenOf = Callable[[str], str | None]


@pytest.fixture
def token_of(admin: Product, env: Environment) -> TokenOf:
    """A token of the kind that KNOCKS names; none may open anything. Unverified without the secret that one of them needs."""

    def made(kind: str) -> str | None:
        if kind == "expired":
            env.require("supabase.jwt_secret")
            return sign("expired", admin, env.supabase.jwt_secret or "")
        return {"missing": None, "made up": "this-is-no-token", "forged": forge("tampered", admin)}[kind]

    return made


@pytest.fixture
def finished_call(viewer: Product) -> str:
    """The id of a call that is over, so that nothing can happen to it; Unverified when there is none."""
    calls = viewer.calls.list(status="completed", page_size=1).body["data"]
    if not calls:
        raise Unverified("there is no finished call whose socket could be knocked at", "seed one completed call")
    return str(calls[0]["id"])


@pytest.mark.plan("W1-D3-T1")
@pytest.mark.parametrize(("token", "route"), KNOCKS.values(), ids=KNOCKS)
def test_socket_is_closed_to_strangers(listen: Listen, token_of: TokenOf, finished_call: str, token: str, route: str) -> None:
    """Refused at the handshake, or closed with 1008 before anything was heard."""
    heard = listen(f"/ws/call/{finished_call}{route}", token_of(token))

    refused = heard.status in (401, 403) or heard.code == POLICY_VIOLATION
    assert refused, finding(
        heard.where,
        expected=f"401 or 403, or closed with 1008, for a token that is {token}",
        seen=heard.description,
        then="the authentication layer sees http only: the socket has to verify the token itself. Anybody could listen in",
    )


@pytest.mark.plan("W1-D3-T1", "W1-D4-T4")
def test_socket_of_an_unknown_call_is_closed(listen: Listen, operator: Product) -> None:
    """Accepted, so that it went through the proxy, and closed with 1008 (contract 2.12)."""
    heard = listen(f"/ws/call/{NOBODY}", operator.bearer_token())

    assert heard.status is None, finding(
        heard.where,
        expected="the handshake accepted",
        seen=heard.description,
        then="does the proxy hand /ws/ on, with the Upgrade header?",
    )
    assert heard.code == POLICY_VIOLATION, finding(
        heard.where,
        expected="closed with 1008",
        seen=heard.description,
        then="is the call looked up before the conversation begins?",
    )
