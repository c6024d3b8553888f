"""Types of request fields whose accepted values the database can store: text, counts, dates, phones."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from sandbox.backend.core import faults
from sandbox.faults import Fault

LARGEST_INT = 2**31 - 1  # PostgreSQL's integer
PHONE_PATTERN = r"^\+?1?[0-9]{9,15}$"  # contract 3.3; [0-9] because \d also means other scripts' digits


def storable(text: str) -> str:
    """PostgreSQL's text is UTF-8 without NUL. JSON can spell both a NUL and half of a surrogate pair."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("El texto contiene caracteres que no se pueden guardar")
    return text


def digits_only_under_fault(phone: object) -> object:
    return re.sub(r"\D", "", phone) if faults.PHONE_CLEANED.on and isinstance(phone, str) else phone


def tidied(text: str) -> str:
    """What of a vendor's text can be stored: the vendor would not act on a refusal, so the rest is kept."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def as_utc(moment: datetime) -> datetime:
    """A date without offset is UTC (R-21)."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def representable(moment: datetime) -> datetime:
    """The same moment, if it also exists in UTC: 0001-01-01T00:00+05:00 does not."""
    try:
        as_utc(moment)
    except OverflowError as error:
        raise ValueError("La fecha está fuera de rango") from error
    return moment


def as_uuid(text: str) -> UUID | None:
    """None for what is not a UUID: such an id behaves as not found (contract 2.7)."""
    try:
        return UUID(text)
    except ValueError:
        return None


def bounded_unless(fault: Fault, bound: Literal["greater_than_equal", "less_than_equal"]) -> WrapValidator:
    """A whole number beyond this bound of its type is let through while the fault is on."""

    def validated(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError as error:
            if error.errors()[0]["type"] == bound and fault.on:
                return int(value)
            raise

    return WrapValidator(validated)


def instead_under(fault: Fault, kind: str, value: Any) -> WrapValidator:
    """What is no value of its type, by the kind of the error, is taken for this one while the fault is on."""

    def validated(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(given)
        except ValidationError as error:
            if error.errors()[0]["type"] == kind and fault.on:
                return value
            raise

    return WrapValidator(validated)


Text = Annotated[str, AfterValidator(storable)]
Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(storable)]
Phone = Annotated[str, Field(pattern=PHONE_PATTERN)]
ContactPhone = Annotated[Phone, BeforeValidator(digits_only_under_fault)]
Count = Annotated[int, Field(ge=0, le=LARGEST_INT)]
Moment = Annotated[datetime, AfterValidator(representable)]
