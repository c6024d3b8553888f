"""Which faults a check can be touched by: those that the sandbox was asked for while the check ran, or while what it stands on
was made.

Signing in and fixtures of the session happen once; every check that uses them is touched by what touched them.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures.browser import visit
from fixtures.product import identities
from fixtures.wire import socket_fence

FILE = "touched.json"


def read(folder: Path) -> dict[str, list[str]]:
    """Check -> faults, as the watched run of this folder left it; nothing of one that was not watched."""
    path = folder / FILE
    touched: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return touched


class AnyAddress:
    """An allow-list of sockets that lets everything pass: the control port is not the environment's."""

    def check(self, _address: object) -> None:
        return


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
        with socket_fence.raised(AnyAddress()):  # type: ignore[arg-type] # all that is asked of it
            return set(self._control.post("/asked-for").raise_for_status().json())

    def _making(self, name: str, make: Callable[[], Any]) -> Any:
        """Note what touches the making of something that others use, too."""
        self._own[self._running] |= self._asked()
        try:
            return make()
        finally:
            self._shared[name] |= self._asked()

    def pytest_collection_finish(self) -> None:
        people, sessions = identities.People, visit.Sessions
        call, enter, of = people.__call__, people._sign_in, sessions.of  # noqa: SLF001

        def used(them: identities.People, role: str) -> Any:
            self._uses[self._running].add(f"sign-in of {role}")
            return call(them, role)

        def entered(them: identities.People, role: str) -> Any:
            return self._making(f"sign-in of {role}", lambda: enter(them, role))

        def session_of(them: visit.Sessions, role: str, sign_in: Callable[[], Any]) -> Any:
            name = f"browser's sign-in of {role}"
            self._uses[self._running].add(name)
            return of(them, role, lambda: self._making(name, sign_in))

        for home, name, wrapped in ((people, "__call__", used), (people, "_sign_in", entered), (sessions, "of", session_of)):
            setattr(home, name, wrapped)

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
        self._own[self._running] |= self._asked()
        try:
            return (yield)
        finally:
            self._shared[fixturedef.argname] |= self._asked()

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        self._uses[item.nodeid] |= set(getattr(item, "fixturenames", ()))

    def pytest_sessionfinish(self) -> None:
        touched = {check: sorted(self.of(check)) for check in self._own if check}
        (self._folder / FILE).write_text(json.dumps(touched), encoding="utf-8")
        self._control.close()

    def of(self, check: str) -> set[str]:
        """The faults that touch the check."""
        return self._own[check].union(*(self._shared[name] for name in self._uses[check] if name in self._shared))
