"""Rows of the product as the contract's tables of requests speak of them: made from exactly one body, read and changed again."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from fixtures.product import payloads
from fixtures.product.contract.fields import INPUTS, Field, Input
from fixtures.product.nouns import Json, Product
from fixtures.product.response import Response
from fixtures.wire.finding import observed
from record.outcome import Blocked

BY_NAME = {each.name: each for each in INPUTS}
A_DAY, AN_HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
# Fields that are compared with another one of the request: what the other has to be, so that this one can be looked at.
BESIDE: Mapping[str, Callable[[str], Json]] = {
    "schedule_start": lambda value: {"schedule_end": (moment(value) + A_DAY).isoformat()},
    "schedule_end": lambda value: {"schedule_start": (moment(value) - A_DAY).isoformat()},
}
HOURS = {"calling_hours_start": "08:45", "calling_hours_end": "18:15"}


@dataclass(frozen=True)
class Subject:
    """`minimal` gives a body with the required fields alone, new each time; `path` is the collection that it is posted to."""

    input: Input
    path: str
    minimal: Callable[[Product], Json]

    def create(self, product: Product, body: Any) -> Response[Json]:
        """With this body as it is; what it creates is removed."""
        answer = product.send("POST", self.path, body)
        product.ledger.note_creation(self.path.rstrip("/"), answer.response)
        return answer

    def new(self, product: Product, **fields: Any) -> Json:
        """A row to look at something else with; Blocked where there is none."""
        created = self.create(product, self.minimal(product) | fields)
        if created.status_code != 201:
            raise Blocked(observed("record-not-created", created))
        return self.read(product, created.body["id"])

    def read(self, product: Product, row_id: str) -> Json:
        """As it is now; Blocked where it cannot be read."""
        answer = product.get(f"{self.path}{row_id}")
        if answer.status_code != 200:
            raise Blocked(observed("created-record-not-readable", answer))
        return dict(answer.body)

    def update(self, product: Product, row_id: str, body: Any) -> Response[Json]:
        method = (self.input.update or "").partition(" ")[0]
        return product.send(method, f"{self.path}{row_id}", body)


def _campaign(product: Product) -> Json:
    whole = payloads.campaign(product.ledger.name("campaña"))
    return {each.name: whole[each.name] for each in BY_NAME["campaign"].fields if each.presence == "required"}


SUBJECTS = {
    "campaign": Subject(BY_NAME["campaign"], "/api/campaigns/", _campaign),
    "contact": Subject(BY_NAME["contact"], "/api/contacts/", lambda product: payloads.contact(product.ledger.name("contacto"))),
}
Choice = Callable[[Field], bool]


def fields(chosen: Choice, *statements: str) -> pytest.MarkDecorator:
    """Parametrises a check by subject and field; each claims these statements of its field."""
    return pytest.mark.parametrize(
        ("subject", "field"),
        [
            pytest.param(
                subject,
                each,
                id=f"{name}.{each.name}",
                marks=pytest.mark.claims(*(f"field/{name}.{each.name}/{statement}" for statement in statements)),
            )
            for name, subject in SUBJECTS.items()
            for each in subject.input.fields
            if chosen(each)
        ],
    )


def with_value(field: Field, value: Any) -> Json:
    """The field with this value, and what has to stand beside it. A dot in its name is an object's field."""
    beside = BESIDE[field.name](value) if field.name in BESIDE and is_moment(value) else {}
    name, _, inner = field.name.partition(".")
    return {name: {inner: value} if inner else value} | beside


def value_in(row: Mapping[str, Any], field: Field) -> Any:
    name, _, inner = field.name.partition(".")
    value = row.get(name)
    return value.get(inner) if inner and isinstance(value, dict) else value


def same(field: Field, one: Any, other: Any) -> bool:
    """Moments in any offset, where a date without one is UTC (contract R-21); hours with or without seconds; else as they are."""
    if is_moment(one) and is_moment(other):
        return moment(one) == moment(other)
    if field.name in HOURS and isinstance(one, str) and isinstance(other, str):
        return one[:5] == other[:5]
    return bool(one == other)


def is_moment(value: Any) -> bool:
    if not isinstance(value, str) or len(value) < len("2040-03-01"):
        return False
    try:
        moment(value)
    except ValueError:
        return False
    return True


def moment(value: str) -> dt.datetime:
    read = dt.datetime.fromisoformat(value)
    return read.replace(tzinfo=dt.UTC) if read.tzinfo is None else read


def another(field: Field, current: Any) -> Any:
    """A valid value that differs from the current one, and fits what stands beside it."""
    if field.name in HOURS:
        return HOURS[field.name]
    if field.name in BESIDE:
        return (moment(current) + (AN_HOUR if field.name.endswith("_end") else -AN_HOUR)).isoformat()
    candidates = [*field.values.valid.values(), "Otro valor", "Y otro", 7]
    return next(value for value in candidates if fits(field, value) and not same(field, value, current))


def fits(field: Field, value: Any) -> bool:
    """Whether the field's rule takes it."""
    try:
        msgspec.convert(value, field.values.rule)
    except msgspec.ValidationError:
        return False
    return True
