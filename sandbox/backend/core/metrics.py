"""Prometheus metrics with the labels and buckets of contract 7.1, one registry per application."""

import time

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    Summary,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.backend.core import faults

HTTP_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
VENDOR_SECONDS = (0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
FRAMEWORK_PATHS = frozenset({"/docs", "/redoc", "/openapi.json"})  # served without a route of ours
UNMATCHED = "unmatched"  # one label for all unknown paths: raw ones would be without bound


class Metrics:
    """The metrics of one application; an attribute is named as the contract names the metric."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.raw_paths: set[tuple[str, str, str]] = set()  # method, path, status: labels that only a fault makes
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._http()
        self._calls()
        self._artificial_intelligence()
        self._elevenlabs()

    def looked_for_audio(self, hit: bool) -> None:
        (self.cache_hits_total if hit else self.cache_misses_total).labels("audio").inc()

    def forget_raw_paths(self) -> None:
        for method, path, status in self.raw_paths:
            self.http_requests_total.remove_by_labels({"method": method, "path": path, "status": status})
            self.http_request_duration_seconds.remove_by_labels({"method": method, "path": path})
        self.raw_paths.clear()

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, *labels: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, meaning, labels, registry=self.registry, buckets=buckets)

    def _http(self) -> None:
        self.http_requests_total = self._counter("http_requests_total", "Requests answered", "method", "path", "status")
        self.http_request_duration_seconds = self._histogram(
            "http_request_duration_seconds", "Time to the last byte", "method", "path", buckets=HTTP_SECONDS
        )
        self.cache_hits_total = self._counter("cache_hits_total", "Answers found in a cache", "cache")
        self.cache_misses_total = self._counter("cache_misses_total", "Answers not found in a cache", "cache")
        self.cache_size_bytes = self._gauge("cache_size_bytes", "Bytes held by a cache", "cache")
        for lookups in (self.cache_hits_total, self.cache_misses_total):
            lookups.labels("audio")

    def _calls(self) -> None:
        self.total_calls = self._counter("total_calls", "Calls that reached a status", "status", "campaign_id")
        self.call_latency_seconds = self._histogram(
            "call_latency_seconds", "Time to place a call", "status", buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 120)
        )
        self.call_duration_seconds = self._histogram(
            "call_duration_seconds", "Length of calls", "campaign_id", buckets=(10, 30, 60, 120, 300, 600, 1200, 1800)
        )
        self.audio_quality_score = self._gauge("audio_quality_score", "Quality of spoken audio, 0 to 1", "voice")
        self.twilio_requests_total = self._counter("twilio_requests_total", "Requests sent to the telephony vendor")
        self.twilio_errors_total = self._counter("twilio_errors_total", "Requests that the telephony vendor did not serve")
        self.calls_created_total = self._counter("calls_created_total", "Calls stored")
        self.calls_initiated_total = self._counter("calls_initiated_total", "Calls placed at the vendor")
        self.call_responses_total = self._counter("call_responses_total", "Spoken answers given during calls")
        self.call_retries_total = self._counter("call_retries_total", "Calls placed again")

    def _artificial_intelligence(self) -> None:
        self.ai_response_time_seconds = self._histogram(
            "ai_response_time_seconds", "Time to an AI answer", "model", buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10)
        )
        self.ai_requests_total = self._counter("ai_requests_total", "Requests sent to the AI vendor", "model", "status")
        self.ai_errors_total = self._counter(
            "ai_errors_total", "Requests that the AI vendor did not serve", "model", "error_type"
        )
        self.ai_sentiment_score = self._gauge("ai_sentiment_score", "Sentiment of the last utterance, -1 to 1", "campaign_id")
        self.ai_tokens_used = Summary("ai_tokens_used", "Tokens of an answer", ["model"], registry=self.registry)
        self.circuit_breaker_state = self._gauge("circuit_breaker_state", "0 closed, 0.5 half open, 1 open")

    def _elevenlabs(self) -> None:
        self.elevenlabs_requests_total = self._counter(
            "elevenlabs_requests_total", "Requests sent to the voice vendor", "method", "status"
        )
        self.elevenlabs_errors_total = self._counter("elevenlabs_errors_total", "Errors of the voice vendor", "error_type")
        self.elevenlabs_request_duration_seconds = self._histogram(
            "elevenlabs_request_duration_seconds", "Time of a voice request", "method", buckets=VENDOR_SECONDS
        )
        self.elevenlabs_generation_duration_seconds = self._histogram(
            "elevenlabs_generation_duration_seconds", "Time to generate speech", "voice", buckets=(0.1, 0.5, 1, 2, 5, 10)
        )
        self.elevenlabs_audio_quality_score = self._histogram(
            "elevenlabs_audio_quality_score", "Quality of generated speech", buckets=tuple(n / 10 for n in range(1, 11))
        )
        self.elevenlabs_api_latency_seconds = self._histogram(
            "elevenlabs_api_latency_seconds", "Latency of the voice vendor", buckets=VENDOR_SECONDS
        )
        self.elevenlabs_pool_connections_active = self._gauge("elevenlabs_pool_connections_active", "Connections in use")
        self.elevenlabs_pool_size = self._gauge("elevenlabs_pool_size", "Connections allowed")
        self.elevenlabs_pool_usage_ratio = self._gauge("elevenlabs_pool_usage_ratio", "Share of connections in use")
        self.elevenlabs_retry_count_total = self._counter("elevenlabs_retry_count_total", "Retries at the voice vendor", "method")
        for status in ("success", "error"):  # there from the start: a rate needs the zero before the first event
            self.elevenlabs_requests_total.labels("text_to_speech", status)
        for error_type in ("APIError", "AuthenticationError"):
            self.elevenlabs_errors_total.labels(error_type)
        self.elevenlabs_failures_total = self._counter("elevenlabs_failures_total", "Voice requests given up")


class HttpMetrics:
    """ASGI layer that counts and times every request under its route template."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self._observe(scope, status, time.perf_counter() - started)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        if faults.METRICS_FROZEN.on or (status >= 400 and faults.METRICS_COUNT_NO_ERRORS.on):
            return
        path = str(getattr(scope.get("route"), "path", scope["path"] if scope["path"] in FRAMEWORK_PATHS else UNMATCHED))
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        if "{" in path and status < 400 and faults.IDS_ONCE_FOUND.on:
            path = scope["path"]
            self.metrics.raw_paths.add((method, path, str(status)))
        if ("{" in path or path == UNMATCHED) and faults.RAW_PATHS.on:
            path = scope["path"]
            self.metrics.raw_paths.add((method, path, str(status)))
        self.metrics.http_requests_total.labels(method, path, status).inc()
        self.metrics.http_request_duration_seconds.labels(method, path).observe(seconds)
