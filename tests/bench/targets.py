"""Scripted targets for a bench: started on a core of their own, with the profile that names them."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from record.suite import ROOT

CORES = sorted(os.sched_getaffinity(0))
TARGET_CORE, SENDER_CORE = {CORES[-1]}, {CORES[0]}


class Target(NamedTuple):
    url: str
    profile: Path


@contextlib.contextmanager
def serving(pattern: str, folder: Path) -> Iterator[Target]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.scripted", pattern], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        os.sched_setaffinity(process.pid, TARGET_CORE)
        assert process.stdout
        address = f"127.0.0.1:{process.stdout.readline().strip()}"
        yield Target(f"http://{address}", _profile(folder, address))
    finally:
        process.kill()
        process.communicate()


def _profile(folder: Path, address: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "LV_NAME": "scripted",
        "LV_DEPLOYMENT": "external",
        "LV_PROTECTED": "false",
        "LV_API_URL": f"http://{address}",
        "LV_WEB_URL": f"http://{address}",
        "LV_ALLOWED_HOSTS": address,
        "LV_MAX_RPS": "90000",
        "LV_TIMEOUT_S": "10",
        "LV_RATE_LIMIT_PER_MINUTE": "10000000",
        "LV_VIEWER_EMAIL": "viewer@example.com",
        "LV_VIEWER_PASSWORD": "right-password-1",
    }
    path = folder / "scripted.env"
    path.write_text("".join(f"{key}={value}\n" for key, value in told.items()))
    return path
