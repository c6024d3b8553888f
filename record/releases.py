"""A release: its name, the version that a target reports, and the digest of what was built."""

import re

DIGESTS = {"sha256": r"[0-9a-f]{64}", "gitCommit": r"[0-9a-f]{40}|[0-9a-f]{64}"}
NAME = re.compile(r"v?(\d+\.\d+\.\d+)((?:[-+][0-9A-Za-z.-]+)?)")


class ReleaseError(ValueError):
    """A name or digest that cannot be one; the message says what one looks like."""


def require_name(release: str) -> str:
    if not NAME.fullmatch(release):
        raise ReleaseError(f"RELEASE={release!r} is no release; one looks like v1.0.0-MVP or 1.0.0")
    return release


def fits(version: str | None, release: str) -> bool:
    """Whether a target that reports `version` runs `release`. A leading v means nothing, nor does a suffix that only one has.

    "v1.0.0-MVP" fits "1.0.0", "v1.0.0" and "1.0.0-MVP"; it does not fit "1.0.0-beta" or "1.0.1".
    """
    told, named = NAME.fullmatch(version or ""), NAME.fullmatch(release)
    if not told or not named or told[1] != named[1]:
        return False
    return told[2] == named[2] or not told[2] or not named[2]


def digest(given: str | None) -> dict[str, str]:
    """{"sha256": ...} of an artefact or image, or {"gitCommit": ...}, as in-toto names them; empty when nothing was given."""
    if not given:
        return {}
    kind, _, value = given.rpartition(":")
    kind = kind or ("gitCommit" if len(given) == 40 else "sha256")  # as long as a commit's SHA-1
    if kind not in DIGESTS or not re.fullmatch(DIGESTS[kind], value):
        raise ReleaseError(f"DIGEST={given!r} is none; give sha256:<64 hexadecimal digits> or gitCommit:<40 hexadecimal digits>")
    return {kind: value}
