"""What the reports look like on the wire (contract 2.8)."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from sandbox.backend.calls.models import TimelineEntry
from sandbox.backend.campaigns.models import CampaignStatus


class ReportedCampaign(BaseModel):
    id: UUID
    name: str
    description: str | None
    status: CampaignStatus
    created_at: datetime
    updated_at: datetime


class CampaignMetrics(BaseModel):
    """Rates are percentages, the average is in seconds."""

    total_calls: int
    completed_calls: int
    failed_calls: int
    in_progress_calls: int
    queued_calls: int  # always 0: no call status says queued
    cancelled_calls: int
    success_rate: float
    failure_rate: float
    avg_duration: float


class CampaignSummary(BaseModel):
    campaign: ReportedCampaign
    metrics: CampaignMetrics
    timeline: list[TimelineEntry]


class CampaignPerformance(BaseModel):
    id: UUID
    name: str
    status: CampaignStatus
    total_calls: int
    success_rate: float
    avg_duration: float


class Period(BaseModel):
    start_date: datetime
    end_date: datetime
    days: int


class PerformanceSummary(BaseModel):
    total_calls: int
    completed_calls: int
    failed_calls: int
    success_rate: float
    failure_rate: float
    avg_duration: float
    calls_per_day: float


class PerformanceMetrics(BaseModel):
    period: Period
    summary: PerformanceSummary
    by_status: dict[str, int]
    timeline: list[TimelineEntry]
