"""A running sandbox of the proof, healthy between two jobs."""

import contextlib
import dataclasses
from collections.abc import Collection, Generator, Iterable

from fixtures.plugin import leftovers
from fixtures.plugin.deployment import Boot
from tests.conftest import RunningSandbox


class Sandbox:
    """Begins to boot at once, with these faults on for as long as it runs; `wait` until it answers."""

    def __init__(self, faults: Iterable[str] = ()) -> None:
        self._boot = Boot(*(f"--fault={name}" for name in faults))
        self.profile = self._boot.profile

    def wait(self) -> "Sandbox":
        self._running = RunningSandbox.of(self._boot)
        self.control_url = self._running.control_url
        return self

    @contextlib.contextmanager
    def switched(self, faults: Collection[str]) -> Generator[None]:
        """With these faults on; healthy and tidy again afterwards."""
        if not faults:
            yield
            return
        with self._running.control(*faults):
            yield
        self._tidy()

    def _tidy(self) -> None:
        """Under some faults a deletion does nothing; the next run must not meet what stayed."""
        anew = dataclasses.replace(self._running, tokens={})  # an old session may have ended under the fault
        with anew.client("admin") as client:
            for path in leftovers.named_after(client, "lv-"):
                client.delete(path).raise_for_status()

    def stop(self) -> None:
        self._boot.stop()
