"""Routes that fail as a whole: an ASGI layer just outside of them raises what their own code would have raised."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.backend.core.errors import ApiError, envelope
from sandbox.backend.failures import faults
from sandbox.faults import Fault

ID = "[0-9a-f]{8}-[0-9a-f-]{27}"
NO_API_KEY = (
    "{'message': 'No API key found in request', 'hint': 'No `apikey` request header or url param was found.', "
    "'code': None, 'details': None}"
)


@dataclass(frozen=True)
class Failure:
    """`path` is a regular expression for the whole path, `error` what is raised there while the fault is on."""

    fault: Fault
    path: str
    error: Callable[[], Exception]
    methods: frozenset[str] = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

    def happens(self, scope: Scope) -> bool:
        return scope["method"] in self.methods and bool(re.fullmatch(self.path, scope["path"])) and self.fault.on


def router(fault: Fault, path: str, error: Callable[[], Exception]) -> Failure:
    return Failure(fault, f"{path}(/.*)?", error)


def route(fault: Fault, path: str, error: Callable[[], Exception]) -> Failure:
    return Failure(fault, path, error, frozenset({"GET"}))


def no_api_key() -> Exception:
    return ApiError(500, f"Error al consultar los datos: {NO_API_KEY}")


# What is wrong with more comes first.
FAILURES = (
    router(faults.SUPABASE_KEY_MISSING, "/api/(campaigns|contacts|calls|reports)", no_api_key),
    router(
        faults.CONTACTS_CRASH,
        "/api/contacts",
        lambda: AttributeError("'Settings' object has no attribute 'contacts_page_size'"),
    ),
    router(
        faults.CAMPAIGNS_CRASH, "/api/campaigns", lambda: ModuleNotFoundError("No module named 'app.services.campaign_windows'")
    ),
    router(faults.CALLS_CRASH, "/api/calls", lambda: KeyError("TWILIO_EDGE")),
    router(
        faults.REPORTS_CRASH,
        "/api/reports",
        lambda: psycopg.errors.UndefinedTable('relation "call_totals_by_day" does not exist'),
    ),
    router(
        faults.CACHES_CRASH,
        "(/cache|/api/audio-cache)",
        lambda: PermissionError(13, "Permission denied", "/srv/app/cache/metadata.json"),
    ),
    route(faults.CONTACT_DETAIL_CRASHES, f"/api/contacts/{ID}", lambda: KeyError("last_called_at")),
    route(
        faults.CAMPAIGN_DETAIL_CRASHES,
        f"/api/campaigns/{ID}",
        lambda: TypeError("'NoneType' object is not subscriptable"),
    ),
    route(faults.CALL_DETAIL_CRASHES, f"/api/calls/{ID}", lambda: TypeError("string indices must be integers, not 'str'")),
    route(
        faults.CONTACT_SEARCH_CRASHES,
        "/api/contacts/search",
        lambda: psycopg.errors.UndefinedFunction("function similarity(text, unknown) does not exist"),
    ),
    route(
        faults.CONTACT_EXPORT_CRASHES,
        "/api/contacts/export",
        lambda: OSError(30, "Read-only file system", "/srv/app/contacts.csv"),
    ),
    route(faults.CALL_EXPORT_CRASHES, "/api/reports/export/calls", lambda: ModuleNotFoundError("No module named 'openpyxl'")),
    route(faults.CALL_METRICS_CRASH, "/api/calls/metrics", lambda: ZeroDivisionError("division by zero")),
    route(
        faults.PERFORMANCE_CRASHES,
        "/api/reports/performance_metrics",
        lambda: TypeError("unsupported operand type(s) for +: 'int' and 'str'"),
    ),
    route(faults.TOLD_AS_UNAUTHORIZED, "/api/reports/call_history", lambda: ApiError(401, "Token inválido: unexpected error")),
    route(
        faults.CAMPAIGN_SUMMARY_CRASHES,
        "/api/reports/campaign/[^/]+/summary",
        lambda: IndexError("list index out of range"),
    ),
)


class FailingRoutes:
    """ASGI layer between the authentication and the routes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        failure = next((each for each in FAILURES if scope["type"] == "http" and each.happens(scope)), None)
        if failure is None:
            await self.app(scope, receive, send)
            return
        error = failure.error()
        if not isinstance(error, ApiError):
            raise error
        await envelope(scope, error.status_code, error.message)(scope, receive, send)
