"""The login says what the service of the accounts says, and each caller stays who they are."""

from collections.abc import Mapping

import httpx
import pytest

from fixtures.product.entrances import GRANT
from fixtures.product.nouns import NOBODY, Product
from fixtures.profile.environment import Environment
from fixtures.profile.parts import Identity
from fixtures.wire.finding import finding, observed
from record.outcome import Blocked

REFUSALS = (400, 401, 403, 422)  # of a password that is not accepted


@pytest.mark.plan("W2-D1-T9", "W2-D1-T10")
def test_outage_is_not_told_as_a_wrong_password(product: Product, supabase_wire: httpx.Client, env: Environment) -> None:
    """While the accounts' service is down, nobody is to believe that they mistyped and reset a good password."""
    identity = env.need_identity("viewer")
    status = sign_in_at_supabase(supabase_wire, env, identity)
    login = product.accounts.login(identity.email, identity.password)

    assert status < 500 or login.status_code not in REFUSALS, finding("outage-told-as-wrong-password", login, status=status)


@pytest.mark.plan("W2-D1-T9", "W1-D3-T1")
def test_caller_is_not_the_last_one_to_sign_in(product: Product, viewer: Product, env: Environment) -> None:
    """What a viewer reads and may do is the same after the administrator has signed in (contract 1.5)."""
    sign_in(product, env.need_identity("viewer"))
    before, may_before = phones_read_by(viewer), change_by(viewer)
    sign_in(product, env.need_identity("admin"))
    after, may_after = phones_read_by(viewer), change_by(viewer)

    changed = [contact for contact in before.keys() & after.keys() if before[contact] != after[contact]]
    assert not changed, finding(
        "caller-is-the-last-sign-in", "GET /api/contacts/", seen=f"other phone numbers in {len(changed)} contacts"
    )
    assert may_after == may_before, finding(
        "caller-is-the-last-sign-in", f"PATCH /api/campaigns/{NOBODY}", seen=f"{may_after}, and {may_before} before"
    )


def sign_in_at_supabase(supabase: httpx.Client, env: Environment, identity: Identity) -> int:
    """The status of the service's own sign-in; that of an outage where nothing answers."""
    body = {"email": identity.email, "password": identity.password}
    headers = {"apikey": env.need("supabase.key")}
    try:
        return supabase.post(GRANT, json=body, headers=headers).status_code
    except httpx.TransportError:
        return 503


def sign_in(product: Product, identity: Identity) -> None:
    """One more session; Blocked where there is none."""
    login = product.accounts.login(identity.email, identity.password)
    if login.status_code != 200:
        raise Blocked(observed("sign-in-not-served", login))


def phones_read_by(caller: Product) -> Mapping[str, str]:
    """By the ids of the newest contacts; none where they are not listed."""
    listed = caller.contacts.list(limit=20)
    rows = listed.body["data"] if listed.status_code == 200 else []
    return {row["id"]: row["phone_number"] for row in rows}


def change_by(caller: Product) -> int:
    """The status of a change of a campaign that does not exist."""
    return caller.forbidden(
        "PATCH", f"/api/campaigns/{NOBODY}", {"description": "Comprobación"}, because="a viewer changes nothing"
    ).status_code
