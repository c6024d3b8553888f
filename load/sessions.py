"""The sessions of the profile's identities: opened before the run through the product's own login, and renewed during it."""

import json
from collections.abc import Iterable, Mapping

import gevent  # type: ignore[import-untyped] # gevent has no types

from fixtures.product.journeys import Journey, Step, Visit
from fixtures.profile.environment import Environment
from load.plans import role_for
from load.sender import CannotSend, Sender

LOGIN = "/api/auth/login"
JSON = {"content-type": "application/json"}
RENEW_AT = 0.5  # of a session's life: a second try is possible before it ends


class Sessions:
    """`problems` names the sessions that could not be renewed: from then on a 401 is no fault of the product."""

    def __init__(self, sender: Sender, env: Environment) -> None:
        self._sender, self._env = sender, env
        self._headers: dict[str, dict[str, str]] = {}
        self.problems: list[str] = []

    def open(self, journeys: Iterable[Journey]) -> None:
        """CannotSend when one of the roles of these journeys cannot sign in."""
        for role in sorted({role for journey in journeys if (role := role_for(journey, self._env))}):
            lifetime_s = self._sign_in(role)
            gevent.spawn(self._keep_open, role, lifetime_s)

    def headers(self, visit: Visit, step: Step) -> Mapping[str, str]:
        """The token of the visit's role, or Twilio's signature on a step that imitates Twilio."""
        if step.signed:
            return step.signature(self._env.twilio.auth_token or "", self._env.app.url or "")
        role = role_for(visit.journey, self._env)
        return self._headers[role] if role else {}

    def bearer(self, role: str) -> Mapping[str, str]:
        """Of a role that is signed in or can be; CannotSend."""
        if role not in self._headers:
            self._sign_in(role)
        return self._headers[role]

    def _sign_in(self, role: str) -> float:
        """The seconds that its session lasts."""
        identity = self._env.identities[role]
        body = json.dumps({"email": identity.email, "password": identity.password}).encode()
        self._sender.admit(self._sender.describe("POST", LOGIN, JSON, body))
        response = self._sender.send("POST", LOGIN, JSON, self._env.limits.timeout_s, body)
        if response.status is None:
            fact = f"signing in as {role} got no answer ({response.error})"
            raise CannotSend(f"{fact}; is {self._env.api_url} reachable from here, and LV_CA_FILE its authority?")
        try:
            granted = json.loads(response.body)
            token, lifetime_s = str(granted["access_token"]), float(granted["expires_in"])
        except (ValueError, KeyError, TypeError) as error:
            fact = f"signing in as {role} ended with {response.status}"
            raise CannotSend(
                f"{fact}; does the {role} of the profile exist at {self._env.api_url} with this password?"
            ) from error
        self._headers[role] = {"authorization": f"Bearer {token}"}
        return lifetime_s

    def _keep_open(self, role: str, lifetime_s: float) -> None:
        while True:
            gevent.sleep(max(1.0, lifetime_s * RENEW_AT))
            try:
                lifetime_s = self._sign_in(role)
            except CannotSend as error:
                self.problems.append(f"a session could not be renewed during the run: {error}")
                return
