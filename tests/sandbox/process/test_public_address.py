"""A sandbox behind a proxy of one's own: it is known by the address there, and listens at another."""

import ssl
from pathlib import Path

import dotenv
import httpx

from tests.sandbox.starting import REAL, up

PUBLIC = "https://mvp.example:8443"
NAME = PUBLIC.removeprefix("https://")


def test_edge_serves_the_public_host(tmp_path: Path) -> None:
    """As a proxy asks it: at its own port, with the public name; by its own name it is nobody."""
    with up(REAL, "up", "--json", "--public-url", PUBLIC, temporary=tmp_path) as sandbox:
        profile = dotenv.dotenv_values(sandbox.facts["env_file"], interpolate=False)
        tls = ssl.create_default_context(cafile=sandbox.facts["ca_file"])
        with httpx.Client(base_url=sandbox.facts["edge_url"], verify=tls, timeout=15) as client:
            statuses = [client.get("/api/auth/me", headers=headers).status_code for headers in ({"host": NAME}, {})]

    assert statuses == [401, 400]
    assert profile["LV_API_URL"] == profile["APP_URL"] == sandbox.facts["app_url"] == PUBLIC
    assert NAME in (profile["LV_ALLOWED_HOSTS"] or "").split(",")
