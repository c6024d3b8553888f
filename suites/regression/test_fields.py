"""Each field takes its values and no others, and keeps them; a change of one leaves the others (contract 3).

What a field takes and refuses stands in the contract's table of requests, from which these checks are made.
"""

from typing import Any

import pytest

from fixtures.product.contract.fields import Field
from fixtures.product.nouns import Json, Product
from fixtures.product.response import Response
from fixtures.wire.finding import finding
from suites.claiming import by_name
from suites.inputs import SUBJECTS, Subject, another, fields, same, value_in, with_value

pytestmark = [
    pytest.mark.plan("W7-D3-T2", "W2-D1-T11"),
    pytest.mark.writes("makes contacts and draft campaigns without contacts under the run's own name and removes them"),
]


def is_sent(field: Field) -> bool:
    return field.presence != "server"


@fields(lambda field: is_sent(field) and bool(field.values.valid), "accepts-*", "kept")
def test_field_keeps_what_it_takes(operator: Product, subject: Subject, field: Field) -> None:
    """At both ends of its bounds, every word of an enumeration, and text of any script: read again as it was sent."""
    for name, value in field.values.valid.items():
        created = subject.create(operator, subject.minimal(operator) | with_value(field, value))
        assert created.status_code == 201, finding("field-value-refused", created, **told(subject, field, name))

        row = subject.read(operator, created.body["id"])
        seen = value_in(row, field)
        assert same(field, value, seen), finding(
            "field-not-kept", created, seen=shown(seen), value=shown(value), **told(subject, field, name)
        )


@fields(lambda field: is_sent(field) and bool(field.values.invalid), "refuses-*")
def test_field_refuses_other_values(operator: Product, subject: Subject, field: Field) -> None:
    """With 422 that names the field: what is put right in silence is not what its author wanted."""
    for name, value in field.values.invalid.items():
        created = subject.create(operator, subject.minimal(operator) | with_value(field, value))

        require_refused(created, subject, field, name)


@fields(lambda field: field.presence == "required", "required")
def test_required_field_is_missed(operator: Product, subject: Subject, field: Field) -> None:
    """A row without it would be of no use to anybody."""
    body = {name: value for name, value in subject.minimal(operator).items() if name != field.name}
    created = subject.create(operator, body)

    require_refused(created, subject, field, "left out")


@fields(lambda field: field.presence == "optional", "default")
def test_field_has_its_default(operator: Product, subject: Subject, field: Field) -> None:
    """Of a row that was created with the required fields alone."""
    row = subject.new(operator)
    seen = value_in(row, field)

    assert same(field, field.default, seen), finding(
        "field-default-differs", where(subject), seen=shown(seen), value=shown(field.default), **told(subject, field, "left out")
    )


@fields(lambda field: is_sent(field) and not field.nullable and "." not in field.name, "null-refused")
def test_null_is_no_value(operator: Product, subject: Subject, field: Field) -> None:
    """Where a field is not optional, null is not a way to leave it out."""
    created = subject.create(operator, subject.minimal(operator) | {field.name: None})

    require_refused(created, subject, field, "null")


@fields(lambda field: field.nullable, "null-kept")
def test_null_is_kept(operator: Product, subject: Subject, field: Field) -> None:
    """Nothing is not an empty text."""
    created = subject.create(operator, subject.minimal(operator) | {field.name: None})
    assert created.status_code == 201, finding("field-value-refused", created, **told(subject, field, "null"))

    seen = value_in(subject.read(operator, created.body["id"]), field)
    assert seen is None, finding("field-not-kept", created, seen=shown(seen), value="null", **told(subject, field, "null"))


@fields(lambda field: field.presence == "server" and field.name != "updated_at", "sent-value-ignored", "set-by-server")
def test_servers_field_is_the_servers(operator: Product, subject: Subject, field: Field) -> None:
    """Whatever a client sends: who may choose an id or a counter can write over another's."""
    sent: Any = "11111111-1111-4111-8111-111111111111" if field.name == "id" else 7
    sent = "2001-01-01T00:00:00Z" if field.name.endswith("_at") else sent
    created = subject.create(operator, subject.minimal(operator) | {field.name: sent})

    seen = value_in(created.body, field) if created.status_code == 201 else None
    assert created.status_code in (201, 422), finding("field-value-refused", created, **told(subject, field, "of the server"))
    assert not same(field, sent, seen), finding(
        "server-field-taken-from-client", created, seen=shown(seen), **told(subject, field)
    )


@fields(lambda field: is_sent(field) and field.name != "contact_list_ids", "changed-alone", "left-by-others")
def test_change_of_one_field_leaves_the_others(operator: Product, subject: Subject, field: Field) -> None:
    """A form that sends what was edited must not clear what was not (contract R-23)."""
    before = subject.new(operator, **everything(subject))
    value = another(field, value_in(before, field))
    changed = subject.update(operator, before["id"], change_of(field, value, before))
    assert changed.status_code == 200, finding("field-value-refused", changed, **told(subject, field, "alone"))

    after = subject.read(operator, before["id"])
    seen = value_in(after, field)
    assert same(field, value, seen), finding(
        "field-not-kept", changed, seen=shown(seen), value=shown(value), **told(subject, field, "alone")
    )
    others = [each for each in subject.input.fields if is_sent(each) and each.name != field.name]
    lost = [each.name for each in others if not same(each, value_in(before, each), value_in(after, each))]
    assert not lost, finding("update-changes-other-fields", changed, seen=", ".join(lost), **told(subject, field))


@fields(lambda field: is_sent(field) and bool(field.values.invalid), "update-refuses-*")
def test_refused_change_leaves_the_row(operator: Product, subject: Subject, field: Field) -> None:
    """What creation refuses is not let in later, and a refusal changes nothing."""
    before = subject.new(operator)
    for name, value in field.values.invalid.items():
        changed = subject.update(operator, before["id"], with_value(field, value))

        require_refused(changed, subject, field, name)
    after = subject.read(operator, before["id"])
    assert after == before, finding(
        "refused-update-stored", where(subject), seen=differing(before, after), **told(subject, field)
    )


@fields(lambda field: is_sent(field) and "." not in field.name, "null-*")
def test_null_in_a_change(operator: Product, subject: Subject, field: Field) -> None:
    """Erases what may be empty; where null means unchanged, it leaves what was there (contract R-23)."""
    before = subject.new(operator, **everything(subject))
    changed = subject.update(operator, before["id"], {field.name: None})
    after = subject.read(operator, before["id"])

    if subject.input.null_leaves:
        assert changed.status_code == 200, finding("field-value-refused", changed, **told(subject, field, "null"))
        assert same(field, value_in(before, field), value_in(after, field)), finding(
            "null-changes-field", changed, seen=shown(value_in(after, field)), **told(subject, field)
        )
    elif field.nullable:
        assert value_in(after, field) is None, finding(
            "field-not-kept", changed, seen=shown(value_in(after, field)), value="null", **told(subject, field, "null")
        )
    else:
        assert changed.status_code < 500, finding("request-not-served", changed, status=422)
        assert same(field, value_in(before, field), value_in(after, field)), finding(
            "null-changes-field", changed, seen=shown(value_in(after, field)), **told(subject, field)
        )


def of_subjects(statement: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", by_name(SUBJECTS, lambda name: [f"field/{name}{statement}"]))


@of_subjects("/unknown-field-ignored")
def test_unknown_field_is_ignored(operator: Product, name: str) -> None:
    """A client that is newer than the server goes on working (contract 2.1)."""
    subject = SUBJECTS[name]
    created = subject.create(operator, subject.minimal(operator) | {"lv_unknown": {"a": [1]}})

    assert created.status_code == 201, finding("unknown-field-refused", created)


@of_subjects("/empty-update-leaves-all")
def test_empty_change_leaves_all(operator: Product, name: str) -> None:
    """Nothing was sent, so nothing changes."""
    subject = SUBJECTS[name]
    before = subject.new(operator, **everything(subject))
    subject.update(operator, before["id"], {})
    after = subject.read(operator, before["id"])

    lost = differing({**before, "updated_at": ""}, {**after, "updated_at": ""})
    assert not lost, finding("update-changes-other-fields", where(subject), seen=lost, **told(subject))


@of_subjects("/refused-update-leaves-all")
def test_partly_valid_change_changes_nothing(operator: Product, name: str) -> None:
    """One field is refused, so none is stored."""
    subject = SUBJECTS[name]
    before = subject.new(operator)
    refused = next(each for each in subject.input.fields if each.name in ("phone_number", "ai_config.temperature"))
    body = {"name": operator.ledger.name("cambio"), **with_value(refused, next(iter(refused.values.invalid.values())))}
    changed = subject.update(operator, before["id"], body)
    after = subject.read(operator, before["id"])

    assert changed.status_code == 422, finding("field-value-accepted", changed, **told(subject, refused, "beside a valid field"))
    assert after == before, finding("refused-update-stored", changed, seen=differing(before, after), **told(subject, refused))


@of_subjects(".updated_at/moves")
def test_changed_row_is_dated(operator: Product, name: str) -> None:
    """`updated_at` moves, and `created_at` does not (contract 3.1, 3.3)."""
    subject = SUBJECTS[name]
    before = subject.new(operator)
    subject.update(operator, before["id"], {"name": operator.ledger.name("cambio")})
    after = subject.read(operator, before["id"])

    moved = (after["created_at"] == before["created_at"], after["updated_at"] > before["updated_at"])
    seen = f"created_at {after['created_at']}, updated_at {after['updated_at']}"
    assert moved == (True, True), finding("row-not-dated", where(subject), seen=seen, before=before["updated_at"])


def everything(subject: Subject) -> Json:
    """A value of its own for each field that one can have without another, so that what is lost shows."""
    chosen: Json = {}
    for each in subject.input.fields:
        if each.presence != "optional" or each.name in ("status", "contact_list_ids"):
            continue
        value = another(each, each.default)
        name, _, part = each.name.partition(".")
        chosen[name] = {**chosen.get(name, {}), part: value} if part else value
    return chosen


def change_of(field: Field, value: Any, before: Json) -> Json:
    """Of an object the whole, with this one of its fields changed: what a part of it leaves is not said (contract 3.1)."""
    name, _, part = field.name.partition(".")
    return {name: {**before[name], part: value}} if part else {name: value}


def told(subject: Subject, field: Field | None = None, value: str = "") -> dict[str, str]:
    """The facts of a finding: which field of what, and the name of its value."""
    named = f"{subject.input.name}.{field.name}" if field else subject.input.name
    return {"field": named, **({"named": value} if value else {})}


def where(subject: Subject) -> str:
    return f"{subject.path}{{id}}"


def shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:100]}… ({len(text)} characters)"


def differing(before: Json, after: Json) -> str:
    return ", ".join(name for name in before if before[name] != after.get(name))


def require_refused(answer: Response[Any], subject: Subject, field: Field, value: str) -> None:
    """422, and the field is named: a form shows the message beside it."""
    assert answer.status_code < 500, finding("request-not-served", answer, status=422)
    assert answer.status_code == 422, finding("field-value-accepted", answer, **told(subject, field, value))
    named = [str(part) for problem in answer.body.get("errors", []) for part in problem.get("loc", [])]
    name = field.name.partition(".")[0]
    assert name in named or "body" in named, finding("refused-field-not-named", answer, seen=named, **told(subject, field, value))
