"""Import everything that the checks import, so that each run of them, a fork, starts with it."""

import contextlib
import io
from collections.abc import Collection

import pytest

from proof.catalogue import Unusable
from record.stages import SUITES

LAZY = ("playwright.sync_api", "supabase", "twilio.rest", "hypothesis.strategies", "fixtures.browser.proxy")


def up(files: Collection[str] = (str(SUITES),)) -> None:
    """List the checks in this process: pytest imports plugins and suites with their asserts rewritten, once for all forks."""
    with contextlib.redirect_stdout(io.StringIO()) as listed, contextlib.redirect_stderr(listed):
        code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", *files])
    if code != pytest.ExitCode.OK:
        raise Unusable(f"the checks cannot be collected:\n{listed.getvalue().partition('= ERRORS =')[2][-3000:]}")
    for name in LAZY:
        __import__(name)
