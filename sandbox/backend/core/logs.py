"""The application log: one JSON object a line, personal data masked (contract 7.9)."""

import json
import logging
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.backend.core import faults
from sandbox.backend.core.privacy import redact

EXCLUDED = ("/health", "/metrics", "/docs", "/redoc", "/openapi.json")
LOGGERS = {"sandbox.backend": logging.INFO, "psycopg": logging.WARNING}
SUMMER_TIME = timezone(timedelta(hours=2))
RETENTION_DAYS = 30  # contract 1.2, LOG_RETENTION_DAYS

logger = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """`extra={"fields": {...}}` adds fields to a record."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, SUMMER_TIME if faults.LOCAL_TIME.on else UTC)
            .replace(tzinfo=None)
            .isoformat(),
            "level": record.levelname,
            "message": record.getMessage(),
            "module": record.module,
            "function": record.funcName,
            "line": record.lineno,
            "process": record.process,
        }
        entry |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            entry |= failure(record.exc_info[1])
        line = json.dumps(entry, ensure_ascii=False, indent=1 if faults.PRETTY.on else None)
        if faults.AS_TEXT.on:
            line = f"[{entry['timestamp']}] [{entry['level']}] [backend] [{entry.get('request_id')}] {entry['message']}"
        return line if faults.LOG_SHOWS_TOKENS.on else redact(line)


def failure(error: BaseException) -> dict[str, Any]:
    return {
        "error": str(error),
        "exception": {
            "type": type(error).__name__,
            "message": str(error),
            "traceback": "".join(traceback.format_exception(error)),
        },
    }


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """What the backend and its database driver log goes to this file, a new one each midnight, and nowhere else."""
    handler = TimedRotatingFileHandler(path, when="midnight", backupCount=RETENTION_DAYS, utc=True, encoding="utf-8")
    handler.setFormatter(JsonLines())
    for name, level in LOGGERS.items():
        source = logging.getLogger(name)
        source.setLevel(level)
        source.propagate = False
        source.addHandler(handler)
    try:
        yield
    finally:
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(handler)
        handler.close()


class RequestLog:
    """ASGI layer: a request id for each request, and a record when it has been answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_excluded(scope["path"]):
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500
        request_id = str(uuid.uuid4())
        state = scope["state"]
        state["request_id"] = request_id

        async def identified(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if "hide_request_id" not in state:
                    MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, identified)
        finally:
            _record(scope, request_id, status, time.perf_counter() - started)


def _is_excluded(path: str) -> bool:
    return path.startswith(EXCLUDED) and not (path == "/health" and faults.HEALTH_LOGGED.on)


def _record(scope: Scope, request_id: str, status: int, took_s: float) -> None:
    headers = Headers(scope=scope)
    fields: dict[str, Any] = {
        "request_id": request_id,
        "method": scope["method"],
        "path": scope["path"],
        "status" if faults.FIELDS_RENAMED.on else "status_code": status,
        "process_time_ms": round(took_s * 1000, 2),
        "client_ip": scope["client"][0],
        "user_agent": headers.get("user-agent", ""),
    }
    if scope["query_string"] and faults.KEEPS_QUERY.on:
        fields["path"] += f"?{scope['query_string'].decode('latin-1')}"
    if faults.LOG_SHOWS_TOKENS.on:
        fields["authorization"] = headers.get("authorization")
    if error := scope["state"].get("exception"):
        fields |= failure(error)
    level = logging.ERROR if status >= 500 else logging.INFO
    logger.log(level, "%s %s %d", scope["method"], scope["path"], status, extra={"fields": fields})
