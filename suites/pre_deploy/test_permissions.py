"""Who may change what (contract 1.5, R-07). Every change here is of a row that cannot exist, or must be refused."""

from typing import Any

import pytest

from fixtures.product import payloads
from fixtures.product.identities import People
from fixtures.product.nouns import NOBODY, Product
from fixtures.product.read_routes import ROUTES, ReadRoute
from fixtures.product.response import Response
from fixtures.wire.finding import finding, locate
from fixtures.wire.harmless import Body
from suites.claiming import claiming, name_of
from suites.rights import require_rights_looked_at
from suites.sharing import SHARED, cause_of

CALL = {
    "campaign_id": NOBODY,
    "contact_id": NOBODY,
    "status": "pending",
    "script_template": "Esta es una comprobación.",
    "webhook_url": "https://example.com/",
    "status_callback_url": "https://example.com/",
    "phone_number": "+15005550006",
    "from_number": "+15005550006",
}
CONTACT = {"name": "Comprobación", "phone_number": "+34600000000"}
NO_FIGURES = "total_calls=0&successful_calls=0&failed_calls=0&pending_calls=0"
FILE = b"name,phone_number\nComprobaci\xc3\xb3n,+34600000000\n"
Change = tuple[str, str, Body]
STAFF_CHANGES: dict[str, Change] = {
    "crear campaña": ("POST", "/api/campaigns/", payloads.campaign("Comprobación")),
    "cambiar campaña": ("PATCH", f"/api/campaigns/{NOBODY}", {"description": "Comprobación"}),
    "cambiar cifras de campaña": ("PATCH", f"/api/campaigns/{NOBODY}/stats?{NO_FIGURES}", None),
    "crear contacto": ("POST", "/api/contacts/", CONTACT),
    "cambiar contacto": ("PUT", f"/api/contacts/{NOBODY}", CONTACT),
    "borrar contacto": ("DELETE", f"/api/contacts/{NOBODY}", None),
    "importar contactos": ("POST", "/api/contacts/import", FILE),
    "crear lista": ("POST", "/api/contacts/lists", {"name": "Comprobación"}),
    "añadir a lista": ("POST", f"/api/contacts/lists/{NOBODY}/contacts", [NOBODY]),
    "quitar de lista": ("DELETE", f"/api/contacts/lists/{NOBODY}/contacts/{NOBODY}", None),
    "crear llamada": ("POST", "/api/calls/", CALL),
    "cambiar estado de llamada": ("PATCH", f"/api/calls/{NOBODY}/status?status=completed", None),
    "cancelar llamada": ("POST", f"/api/calls/{NOBODY}/cancel", None),
    "reprogramar llamada": ("POST", f"/api/calls/{NOBODY}/reschedule?scheduled_time=2099-01-01T10:00:00Z", None),
    "responder en llamada": ("POST", f"/api/calls/{NOBODY}/respond", {"text": "Esta es una comprobación."}),
}
# Clearing or synchronising a cache is left out: where it is not refused, it would be done.
ADMIN_CHANGES: dict[str, Change] = {
    "borrar campaña": ("DELETE", f"/api/campaigns/{NOBODY}", None),
    "precargar caché": ("POST", f"/cache/preload/{NOBODY}", None),
}
CHANGES = STAFF_CHANGES | ADMIN_CHANGES
EXPORTS = {"contactos": "/api/contacts/export", "llamadas": "/api/reports/export/calls"}
BELONGS_TO = {name: change for name, change in STAFF_CHANGES.items() if NOBODY in change[1]}

FORBIDDEN = "Permisos insuficientes"  # contract R-07
NOT_ROUTED = ("Not Found", "Method Not Allowed")  # of a path or method that the product does not have (contract 2.2)
NO_CHANGES = "a viewer may not change anything"
NO_OFFICE = "only an administrator may do this, no operator"

pytestmark = [pytest.mark.plan("W1-D3-T1", "W1-D3-T3")]
rbac = pytest.mark.rbac
STAFF = ("operator", "admin")


def _route(change: Change) -> str:
    """As the ids of its rows begin."""
    return f"route/{name_of(*change[:2])}"


def _refused_export(path: str) -> list[str]:
    """The one of contacts stands for all refusals of a role in the contract's table of errors."""
    of_table = ["error/forbidden/status", "error/forbidden/message"] if path == EXPORTS["contactos"] else []
    return [f"route/{name_of('GET', path)}/viewer", *of_table]


@pytest.mark.parametrize("change", claiming(CHANGES, lambda change: [f"{_route(change)}/anonymous"]))
def test_nobody_changes_anything_without_a_token(product: Product, change: Change) -> None:
    """Whatever the method: a layer that knows only some of them leaves the others open."""
    method, path, body = change
    answer = product.forbidden(method, path, body, because="nobody is signed in")

    assert answer.status_code == 401, finding("no-token-accepted", answer, method=method)


@pytest.mark.claims("session/layer/head/status")
def test_probing_with_head_tells_nothing(product: Product) -> None:
    """Without a token a path that exists is answered like one that does not (contract 1.6)."""
    there, nowhere = product.head("/api/contacts/"), product.head("/api/does-not-exist")

    seen = [there.status_code, nowhere.status_code]
    assert seen == [401, 401], finding("head-reveals-paths", there, seen=seen)


@rbac
@pytest.mark.parametrize("change", claiming(CHANGES, lambda change: [f"{_route(change)}/viewer"]))
def test_viewer_changes_nothing(viewer: Product, change: Change) -> None:
    """A viewer looks on."""
    method, path, body = change
    require_refusal(viewer.forbidden(method, path, body, because=NO_CHANGES), viewer)


@rbac
@pytest.mark.parametrize("path", claiming(EXPORTS, _refused_export))
def test_viewer_exports_nothing(viewer: Product, path: str) -> None:
    """Personal data leaves in files only with those who work with it."""
    answer = viewer.get(path)

    shared = answer.response.is_success and cause_of(answer, viewer, path, 403, "") == SHARED
    assert not shared, finding(SHARED, answer)
    require_refusal(answer, viewer)


@rbac
@pytest.mark.parametrize("change", claiming(ADMIN_CHANGES, lambda change: [f"{_route(change)}/operator"]))
def test_operator_does_not_administer(sign_in: People, change: Change) -> None:
    """Deleting campaigns and touching the caches is for administrators."""
    method, path, body = change
    operator = sign_in("operator")
    require_refusal(operator.forbidden(method, path, body, because=NO_OFFICE), operator)


@rbac
@pytest.mark.writes("asks to change rows that cannot exist")
@pytest.mark.parametrize(
    ("change", "role"),
    claiming(
        {f"{name}-{role}": (change, role) for name, change in BELONGS_TO.items() for role in STAFF},
        lambda case: [f"{_route(case[0])}/{case[1]}", f"{_route(case[0])}/404"],
        several=True,
    ),
)
def test_staff_may_do_their_work(sign_in: People, role: str, change: Change) -> None:
    """The right to write is there: what is missing is only the row."""
    method, path, body = change
    answer = sign_in(role).send(method, path, body)

    if answer.status_code == 403:
        cause = "staff-role-refused"
    elif answer.response.is_success:
        cause = "missing-row-changed"
    else:
        cause = "change-not-routed"
    assert answer.status_code == 404, finding(cause, answer, role=role)


@rbac
@pytest.mark.parametrize(
    ("route", "role"),
    claiming(
        {f"{name}-{role}": (route, role) for name, route in ROUTES.items() for role in STAFF},
        lambda case: [f"route/{case[0].name}/{case[1]}"],
        several=True,
    ),
)
def test_staff_reads_everything(sign_in: People, role: str, route: ReadRoute) -> None:
    """Who may do more may not see less: a rule that names one role forgets the others."""
    answer = route.ask(sign_in(role))

    assert answer.status_code != 403, finding("staff-role-may-not-read", answer, role=role, route=route.name)


def require_refusal(answer: Response[Any], caller: Product) -> None:
    """403 with the message of contract R-07."""
    require_rights_looked_at(answer, caller)
    not_routed = answer.status_code in (404, 405) and answer.message in NOT_ROUTED
    where = f"{locate(answer.response)}, as {caller.role}: {answer.status_code}"
    served = answer.status_code < 500 and not not_routed
    assert served, finding("request-not-served", answer, where=where, status=403)
    assert answer.status_code == 403, finding("role-not-enforced", answer, where=where)
    seen = answer.message
    assert seen == FORBIDDEN, finding("forbidden-text-differs", answer, seen=f"message: {seen}", message=FORBIDDEN)
