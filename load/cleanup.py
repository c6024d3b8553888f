"""After the run: what it created and did not remove is removed now, and what could not be removed is named."""

import json
from collections.abc import Iterator, Mapping

from fixtures.profile.environment import Environment
from fixtures.wire.ledger import Ledger
from load.plans import ROLES
from load.sender import CannotSend, Sender
from load.sessions import Sessions

GONE = (200, 204, 404, 410)
SEARCHES = {
    "/api/contacts": "/api/contacts/?limit=100&search={run_id}",
    "/api/campaigns": "/api/campaigns/?page_size=100",  # campaigns cannot be searched (contract 2.5): the newest are first
}


def clean(sender: Sender, sessions: Sessions, env: Environment, ledger: Ledger, *, unconfirmed: bool) -> list[str]:
    """One sentence for each thing that is left. `unconfirmed`: rows may exist whose creation no response confirmed."""
    if not ledger.paths and not unconfirmed:
        return []
    role = next((role for role in reversed(ROLES) if role in env.identities), None)
    if role is None:
        return [f"left behind: {path} (the profile has no identity that may remove it)" for path in ledger.paths]
    try:
        headers = sessions.bearer(role)
    except CannotSend as error:
        return [f"left behind: {path} ({error})" for path in ledger.paths]
    found = _named_after(sender, headers, ledger.run_id, env.limits.timeout_s) if unconfirmed else ()
    return [line for path in dict.fromkeys([*ledger.paths, *found]) if (line := _remove(sender, headers, path, ledger, env))]


def _remove(sender: Sender, headers: Mapping[str, str], path: str, ledger: Ledger, env: Environment) -> str | None:
    sender.admit(sender.describe("DELETE", path, headers))
    response = sender.send("DELETE", path, headers, env.limits.timeout_s)
    if response.status in GONE:
        ledger.forget(path)
        return None
    return f"left behind: {path} (DELETE ended with {response.status or response.error}); remove it by hand"


def _named_after(sender: Sender, headers: Mapping[str, str], run_id: str, limit_s: float) -> Iterator[str]:
    """Addresses of what carries the run's id in its name."""
    for collection, search in SEARCHES.items():
        target = search.format(run_id=run_id)
        sender.admit(sender.describe("GET", target, headers))
        response = sender.send("GET", target, headers, limit_s)
        try:
            body = json.loads(response.body)
            rows = body["data"] if isinstance(body, dict) else body
            yield from (f"{collection}/{row['id']}" for row in rows if str(row["name"]).startswith(run_id))
        except (ValueError, KeyError, TypeError):
            yield from ()  # no list, so nothing is found: the ledger's own addresses are removed all the same
