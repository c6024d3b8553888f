"""The pages of the sandbox in a real browser; each fault of the frontend shows there."""

import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from fixtures.browser import chromium
from tests.conftest import RunningSandbox

pytestmark = pytest.mark.slow

ABSENT = "00000000-0000-4000-8000-000000000000"

WIDTHS_PX = (320, 390, 768, 1280)
GUARDED = ("/", "/contacts", "/contacts/new", "/contacts/0b7e3f7e-6f0e-4a5e-9a7e-000000000000")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium.executable(os.environ, Path(playwright.chromium.executable_path))
        running = playwright.chromium.launch(executable_path=path)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, sandbox: RunningSandbox) -> Iterator[Page]:
    """An anonymous visitor with a phone."""
    with browser.new_context(
        base_url=sandbox.profile["LV_WEB_URL"], ignore_https_errors=True, viewport={"width": 390, "height": 844}
    ) as context:
        yield context.new_page()


@pytest.fixture
def member(page: Page, sandbox: RunningSandbox) -> Page:
    """An operator who has signed in and is at the contacts."""
    return sign_in(page, sandbox, "operator", "/contacts")


def sign_in(page: Page, sandbox: RunningSandbox, role: str, path: str) -> Page:
    """Ask for `path`, be sent to sign in, and come back to it."""
    page.goto(path)
    submit_credentials(page, sandbox.profile[f"LV_{role.upper()}_EMAIL"], sandbox.profile[f"LV_{role.upper()}_PASSWORD"])
    expect(page.get_by_text("Inicio de sesión exitoso")).to_be_visible()
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def submit_credentials(page: Page, email: str, password: str) -> None:
    page.get_by_label("Correo Electrónico").fill(email)
    page.get_by_label("Contraseña").fill(password)
    page.get_by_role("button", name="Iniciar Sesión").click()


def scrolls_sideways(page: Page, width_px: int) -> bool:
    page.set_viewport_size({"width": width_px, "height": 844})
    return bool(page.evaluate("document.documentElement.scrollWidth") > width_px)


@pytest.mark.parametrize("path", GUARDED)
def test_anonymous_visitor_is_sent_to_sign_in(sandbox: RunningSandbox, path: str) -> None:
    with sandbox.client(None) as client:
        response = client.get(path)

    assert response.status_code in (302, 303, 307)
    assert response.headers["location"] == f"/login?redirect={path}"


def test_page_guard_missing(sandbox: RunningSandbox) -> None:
    with sandbox.client(None) as client, sandbox.control("page-guard-missing"):
        assert client.get("/contacts").status_code == 200


def test_forged_cookie_opens_nothing(sandbox: RunningSandbox) -> None:
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiZXhwIjo0MTAyNDQ0ODAwfQ."
    with sandbox.client(None) as client:
        assert client.get("/contacts", headers={"cookie": f"sb-access-token={unsigned}"}).status_code == 307


def test_unknown_page_is_a_spanish_404(sandbox: RunningSandbox) -> None:
    with sandbox.client(None) as client:
        response = client.get("/nada")

    assert response.status_code == 404
    assert 'lang="es"' in response.text
    assert "Página no encontrada" in response.text


def test_shell_names_the_anon_key_and_no_other(sandbox: RunningSandbox) -> None:
    with sandbox.client(None) as client:
        text = client.get("/login").text

    assert sandbox.profile["SUPABASE_KEY"] in text
    assert sandbox.profile["SUPABASE_SERVICE_KEY"] not in text


def test_login_says_what_is_missing(page: Page) -> None:
    page.goto("/login")

    submit_credentials(page, "", "")
    expect(page.get_by_role("alert").filter(has_text="El correo electrónico es obligatorio")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="La contraseña es obligatoria")).to_be_visible()
    submit_credentials(page, "no-es-correo", "12345")
    expect(page.get_by_label("Correo Electrónico")).to_have_accessible_description("Dirección de correo inválida")
    expect(page.get_by_label("Contraseña")).to_have_accessible_description("La contraseña debe tener al menos 6 caracteres")


def test_wrong_password_is_refused(page: Page) -> None:
    page.goto("/login")
    submit_credentials(page, f"{uuid.uuid4().hex}@example.com", "incorrecta")

    expect(page.get_by_role("alert").filter(has_text="Credenciales inválidas. Por favor, intenta de nuevo.")).to_be_visible()
    expect(page.get_by_text("Error de inicio de sesión: Credenciales inválidas")).to_be_visible()


@pytest.mark.parametrize(
    "target", ["//attacker.example", r"/\attacker.example", "https://attacker.example/x", "javascript:alert(1)"]
)
def test_signing_in_never_leads_away(page: Page, sandbox: RunningSandbox, target: str) -> None:
    sign_in(page, sandbox, "viewer", f"/login?redirect={target}")

    expect(page).to_have_url(f"{sandbox.profile['LV_WEB_URL']}/")


def test_dashboard_shows_the_figures_of_the_api(page: Page, sandbox: RunningSandbox) -> None:
    sign_in(page, sandbox, "admin", "/")
    with sandbox.client("admin") as client:
        summary = client.get("/api/reports/performance_metrics").json()["summary"]

    card = page.locator("dl > div").filter(has_text="Total de llamadas")
    shown = card.locator("dd")
    expect(shown).to_have_text(re.compile(r"^[\d.]+$"))
    assert int(shown.inner_text().replace(".", "")) == summary["total_calls"]
    expect(page.get_by_text("Online")).to_be_visible()


def test_dashboard_says_when_figures_cannot_be_read(member: Page) -> None:
    member.route("**/api/reports/performance_metrics", lambda route: route.fulfill(status=500, json={"message": "x"}))
    member.goto("/")

    expect(member.get_by_role("alert").filter(has_text="Error al cargar las métricas")).to_be_visible()


def test_contact_is_created_found_edited_and_deleted(member: Page) -> None:
    name = f"Prueba {uuid.uuid4().hex[:12]}"
    member.get_by_role("button", name="Nuevo Contacto").click()
    member.get_by_label("Nombre").fill(name)
    member.get_by_label("Número de Teléfono").fill("12")
    member.get_by_role("button", name="Crear").click()
    expect(member.get_by_text("Formato de teléfono inválido. Debe tener entre 9 y 15 dígitos")).to_be_visible()
    member.get_by_label("Número de Teléfono").fill("+34600123456")
    for tag in ("vip", "vip", "norte"):
        member.get_by_label("Etiquetas", exact=True).fill(tag)
        member.keyboard.press("Enter")
    member.get_by_role("button", name="Crear").click()
    expect(member.get_by_text("Contacto creado correctamente")).to_be_visible()

    row = search(member, name)
    expect(row.get_by_role("listitem")).to_have_text(["vip", "norte"])
    row.get_by_role("button", name="Editar").click()
    member.get_by_label("Nombre").fill(f"{name} B")
    member.get_by_role("button", name="Actualizar").click()
    expect(member.get_by_text("Contacto actualizado correctamente")).to_be_visible()

    search(member, f"{name} B").get_by_role("button", name="Eliminar").click()
    question = member.get_by_role("alertdialog", name="¿Estás seguro?")
    expect(question).to_contain_text(f"{name} B")
    question.get_by_role("button", name="Eliminar").click()
    expect(member.get_by_text("Contacto eliminado correctamente")).to_be_visible()
    expect(member.get_by_text("No se encontraron contactos")).to_be_visible()


def search(page: Page, text: str) -> Locator:
    page.get_by_placeholder("Buscar contactos...").fill(text)
    page.get_by_role("button", name="Buscar").click()
    return page.get_by_role("row").filter(has_text=text)


def test_pages_of_contacts_do_not_overlap(member: Page) -> None:
    names = member.get_by_role("row").get_by_role("link")
    expect(names).to_have_count(10)
    addresses = "links => links.map(link => link.href)"  # other tests may leave contacts of one name
    first = set(names.evaluate_all(addresses))
    member.get_by_role("button", name="Go to next page").click()

    expect(member.get_by_text("Página 2 de")).to_be_visible()
    assert names.count() > 0
    expect(member.get_by_role("button", name="Go to previous page")).to_be_enabled()
    assert first.isdisjoint(names.evaluate_all(addresses))


def test_contacts_are_imported(member: Page, sandbox: RunningSandbox) -> None:
    name = f"Importado {uuid.uuid4().hex[:12]}"
    content = f"name,phone_number\n{name},+34600123457\nsin número,\n".encode()
    member.get_by_role("button", name="Importar").click()
    panel = member.get_by_role("dialog", name="Importar Contactos")
    expect(panel.get_by_role("button", name="Importar")).to_be_disabled()
    panel.get_by_label("Archivo CSV").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": content})
    expect(panel.get_by_text("Por favor, selecciona un archivo CSV válido")).to_be_visible()
    panel.get_by_label("Archivo CSV").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    panel.get_by_role("button", name="Importar").click()

    expect(panel.get_by_text("Se importaron 1 contactos correctamente")).to_be_visible()
    with sandbox.client("operator") as client:
        [contact] = client.get("/api/contacts/search", params={"q": name}).json()
        client.delete(f"/api/contacts/{contact['id']}").raise_for_status()


def test_contacts_are_exported(member: Page) -> None:
    with member.expect_download() as started:
        member.get_by_role("button", name="Exportar").click()

    assert re.fullmatch(r"contactos_\d{4}-\d\d-\d\d\.csv", started.value.suggested_filename)
    assert started.value.path().read_text().startswith("id,name,phone_number,email,notes,tags,created_at,updated_at")
    expect(member.get_by_text("Contactos exportados correctamente")).to_be_visible()


def test_viewer_is_told_that_the_right_is_missing(page: Page, sandbox: RunningSandbox) -> None:
    sign_in(page, sandbox, "viewer", "/contacts")
    page.get_by_role("button", name="Exportar").click()
    expect(page.get_by_text("Permisos insuficientes")).to_be_visible()
    page.get_by_role("button", name="Editar").first.click()
    page.get_by_role("button", name="Actualizar").click()

    expect(page.get_by_text("Permisos insuficientes")).to_be_visible()


def test_expired_session_ends_at_login(member: Page) -> None:
    member.route("**/api/contacts/?*", lambda route: route.fulfill(status=401, json={"detail": "Token expirado"}))
    member.goto("/contacts")

    expect(member.get_by_text("Sesión expirada. Por favor, inicia sesión nuevamente.")).to_be_visible()
    expect(member).to_have_url(re.compile(r"/login\?redirect=/contacts$"))


def test_session_outlives_its_access_token(member: Page) -> None:
    member.wait_for_load_state("networkidle")  # a request that begins below would spend the refresh token
    member.evaluate(
        "const s = JSON.parse(localStorage['sb-auth-token']); s.expires_at = 0; localStorage['sb-auth-token'] = JSON.stringify(s)"
    )
    member.context.clear_cookies()
    member.goto("/contacts")

    expect(member.get_by_role("heading", name="Contactos")).to_be_visible()


def test_signing_out_forgets_the_session(member: Page) -> None:
    member.get_by_role("button", name="Perfil de usuario").click()
    expect(member.get_by_role("menuitem")).to_have_text(["Perfil", "Configuración", "Cerrar sesión"])
    member.get_by_role("menuitem", name="Cerrar sesión").click()

    expect(member.get_by_text("Has cerrado sesión correctamente")).to_be_visible()
    assert member.context.cookies() == []
    assert member.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("path", ["/", "/contacts", "/contacts/new", "/nada"])
def test_page_fits_every_screen(member: Page, path: str) -> None:
    member.goto(path)
    member.wait_for_load_state("networkidle")

    assert [width for width in WIDTHS_PX if scrolls_sideways(member, width)] == []
    assert member.locator("html").get_attribute("lang") == "es"
    assert member.get_by_role("heading", level=1).count() == 1


def test_page_scrolls_sideways(page: Page, sandbox: RunningSandbox) -> None:
    with sandbox.control("page-scrolls-sideways"):
        page.goto("/login")
        assert scrolls_sideways(page, 390)


def test_console_stays_silent(member: Page) -> None:
    said = listen(member)
    for path in ("/", "/contacts", "/contacts/new"):
        member.goto(path)
        member.wait_for_load_state("networkidle")

    assert said == []


def listen(page: Page) -> list[str]:
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_console_error_on_contacts(member: Page, sandbox: RunningSandbox) -> None:
    said = listen(member)
    with sandbox.control("console-error-on-contacts"):
        member.goto("/contacts")
        member.wait_for_load_state("networkidle")

    assert len(said) == 1
    assert "404" in said[0]


def test_login_page_lang_en(sandbox: RunningSandbox) -> None:
    def lang(client: httpx.Client) -> bool:
        return 'lang="en"' in client.get("/login").text

    with sandbox.client(None) as client:
        assert not lang(client)
        with sandbox.control("login-page-lang-en"):
            assert lang(client)


@pytest.mark.parametrize("path", ["/", f"/contacts/{ABSENT}", "/contacts?page=2&search=a%20b"])
def test_r26_anonymous_visitor_comes_back_after_signing_in(anonymous: httpx.Client, path: str) -> None:
    response = anonymous.get(path)

    target = urlsplit(response.headers["location"])
    assert response.status_code in {302, 303, 307}
    assert (target.path, parse_qs(target.query)) == ("/login", {"redirect": [path]})
