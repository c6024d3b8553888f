"""What became of each check, derived anew from what its phases raised, and where run.json says otherwise.

This is written a second time on purpose, from the rules of the design and not from the code that judged the run: a slip there, or
a hand that edited its result, shows here as a disagreement.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from record import releases
from record.run_folder import Run, parse

WORST_FIRST = ("failed", "unverified", "blocked", "waived", "flaky", "passed")
OF_DOUBT = {"lost": "unverified", "no-claim": "unverified", "caught": "failed", "unraised": "failed"}
DID_NOT_LOOK = frozenset({"record.outcome.Unverified", "_pytest.outcomes.Skipped", "_pytest.outcomes.XFailed"})
BLOCKED = "record.outcome.Blocked"
NO_ANSWER = "httpx.HTTPError"
LOOKS_RED = frozenset({"failed", "unverified", "blocked"})  # in a report that knows two colours
DECIDED = frozenset({0, 1, 6, 7})  # exit codes that say what the checks saw; any other says that the run broke off
ROUNDING_S = 0.001  # of durations that were added up
CLOCKS_APART_S = 2.0  # the monotonic clock of a machine and its clock on the wall


def of_phase(phase: Mapping[str, Any]) -> str:
    """The outcome of one phase, before any waiver."""
    if phase["doubt"]:
        return OF_DOUBT[phase["doubt"]]
    if phase["raised"]:
        return _of_error(phase)
    return "flaky" if phase["retried"] and phase["when"] == "call" else "passed"


def _of_error(phase: Mapping[str, Any]) -> str:
    raised = set(phase["raised"])
    if phase["refused"] or raised & DID_NOT_LOOK:
        return "unverified"
    if BLOCKED in raised:
        return "blocked"
    if phase["when"] == "setup":
        return "blocked" if NO_ANSWER in raised else "unverified"
    return "failed"


def fingerprint(finding: Mapping[str, str]) -> str:
    """What stays the same when the same thing fails again: of what was expected and seen, without ids and numbers."""
    text = "|".join(_steady(finding[part]) for part in ("expected", "seen"))
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()[:12]


def _steady(text: str) -> str:
    status = re.match(r"[1-5]\d\d(?![\d.])", text)
    kept = status[0] if status else ""
    return kept + re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|lv-[\w-]+|\d+(?:\.\d+)?", "#", text[len(kept) :])


def worst(outcomes: Iterable[str]) -> str:
    found = set(outcomes)
    return next((outcome for outcome in WORST_FIRST if outcome in found), "unverified")


def exit_code(run: Mapping[str, Any]) -> int:
    """What a run that came to its end has to say: 0 only when each check that it names looked, and holds or is waived."""
    outcomes = {check["outcome"] for check in run["checks"]}
    if run["findings"] or "failed" in outcomes or (run["strict_flaky"] and "flaky" in outcomes):
        return 1
    if "blocked" in outcomes:
        return 7
    selection = run["selection"]
    doubtful = run["clock_apart_s"] and "waived" in outcomes
    partly = selection["left_out"] or selection["missing"] or run["stopped"]
    return 6 if "unverified" in outcomes or doubtful or partly or not outcomes else 0


def disagreements(run: Run) -> Iterator[str]:
    """Each contradiction between what a run says of itself and what it saw, the gravest kind first."""
    yield from _about_checks(run)
    yield from _about_the_whole(run.data)
    yield from _about_time(run)
    yield from _about_junit(run)
    yield from _about_exchanges(run)


def _about_checks(run: Run) -> Iterator[str]:
    phases: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for phase in run.phases:
        phases[phase["check"]].append(phase)
    ids = [check["id"] for check in run.checks]
    for twice in sorted(check for check, count in Counter(ids).items() if count > 1):
        yield f"{twice} stands twice in run.json"
    for unknown in sorted(phases.keys() - set(ids)):
        yield f"{unknown} ran and is not in run.json"
    for check in run.checks:
        yield from _about_check(check, phases[check["id"]], run.data)


def _about_check(check: Mapping[str, Any], phases: Sequence[Mapping[str, Any]], run: Mapping[str, Any]) -> Iterator[str]:
    outcomes = [_with_waiver(phase, run) for phase in phases]
    for phase, outcome in zip(phases, outcomes, strict=True):
        if phase["outcome"] != outcome:
            yield f"{check['id']}, {phase['when']}: the journal says {phase['outcome']}, and what it raised says {outcome}"
    looked = any(phase["when"] == "call" or outcome != "passed" for phase, outcome in zip(phases, outcomes, strict=True))
    outcome = worst(outcomes) if looked else "unverified"
    if check["outcome"] != outcome:
        yield f"{check['id']}: run.json says {check['outcome']}, and its phases say {outcome}"
        return
    if looked:
        yield from _about_decision(check, next(phase for phase, its in zip(phases, outcomes, strict=True) if its == outcome))
    told_s = sum(phase["duration_s"] for phase in phases)
    if abs(check["duration_s"] - told_s) > ROUNDING_S:
        yield f"{check['id']}: run.json says {check['duration_s']} s, and its phases say {told_s:.4f} s"


def _about_decision(check: Mapping[str, Any], deciding: Mapping[str, Any]) -> Iterator[str]:
    for part in ("finding", "fingerprint", "waiver"):
        if check[part] != deciding[part]:
            yield f"{check['id']}: the {part} in run.json is not that of the phase that decided"
    if check["finding"] is not None and check["fingerprint"] != fingerprint(check["finding"]):
        yield f"{check['id']}: its fingerprint is not that of its finding"


def _with_waiver(phase: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    """A failure that a waiver names, by check and finding, on a day, for a release and on an environment for which it holds."""
    outcome, waiver = of_phase(phase), phase["waiver"]
    if outcome != "failed" or not waiver or phase["finding"] is None:
        return outcome
    fits = waiver.get("check") == phase["check"] and waiver.get("fingerprint") == fingerprint(phase["finding"])
    in_time = str(waiver.get("date", "9")) <= run["started_at"][:10] <= str(waiver.get("expires", ""))
    of_release = releases.fits(run["target"]["version_at_start"], str(waiver.get("release")))
    there = not waiver.get("environment") or run["environment"] in waiver["environment"]
    return "waived" if fits and in_time and of_release and there else "failed"


def _about_the_whole(run: Mapping[str, Any]) -> Iterator[str]:
    if run["exit_code"] in DECIDED and run["exit_code"] != exit_code(run):
        yield f"run.json says exit code {run['exit_code']}, and its checks say {exit_code(run)}"
    if not run["exit_code"] and run["no_evidence"]:
        yield "run.json says exit code 0 and gives reasons against it"
    selection = run["selection"]
    stages = selection["stages"]
    for part in ("selected", "total"):
        if selection[part] != sum(counts[part] for counts in stages.values()):
            yield f"run.json: its selection's {part} does not add up"
    by_stage = Counter(check["stage"] or check["id"].split("/")[1].replace("_", "-") for check in run["checks"])
    for stage, counts in stages.items():
        if by_stage[stage] < counts["selected"]:
            yield f"run.json: {counts['selected']} {stage} checks were selected, and it holds {by_stage[stage]}"
    short = sum(stages[stage]["total"] - stages[stage]["selected"] for stage in selection["whole"] if stage in stages)
    if selection["left_out"] < short:
        yield f"run.json: {short} checks of its stages were not selected, and it says {selection['left_out']}"


def _about_time(run: Run) -> Iterator[str]:
    started, finished = run.started_at, run.finished_at
    stamp = f"{started:%Y%m%dT%H%M%S}"
    if run.data["run_id"].split("-")[1] != stamp:
        yield f"run.json: it started at {run.data['started_at']}, and its run id says {run.data['run_id']}"
    if abs((finished - started).total_seconds() - run.data["duration_s"]) > CLOCKS_APART_S:
        yield f"run.json: from {run.data['started_at']} to {run.data['finished_at']} are not {run.data['duration_s']} s"
    last = started
    for phase in run.phases:
        at = datetime.fromisoformat(phase["at"])
        if not last <= at <= finished:
            yield f"{phase['check']}, {phase['when']}: ended at {phase['at']}, out of order or outside of its run"
            return
        last = at


def _about_junit(run: Run) -> Iterator[str]:
    """junit.xml tells the same story in its two colours. A run may have written it elsewhere."""
    path = run.folder / "junit.xml"
    if not path.exists():
        return
    try:
        cases = ET.parse(path).getroot().iter("testcase")  # noqa: S314 - expat bounds what entities may become
        red = {
            (case.get("classname"), case.get("name")): bool({"failure", "error"} & {part.tag for part in case}) for case in cases
        }
    except (ET.ParseError, ValueError) as error:
        yield f"junit.xml is no XML: {error}"
        return
    for check in run.checks:
        told = red.get(_junit_name(check["id"]))
        if told is not None and told != (check["outcome"] in LOOKS_RED):
            counted = "counts a failure" if told else "counts none"
            yield f"{check['id']}: run.json says {check['outcome']}, and junit.xml {counted}"


def _junit_name(node_id: str) -> tuple[str, str]:
    path, _, inner = node_id.partition("::")
    function, bracket, parameters = inner.partition("[")
    *classes, name = function.split("::")
    return ".".join([path.removesuffix(".py").replace("/", "."), *classes]), name + bracket + parameters


def _about_exchanges(run: Run) -> Iterator[str]:
    """What a check is said to have used holds what its kept exchanges saw."""
    for check in run.checks:
        kept = [run.folder / name for name in check["evidence"] if name.endswith("/exchanges.json")]
        used = [(operation.partition(" ")[0], statuses) for operation, statuses in check["operations"].items()]
        for exchange in (each for path in kept if used for each in parse(path.read_bytes(), path)):
            if not any(method == exchange["method"] and (exchange["status"] or 0) in statuses for method, statuses in used):
                yield f"{check['id']}: {exchange['request_id']} saw {exchange['status']}, and run.json knows of no such answer"
