"""The addresses of a running sandbox: the profile for runs, JSON for programs, a table for people."""

import json
import os
from pathlib import Path

from sandbox import faults
from sandbox.process import production_environment, profile
from sandbox.process.children import Children
from sandbox.process.settings import Settings


def write_profiles(children: Children, settings: Settings, also: Path | None, *, share: bool) -> Path:
    """The sandbox's own copy, the one asked for with --write-env, and the shared one; the first. All end with the sandbox."""
    production_environment.write(settings)
    text = profile.render(settings)
    own = settings.directory / "sandbox.env"
    for path in (own, *([also.absolute()] if also else [])):
        children.remove_at_end(path)
        os.close(profile.write(path, text))
    if share:
        children.remove_at_end(profile.SHARED)
        profile.write(profile.SHARED, text, locked=True)  # stays open: its lock shows that this sandbox is running
    return own


def _addresses(settings: Settings) -> dict[str, str]:
    return {
        "app_url": settings.app_url,
        "edge_url": settings.edge_url,
        "http_url": settings.http_url,
        "backend_url": settings.backend_url,
        "supabase_url": settings.supabase_url,
        "twilio_url": settings.twilio_api_base_url,
        "control_url": settings.control_url,
    }


def as_json(settings: Settings, env_file: Path) -> str:
    """One line, without secrets."""
    facts = {
        "env_file": str(env_file),
        "ca_file": str(settings.ca_file),
        "log_file": str(settings.log_file),
        "directory": str(settings.directory),
        "pid": os.getpid(),
        "faults": faults.active(),
    }
    return json.dumps(_addresses(settings) | facts)


def as_table(settings: Settings, env_file: Path) -> str:
    """With the sign-ins, to look around in a browser."""
    rows = {name.removesuffix("_url"): url for name, url in _addresses(settings).items()}
    rows |= {person.role: f"{person.email}  {person.password}" for person in reversed(settings.identities)}
    rows |= {
        "profile": str(env_file),
        "backend log": str(settings.log_file),
        "faults": ", ".join(faults.active()) or "none",
        "verify it": f"pytest -m smoke --env-file={env_file}",
    }
    lines = (f"  {name:<13}{value}" for name, value in rows.items())
    return "\n".join(["The sandbox answers. Ctrl-C ends it and removes everything.", *lines])
