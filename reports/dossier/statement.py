"""The in-toto statement of a dossier: which release was decided on, how, and the SHA-256 of every file that it was decided by.

Statement v1 with the predicate test-result v0.1 (in-toto/attestation, spec/predicates/test-result.md): `result` is PASSED for GO,
WARNED for NOT YET, FAILED for NO-GO; `configuration` names the files. The subject is the release by the digest of what was built;
where that is unknown, and so the verdict not GO, it is the set of runs.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import json_format  # type: ignore[import-untyped]
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor  # type: ignore[import-untyped]
from in_toto_attestation.v1.statement import Statement  # type: ignore[import-untyped]

PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
RESULTS = {"GO": "PASSED", "NOT YET": "WARNED", "NO-GO": "FAILED"}
ROLES = {"inputs/": "input", "runs/": "evidence", "proof/": "proof of the suite", "fonts/": "font"}
MEDIA = {
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".toml": "application/toml",
    ".xml": "application/xml",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


class NotAStatement(ValueError):  # noqa: N818 - states the fact
    """A payload that is no statement of a dossier."""


def of(decision: Mapping[str, Any], tests: Mapping[str, Sequence[str]], files: Mapping[str, str]) -> bytes:
    """The payload to sign. `tests` are check ids by outcome, `files` the SHA-256 of each file by its path in the dossier."""
    annotations = {part: decision[part] for part in ("environment", "gate", "verdict", "decided_at")}
    subject = ResourceDescriptor(decision["release"], digest=decision["digest"] or _of_runs(decision), annotations=annotations)
    statement = Statement([subject.pb], PREDICATE, _predicate(decision, tests, files))
    statement.validate()
    return json.dumps(json_format.MessageToDict(statement.pb), sort_keys=True, ensure_ascii=False, indent=1).encode()


def _of_runs(decision: Mapping[str, Any]) -> dict[str, str]:
    digests = "\n".join(run["digest"] for run in decision["runs"])
    return {"sha256": hashlib.sha256(digests.encode()).hexdigest()}


def _predicate(decision: Mapping[str, Any], tests: Mapping[str, Sequence[str]], files: Mapping[str, str]) -> dict[str, Any]:
    return {
        "result": RESULTS[decision["verdict"]],
        "configuration": [_descriptor(name, digest) for name, digest in sorted(files.items())],
        "passedTests": sorted(tests.get("passed", ())),
        "warnedTests": sorted(
            check for outcome, checks in tests.items() if outcome not in ("passed", "failed") for check in checks
        ),
        "failedTests": sorted(tests.get("failed", ())),
    }


def _descriptor(name: str, digest: str) -> dict[str, Any]:
    role = next((role for folder, role in ROLES.items() if name.startswith(folder)), "page")
    media = next((media for ending, media in MEDIA.items() if name.endswith(ending)), "application/octet-stream")
    return {"name": name, "digest": {"sha256": digest}, "mediaType": media, "annotations": {"role": role}}


def files_in(payload: bytes) -> dict[str, str]:
    """The SHA-256 of each file that a signed statement names."""
    try:
        statement = json.loads(payload)
        if statement["predicateType"] != PREDICATE:
            raise NotAStatement(f"the statement is about {statement['predicateType']}, and a dossier's about {PREDICATE}")
        return {each["name"]: each["digest"]["sha256"] for each in statement["predicate"]["configuration"]}
    except (ValueError, KeyError, TypeError) as error:
        raise NotAStatement(f"the signed payload is no statement of a dossier: {error!r}") from error
