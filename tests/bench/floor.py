"""The bare script that a smoke run is compared with: the same requests and pages, one after the other, and nothing else.

It includes what no script can do without (Python's start, the imports, the browser's start) and leaves out everything that makes
a verdict: no guard, no evidence, no assertion, no report, no look at the pages. Certificates of the pages go unverified.
"""

import base64
import json
import ssl
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, StorageState, sync_playwright

QUIET_S = 0.1  # as `Visit.settle`
Step = dict[str, Any]


class Bare:
    """Plays the steps of a trace. Of each page it waits for what the checks wait for: the load, a heading, silence."""

    def __init__(self, playwright: Playwright, profile: dict[str, str], identities: dict[str, tuple[str, str]]) -> None:
        self.profile, self.identities = profile, identities
        self.playwright = playwright
        self.browser: Browser | None = None
        self.client = httpx.Client(verify=ssl.create_default_context(cafile=profile["ca_file"]), trust_env=False, timeout=10)
        self.states: dict[str, StorageState] = {}
        self.open_requests: set[Request] = set()
        self.quiet_since = 0.0
        self.context: BrowserContext | None = None
        self.page: Page | None = None

    def play(self, step: Step) -> None:
        match step["do"]:
            case "send":
                body = base64.b64decode(step["body"])
                self.client.request(step["method"], step["url"], headers=step["headers"], content=body)
            case "open":
                self.open(step["path"], step["device"], step["role"])
            case "settle":
                self.settle()
            case "sign in":
                self.sign_in(*self.identities[step["role"]])

    def open(self, path: str, device: str, role: str | None) -> None:
        if role and role not in self.states:
            self.go("/login", "Desktop Chrome", None)
            self.sign_in(*self.identities[role])
            assert self.context
            self.states[role] = self.context.storage_state(indexed_db=True)
        self.go(path, device, self.states[role] if role else None)

    def go(self, path: str, device: str, state: StorageState | None) -> None:
        if self.browser is None:
            self.browser = self.playwright.chromium.launch(executable_path=self.profile.get("chromium"))
        if self.context:
            self.context.close()
            self.open_requests.clear()
        descriptor = {key: value for key, value in self.playwright.devices[device].items() if key != "default_browser_type"}
        self.context = self.browser.new_context(
            **descriptor, locale="es-ES", timezone_id="Europe/Madrid", ignore_https_errors=True, storage_state=state
        )
        self.context.on("request", self.began)
        self.context.on("requestfinished", self.ended)
        self.context.on("requestfailed", self.ended)
        self.page = self.context.new_page()
        self.page.goto(self.profile["web_url"] + path)
        self.page.locator("h1").first.wait_for()

    def began(self, request: Request) -> None:
        self.open_requests.add(request)

    def ended(self, request: Request) -> None:
        self.open_requests.discard(request)
        self.quiet_since = time.monotonic()

    def settle(self) -> None:
        assert self.page
        self.page.wait_for_load_state()
        while self.open_requests or time.monotonic() - self.quiet_since < QUIET_S:
            self.page.wait_for_timeout(10)

    def sign_in(self, email: str, password: str) -> None:
        assert self.page
        self.page.get_by_label("Correo Electrónico", exact=True).fill(email)
        self.page.get_by_label("Contraseña", exact=True).fill(password)
        self.page.get_by_role("button", name="Iniciar Sesión", exact=True).click()
        self.page.wait_for_url(lambda url: "/login" not in url)


def main() -> None:
    trace = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with sync_playwright() as playwright:
        bare = Bare(playwright, trace["profile"], trace["identities"])
        for step in trace["steps"]:
            bare.play(step)
        if bare.browser:
            bare.browser.close()


if __name__ == "__main__":
    main()
