"""The proof of the suite itself: how many of the known faults it finds, and how rarely it raises a false alarm. Read from what
`make proof`, `make test` and `make soak` left behind.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from record.run_folder import NotARun, parse

PROOF, SOAK, VACUITY = "proof.json", "soak.json", "vacuity.json"


def read(folder: Path) -> dict[str, Any] | None:
    """{"faults", "checks", "cause", "vacuity": {"count", "of"}, "partial", "finished_at", "alarms"}; None without a proof.

    NotARun for a file that is not what those commands write.
    """
    proof = _table(folder / PROOF)
    if proof is None:
        return None
    soak, vacuity = _table(folder / SOAK), _table(folder / VACUITY)
    try:
        ways = {"count": vacuity["refused"], "of": vacuity["ways"]} if vacuity else None
        return {**_shares(proof), "vacuity": ways, "alarms": _alarms(soak) if soak else None}
    except (KeyError, TypeError) as error:
        raise NotARun(f"{folder / PROOF}: is not what those commands write: {error!r}") from error


def _table(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    table = parse(path.read_bytes(), path)
    if not isinstance(table, dict):
        raise NotARun(f"{path}: holds no JSON object")
    return table


def _shares(proof: Mapping[str, Any]) -> dict[str, Any]:
    faults, checks = proof["faults"], proof["checks"]
    return {
        "faults": {"count": sum(bool(fault["seen_by"]) for fault in faults), "of": len(faults)},
        "checks": {"count": sum(bool(check["killed_by"]) for check in checks), "of": len(checks)},
        "cause": {"count": sum(bool(fault["diagnosed"]) for fault in faults), "of": len(faults)},
        "partial": bool(proof["partial"]) or proof["selection"] != "all",
        "finished_at": str(proof["finished_at"]),
    }


def _alarms(soak: Mapping[str, Any]) -> dict[str, Any]:
    return {part: soak[part] for part in ("executions", "false_alarms", "confidence_pct", "share_at_most")}
