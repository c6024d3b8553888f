"""What contact lists look like on the wire (contract 3.3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from sandbox.backend.contact_lists import faults
from sandbox.backend.contacts.models import Contact
from sandbox.backend.core.field_types import Name, Text


class ContactListCreate(BaseModel):
    name: Name
    description: Text | None = None
    contacts: list[str] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def named_under_fault(cls, body: Any) -> Any:
        return {"name": "Borrador", **body} if faults.NAME_OPTIONAL.on and isinstance(body, dict) else body


class ContactList(BaseModel):
    id: UUID
    name: str
    description: str | None
    contacts: list[Contact]
    created_at: datetime
    updated_at: datetime


class Added(BaseModel):
    added: int
