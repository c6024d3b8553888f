"""Metrics and logs that alerts and dashboards are built on (contract 7.1, 7.9)."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from sandbox.backend.core.metrics import Metrics
from tests.conftest import RunningSandbox
from tests.sandbox.conftest import Row, record_of, records

VENDOR_SECONDS = (0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
# Kind, labels, and the buckets of a histogram where the contract gives them.
METRICS: dict[str, tuple[str, tuple[str, ...], tuple[float, ...] | None]] = {
    "call_latency_seconds": ("histogram", ("status",), (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120)),
    "audio_quality_score": ("gauge", ("voice",), None),
    "total_calls": ("counter", ("status", "campaign_id"), None),
    "call_duration_seconds": ("histogram", ("campaign_id",), (10, 30, 60, 120, 300, 600, 1200, 1800)),
    "ai_response_time_seconds": ("histogram", ("model",), (0.1, 0.25, 0.5, 1, 2, 5, 10)),
    "ai_requests_total": ("counter", ("model", "status"), None),
    "ai_errors_total": ("counter", ("model", "error_type"), None),
    "ai_sentiment_score": ("gauge", ("campaign_id",), None),
    "ai_tokens_used": ("summary", ("model",), None),
    "elevenlabs_requests_total": ("counter", ("method", "status"), None),
    "elevenlabs_request_duration_seconds": ("histogram", ("method",), VENDOR_SECONDS),
    "elevenlabs_pool_connections_active": ("gauge", (), None),
    "elevenlabs_pool_size": ("gauge", (), None),
    "elevenlabs_pool_usage_ratio": ("gauge", (), None),
    "elevenlabs_errors_total": ("counter", ("error_type",), None),
    "elevenlabs_generation_duration_seconds": ("histogram", ("voice",), (0.1, 0.5, 1, 2, 5, 10)),
    "elevenlabs_audio_quality_score": ("histogram", (), tuple(n / 10 for n in range(1, 11))),
    "elevenlabs_retry_count_total": ("counter", ("method",), None),
    "elevenlabs_failures_total": ("counter", (), None),
    "elevenlabs_api_latency_seconds": ("histogram", (), None),
    "circuit_breaker_state": ("gauge", (), None),
    "http_requests_total": ("counter", ("method", "path", "status"), None),
    "http_request_duration_seconds": (
        "histogram",
        ("method", "path"),
        (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    ),
    "cache_hits_total": ("counter", ("cache",), None),
    "cache_misses_total": ("counter", ("cache",), None),
    "cache_size_bytes": ("gauge", ("cache",), None),
    "twilio_requests_total": ("counter", (), None),
    "twilio_errors_total": ("counter", (), None),
    "calls_created_total": ("counter", (), None),
    "calls_initiated_total": ("counter", (), None),
    "call_responses_total": ("counter", (), None),
    "call_retries_total": ("counter", (), None),
}
# Families of which a sample must be there before anything has happened: a rate needs the zero before the first event.
FROM_THE_START = (
    "http_requests_total",
    "http_request_duration_seconds_bucket",
    "elevenlabs_requests_total",
    "elevenlabs_errors_total",
    "twilio_requests_total",
    "twilio_errors_total",
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "circuit_breaker_state",
    "cache_hits_total",
    "cache_misses_total",
    "cache_size_bytes",
    "python_info",
)
RECORD = {"timestamp", "level", "message", "module", "function", "line", "process"}
REQUEST_RECORD = {"request_id", "method", "path", "status_code", "process_time_ms", "client_ip", "user_agent"}

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def direct(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """Signed in as admin, on the backend's own port."""
    headers = {"authorization": f"Bearer {sandbox.token('admin')}", "user-agent": "observador/1"}
    with httpx.Client(base_url=sandbox.profile["LV_BACKEND_URL"], headers=headers, timeout=15) as client:
        yield client


def samples(client: httpx.Client) -> Samples:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def growth(before: Samples, after: Samples, name: str, **labels: str) -> float:
    key = (name, frozenset(labels.items()))
    return after[key] - before.get(key, 0)


@pytest.mark.parametrize("name", METRICS)
def test_metric_is_registered_as_documented(name: str) -> None:
    kind, labels, buckets = METRICS[name]

    metric: Any = getattr(Metrics(), name)

    assert (metric._type, metric._labelnames) == (kind, labels)
    if buckets:
        assert metric._kwargs.get("buckets", buckets) == buckets
        child = metric.labels(*("x" for _ in labels)) if labels else metric
        assert tuple(child._upper_bounds) == (*buckets, float("inf"))


def test_every_metric_is_exposed_with_its_type(direct: httpx.Client) -> None:
    declared = {tuple(line.split()[2:]) for line in direct.get("/metrics").text.splitlines() if line.startswith("# TYPE")}

    exposed = {("total_calls_total" if name == "total_calls" else name, kind) for name, (kind, *_) in METRICS.items()}
    assert exposed - declared == set()


def test_rates_have_their_zero_from_the_start(staging: RunningSandbox) -> None:
    with httpx.Client(base_url=staging.profile["LV_BACKEND_URL"]) as client:
        client.get("/health")
        names = {name for name, _ in samples(client)}

    assert [name for name in FROM_THE_START if name not in names] == []


def test_requests_are_counted_under_their_template(direct: httpx.Client) -> None:
    before = samples(direct)
    for path in ("/api/contacts/uno", "/api/contacts/dos", "/api/nada", "/api/nada-más"):
        direct.get(path)
    direct.get("/api/contacts/", headers={"authorization": ""})
    after = samples(direct)

    template = {"method": "GET", "path": "/api/contacts/{contact_id}"}
    assert growth(before, after, "http_requests_total", **template, status="404") == 2
    assert growth(before, after, "http_request_duration_seconds_count", **template) == 2
    assert growth(before, after, "http_requests_total", method="GET", path="unmatched", status="404") == 2
    paths = {dict(labels).get("path", "") for name, labels in after if name == "http_requests_total"}
    assert [path for path in paths if "nada" in path or "uno" in path] == []


def test_audio_cache_is_measured(direct: httpx.Client, call: Row) -> None:
    """A miss makes the sound, the second request is a hit, and the size is the files' own."""
    direct.post("/api/audio-cache/clear").raise_for_status()
    direct.patch(f"/api/calls/{call['id']}/status", params={"status": "in_progress"}).raise_for_status()
    observed = [samples(direct)]
    for _ in range(2):
        direct.post(f"/api/calls/{call['id']}/respond", json={"text": "hola"}).raise_for_status()
        observed.append(samples(direct))
    empty, missed, hit = observed
    size = ("cache_size_bytes", frozenset({("cache", "audio")}))

    assert [growth(empty, missed, f"cache_{name}_total", cache="audio") for name in ("hits", "misses")] == [0, 1]
    assert [growth(missed, hit, f"cache_{name}_total", cache="audio") for name in ("hits", "misses")] == [1, 0]
    assert empty[size] == 0
    assert missed[size] == hit[size] == direct.get("/api/audio-cache/stats").json()["total_size_bytes"] > 0


def test_every_line_is_a_record(sandbox: RunningSandbox, direct: httpx.Client) -> None:
    direct.get("/api/contacts/")

    for record in records(sandbox):
        assert set(record) >= RECORD
        assert record["timestamp"].count(":") == 2
        assert not record["timestamp"].endswith(("Z", "+00:00"))


def test_request_is_recorded_with_its_id(sandbox: RunningSandbox, direct: httpx.Client) -> None:
    response = direct.get("/api/calls/nadie", headers={"x-forwarded-for": "198.51.100.79"})

    record = record_of(sandbox, response)
    assert set(record) == RECORD | REQUEST_RECORD
    assert {name: record[name] for name in ("method", "path", "status_code", "client_ip", "user_agent")} == {
        "method": "GET",
        "path": "/api/calls/nadie",
        "status_code": 404,
        "client_ip": "198.51.100.79",
        "user_agent": "observador/1",
    }
    assert record["process_time_ms"] > 0


def test_failure_is_recorded_with_its_cause(sandbox: RunningSandbox, direct: httpx.Client, call: Row) -> None:
    names = ("campaign_id", "contact_id", "webhook_url", "status_callback_url", "from_number", "script_template", "status")
    response = direct.post("/api/calls/", json={name: call[name] for name in names} | {"phone_number": "+15005550001"})

    record = record_of(sandbox, response)
    assert (record["status_code"], record["level"]) == (500, "ERROR")
    assert set(record) == RECORD | REQUEST_RECORD | {"error", "exception"}
    assert set(record["exception"]) == {"type", "message", "traceback"}
    assert "Traceback" in record["exception"]["traceback"]
    assert record["exception"]["traceback"] not in response.text


def test_probes_and_documentation_are_not_recorded(sandbox: RunningSandbox, direct: httpx.Client) -> None:
    excluded = ("/health", "/metrics", "/docs", "/redoc", "/openapi.json")
    for path in excluded:
        direct.get(path)
    record_of(sandbox, direct.get("/api/contacts/"))  # everything before is written as well

    assert [each["path"] for each in records(sandbox) if each.get("path", "").startswith(excluded)] == []


ABSENT = "0badc0de-0000-4000-8000-0000000000fa"


def test_raw_paths_leave_the_metrics_with_their_fault(sandbox: RunningSandbox) -> None:
    with sandbox.client("viewer") as client:
        with sandbox.control("metrics-labelled-by-raw-path"):
            client.get(f"/api/contacts/{ABSENT}")
            broken = metrics(sandbox)
        restored = metrics(sandbox)

    assert ABSENT in broken
    assert ABSENT not in restored


def metrics(sandbox: RunningSandbox) -> str:
    with sandbox.anonymous() as client:
        auth = (sandbox.profile["LV_METRICS_USER"], sandbox.profile["LV_METRICS_PASSWORD"])
        return client.get("/metrics", auth=auth).raise_for_status().text
