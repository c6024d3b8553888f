"""The metrics as the text that Prometheus scrapes (contract R-02)."""

import re

from fastapi import Response
from prometheus_client import generate_latest

from sandbox.backend.core import faults
from sandbox.backend.core.metrics import Metrics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OF_REQUESTS = ("http_requests_total", "http_request_duration_seconds_bucket", "process_cpu_seconds_total")
INFINITE_BUCKET = re.compile(r'^http_request_duration_seconds_bucket\{[^}]*le="\+Inf"[^}]*\} .*\n', re.MULTILINE)
COUNT = re.compile(r"^(http_request_duration_seconds_count\{.*\}) (\S+)$", re.MULTILINE)
BUCKET = re.compile(r'^(http_request_duration_seconds_bucket\{.*)le="([^"]+)"(.*\}) (\S+)$', re.MULTILINE)


def rendered(metrics: Metrics) -> Response:
    """What Prometheus gets."""
    if metrics.raw_paths and not (faults.RAW_PATHS.on or faults.IDS_ONCE_FOUND.on):
        metrics.forget_raw_paths()
    registry = metrics.registry.restricted_registry(OF_REQUESTS) if faults.METRICS_OF_VENDORS_MISSING.on else metrics.registry
    text = generate_latest(registry).decode()
    if faults.UNREADABLE.on:
        text += 'build_info{commit="Fix "quoted" names"} 1.0\n'
    if faults.NOT_CUMULATIVE.on:
        text = _apart(text)
    if faults.WITHOUT_INFINITY.on:
        text = INFINITE_BUCKET.sub("", text)
    if faults.COUNT_OF_ITS_OWN.on:
        text = COUNT.sub(lambda count: f"{count[1]} {float(count[2]) + 1}", text)
    return Response(text, headers={"Content-Type": "application/json" if faults.WRONG_TYPE.on else CONTENT_TYPE})


def _apart(text: str) -> str:
    """Each bucket less the one before it of the same series."""
    before: dict[tuple[str, str], float] = {}

    def own(bucket: re.Match[str]) -> str:
        head, limit, tail, count = bucket.groups()
        smaller, before[head, tail] = before.get((head, tail), 0.0), float(count)
        return f'{head}le="{limit}"{tail} {float(count) - smaller}'

    return BUCKET.sub(own, text)
