"""The older status callback: JSON behind a bearer token, always answered with 200 (contract 2.6, R-14, R-16)."""

import logging
from typing import Annotated

import psycopg
from fastapi import Body

from sandbox.backend.accounts.authentication import Writer
from sandbox.backend.calls import store as call_store
from sandbox.backend.calls.models import CallbackAnswer
from sandbox.backend.calls.services import Measures
from sandbox.backend.core.database import Database
from sandbox.backend.core.field_types import tidied
from sandbox.backend.webhooks import vendor_callbacks

logger = logging.getLogger(__name__)


async def receive(_: Writer, report: Annotated[dict[str, str], Body()], database: Database, measures: Measures) -> CallbackAnswer:
    """The sender cannot act on an error, so the error is in the body and in the log."""
    missing = [name for name in ("CallSid", "CallStatus") if not report.get(name)]
    if missing:
        return CallbackAnswer(status="error", message=f"Faltan campos: {', '.join(missing)}")
    try:
        return await _apply(report, database, measures)
    except psycopg.Error:
        logger.exception("the legacy callback was not stored")
        return CallbackAnswer(status="error", message="Error al procesar el callback")


async def _apply(report: dict[str, str], database: Database, measures: Measures) -> CallbackAnswer:
    call = await call_store.by_sid(database, tidied(report["CallSid"]), lock=True)
    if call is None:
        return CallbackAnswer(status="warning", message="Llamada no encontrada")
    await vendor_callbacks.apply(database, measures, call, report)
    return CallbackAnswer(status="success", message="Callback procesado")
