"""The rules of contacts and their files that are easiest to get wrong."""

import csv
import io
import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import RunningSandbox
from tests.sandbox.conftest import Row

CONTACT = {"name": "Ana", "phone_number": "+34600123456", "tags": ["vip", "madrid"]}
ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def contact(admin: httpx.Client) -> Iterator[Row]:
    """Under a unique name, so that a search finds it alone."""
    created = admin.post("/api/contacts/", json=CONTACT | {"name": f"Ana {uuid.uuid4().hex}"}).json()
    yield created
    admin.delete(f"/api/contacts/{created['id']}")


def imported(client: httpx.Client, content: bytes, name: str = "contactos.csv") -> httpx.Response:
    return client.post("/api/contacts/import", files={"file": (name, content)})


def remove_found(client: httpx.Client, text: str) -> None:
    for found in client.get("/api/contacts/search", params={"q": text, "limit": 100}).json():
        client.delete(f"/api/contacts/{found['id']}")


def test_partial_update_keeps_the_rest(sandbox: RunningSandbox, admin: httpx.Client, contact: Row) -> None:
    url = f"/api/contacts/{contact['id']}"
    assert admin.put(url, json={"notes": "llamar tarde", "email": None}).json()["tags"] == ["vip", "madrid"]
    with sandbox.control("contact-update-clears-tags"):
        assert admin.put(url, json={"notes": "x"}).json()["tags"] == []


@pytest.mark.parametrize("phone", ["+34600123456", "600123456", "+12025550123", "1" + "2" * 15])
def test_valid_phone_is_accepted(admin: httpx.Client, phone: str) -> None:
    created = admin.post("/api/contacts/", json=CONTACT | {"phone_number": phone})
    assert created.status_code == 201
    admin.delete(f"/api/contacts/{created.json()['id']}")


@pytest.mark.parametrize("phone", ["12345", "+34 600 123 456", "abc", "+", "1" * 17, "٦٠٠١٢٣٤٥٦", "600123456\n"])
def test_invalid_phone_is_refused(admin: httpx.Client, contact: Row, phone: str) -> None:
    assert admin.post("/api/contacts/", json=CONTACT | {"phone_number": phone}).status_code == 422
    assert admin.put(f"/api/contacts/{contact['id']}", json={"phone_number": phone}).status_code == 422


def test_wildcards_are_text(sandbox: RunningSandbox, admin: httpx.Client, contact: Row) -> None:
    pattern = contact["name"].replace(" ", "_")
    assert admin.get("/api/contacts/search", params={"q": pattern}).json() == []
    with sandbox.control("contact-search-wildcards-unescaped"):
        assert len(admin.get("/api/contacts/search", params={"q": pattern}).json()) == 1


def test_total_is_of_the_search(sandbox: RunningSandbox, admin: httpx.Client, contact: Row) -> None:
    query = {"search": contact["name"].upper(), "skip": 5, "limit": 5}
    page = admin.get("/api/contacts/", params=query).json()
    assert page == {"data": [], "total": 1, "page": 2, "limit": 5, "totalPages": 1}
    totals = [
        admin.get("/api/contacts/", params=query | {"tags": tags}).json()["total"]
        for tags in (["vip", "madrid"], ["vip", "lisboa"])
    ]
    assert totals == [1, 0]
    with sandbox.control("contact-total-ignores-search"):
        assert admin.get("/api/contacts/", params=query).json()["total"] > 1


def test_viewer_reads_masked_phones_and_writes_nothing(sandbox: RunningSandbox, viewer: httpx.Client, contact: Row) -> None:
    url = f"/api/contacts/{contact['id']}"
    assert viewer.get(url).json()["phone_number"] == "+346****456"
    refused = [viewer.put(url, json={}), viewer.delete(url), viewer.get("/api/contacts/export"), viewer.post("/cache/clear")]
    assert {(response.status_code, response.json()["message"]) for response in refused} == {(403, "Permisos insuficientes")}
    with sandbox.control("viewer-may-write-contacts"):
        assert viewer.put(url, json={}).status_code == 200


def test_import_takes_each_row_for_itself(sandbox: RunningSandbox, admin: httpx.Client) -> None:
    mark = uuid.uuid4().hex
    rows = [
        f'{mark} uno,+34600123456,,,"vip, madrid"',
        f"{mark} dos,123,,,",
        ",600123456,,,",
        f"{mark} tres,600123456,sin arroba,,",
        f"{mark} uno,+34600123456,uno@example.com,nota,",
    ]
    content = "\ufeff" + "\r\n".join(["name,phone_number,email,notes,tags", *rows])
    try:
        assert imported(admin, content.encode(), "LISTA.CSV").json() == {"total": 5, "imported": 2, "errors": 3}
        found = admin.get("/api/contacts/search", params={"q": mark}).json()
        assert sorted((row["tags"], row["email"], row["notes"]) for row in found if row["email"] is None) == [
            (["vip", "madrid"], None, None)
        ]
        assert len(found) == 2
    finally:
        remove_found(admin, mark)
    with sandbox.control("contact-import-trips-over-bom"):
        assert imported(admin, content.encode()).status_code == 400


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"name,phone_number\n", "x.csv", 200),
        (b"", "x.csv", 400),
        (b"name,email\nAna,\n", "x.csv", 400),
        (b"name,phone_number\n\xff\xfe,1\n", "x.csv", 400),
        (b"name,phone_number\n", "x.txt", 400),
    ],
    ids=["header only", "empty", "no phone column", "not UTF-8", "not CSV"],
)
def test_unreadable_import_is_the_client_s_error(admin: httpx.Client, content: bytes, name: str, status: int) -> None:
    assert imported(admin, content, name).status_code == status


def test_exported_text_is_never_a_formula(sandbox: RunningSandbox, admin: httpx.Client) -> None:
    created = admin.post("/api/contacts/", json=CONTACT | {"name": "=1+1", "notes": "-x", "tags": ["@a", "b"]}).json()
    contact_list = admin.post("/api/contacts/lists", json={"name": "Exportados", "contacts": [created["id"], ABSENT]}).json()
    try:
        response = admin.get("/api/contacts/export", params={"list_id": contact_list["id"]})
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert response.headers["content-disposition"] == "attachment; filename=contacts.csv"
        header, row = csv.reader(io.StringIO(response.text))
        assert header == ["id", "name", "phone_number", "email", "notes", "tags", "created_at", "updated_at"]
        assert row[:6] == [created["id"], "'=1+1", "+34600123456", "", "'-x", "'@a,b"]
        with sandbox.control("export-cell-injection"):
            assert "'=1+1" not in admin.get("/api/contacts/export", params={"list_id": contact_list["id"]}).text
    finally:
        admin.delete(f"/api/contacts/{created['id']}")


def test_unknown_list_and_contact_are_not_found(admin: httpx.Client) -> None:
    for unknown in (ABSENT, "nadie"):
        responses = [
            admin.get(f"/api/contacts/{unknown}"),
            admin.get(f"/api/contacts/lists/{unknown}"),
            admin.post(f"/api/contacts/lists/{unknown}/contacts", json=[ABSENT]),
            admin.delete(f"/api/contacts/lists/{unknown}/contacts/{unknown}"),
        ]
        assert [response.status_code for response in responses] == [404] * 4
