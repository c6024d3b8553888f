"""A check is touched by the faults of its own requests, and by those of the session and the fixtures that it stands on."""

import contextlib
import json
import threading
import time
from collections.abc import Generator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fixtures.browser.sessions import Session, Sessions
from proof import fault_coverage
from proof.fault_coverage import Watch

ASKED: list[str] = []  # the faults that the next question is answered with


class Control(BaseHTTPRequestHandler):
    """What the sandbox says on its control port."""

    def do_POST(self) -> None:
        content = json.dumps(ASKED).encode()
        ASKED.clear()
        self.send_response(200)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: tests are quiet."""


@pytest.fixture
def watch(tmp_path: Path) -> Generator[Watch]:
    with HTTPServer(("127.0.0.1", 0), Control) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Watch(f"http://127.0.0.1:{server.server_port}", tmp_path)
        server.shutdown()


@contextlib.contextmanager
def around(hook: Any) -> Iterator[None]:
    """The body in the place of what a hook wraps."""
    next(hook)
    yield
    with contextlib.suppress(StopIteration):
        hook.send(None)


def making(watch: Watch, name: str) -> Any:
    """The hook around the making of a fixture of the session."""
    definition: Any = SimpleNamespace(scope="session", argname=name)
    return watch.pytest_fixture_setup(definition)


def watched(watch: Watch, made: Any, name: str) -> Any:
    hook = making(watch, name)
    next(hook)
    with contextlib.suppress(StopIteration):
        hook.send(made)
    return made


def sign_in() -> Session:
    ASKED.append("login-slow")
    return Session({}, {}, {}, time.monotonic())


def test_check_is_touched_by_what_its_session_was_made_of(watch: Watch, tmp_path: Path) -> None:
    """Whether it was the first to use it or not."""
    sessions: Sessions = watched(watch, Sessions(), "browser_sessions")
    for check in ("first", "second", "other"):
        item: Any = SimpleNamespace(nodeid=check, fixturenames=[])
        watch.pytest_itemcollected(item)
        with around(watch.pytest_runtest_protocol(item)):
            if check != "other":
                sessions.of("viewer", sign_in)
            ASKED.append(f"{check}-own")
    watch.pytest_sessionfinish()

    assert fault_coverage.read(tmp_path) == {
        "first": ["first-own", "login-slow"],
        "second": ["login-slow", "second-own"],
        "other": ["other-own"],
    }


def test_check_is_touched_by_what_its_fixtures_were_made_of(watch: Watch, tmp_path: Path) -> None:
    item: Any = SimpleNamespace(nodeid="check", fixturenames=["report"])
    watch.pytest_itemcollected(item)
    with around(watch.pytest_runtest_protocol(item)), around(making(watch, "report")):
        ASKED.append("report-cut")
    watch.pytest_sessionfinish()

    assert fault_coverage.read(tmp_path) == {"check": ["report-cut"]}
