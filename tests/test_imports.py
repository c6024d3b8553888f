"""What is imported when: QA waits for every import, and gevent must never enter the process that judges."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import RunningSandbox

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "playwright",
    "locust",
    "gevent",
    "supabase",
    "twilio",
    "openai",
    "elevenlabs",
    "numpy",
    "scipy",
    "matplotlib",
    "fastapi",
)
PROGRAM = """
import sys, pytest
code = int(pytest.main(sys.argv[2:]))
print("IMPORTED", sorted(set(sys.argv[1].split(",")) & sys.modules.keys()))
sys.exit(code)
"""


def imported(*arguments: str, heavy: tuple[str, ...] = HEAVY) -> str:
    """The line that names what is there at the end of a run with these arguments, which must succeed."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, ",".join(heavy), "-p", "no:cacheprovider", "-q", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.OK, done.stdout + done.stderr
    return next(line for line in done.stdout.splitlines() if line.startswith("IMPORTED"))


def test_listing_imports_nothing_heavy() -> None:
    """Every check is listed without a vendor's SDK, Playwright or Locust."""
    assert imported("--collect-only", "suites") == "IMPORTED []"


def test_api_check_imports_nothing_heavy(sandbox: RunningSandbox) -> None:
    """And a check that only asks the API is run without them, and without Hypothesis where it states no property."""
    heavy = (*HEAVY, "hypothesis")
    assert imported("suites/smoke/test_lists.py", f"--env-file={sandbox.profile_path}", heavy=heavy) == "IMPORTED []"
