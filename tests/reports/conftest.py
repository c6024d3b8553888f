"""A browser for what reports show."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from fixtures.browser.chromium import executable

LIMIT_MS = 240_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = executable(os.environ, Path(playwright.chromium.executable_path))
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """It waits long enough for a busy machine: a report of megabytes has to be loaded."""
    page = browser.new_page()
    page.set_default_timeout(LIMIT_MS)
    yield page
    page.close()
