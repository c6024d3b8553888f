"""Finding a browser, and the devices that it plays."""

from pathlib import Path

import pytest

from fixtures import chromium
from fixtures.chromium import Chromium
from fixtures.devices import DEVICES
from fixtures.verdicts import Unverified

NOT_INSTALLED = Path("/nowhere/chromium-1/chrome-linux/chrome")


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_without_a_browser_pages_are_unverified(tmp_path: Path) -> None:
    """Not skipped, not passed; and the remedy is named."""
    with pytest.raises(Unverified) as told:
        chromium.executable({"PATH": str(tmp_path)}, NOT_INSTALLED)

    assert "LV_CHROMIUM" in told.value.remedy


def test_named_program_comes_first(tmp_path: Path) -> None:
    """The variable wins over what is installed."""
    named = program(tmp_path / "mine")

    assert chromium.executable({"LV_CHROMIUM": str(named), "PATH": ""}, NOT_INSTALLED) == named


def test_named_program_must_be_one(tmp_path: Path) -> None:
    """A wrong path is said, not silently replaced by another browser."""
    with pytest.raises(Unverified, match="is no program"):
        chromium.executable({"LV_CHROMIUM": str(tmp_path)}, NOT_INSTALLED)


def test_bundled_browser_comes_before_the_path(tmp_path: Path) -> None:
    """It is the build that Playwright was made for. None leaves the choice to Playwright."""
    shell = program(tmp_path / "bin/chromium")
    (tmp_path / "chromium_headless_shell-7").mkdir()
    bundled = tmp_path / "chromium-7/chrome-linux/chrome"

    assert chromium.executable({"PATH": str(shell.parent)}, bundled) is None
    assert chromium.executable({"PATH": str(shell.parent)}, NOT_INSTALLED) == shell


@pytest.mark.parametrize("name", DEVICES)
def test_device_is_known_to_playwright(browser: Chromium, name: str) -> None:
    """Under this name, and with this engine."""
    engines = {"webkit": "WebKit", "firefox": "Gecko", "chromium": "Blink"}

    assert engines[browser._playwright.devices[name]["default_browser_type"]] == DEVICES[name].engine
    assert name in DEVICES[name].caveat


def test_unknown_device_is_answered_with_the_known(browser: Chromium) -> None:
    with pytest.raises(ValueError, match="iPhone 15"):
        browser.profile("iFone")


def test_crashed_browser_is_replaced(browser: Chromium) -> None:
    """One crash costs one check, not all that follow."""
    browser._browser.close()
    assert not browser.is_alive

    browser.profile("Desktop Chrome").close()

    assert browser.is_alive
