"""The headers that the proxy adds to every response (contract 8.1, R-11), and those that it removes."""

from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.edge import faults
from sandbox.process.settings import Settings

STATIC_CACHE = "public, max-age=2592000"  # 30 days, contract 8.1
API_PREFIXES = ("/api/", "/cache/", "/ws/")
REDIRECTS = frozenset({301, 302, 303, 307, 308})
RESPONSE_STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})


def security_headers(supabase_url: str) -> dict[str, str]:
    """The exact values of contract 8.1; the frontend signs in at Supabase, so its origin joins connect-src."""
    return {
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "X-XSS-Protection": "1; mode=block",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
        "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' https://api.elevenlabs.io https://api.openai.com {supabase_url}",
    }


class ResponseHeaders:
    """Outermost, so that refusals and failures of the inner layers carry the security headers too (R-11)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.app_url = settings.app_url
        self.security = security_headers(settings.supabase_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in RESPONSE_STARTS:
                self.complete(scope, message)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def complete(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        status = message.get("status", HTTPStatus.SWITCHING_PROTOCOLS)
        for name in ("server", "x-powered-by"):
            del headers[name]
        if "access-control-allow-origin" not in headers:
            # Starlette allows credentials even where it allows no origin; R-12 wants neither.
            del headers["access-control-allow-credentials"]
        if scope["path"].startswith("/static/") and status < 400:
            headers["Cache-Control"] = STATIC_CACHE
        if not is_left_out(scope["path"], status):
            headers.update(self.security)
            spoil(headers)
        if faults.SERVER_VERSION_SHOWN.on:
            headers["Server"] = "nginx/1.25.3"
        if faults.POWERED_BY_SHOWN.on:
            headers["X-Powered-By"] = "Next.js 14.2.3"


def is_left_out(path: str, status: int) -> bool:
    """Whether a fault leaves the security headers out of this response."""
    if faults.HEADERS_MISSING.on:
        return True
    if status >= 400 and faults.HEADERS_MISSING_ON_ERRORS.on:
        return True
    if path.startswith("/static/"):
        return status < 400 and faults.HEADERS_MISSING_ON_STATIC.on
    if path.startswith(API_PREFIXES):
        return status in REDIRECTS and faults.HEADERS_MISSING_ON_REDIRECTS.on
    return faults.HEADERS_MISSING_ON_PAGES.on


def spoil(headers: MutableHeaders) -> None:
    """Change or remove a header, as the faults say."""
    if faults.HSTS_MISSING.on:
        del headers["Strict-Transport-Security"]
    elif faults.HSTS_FOR_FIVE_MINUTES.on:
        headers["Strict-Transport-Security"] = "max-age=300"
    if faults.FRAMES_TWICE.on:
        headers.append("X-Frame-Options", "ALLOWALL")
    if faults.POLICY_REPORT_ONLY.on:
        headers["Content-Security-Policy-Report-Only"] = headers["Content-Security-Policy"]
        del headers["Content-Security-Policy"]
    elif faults.POLICY_WITHOUT_CONNECT.on:
        headers["Content-Security-Policy"] = headers["Content-Security-Policy"].partition("; connect-src")[0]
