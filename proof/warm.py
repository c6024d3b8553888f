"""Import everything that the checks import, so that each run of them, a fork, starts with it."""

import contextlib
import io
from pathlib import Path

import pytest

SUITES = Path(__file__).resolve().parents[1] / "suites"
LAZY = ("playwright.sync_api", "supabase", "twilio.rest", "hypothesis.strategies", "fixtures.browser.proxy")


class Unusable(Exception):  # noqa: N818 - errors state the fact
    """What was asked for cannot be proven; the message says why."""


def up() -> None:
    """List all checks in this process: pytest imports plugins and suites with their asserts rewritten, once for all forks."""
    with contextlib.redirect_stdout(io.StringIO()) as listed, contextlib.redirect_stderr(listed):
        code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", str(SUITES)])
    if code != pytest.ExitCode.OK:
        raise Unusable(f"the checks cannot be collected:\n{listed.getvalue().partition('= ERRORS =')[2][-3000:]}")
    for name in LAZY:
        __import__(name)
