"""A browser for what reports show."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from fixtures.browser.chromium import executable


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = executable(os.environ, Path(playwright.chromium.executable_path))
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()
