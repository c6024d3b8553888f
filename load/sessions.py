"""Who sends: the profile's own identities, signed in before the run through the product's own login, and kept signed in."""

import json
from collections.abc import Iterable, Mapping

import gevent  # type: ignore[import-untyped]

from fixtures.product.journeys import Journey, Step, Visit
from fixtures.profile.environment import Environment
from load.generator import CannotSend, Sender
from load.plans import role_for

LOGIN = "/api/auth/login"
JSON = {"content-type": "application/json"}
RENEW_AT = 0.5  # of a session's life: a second try is possible before it ends


class Sessions:
    """`problems` says which session could not be renewed: from then on 401 is our doing."""

    def __init__(self, sender: Sender, env: Environment) -> None:
        self._sender, self._env = sender, env
        self._headers: dict[str, dict[str, str]] = {}
        self.problems: list[str] = []

    def open(self, journeys: Iterable[Journey]) -> None:
        """CannotSend when one of those who walk them is not let in."""
        for role in sorted({role for journey in journeys if (role := role_for(journey, self._env))}):
            lives_s = self._enter(role)
            gevent.spawn(self._keep_open, role, lives_s)

    def headers(self, visit: Visit, step: Step) -> Mapping[str, str]:
        """Whose a request is, and Twilio's signature where it comes from there."""
        if step.signed:
            return step.signature(self._env.twilio.auth_token or "", self._env.app.url or "")
        role = role_for(visit.journey, self._env)
        return self._headers[role] if role else {}

    def bearer(self, role: str) -> Mapping[str, str]:
        """Of a role that is signed in or can be; CannotSend."""
        if role not in self._headers:
            self._enter(role)
        return self._headers[role]

    def _enter(self, role: str) -> float:
        """The seconds that its session lives."""
        identity = self._env.identities[role]
        body = json.dumps({"email": identity.email, "password": identity.password}).encode()
        self._sender.admit(self._sender.describe("POST", LOGIN, JSON, body))
        answer = self._sender.send("POST", LOGIN, JSON, self._env.limits.timeout_s, body)
        if answer.status is None:
            fact = f"signing in as {role} got no answer ({answer.error})"
            raise CannotSend(f"{fact}; is {self._env.api_url} reachable from here, and LV_CA_FILE its authority?")
        try:
            granted = json.loads(answer.body)
            token, lives_s = str(granted["access_token"]), float(granted["expires_in"])
        except (ValueError, KeyError, TypeError) as error:
            fact = f"signing in as {role} ended with {answer.status}"
            raise CannotSend(
                f"{fact}; does the {role} of the profile exist at {self._env.api_url} with this password?"
            ) from error
        self._headers[role] = {"authorization": f"Bearer {token}"}
        return lives_s

    def _keep_open(self, role: str, lives_s: float) -> None:
        while True:
            gevent.sleep(max(1.0, lives_s * RENEW_AT))
            try:
                lives_s = self._enter(role)
            except CannotSend as error:
                self.problems.append(f"a session could not be renewed during the run: {error}")
                return
