"""Rules about calls: how they are listed, what a detail says, and what an operator does with one (contract 2.6, 3.4, 3.6)."""

import datetime as dt

import pytest

from fixtures.product.nouns import NOBODY, Json, Product
from fixtures.product.phone_calls import REFUSED, place_test_call
from fixtures.profile.environment import Environment
from fixtures.wire.finding import finding
from record.outcome import Unverified
from suites.claiming import by_name
from suites.masks import sees_masks

CALLS = "calls a test number in a campaign of its own, and removes the campaign with the call"
RECENT = 100  # calls among which completed ones are looked for
STATUSES = ("scheduled", "in_progress", "completed", "failed", "cancelled", "pending", "no_answer", "busy", "error")
UNKNOWN = "Llamada no encontrada"  # contract 2.6, like the next
IN_THE_PAST = "La fecha de reprogramación debe ser futura"
NAIVE = "2026-01-01T00:00:00"
NO_COLUMNS = {
    "no_such_column": "no-column",
    "created_at;select 1": "statement",
    "(select 1)": "expression",
    "1'": "quote",
    "contact_id desc,status": "two-columns",
}  # what they are in the contract's rows
DATES_OF_LISTINGS = ("/api/calls/", "/api/reports/call_history")
DATES_OF_REPORTS = ("/api/calls/metrics", "/api/reports/performance_metrics")
DATED = {
    f"{field}-{path}": (path, field)
    for field in ("start_date", "end_date")
    for path in sorted((*DATES_OF_LISTINGS, *DATES_OF_REPORTS))
}


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("listing/GET /api/calls//status-only", "listing/GET /api/calls//status-accepts-*")
def test_status_filters_the_list(viewer: Product, window: Json) -> None:
    """No rows of another status."""
    for status in STATUSES:
        listed = viewer.calls.list(status=status, page_size=100, **window)

        others = sorted({row["status"] for row in listed.body["data"]} - {status})
        assert not others, finding("calls-status-filter-ignored", listed, seen=others, status=status)


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("listing/GET /api/calls//status-total")
def test_statuses_add_up_to_the_whole(viewer: Product, window: Json) -> None:
    """Each call is under one status, and counted there."""
    total = viewer.calls.list(page_size=1, **window).body["total"]
    found = [viewer.calls.list(status=status, page_size=1, **window) for status in STATUSES]

    seen = sum(listed.body["total"] for listed in found)
    assert seen == total, finding("calls-total-ignores-status", "/api/calls/?status=", seen=seen, total=total)


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("listing/GET /api/calls//start_date-end-belongs", "listing/GET /api/calls//end_date-end-belongs")
def test_both_ends_of_the_dates_are_inside(viewer: Product, raw_calls: list[Json]) -> None:
    """A call at exactly the end belongs to the list (contract 2.6)."""
    call = raw_calls[0]
    listed = viewer.calls.list(start_date=call["created_at"], end_date=call["created_at"], page_size=100)

    assert call["id"] in [row["id"] for row in listed.body["data"]], finding(
        "calls-end-date-excluded", listed, moment=call["created_at"]
    )


def _of_dated(case: str) -> list[str]:
    path, field = DATED[case]
    return [f"{'listing' if path in DATES_OF_LISTINGS else 'report'}/GET {path}/{field}-no-offset-no-server-error"]


@pytest.mark.plan("W7-D3-T2")
@pytest.mark.parametrize(("path", "field"), by_name(DATED, _of_dated, of=DATED))
def test_date_without_offset_is_accepted(viewer: Product, path: str, field: str) -> None:
    """In queries as in bodies (contract R-21)."""
    answer = viewer.get(f"{path}?{field}={NAIVE}")

    assert answer.status_code < 500, finding("naive-date-crashes", answer, field=field, moment=NAIVE)


@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("listing/GET /api/calls//sort_by-duration")
@pytest.mark.parametrize("order", by_name(["asc", "desc"], lambda order: [f"listing/GET /api/calls//sort_order-{order}"]))
def test_durations_are_sorted_as_numbers(viewer: Product, order: str) -> None:
    """100 s comes after 35 s."""
    listed = viewer.calls.list(sort_by="duration", sort_order=order, page_size=100)

    seen = [row["duration"] for row in listed.body["data"] if row["duration"] is not None]
    assert seen == sorted(seen, reverse=order == "desc"), finding(
        "calls-durations-misordered", listed, seen=seen[:8], order=order
    )


@pytest.mark.plan("W7-D3-T2", "W1-D3-T1")
@pytest.mark.parametrize(
    "column", by_name(NO_COLUMNS, lambda column: [f"listing/GET /api/calls//sort_by-{NO_COLUMNS[column]}-refused"])
)
def test_unknown_sort_column_is_refused(viewer: Product, column: str) -> None:
    """What is not a column never reaches the statement (contract 2.6)."""
    listed = viewer.calls.list(sort_by=column, page_size=1)

    assert listed.status_code == 422, finding("sort-column-not-checked", listed, column=column)


def _finished(viewer: Product) -> list[Json]:
    """Up to three calls that were completed."""
    calls = viewer.calls.list(page_size=RECENT).body["data"]
    completed = [call for call in calls if call["status"] == "completed"]
    if not completed:
        raise Unverified("no-completed-call", calls=RECENT)
    return completed[:3]


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims(
    "relation/GET /api/calls/{id}/campaign_id",
    "relation/GET /api/calls/{id}/contact_id",
    "relation/GET /api/calls/{id}/status",
    "relation/GET /api/calls/{id}/duration",
    "relation/GET /api/calls/{id}/contact_name",
    "relation/GET /api/calls/{id}/contact_phone",
)
def test_detail_is_about_the_same_call(operator: Product) -> None:
    """The row of the list, with the contact and the duration that belong to it."""
    for row in _finished(operator):
        detail = operator.calls.get(row["id"])
        contact = operator.contacts.get(row["contact_id"]).body

        same = ("id", "campaign_id", "contact_id", "status", "duration")
        expected = {name: row[name] for name in same} | {
            "contact_name": contact["name"],
            "contact_phone": contact["phone_number"],
        }
        seen = {name: detail.body[name] for name in expected}
        masked = sees_masks(detail, operator, seen, expected)
        assert seen == expected, masked or finding("call-detail-of-another", detail, seen=seen, values=expected)


@pytest.mark.privacy
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("relation/GET /api/calls/{id}/*-hidden-unasked")
def test_detail_shows_recordings_only_when_asked(operator: Product) -> None:
    """Nor is the transcript shown unasked (contract 2.6)."""
    for row in _finished(operator):
        detail = operator.calls.get(row["id"])

        seen = (detail.body["recording_url"], detail.body["interactions"])
        assert seen == (None, []), finding("recording-shown-unasked", detail)


@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("relation/GET /api/calls/{id}/sides", "relation/GET /api/calls/{id}/interactions-shown-when-asked")
def test_transcript_has_each_side_say_its_own(operator: Product) -> None:
    """The turns of the user in the list's history are those of the user in the transcript (contract 3.4)."""
    talked = [row for row in _finished(operator) if row["interaction_history"]]
    if not talked:
        raise Unverified("no-call-with-conversation")
    history = talked[0]["interaction_history"]
    detail = operator.calls.get(talked[0]["id"], include_transcripts=True)

    expected = [turn["user_message"] for turn in history if turn.get("user_message")]
    seen = [turn["content"] for turn in detail.body["interactions"] if turn["type"] == "user"]
    assert seen == expected, finding("transcript-sides-swapped", detail, turns=len(expected))


@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("route/GET /api/calls/{id}/404", "relation/GET /api/calls/{id}/unknown-id-message")
def test_unknown_call_is_not_found(viewer: Product) -> None:
    """404, with the message of the contract (2.6)."""
    read = viewer.calls.get(NOBODY)

    assert read.status_code == 404, finding("not-found-answer-wrong", read, message=UNKNOWN)
    assert read.message == UNKNOWN, finding("not-found-answer-wrong", read, message=UNKNOWN)


@pytest.mark.writes(CALLS)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("state/call-reschedule/from-cancelled", "state/call-reschedule/time-kept")
def test_rescheduled_call_waits_for_its_time(operator: Product, env: Environment) -> None:
    """Also one that was cancelled (contract 2.6)."""
    call = place_test_call(operator, env)
    operator.calls.cancel(call["id"])
    moment = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).replace(microsecond=0)
    moved = operator.calls.reschedule(call["id"], moment.isoformat())

    assert moved.status_code == 200, finding("call-not-rescheduled", moved)
    read = operator.calls.get(call["id"]).body
    seen = (read["status"], dt.datetime.fromisoformat(read["scheduled_time"]))
    assert seen == ("scheduled", moment), finding(
        "rescheduled-call-keeps-status", moved, seen=f"{seen[0]} {seen[1]}", moment=moment
    )


@pytest.mark.writes(CALLS)
@pytest.mark.plan("W7-D3-T2")
@pytest.mark.claims("route/POST /api/calls/{id}/reschedule/400", "state/call-reschedule/past-refused")
def test_call_is_not_rescheduled_into_the_past(operator: Product, env: Environment) -> None:
    """With the message of the contract (2.6)."""
    call = place_test_call(operator, env)
    moved = operator.calls.reschedule(call["id"], "2020-01-01T00:00:00Z")

    assert moved.status_code == 400, finding("call-rescheduled-into-past", moved, message=IN_THE_PAST)
    assert moved.message == IN_THE_PAST, finding("call-rescheduled-into-past", moved, message=IN_THE_PAST)


REASONS: dict[str, tuple[str | None, str]] = {
    "La persona lo pidió-La persona lo pidió": ("La persona lo pidió", "La persona lo pidió"),
    "None-Cancelada manualmente": (None, "Cancelada manualmente"),
}


def _of_reason(case: str) -> list[str]:
    return [f"state/call-cancel/reason-{'left-out' if case.startswith('None') else 'kept'}"]


@pytest.mark.writes(CALLS)
@pytest.mark.plan("W7-D3-T2", "W2-D2-T7")
@pytest.mark.claims("state/call-cancel/from-pending")
@pytest.mark.parametrize(("reason", "stored"), by_name(REASONS, _of_reason, of=REASONS))
def test_cancelled_call_says_why(operator: Product, env: Environment, reason: str | None, stored: str) -> None:
    """The operator's reason, or the contract's where there is none (2.6)."""
    call = place_test_call(operator, env)
    operator.calls.cancel(call["id"], reason=reason)
    read = operator.calls.get(call["id"])

    seen = (read.body["status"], read.body["error_message"])
    assert seen == ("cancelled", stored), finding("cancellation-reason-lost", read, seen=f"{seen[0]}: {seen[1]}", reason=stored)


@pytest.mark.writes(CALLS)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims("field/call_status.duration/kept")
def test_end_of_a_call_comes_with_its_duration(operator: Product, env: Environment) -> None:
    """Calls are paid for by it (contract 3.6)."""
    call = place_test_call(operator, env, status="in_progress")
    changed = operator.calls.change_status(call["id"], status="completed", duration=42)

    assert changed.status_code == 200, finding("request-not-served", changed, status=200)
    duration = operator.calls.list(campaign_id=call["campaign_id"]).body["data"][0]["duration"]
    assert duration == 42, finding("call-duration-not-stored", changed, seen=repr(duration), duration_s=42)


@pytest.mark.writes(CALLS)
@pytest.mark.plan("W7-D3-T2", "W2-D1-T11")
@pytest.mark.claims(
    "state/counter/created-total_calls",
    "state/counter/completed-successful_calls",
    "state/counter/completed-pending_calls",
    "state/counter/repeated-once",
)
def test_end_of_a_call_is_counted_once(operator: Product, env: Environment) -> None:
    """However often it is reported (contract 3.6)."""
    call = place_test_call(operator, env, status="in_progress")
    for _ in range(2):
        changed = operator.calls.change_status(call["id"], status="completed", duration=42)
        assert changed.status_code == 200, finding("request-not-served", changed, status=200)
    campaign = operator.campaigns.get(call["campaign_id"])

    expected = {"total_calls": 1, "successful_calls": 1, "failed_calls": 0, "pending_calls": 0}
    seen = {name: campaign.body[name] for name in expected}
    assert seen == expected, finding("campaign-counters-wrong", campaign, seen=seen, counters=expected)


@pytest.mark.writes(CALLS)
@pytest.mark.plan("W7-D3-T2", "W1-D4-T9")
@pytest.mark.claims("state/call-respond/other-words-other-audio", "state/call-respond/from-in_progress")
def test_other_words_sound_otherwise(operator: Product, env: Environment) -> None:
    """Cached audio must not answer one caller with what was said to another (contract 6.5)."""
    answers = []
    for kind, said in (("support", "Se ha ido la luz en toda la casa."), ("sales", "¿Cuánto cuesta la tarifa nueva?")):
        call = place_test_call(operator, env, campaign={"campaign_type": kind}, status="in_progress")
        answer = operator.calls.respond(call["id"], said)
        operator.calls.cancel(call["id"])
        assert answer.status_code == 200, finding("answer-without-audio", answer)
        answers.append(answer)

    assert answers[0].body["audio"] != answers[1].body["audio"], finding("audio-cache-ignores-text", answers[1])


@pytest.mark.writes("asks for a call to a person who does not exist, with a number that the vendor refuses")
@pytest.mark.plan("W7-D3-T2", "W1-D5-T2")
@pytest.mark.claims("route/POST /api/calls//404")
@pytest.mark.parametrize("unknown", by_name(["contact", "campaign"], lambda unknown: [f"relation/call/unknown-{unknown}"]))
def test_nobody_is_called_for_an_unknown(operator: Product, env: Environment, unknown: str) -> None:
    """Looked up before the vendor is asked, who would refuse this number: no phone rings either way (contract 2.6)."""
    own_number = env.need("twilio.phone_number")
    campaign_id = operator.campaigns.new()["id"] if unknown == "contact" else NOBODY
    contact_id = operator.contacts.new()["id"] if unknown == "campaign" else NOBODY
    placed = operator.calls.place(
        campaign_id,
        contact_id,
        own_number=own_number,
        our_address=env.api_url,
        phone_number=REFUSED,
    )

    assert placed.status_code == 404, finding("call-placed-for-unknown", placed, field=f"{unknown}_id")
