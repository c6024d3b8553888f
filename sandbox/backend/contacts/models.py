"""What contacts look like on the wire (contract 3.3)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, EmailStr, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from sandbox.backend.contacts import faults
from sandbox.backend.core.field_types import ContactPhone, Name, Text


def none_for_a_bad_one(phone: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(phone)
    except ValidationError:
        if faults.BAD_PHONE_DROPPED.on:
            return None
        raise


ChangedPhone = Annotated[ContactPhone | None, WrapValidator(none_for_a_bad_one)]


def as_faults_have_it(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    if faults.UNKNOWN_FIELD_REFUSED.on and body.keys() - CREATED:
        raise ValueError("Extra inputs are not permitted")
    if faults.NAME_OPTIONAL.on and "name" not in body:
        body = {"name": "Sin nombre", **body}
    if faults.NULL_TAGS_ACCEPTED.on and body.get("tags", []) is None:
        body = {**body, "tags": []}
    return {**body, "notes": ""} if faults.NULL_BECOMES_TEXT.on and body.get("notes", "") is None else body


CREATED = {"name", "phone_number", "email", "notes", "tags", "id"}


class ContactCreate(BaseModel):
    """`id` is the client's under a fault only."""

    id: UUID | None = Field(default=None, exclude=True)
    name: Name
    phone_number: ContactPhone
    email: EmailStr | None = None
    notes: Text | None = None
    tags: list[Text] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def under_fault(cls, body: Any) -> Any:
        return as_faults_have_it(body)


class ContactUpdate(BaseModel):
    """Null and omitted fields stay as they are (R-23)."""

    name: Name | None = None
    phone_number: ChangedPhone = None
    email: EmailStr | None = None
    notes: Text | None = None
    tags: list[Text] | None = None


class Contact(BaseModel):
    id: UUID
    name: str
    phone_number: str
    email: str | None
    notes: str | None
    tags: list[str]
    created_at: datetime
    updated_at: datetime


class ContactPage(BaseModel):
    data: list[Contact]
    total: int
    page: int
    limit: int
    totalPages: int  # noqa: N815 - the contract's spelling


class Success(BaseModel):
    success: bool


class ImportResult(BaseModel):
    """`imported` + `errors` = `total`, the number of data rows."""

    total: int
    imported: int
    errors: int
