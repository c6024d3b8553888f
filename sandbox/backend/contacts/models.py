"""What contacts look like on the wire (contract 3.3)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, EmailStr, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

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


class ContactCreate(BaseModel):
    name: Name
    phone_number: ContactPhone
    email: EmailStr | None = None
    notes: Text | None = None
    tags: list[Text] = Field(default_factory=list)


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
