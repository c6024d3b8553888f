"""What a campaign looks like on the wire (contract 3.1)."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from sandbox.backend.campaigns import faults
from sandbox.backend.core.field_types import Count, Moment, Name, Text, as_utc, storable

END_BEFORE_START = "La fecha de finalización debe ser posterior a la de inicio"
HOURS_REVERSED = "La hora de fin debe ser posterior a la de inicio"
MIXED_OFFSETS = "Las dos fechas deben llevar desplazamiento horario, o ninguna"

LONGEST_NAME = 255

Hour = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Script = Annotated[str, Field(min_length=10), AfterValidator(storable)]


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CampaignType(StrEnum):
    SALES = "sales"
    SUPPORT = "support"
    SURVEY = "survey"
    FOLLOW_UP = "follow_up"
    EDUCATIONAL = "educational"
    RETENTION = "retention"


def storable_names(variables: Any) -> Any:
    """Before the pairs are looked at one by one: the place of an error would repeat the name in the response."""
    if isinstance(variables, dict):
        for name in variables:
            storable(name)
    return variables


class AiConfig(BaseModel):
    model: Text = "gpt-4"
    temperature: float = Field(default=0.7, ge=0, le=1)
    max_tokens: Count = 150
    custom_prompt_variables: Annotated[dict[str, Text], BeforeValidator(storable_names)] = Field(default_factory=dict)


def refuse_mixed_offsets(start: datetime, end: datetime) -> None:
    """R-21: one date with a UTC offset and one without in the same body cannot be compared."""
    if start.tzinfo is None and end.tzinfo is None and faults.NAIVE_CRASHES.on:
        end > datetime.now(UTC)  # noqa: B015 - raises TypeError, as the fault says
    if (start.tzinfo is None) != (end.tzinfo is None):
        if faults.MIXED_CRASHES.on:
            end > start  # noqa: B015 - as above
        raise ValueError(MIXED_OFFSETS)


def lower_case(status: Any) -> Any:
    capital = isinstance(status, str) and status != status.lower()
    return status.lower() if capital and faults.STATUS_IN_ANY_CASE.on else status


def cut(name: Any) -> Any:
    return name[:LONGEST_NAME] if isinstance(name, str) and len(name) > LONGEST_NAME and faults.NAME_CUT.on else name


Status = Annotated[CampaignStatus, BeforeValidator(lower_case)]
CampaignName = Annotated[Name, BeforeValidator(cut)]


class CampaignCreate(BaseModel):
    name: CampaignName
    description: Text | None = None
    status: Status = CampaignStatus.DRAFT
    campaign_type: CampaignType = CampaignType.SALES
    schedule_start: Moment
    schedule_end: Moment
    contact_list_ids: list[UUID] = Field(default_factory=list)
    script_template: Script
    max_retries: Count = 3
    retry_delay_minutes: Count = 60
    calling_hours_start: Hour
    calling_hours_end: Hour
    pending_calls: Count = 0
    ai_config: AiConfig = AiConfig()
    key_points: list[Text] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def under_fault(cls, body: Any) -> Any:
        return {"max_retries": 5, **body} if faults.RETRIES_OF_OLD_RELEASE.on and isinstance(body, dict) else body

    @model_validator(mode="after")
    def dates_in_order(self) -> Self:
        refuse_mixed_offsets(self.schedule_start, self.schedule_end)
        if as_utc(self.schedule_end) <= as_utc(self.schedule_start):
            raise ValueError(END_BEFORE_START)
        return self

    @model_validator(mode="after")
    def hours_in_order(self) -> Self:
        if self.calling_hours_end <= self.calling_hours_start:
            raise ValueError(HOURS_REVERSED)
        return self


def may_be_omitted() -> Any:
    """A field that may be left out but not sent as null. The default is never read: only sent fields are."""
    return Field(default_factory=lambda: None)


class CampaignUpdate(BaseModel):
    """Any subset of the fields of creation; `model_fields_set` says which were sent."""

    name: CampaignName = may_be_omitted()
    description: Text | None = None
    status: Status = may_be_omitted()
    campaign_type: CampaignType = may_be_omitted()
    schedule_start: Moment = may_be_omitted()
    schedule_end: Moment = may_be_omitted()
    contact_list_ids: list[UUID] = may_be_omitted()
    script_template: Script = may_be_omitted()
    max_retries: Count = may_be_omitted()
    retry_delay_minutes: Count = may_be_omitted()
    calling_hours_start: Hour = may_be_omitted()
    calling_hours_end: Hour = may_be_omitted()
    pending_calls: Count = may_be_omitted()
    ai_config: AiConfig = may_be_omitted()
    key_points: list[Text] = may_be_omitted()

    @model_validator(mode="after")
    def comparable_dates(self) -> Self:
        if {"schedule_start", "schedule_end"} <= self.model_fields_set:
            refuse_mixed_offsets(self.schedule_start, self.schedule_end)
        return self


class Campaign(BaseModel):
    id: UUID
    name: str
    description: str | None
    status: CampaignStatus
    campaign_type: CampaignType
    schedule_start: datetime
    schedule_end: datetime
    contact_list_ids: list[UUID]
    script_template: str
    max_retries: int
    retry_delay_minutes: int
    calling_hours_start: str | None
    calling_hours_end: str | None
    pending_calls: int
    total_calls: int
    successful_calls: int
    failed_calls: int
    ai_config: AiConfig
    key_points: list[str]
    created_at: datetime
    updated_at: datetime
