"""Rules about campaigns: what is refused, what a change leaves alone, states and dates (contract 2.5, 3.1, R-04, R-20, R-21)."""

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fixtures.product.nouns import NOBODY, Product
from fixtures.product.properties import buys
from fixtures.wire.finding import finding
from suites.claiming import by_name

WRITES = "makes a draft campaign without contacts under the run's own name and removes it"
UNKNOWN = "Campaña no encontrada"  # contract 2.5, like the next
IMPOSSIBLE = "Estadísticas inválidas"
NEXT_YEAR = dt.datetime.now(dt.UTC).year + 1

Row = dict[str, Any]

REFUSED: dict[str, Row] = {
    "estado en mayúsculas": {"status": "DRAFT"},
    "estado desconocido": {"status": "archived"},
    "nombre vacío": {"name": ""},
    "nombre de 256 caracteres": {"name": "n" * 256},
    "guion de 9 caracteres": {"script_template": "Hola, yo."},
    "hora sin cero": {"calling_hours_start": "9:00"},
    "horas al revés": {"calling_hours_start": "18:00", "calling_hours_end": "09:00"},
    "reintentos negativos": {"max_retries": -1},
    "temperatura 1,1": {"ai_config": {"temperature": 1.1}},
    "fin antes del inicio": {"schedule_start": f"{NEXT_YEAR}-02-02T00:00:00Z", "schedule_end": f"{NEXT_YEAR}-02-01T00:00:00Z"},
}


REFUSED_BY = {
    "estado en mayúsculas": ".status/refuses-DRAFT",
    "estado desconocido": ".status/refuses-archived",
    "nombre vacío": ".name/refuses-0-characters",
    "nombre de 256 caracteres": ".name/refuses-256-characters",
    "guion de 9 caracteres": ".script_template/refuses-9-characters",
    "hora sin cero": ".calling_hours_start/refuses-no-zero",
    "horas al revés": ".calling_hours/reversed-refused",
    "reintentos negativos": ".max_retries/refuses-minus-1",
    "temperatura 1,1": ".ai_config.temperature/refuses-1.1",
    "fin antes del inicio": ".schedule/end-before-the-start-refused",
}


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.parametrize("case", by_name(REFUSED_BY, lambda case: [f"field/campaign{REFUSED_BY[case]}"]))
def test_campaign_is_refused(operator: Product, case: str) -> None:
    """With 422: a campaign that was corrected in silence does something else than its author wanted (contract 3.1)."""
    created = operator.campaigns.create(**REFUSED[case])

    assert created.status_code == 422, finding("invalid-campaign-accepted", created, fields=REFUSED[case])


FULL: Row = {
    "description": "Descripción con ñ",
    "campaign_type": "retention",
    "script_template": "Hola {name}, le llamamos de {company}.",
    "max_retries": 7,
    "retry_delay_minutes": 45,
    "calling_hours_start": "10:15",
    "calling_hours_end": "19:45",
    "key_points": ["precio", "plazo"],
}


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("field/campaign/refused-update-leaves-all")
def test_refused_change_changes_nothing(operator: Product) -> None:
    """A value that was refused and is stored all the same breaks the list for everybody (contract 2.5, 3.1)."""
    campaign = operator.campaigns.new()
    changed = operator.campaigns.update(campaign["id"], ai_config={"temperature": 7})
    listed, read = operator.campaigns.list(), operator.campaigns.get(campaign["id"])

    assert changed.status_code == 422, finding("invalid-campaign-accepted", changed, fields="ai_config.temperature: 7")
    assert listed.status_code == 200, finding("refused-change-breaks-the-list", listed, campaign_id=campaign["id"])
    assert read.body["ai_config"] == campaign["ai_config"], finding(
        "refused-change-stored", read, seen=read.body["ai_config"], values=campaign["ai_config"]
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims(
    "field/campaign.description/kept",
    "field/campaign.campaign_type/kept",
    "field/campaign.script_template/kept",
    "field/campaign.max_retries/kept",
    "field/campaign.retry_delay_minutes/kept",
    "field/campaign.calling_hours_start/kept",
    "field/campaign.calling_hours_end/kept",
    "field/campaign.key_points/kept",
)
def test_campaign_is_kept_as_given(operator: Product) -> None:
    """Every field, placeholders in the script included (contract 3.1)."""
    campaign_id = operator.campaigns.new(**FULL)["id"]
    read = operator.campaigns.get(campaign_id)

    seen = {field: read.body[field] for field in FULL}
    assert seen == FULL, finding("campaign-field-not-kept", read, seen=seen, values=FULL)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims(
    "field/campaign.name/changed-alone",
    "field/campaign.description/left-by-others",
    "field/campaign.campaign_type/left-by-others",
    "field/campaign.script_template/left-by-others",
    "field/campaign.max_retries/left-by-others",
    "field/campaign.retry_delay_minutes/left-by-others",
    "field/campaign.schedule_start/left-by-others",
    "field/campaign.schedule_end/left-by-others",
    "field/campaign.calling_hours_start/left-by-others",
    "field/campaign.calling_hours_end/left-by-others",
    "field/campaign.key_points/left-by-others",
)
def test_change_leaves_the_rest(operator: Product) -> None:
    """PATCH stores the fields that are sent and touches nothing else (contract R-04)."""
    created = operator.campaigns.new(**FULL)
    name = operator.ledger.name("campaña cambiada")
    changed = operator.campaigns.update(created["id"], name=name)
    read = operator.campaigns.get(created["id"])

    assert changed.status_code == 200, finding("campaign-patch-refused", changed)
    expected = {field: value for field, value in created.items() if field != "updated_at"} | {"name": name}
    wrong = sorted(field for field, value in expected.items() if read.body[field] != value)
    assert not wrong, finding(
        "campaign-change-not-stored" if "name" in wrong else "campaign-patch-resets-fields",
        read,
        seen={field: read.body[field] for field in wrong},
        values={field: expected[field] for field in wrong},
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("field/campaign.updated_at/moves")
def test_change_moves_updated_at(operator: Product) -> None:
    """On every change (contract 3.1)."""
    created = operator.campaigns.new()
    operator.campaigns.update(created["id"], max_retries=4)
    read = operator.campaigns.get(created["id"])

    seen = read.body["updated_at"]
    assert seen > created["updated_at"], finding("updated-at-not-moved", read, seen=seen, moment=created["updated_at"])


WAYS = (
    ("active", "paused", "active", "completed"),
    ("active", "cancelled"),
    ("cancelled",),
    ("active", "paused", "cancelled"),
)  # contract 3.2, from draft


def _steps(way: str) -> list[str]:
    """The rows of its steps; the second is an update after an update."""
    steps = [f"state/campaign/{before}-to-{after}" for before, after in itertools.pairwise(["draft", *way.split(" > ")])]
    return [*steps, "field/campaign/updated-again"] if len(steps) > 1 else steps


@pytest.mark.writes("activates for a moment a campaign that begins next week and places no call; removes it")
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("field/campaign.status/changed-alone")
@pytest.mark.parametrize("way", by_name(map(" > ".join, WAYS), _steps, of={" > ".join(way): (way,) for way in WAYS}))
def test_campaign_goes_its_way(operator: Product, way: tuple[str, ...]) -> None:
    """Each advised step succeeds and is still there when the campaign is read again (contract R-20)."""
    campaign_id = operator.campaigns.new()["id"]
    before = "draft"
    for status in way:
        changed = operator.campaigns.update(campaign_id, status=status)
        assert changed.status_code == 200, (
            finding("campaign-patch-refused", changed)
            if changed.status_code == 405
            else finding("campaign-step-refused", changed, before=before, after=status)
        )
        read = operator.campaigns.get(campaign_id)
        seen = read.body["status"]
        assert seen == status, finding("campaign-change-not-stored", read, seen={"status": seen}, values={"status": status})
        before = status


OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: dt.timezone(dt.timedelta(minutes=15 * quarters)))


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("field/campaign.schedule_start/kept", "field/campaign.schedule_start/accepts-utc")
@buys(8)
@given(zone=OFFSETS)
@example(zone=dt.timezone(dt.timedelta(hours=2)))
@example(zone=dt.UTC)
def test_date_is_kept_to_the_minute(operator: Product, zone: dt.tzinfo) -> None:
    """With its UTC offset it is one moment, however it is written (contract R-21)."""
    start = dt.datetime(NEXT_YEAR, 3, 1, 9, 30, tzinfo=zone)
    created = operator.campaigns.create(schedule_start=start.isoformat(), schedule_end=(start + dt.timedelta(days=2)).isoformat())

    assert created.status_code == 201, finding("campaign-offset-refused", created, moment=start.isoformat())
    seen = operator.campaigns.get(created.body["id"]).body["schedule_start"]
    assert dt.datetime.fromisoformat(seen) == start, finding(
        "campaign-offset-dropped", created, seen=seen, moment=start.isoformat()
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("field/campaign.schedule/both-without-offset-accepted")
def test_dates_without_offset_are_accepted(operator: Product) -> None:
    """As the form of the frontend writes them (contract R-21)."""
    start = f"{NEXT_YEAR}-03-01T09:00:00"
    created = operator.campaigns.create(schedule_start=start, schedule_end=f"{NEXT_YEAR}-03-02T09:00:00")

    assert created.status_code == 201, finding("naive-date-crashes", created, field="schedule_start", moment=start)


MIXED = {"fin con desplazamiento": (("", "Z"),), "inicio con desplazamiento": (("+01:00", ""),)}


def _of_naive(case: str) -> list[str]:
    """The row of the date without an offset."""
    return [f"field/campaign.schedule/{'start' if case.startswith('fin') else 'end'}-without-offset-no-server-error"]


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.parametrize("mixed", by_name(MIXED, _of_naive, of=MIXED))
def test_mixed_dates_are_no_server_error(operator: Product, mixed: tuple[str, str]) -> None:
    """They cannot be compared, which is the client's mistake (contract R-21)."""
    start, end = mixed
    created = operator.campaigns.create(
        schedule_start=f"{NEXT_YEAR}-03-01T09:00:00{start}", schedule_end=f"{NEXT_YEAR}-03-02T09:00:00{end}"
    )

    assert created.status_code < 500, finding("campaign-mixed-dates-crash", created)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims(
    "listing/GET /api/campaigns//status-only",
    "listing/GET /api/campaigns//status-all",
    "listing/GET /api/campaigns//status-accepts-draft",
    "listing/GET /api/campaigns//status-accepts-active",
    "listing/GET /api/campaigns//status-accepts-paused",
)
def test_status_filters_the_list(operator: Product) -> None:
    """A new draft is in the list of drafts and in no other."""
    created = operator.campaigns.new()
    for status in ("draft", "active", "paused"):
        listed = operator.campaigns.rows(status=status, page_size=100)
        where = f"/api/campaigns/?status={status}"

        others = sorted({row["status"] for row in listed} - {status})
        assert not others, finding("campaigns-status-filter-ignored", where, seen=others, status=status)
        ids = [row["id"] for row in listed]
        assert (created["id"] in ids) == (status == "draft"), finding(
            "new-draft-misplaced", where, seen=ids[:3], campaign_id=created["id"]
        )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("listing/GET /api/campaigns//start_date-only", "listing/GET /api/campaigns//end_date-only")
def test_dates_filter_the_list(operator: Product) -> None:
    """Those that begin and end within (contract 2.5)."""
    day = dt.datetime(NEXT_YEAR + 20, 1, 1, tzinfo=dt.UTC)
    created = operator.campaigns.new(schedule_start=day.isoformat(), schedule_end=(day + dt.timedelta(days=1)).isoformat())
    inside = operator.campaigns.rows(start_date=day.isoformat(), page_size=100)
    before = operator.campaigns.rows(end_date=day.isoformat(), page_size=100)

    early = [row["schedule_start"] for row in inside if dt.datetime.fromisoformat(row["schedule_start"]) < day]
    assert not early, finding("campaigns-start-date-ignored", "/api/campaigns/?start_date=", seen=early[:3], date=day.date())
    assert created["id"] not in [row["id"] for row in before], finding(
        "campaigns-end-date-ignored", "/api/campaigns/?end_date=", seen=created["id"], date=day.date()
    )


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("field/campaign_stats.*/kept")
def test_counters_are_kept_as_sent(operator: Product) -> None:
    """Each under its own name (contract 2.5)."""
    campaign_id = operator.campaigns.new()["id"]
    sent = {"total_calls": 10, "successful_calls": 6, "failed_calls": 3, "pending_calls": 1}
    operator.campaigns.change_stats(campaign_id, **sent)
    read = operator.campaigns.get(campaign_id)

    seen = {name: read.body[name] for name in sent}
    assert seen == sent, finding("campaign-stats-swapped", read, seen=seen, counters=sent)


@pytest.mark.writes(WRITES)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("field/campaign_stats/ends-more-than-calls-*")
def test_impossible_counters_are_refused(operator: Product) -> None:
    """More ends than calls (contract 2.5)."""
    campaign_id = operator.campaigns.new()["id"]
    changed = operator.campaigns.change_stats(campaign_id, total_calls=1, successful_calls=1, failed_calls=1, pending_calls=0)

    assert changed.status_code == 422, finding("impossible-counters-accepted", changed, message=IMPOSSIBLE)
    assert changed.message == IMPOSSIBLE, finding("impossible-counters-accepted", changed, message=IMPOSSIBLE)


@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("route/GET /api/campaigns/{id}/404", "relation/GET /api/campaigns/{id}/unknown-id-message")
def test_unknown_campaign_is_not_found(viewer: Product) -> None:
    """404, with the message of the contract (2.5)."""
    read = viewer.campaigns.get(NOBODY)

    assert read.status_code == 404, finding("not-found-answer-wrong", read, message=UNKNOWN)
    assert read.message == UNKNOWN, finding("not-found-answer-wrong", read, message=UNKNOWN)
