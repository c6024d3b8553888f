"""What a call looks like from outside: the bodies of requests and responses (contract 3.4)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from sandbox.backend.calls.states import CallStatus
from sandbox.backend.core.field_types import Count, Moment, Phone, Text


def shown_column(text: str) -> str:
    """The listing sorts by what it shows and by nothing else."""
    if text not in Call.model_fields:
        raise ValueError(f"No se puede ordenar por {text!r}")
    return text


SortColumn = Annotated[str, AfterValidator(shown_column)]
PlainId = Annotated[str, BeforeValidator(str)]  # the database's uuid as the plain string of contract 0.2
Filled = Annotated[Text, Field(min_length=1)]  # the vendor refuses a call without
Seconds = Annotated[int, Field(ge=1, le=600)]


class CallCreate(BaseModel):
    campaign_id: Text
    contact_id: UUID
    status: CallStatus
    scheduled_time: Moment | None = None
    duration: Count | None = None
    recording_url: Text | None = None
    notes: Text | None = None
    error_message: Text | None = None
    retry_attempts: Count = 0
    max_retries: Count = 3
    script_template: Filled
    webhook_url: Filled
    status_callback_url: Filled
    phone_number: Phone
    from_number: Phone
    timeout: Seconds = 30  # of ringing; 600 is the vendor's own limit


class CallSummary(BaseModel):
    """What a list entry and a detail have in common."""

    id: UUID
    campaign_id: PlainId
    contact_id: UUID
    status: CallStatus
    scheduled_time: datetime | None
    duration: int | None
    recording_url: str | None
    notes: str | None
    twilio_sid: str | None
    error_message: str | None
    retry_attempts: int
    max_retries: int
    created_at: datetime
    updated_at: datetime


class Call(CallSummary):
    """Texts that the API requires may be missing in rows that came in through the data REST."""

    script_template: str | None
    webhook_url: str | None
    status_callback_url: str | None
    phone_number: str | None
    from_number: str | None
    interaction_history: list[dict[str, Any]] | None


class CallPage(BaseModel):
    data: list[Call]
    total: int
    page: int
    page_size: int
    total_pages: int


class Interaction(BaseModel):
    timestamp: str
    type: str
    content: str
    metadata: dict[str, Any]


class CallDetail(CallSummary):
    contact_name: str | None
    contact_phone: str | None
    campaign_name: str | None
    start_time: datetime | None
    end_time: datetime | None
    interactions: list[Interaction]
    call_metrics: dict[str, Any]
    tags: list[str]


class TimelineEntry(BaseModel):
    date: str
    total: int
    completed: int
    failed: int


class CallMetrics(BaseModel):
    by_status: dict[str, int]
    avg_duration: float
    timeline: list[TimelineEntry]


class CallbackAnswer(BaseModel):
    status: str
    message: str


class SpokenAnswer(BaseModel):
    status: str
    audio: str
    call_id: UUID
    timestamp: datetime
