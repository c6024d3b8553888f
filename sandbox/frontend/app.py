"""The web frontend: server-rendered shells in Spanish; plain ES modules fill them with data from the API."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from sandbox.frontend.build import HERE, Static, templates
from sandbox.frontend.faults import routes as faults
from sandbox.process.settings import Settings

SESSION_COOKIE = "sb-access-token"  # set by static/session.js
NAVIGATION = {
    "/": "Dashboard",
    "/campaigns": "Campañas",
    "/contacts": "Contactos",
    "/calls": "Llamadas",
    "/reports": "Reportes",
    "/settings": "Configuración",
}

# Pages that show no more than what there is, with the texts of contract 9.
LISTS = {
    "/campaigns": {
        "heading": "Campañas de Llamadas",
        "source": "/api/campaigns/?page_size=100",
        "shown": "name",
        "empty": "No hay campañas disponibles.",
        "failure": "Error al cargar las campañas. Por favor, intenta de nuevo.",
    },
    "/calls": {
        "heading": "Llamadas",
        "source": "/api/calls/",
        "shown": "status",
        "empty": "No se encontraron llamadas con los filtros actuales.",
        "failure": "Error al cargar las llamadas",
    },
    "/reports": {"heading": "Reportes", "empty": "No hay datos disponibles"},
    "/settings": {"heading": "Configuración", "empty": "No hay nada que configurar"},
    "/profile": {"heading": "Perfil", "empty": "No hay nada que mostrar"},
}

Page = Callable[[Request], Awaitable[Response]]

pages = templates()


def create(settings: Settings) -> ASGIApp:
    app = Starlette(
        routes=[
            Route("/login", login),
            Route("/", for_members(dashboard)),
            Route("/dashboard", to_dashboard),
            *(Route(path, for_members(listing(page))) for path, page in LISTS.items()),
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
        if signed_in(request) or faults.GUARD_MISSING.on or (page is new_contact and faults.NEW_CONTACT_UNGUARDED.on):
            return await page(request)
        if faults.WAY_BACK_FORGOTTEN.on:
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
        "scrolls_sideways": faults.PAGE_SCROLLS_SIDEWAYS.on,
        # The frontend's own variables, contract 1.3.
        "config": {
            "apiUrl": "http://localhost:8000" if faults.API_OF_DEVELOPMENT.on else settings.app_url,
            "supabaseUrl": settings.supabase_url,
            "supabaseAnonKey": settings.supabase_service_key if faults.SERVICE_KEY_SHOWN.on else settings.supabase_key,
        },
    }
    return pages.TemplateResponse(
        request, template, shell | context, status_code=status_code, headers={"Cache-Control": "no-store"}
    )


def data_script() -> str | None:
    """What fills the page in place of its own script."""
    return "sample_data" if faults.SAMPLE_DATA.on else None


async def login(request: Request) -> Response:
    if faults.LOGIN_PAGE_FAILS.on:
        return PlainTextResponse("Internal Server Error", status_code=500)
    if SESSION_COOKIE in request.cookies and faults.STALE_COOKIE_LOOPS.on:
        return RedirectResponse(request.query_params.get("redirect", "/"), headers={"Cache-Control": "no-store"})
    return render(request, "login.html", lang="en" if faults.LOGIN_PAGE_LANG_EN.on else "es")


async def dashboard(request: Request) -> Response:
    if faults.FRONT_PAGE_FAILS.on:
        return PlainTextResponse("Internal Server Error", status_code=500)
    return render(request, "dashboard.html", data_script=data_script())


async def to_dashboard(_request: Request) -> Response:
    return RedirectResponse("/", status_code=308)


async def contacts(request: Request) -> Response:
    return render(request, "contacts.html", data_script=data_script(), console_error=faults.CONSOLE_ERROR_ON_CONTACTS.on)


def listing(texts: dict[str, str]) -> Page:
    async def shown(request: Request) -> Response:
        if faults.MENU_LEADS_NOWHERE.on and request.url.path in faults.NOT_SHIPPED:
            return render(request, "not_found.html", status_code=404)
        return render(request, "list.html", listing=texts)

    return shown


async def new_contact(request: Request) -> Response:
    if faults.NEW_CONTACT_BROKEN.on:
        return HTMLResponse("<!doctype html><title>Error</title><h2>Application error: a server-side exception has occurred</h2>")
    return render(request, "new_contact.html")


async def contact(request: Request) -> Response:
    return render(request, "contact.html", contact_id=request.path_params["contact_id"])


async def favicon(_request: Request) -> Response:
    return FileResponse(HERE / "static" / "favicon.svg", media_type="image/svg+xml")


async def not_found(request: Request, _error: Exception) -> Response:
    return render(request, "not_found.html", status_code=404)
