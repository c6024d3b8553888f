"""A running sandbox of the proof, healthy between two jobs."""

import contextlib
import time
from collections.abc import Collection, Generator, Iterable

import httpx

from fixtures.plugin import leftovers
from fixtures.plugin.sandbox_process import Boot
from fixtures.profile import environment
from fixtures.profile.parts import Identity
from fixtures.wire.transport import tls

POLL_S = 0.2
LIMIT_S = 30  # a busy machine switches a fault in seconds


class Sandbox:
    """Begins to boot at once, with these faults on for as long as it runs; `wait` until it answers."""

    def __init__(self, faults: Iterable[str] = ()) -> None:
        self._boot = Boot(*(f"--fault={name}" for name in faults))
        self.profile = self._boot.profile

    def wait(self) -> "Sandbox":
        self._boot.wait()
        self.control_url: str = self._boot.announcement()["control_url"]
        return self

    def switch_on(self, faults: Iterable[str]) -> None:
        """For as long as it runs."""
        with httpx.Client(base_url=self.control_url, timeout=LIMIT_S) as control:
            for fault in faults:
                control.put(f"/faults/{fault}").raise_for_status()

    @contextlib.contextmanager
    def switched(self, faults: Collection[str]) -> Generator[None]:
        """With these faults on; healthy and tidy again afterwards."""
        if not faults:
            yield
            return
        try:
            self.switch_on(faults)
            yield
        finally:
            with httpx.Client(base_url=self.control_url, timeout=LIMIT_S) as control:
                for fault in faults:
                    control.delete(f"/faults/{fault}").raise_for_status()
        self._tidy()

    def _tidy(self) -> None:
        """Under some faults a deletion does nothing; the next run must not meet what stayed."""
        env = environment.load(str(self.profile))
        admin = env.identities["admin"]
        with httpx.Client(base_url=env.api_url, verify=tls(env.files.ca), timeout=LIMIT_S) as client:
            client.headers["authorization"] = f"Bearer {_sign_in(client, admin)}"
            for path in leftovers.named_after(client, "lv-"):
                client.delete(path).raise_for_status()

    def stop(self) -> None:
        self._boot.stop()


def _sign_in(client: httpx.Client, identity: Identity) -> str:
    """The token; a target that may still be recovering from its fault is asked again until it answers or time is up."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        answer = client.post("/api/auth/login", json={"email": identity.email, "password": identity.password})
        if answer.is_success or time.monotonic() > deadline:
            return str(answer.raise_for_status().json()["access_token"])
        time.sleep(POLL_S)
