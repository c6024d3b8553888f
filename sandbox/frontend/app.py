"""The web frontend: server-rendered shells in Spanish; plain ES modules fill them with data from the API."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from sandbox.faults import declare
from sandbox.frontend import mistakes  # noqa: F401 - declares their faults
from sandbox.frontend.build import HERE, Static, templates
from sandbox.process.settings import Settings

PAGE_SCROLLS_SIDEWAYS = declare(
    "page-scrolls-sideways",
    "The layout has a fixed width of 1240 px, so that phones and tablets must scroll sideways.",
    part="frontend",
    kind="frontend",
    severity=2,
    finding="the page is wider than the screen of a phone",
)
CONSOLE_ERROR_ON_CONTACTS = declare(
    "console-error-on-contacts",
    "/contacts loads a script that was not shipped with the build.",
    part="frontend",
    kind="frontend",
    severity=2,
    finding="the browser console of /contacts shows an error",
)
LOGIN_PAGE_LANG_EN = declare(
    "login-page-lang-en",
    "/login is declared as English, so that screen readers pronounce its Spanish wrongly.",
    part="frontend",
    kind="frontend",
    severity=3,
    finding="<html lang> of /login is not es",
)
GUARD_MISSING = declare(
    "page-guard-missing",
    "Pages are served to anonymous visitors; only their data calls fail.",
    part="frontend",
    kind="authorization",
    severity=2,
    rulings=("R-26",),
    finding="an anonymous visitor sees a page instead of /login",
)
WAY_BACK_FORGOTTEN = declare(
    "login-forgets-the-way-back",
    "The page guard sends to /login and does not say where the visitor was going.",
    part="frontend",
    kind="frontend",
    severity=3,
    rulings=("R-26",),
    excludes=("page-guard-missing",),
    finding="after signing in everybody ends at the dashboard",
)
NEW_CONTACT_UNGUARDED = declare(
    "new-contact-page-unguarded",
    "The page for a new contact was added later, and nobody put it behind the guard.",
    part="frontend",
    kind="authorization",
    severity=2,
    rulings=("R-26",),
    excludes=("page-guard-missing",),
    finding="an anonymous visitor sees the form for a new contact instead of /login",
)
NEW_CONTACT_BROKEN = declare(
    "new-contact-page-broken",
    "The page for a new contact fails while it is rendered, and the error page is sent with status 200.",
    part="frontend",
    kind="frontend",
    severity=1,
    finding="/contacts/new answers 200 and shows an error",
)
STALE_COOKIE_LOOPS = declare(
    "stale-cookie-loops",
    "/login takes any session cookie for a session and sends its owner away, to a page that finds it expired.",
    part="frontend",
    kind="frontend",
    severity=1,
    rulings=("R-26",),
    finding="whoever comes back after a while gets too many redirects",
)
SERVICE_KEY_SHOWN = declare(
    "service-key-in-the-page",
    "NEXT_PUBLIC_SUPABASE_ANON_KEY was set to the service key, which works everywhere.",
    part="frontend",
    kind="authorization",
    severity=1,
    finding="every visitor is given the key that passes all row-level security",
)
SAMPLE_DATA = declare(
    "page-shows-sample-data",
    "The build still contains the sample data of the design.",
    part="frontend",
    kind="data",
    severity=1,
    finding="the pages show invented contacts and numbers",
)

SESSION_COOKIE = "sb-access-token"  # set by static/session.js
NAVIGATION = {
    "/": "Dashboard",
    "/campaigns": "Campañas",
    "/contacts": "Contactos",
    "/calls": "Llamadas",
    "/reports": "Reportes",
    "/settings": "Configuración",
}

Page = Callable[[Request], Awaitable[Response]]

pages = templates()


def create(settings: Settings) -> ASGIApp:
    app = Starlette(
        routes=[
            Route("/login", login),
            Route("/", for_members(dashboard)),
            Route("/dashboard", to_dashboard),
            Route("/contacts", for_members(contacts)),
            Route("/contacts/new", for_members(new_contact)),
            Route("/contacts/{contact_id}", for_members(contact)),
            Route("/favicon.ico", favicon),
            Mount("/static", Static()),
        ],
        exception_handlers={404: not_found},
    )
    app.state.settings = settings
    return app


def for_members(page: Page) -> Page:
    """Anonymous visitors are sent to sign in and come back afterwards (R-26)."""

    async def guarded(request: Request) -> Response:
        if signed_in(request) or GUARD_MISSING.on or (page is new_contact and NEW_CONTACT_UNGUARDED.on):
            return await page(request)
        if WAY_BACK_FORGOTTEN.on:
            return RedirectResponse("/login", headers={"Cache-Control": "no-store"})
        asked_for = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?redirect={quote(asked_for, safe='/')}", headers={"Cache-Control": "no-store"})

    return guarded


def signed_in(request: Request) -> bool:
    """Whether the cookie is a valid access token. It opens page shells only: the API asks for the bearer header."""
    settings: Settings = request.app.state.settings
    try:
        jwt.decode(
            request.cookies.get(SESSION_COOKIE, ""),
            settings.supabase_jwt_secret,
            algorithms=["HS256"],
            options={"require": ["exp", "sub"], "verify_aud": False},
        )
    except jwt.InvalidTokenError:
        return False
    return True


def render(request: Request, template: str, *, status_code: int = 200, lang: str = "es", **context: object) -> Response:
    settings: Settings = request.app.state.settings
    shell = {
        "lang": lang,
        "brand": settings.app_name,
        "navigation": NAVIGATION,
        "signed_in": signed_in(request),
        "scrolls_sideways": PAGE_SCROLLS_SIDEWAYS.on,
        # The frontend's own variables, contract 1.3.
        "config": {
            "apiUrl": settings.app_url,
            "supabaseUrl": settings.supabase_url,
            "supabaseAnonKey": settings.supabase_service_key if SERVICE_KEY_SHOWN.on else settings.supabase_key,
        },
    }
    return pages.TemplateResponse(
        request, template, shell | context, status_code=status_code, headers={"Cache-Control": "no-store"}
    )


def data_script() -> str | None:
    """What fills the page in place of its own script."""
    return "sample_data" if SAMPLE_DATA.on else None


async def login(request: Request) -> Response:
    if SESSION_COOKIE in request.cookies and STALE_COOKIE_LOOPS.on:
        return RedirectResponse(request.query_params.get("redirect", "/"), headers={"Cache-Control": "no-store"})
    return render(request, "login.html", lang="en" if LOGIN_PAGE_LANG_EN.on else "es")


async def dashboard(request: Request) -> Response:
    return render(request, "dashboard.html", data_script=data_script())


async def to_dashboard(_request: Request) -> Response:
    return RedirectResponse("/", status_code=308)


async def contacts(request: Request) -> Response:
    return render(request, "contacts.html", data_script=data_script(), console_error=CONSOLE_ERROR_ON_CONTACTS.on)


async def new_contact(request: Request) -> Response:
    if NEW_CONTACT_BROKEN.on:
        return HTMLResponse("<!doctype html><title>Error</title><h2>Application error: a server-side exception has occurred</h2>")
    return render(request, "new_contact.html")


async def contact(request: Request) -> Response:
    return render(request, "contact.html", contact_id=request.path_params["contact_id"])


async def favicon(_request: Request) -> Response:
    return FileResponse(HERE / "static" / "favicon.svg", media_type="image/svg+xml")


async def not_found(request: Request, _error: Exception) -> Response:
    return render(request, "not_found.html", status_code=404)
