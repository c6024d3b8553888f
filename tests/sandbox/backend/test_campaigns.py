"""The rules of campaigns that are easiest to get wrong."""

import json

import httpx
import pytest

from tests.conftest import RunningSandbox
from tests.sandbox.conftest import CAMPAIGN, Row


def test_campaign_defaults_are_the_contract_s(campaign: Row) -> None:
    defaults = {"status": "draft", "campaign_type": "sales", "max_retries": 3, "retry_delay_minutes": 60, "total_calls": 0}
    assert {name: campaign[name] for name in defaults} == defaults
    assert campaign["ai_config"] == {"model": "gpt-4", "temperature": 0.7, "max_tokens": 150, "custom_prompt_variables": {}}
    assert (campaign["calling_hours_start"], campaign["calling_hours_end"]) == ("09:00", "18:00")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"status": "DRAFT"}, "Input should be"),
        ({"schedule_end": "2026-02-01T09:00:00"}, "desplazamiento horario"),
        ({"schedule_end": "2025-12-31T09:00:00Z"}, "La fecha de finalización debe ser posterior a la de inicio"),
        ({"calling_hours_end": "08:00"}, "La hora de fin debe ser posterior a la de inicio"),
        ({"schedule_start": "0001-01-01T00:00:00+05:00"}, "fuera de rango"),
        ({"name": "a\0b"}, "no se pueden guardar"),
        ({"ai_config": {"custom_prompt_variables": {"\ud800": "x"}}}, "no se pueden guardar"),
        ({"max_retries": 2**31}, "less than or equal"),
    ],
    ids=["upper case", "mixed offsets", "ends before it starts", "overnight", "no such moment", "NUL", "surrogate", "too big"],
)
def test_impossible_campaign_is_refused_field_by_field(admin: httpx.Client, change: Row, text: str) -> None:
    response = admin.post("/api/campaigns/", content=json.dumps(CAMPAIGN | change), headers={"content-type": "application/json"})
    assert response.status_code == 422, response.text
    assert response.json()["message"] == "Error de validación"
    assert text in response.json()["errors"][0]["msg"]


def test_patch_changes_what_was_sent_and_put_is_refused(admin: httpx.Client, campaign: Row) -> None:
    changed = admin.patch(f"/api/campaigns/{campaign['id']}", json={"name": "Otra", "status": "completed"}).json()
    assert changed["updated_at"] > campaign["updated_at"]
    assert changed == campaign | {"name": "Otra", "status": "completed", "updated_at": changed["updated_at"]}
    refused = admin.put(f"/api/campaigns/{campaign['id']}", json={"name": "X"})
    assert (refused.status_code, set(refused.headers["allow"].split(", ")) >= {"PATCH", "DELETE"}) == (405, True)


def test_patch_that_the_table_refuses_is_no_server_error(admin: httpx.Client, campaign: Row) -> None:
    response = admin.patch(f"/api/campaigns/{campaign['id']}", json={"schedule_end": "2020-01-01T00:00:00Z"})
    assert (response.status_code, response.json()["message"]) == (
        422,
        "La fecha de finalización debe ser posterior a la de inicio",
    )


def test_impossible_stats_are_refused_without_errors(admin: httpx.Client, campaign: Row) -> None:
    url = f"/api/campaigns/{campaign['id']}/stats"
    numbers = {"total_calls": 1, "successful_calls": 1, "failed_calls": 1, "pending_calls": 0}
    refused, missing = admin.patch(url, params=numbers), admin.patch(url, params={"total_calls": 1})
    assert (refused.status_code, refused.json()["message"], "errors" in refused.json()) == (422, "Estadísticas inválidas", False)
    assert (missing.status_code, len(missing.json()["errors"])) == (422, 3)
    assert admin.patch(url, params=numbers | {"total_calls": 2}).json()["total_calls"] == 2


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999999999"])
def test_no_page_number_is_a_server_error(admin: httpx.Client, page: str) -> None:
    assert admin.get("/api/campaigns/", params={"page": page}).status_code in {200, 422}


def test_deleted_campaign_is_gone_with_its_reports(sandbox: RunningSandbox, admin: httpx.Client, campaign: Row) -> None:
    url = f"/api/campaigns/{campaign['id']}"
    with sandbox.control("campaign-delete-only-cancels"):
        assert (admin.delete(url).status_code, admin.get(url).status_code) == (204, 200)
    assert (admin.delete(url).content, admin.get(url).status_code, admin.delete(url).status_code) == (b"", 404, 404)


def test_pages_do_not_overlap(sandbox: RunningSandbox, admin: httpx.Client) -> None:
    def two_pages() -> list[str]:
        pages = [admin.get("/api/campaigns/", params={"page": page, "page_size": 2}).json() for page in (1, 2)]
        return [row["id"] for page in pages for row in page]

    assert len(set(two_pages())) == len(two_pages())
    with sandbox.control("campaign-pages-overlap"):
        assert len(set(two_pages())) < len(two_pages())
