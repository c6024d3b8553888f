"""The metrics as the text that Prometheus scrapes (contract R-02)."""

import re

from fastapi import Response
from prometheus_client import generate_latest

from sandbox.backend.core.metrics import RAW_PATHS, Metrics
from sandbox.faults import declare

METRICS_OF_VENDORS_MISSING = declare(
    "metrics-of-vendors-missing",
    "The vendors' metrics live in a registry of their own, which nobody exports.",
    part="backend",
    kind="observability",
    severity=2,
    finding="/metrics lacks the metrics of Twilio and ElevenLabs, so their alerts can never fire.",
)
UNREADABLE = declare(
    "metrics-unreadable",
    "One line is put together by hand, with quotes inside a label's value.",
    part="backend",
    kind="observability",
    severity=1,
    finding="Prometheus refuses the whole page of metrics for one line, so there are no alerts at all.",
    rulings=("R-02",),
)
WRONG_TYPE = declare(
    "metrics-sent-as-json",
    "The metrics are returned through the framework's JSON answer.",
    part="backend",
    kind="observability",
    severity=1,
    finding="The content type of /metrics is not that of a text exposition, so Prometheus refuses to scrape.",
    rulings=("R-02",),
)
NOT_CUMULATIVE = declare(
    "metrics-buckets-not-cumulative",
    "Histograms are exported by hand: each bucket holds its own count and not that of the smaller ones, too.",
    part="backend",
    kind="observability",
    severity=2,
    finding="The percentiles of response times that dashboards and alerts show are invented.",
)
WITHOUT_INFINITY = declare(
    "metrics-without-infinity",
    "The bucket of everything, +Inf, was left out of the histograms as redundant.",
    part="backend",
    kind="observability",
    severity=2,
    finding="histogram_quantile answers NaN, so no latency alert can fire.",
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OF_REQUESTS = ("http_requests_total", "http_request_duration_seconds_bucket", "process_cpu_seconds_total")
INFINITE_BUCKET = re.compile(r'^http_request_duration_seconds_bucket\{[^}]*le="\+Inf"[^}]*\} .*\n', re.MULTILINE)
BUCKET = re.compile(r'^(http_request_duration_seconds_bucket\{.*)le="([^"]+)"(.*\}) (\S+)$', re.MULTILINE)


def rendered(metrics: Metrics) -> Response:
    """What Prometheus gets."""
    if metrics.raw_paths and not RAW_PATHS.on:
        metrics.forget_raw_paths()
    registry = metrics.registry.restricted_registry(OF_REQUESTS) if METRICS_OF_VENDORS_MISSING.on else metrics.registry
    text = generate_latest(registry).decode()
    if UNREADABLE.on:
        text += 'build_info{commit="Fix "quoted" names"} 1.0\n'
    if NOT_CUMULATIVE.on:
        text = _apart(text)
    if WITHOUT_INFINITY.on:
        text = INFINITE_BUCKET.sub("", text)
    return Response(text, headers={"Content-Type": "application/json" if WRONG_TYPE.on else CONTENT_TYPE})


def _apart(text: str) -> str:
    """Each bucket less the one before it of the same series."""
    before: dict[tuple[str, str], float] = {}

    def own(bucket: re.Match[str]) -> str:
        head, limit, tail, count = bucket.groups()
        smaller, before[head, tail] = before.get((head, tail), 0.0), float(count)
        return f'{head}le="{limit}"{tail} {float(count) - smaller}'

    return BUCKET.sub(own, text)
