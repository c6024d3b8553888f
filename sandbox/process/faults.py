"""What can be wrong with the deployment's addresses, TLS and environment file."""

from functools import partial
from typing import Literal

from sandbox.faults import Fault, declare

start_fault = partial(declare, part="edge", kind="configuration", start_only=True)

EXPIRED = start_fault(
    "certificate-expired",
    "Nobody renewed the certificate of the public address; it ran out yesterday",
    severity=1,
    finding="the TLS handshake fails for every client that verifies: the certificate has expired",
    hides=("[!p]*", "p[!r]*", "proxy-*"),
)
EXPIRES_SOON = start_fault(
    "certificate-expires-soon",
    "The automatic renewal of the certificate has been failing for months; nobody reads its mails",
    severity=2,
    finding="the certificate is good for three more days",
)
WRONG_HOST = start_fault(
    "certificate-wrong-host",
    "The edge presents the certificate of another site",
    severity=1,
    finding="the TLS handshake fails: the certificate is not for this host",
    hides=("[!p]*", "p[!r]*", "proxy-*"),
)


def file_fault(
    name: str, sentence: str, finding: str, severity: Literal[1, 2, 3] = 1, *, excludes: tuple[str, ...] = ()
) -> Fault:
    return declare(
        f"production-file-{name}",
        sentence,
        part="production file",
        kind="configuration",
        severity=severity,
        finding=finding,
        excludes=excludes,
    )


LACKS_SECRET_KEY = file_fault(
    "lacks-secret-key", "The line of SECRET_KEY was lost in a merge.", "SECRET_KEY is missing, so the backend does not start."
)
DEBUG_ON = file_fault(
    "debug-on", "APP_DEBUG was copied from a laptop.", "APP_DEBUG is true, which switches webhook signatures off."
)
DOCUMENTATION_ON = file_fault(
    "documentation-on", "DEBUG was left on for a demonstration.", "DEBUG is true, which opens /docs and /redoc.", 2
)
PLACEHOLDER_KEY = file_fault(
    "placeholder-key", "A key still has the value of the example file.", "OPENAI_API_KEY is a placeholder, and no key."
)
SERVICE_KEY_EXPOSED = file_fault(
    "service-key-exposed",
    "The service key was pasted where the anon key belongs.",
    "Every browser gets the key that passes by row-level security.",
)
WEAK_SECRET_KEY = file_fault("weak-secret-key", "SECRET_KEY is a word and a year.", "SECRET_KEY has fewer than 32 characters.")
CORS_ANY_ORIGIN = file_fault("cors-any-origin", "CORS_ORIGINS is * since a difficult afternoon.", "CORS_ORIGINS is *.")
PLAIN_API_ADDRESS = file_fault(
    "plain-api-address",
    "The frontend is built with the http address of the API.",
    "NEXT_PUBLIC_API_URL is http, so browsers send tokens in the clear or block the request.",
)
LOCALHOST_LEFT = file_fault(
    "localhost-left", "APP_URL is still that of a laptop.", "APP_URL is http://localhost:8000, so no vendor can call back."
)
KEY_TWICE = file_fault(
    "key-twice",
    "SECRET_KEY stands in the file twice, with an older value further down.",
    "Which of two values counts depends on who reads the file.",
    2,
    excludes=(LACKS_SECRET_KEY.name,),
)
AUTHENTICATION_OFF = file_fault(
    "authentication-off",
    "AUTH_ENABLED was switched off to try something and never back on.",
    "AUTH_ENABLED is false, so the API is open to the internet.",
)
STAGING_PROFILE = file_fault("staging-profile", "The file is a copy of staging's.", "APP_ENV is staging.", 2)
PUBLIC_ADDRESS_PLAIN = start_fault(
    "public-address-plain-http",
    "The deployment was given its http address as the public one.",
    severity=1,
    finding="APP_URL is an http address, so users and vendors are sent there first.",
)
OLD_TLS = start_fault(
    "tls-old-versions-spoken",
    "TLS 1.0 and 1.1 were switched on for one old client.",
    severity=1,
    finding="the handshake succeeds with a broken protocol",
)
NEW_TLS_MISSING = start_fault(
    "tls-1.3-missing",
    "ssl_protocols was written before TLS 1.3 existed.",
    severity=2,
    finding="the handshake with TLS 1.3 is refused",
)
WEAK_CIPHERS = start_fault(
    "tls-weak-ciphers",
    "ssl_ciphers says ALL.",
    severity=2,
    finding="a handshake without any authentication of the server, or without encryption, succeeds",
)
