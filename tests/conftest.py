"""One sandbox for the tests that need a deployment; it starts when the first of them asks."""

import contextlib
import ssl
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import dotenv
import httpx
import hypothesis
import pytest

from fixtures.plugin.sandbox_process import Boot, wait_for
from tests.vacuity.tree import SuiteCopy

# A deadline for each example would measure the machine; what is too slow shows in the time of the tests.
hypothesis.settings.register_profile("tests", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("tests")
ROLES = ("admin", "operator", "viewer")


@dataclass(frozen=True)
class RunningSandbox:
    """A booted sandbox: the profile it wrote (dotenv keys), and the port on which its faults are switched."""

    profile_path: Path
    profile: dict[str, str]
    control_url: str
    tokens: dict[str, str]

    @classmethod
    def of(cls, boot: Boot) -> Self:
        """The booted one, once it answers."""
        wait_for(boot.profile, boot.log, boot.process.pid)
        profile = {key: value or "" for key, value in dotenv.dotenv_values(boot.profile, interpolate=False).items()}
        return cls(boot.profile, profile, boot.announcement()["control_url"], {})

    def anonymous(self) -> httpx.Client:
        return httpx.Client(base_url=self.profile["LV_API_URL"], verify=_tls(self.profile["LV_CA_FILE"]), timeout=15)

    def client(self, role: str | None) -> httpx.Client:
        """A client on the public https origin, signed in as admin, operator or viewer; None is anonymous."""
        client = self.anonymous()
        if role:
            client.headers["authorization"] = f"Bearer {self.token(role)}"
        return client

    def token(self, role: str) -> str:
        if role not in self.tokens:
            credentials = {key: self.profile[f"LV_{role.upper()}_{key.upper()}"] for key in ("email", "password")}
            with self.anonymous() as client:
                answer = client.post("/api/auth/login", json=credentials)
            assert answer.status_code == 200, answer.text
            self.tokens[role] = answer.json()["access_token"]
        return self.tokens[role]

    @contextlib.contextmanager
    def control(self, *faults: str) -> Iterator[None]:
        """Switch faults on for the body."""
        with httpx.Client(base_url=self.control_url, timeout=30) as control:
            try:
                for fault in faults:
                    control.put(f"/faults/{fault}").raise_for_status()
                yield
            finally:
                for fault in faults:
                    control.delete(f"/faults/{fault}").raise_for_status()


def _tls(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


@pytest.fixture(scope="session")
def sandbox() -> Generator[RunningSandbox]:
    boot = Boot()
    try:
        yield RunningSandbox.of(boot)
    finally:
        boot.stop()


@pytest.fixture(scope="session")
def suite_copy(tmp_path_factory: pytest.TempPathFactory) -> SuiteCopy:
    """A place for runs with other checks; whoever uses it makes it anew."""
    return SuiteCopy(tmp_path_factory.mktemp("copy") / "suite")
