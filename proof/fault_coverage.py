"""Which faults a check can be touched by: those that the sandbox was asked for while the check ran, or while what it stands on
was made.

Signing in and fixtures of the session happen once; every check that uses them is touched by what touched them.
"""

import contextlib
import functools
import json
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures.browser.looks import Looks
from fixtures.browser.sessions import Sessions
from fixtures.product.identities import People
from fixtures.wire import socket_allow_list

FILE = "touched.json"


def read(folder: Path) -> dict[str, list[str]]:
    """Check -> faults, as the watched run of this folder left it; nothing of one that was not watched."""
    path = folder / FILE
    touched: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return touched


class Watch:
    """A pytest plugin, which leaves in `folder` what `read` reads once the run has ended."""

    def __init__(self, control_url: str, folder: Path) -> None:
        self._control = httpx.Client(base_url=control_url, timeout=10)
        self._folder = folder
        self._own: dict[str, set[str]] = defaultdict(set)
        self._shared: dict[str, set[str]] = defaultdict(set)  # what many checks stand on -> the faults that touched it
        self._uses: dict[str, set[str]] = defaultdict(set)
        self._running = ""

    def _asked(self) -> set[str]:
        with socket_allow_list.enforced(None):  # the control port is not the environment's
            return set(self._control.post("/asked-for").raise_for_status().json())

    @contextlib.contextmanager
    def _making(self, name: str) -> Iterator[None]:
        """Note what touches the making of something that others use, too."""
        self._own[self._running] |= self._asked()
        try:
            yield
        finally:
            self._shared[name] |= self._asked()

    def _using(self, session: str, role: str) -> AbstractContextManager[None]:
        """The first use makes it; a later one asks for nothing."""
        name = f"{session} of {role}"
        self._uses[self._running].add(name)
        return self._making(name)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._asked()
        self._running = item.nodeid
        try:
            return (yield)
        finally:
            self._own[item.nodeid] |= self._asked()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Any:
        if fixturedef.scope == "function":
            return (yield)
        with self._making(fixturedef.argname):
            made = yield
        if isinstance(made, People | Sessions | Looks):
            made.around_use = functools.partial(self._using, fixturedef.argname)
        return made

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        self._uses[item.nodeid] |= set(getattr(item, "fixturenames", ()))

    def pytest_sessionfinish(self) -> None:
        touched = {check: sorted(self.of(check)) for check in self._own if check}
        (self._folder / FILE).write_text(json.dumps(touched), encoding="utf-8")
        self._control.close()

    def of(self, check: str) -> set[str]:
        """The faults that touch the check."""
        return self._own[check].union(*(self._shared[name] for name in self._uses[check] if name in self._shared))
