"""The pages of a dossier from its decision, in Spanish or English."""

import base64
import hashlib
import inspect
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from record.outcome import SEVERITY as WORST
from record.run_folder import Recorded
from reports import rendering
from reports.dossier import charts, decision_file, run_selection
from reports.phrases import Phrases
from reports.plan import line_states
from reports.plan.gates import STAGES, Gate
from reports.plan.plan_file import SEVERITIES, Line, Plan
from reports.rendering import TEXTS, Font, Language, render, texts

REASONS = Path(__file__).resolve().parent / "reasons.texts.toml"
SECTIONS = (
    *("summary", "reasons_section", "metrics", "findings", "plan", "attestations_section", "security", "integrations"),
    *("load", "devices", "proof", "unseen", "annexes"),
)
PICTURES = ("percentiles", "latencies", "rate", "errors")
MENTIONED = 4  # lines of the plan that a sentence names
Sentence = tuple[Mapping[str, Any], str]  # a reason of the decision, and its text


@dataclass(frozen=True)
class Assets:
    """What pages are made with besides the decision; pictures as (kind, SVG) in each language."""

    fonts: Sequence[Font] = ()
    pictures: Mapping[Language, Sequence[tuple[str, bytes]]] = field(default_factory=dict)


def version() -> str:
    """Of everything that pages are made with: a verifier that has another cannot compare them."""
    modules = [Path(inspect.getfile(each)) for each in (charts, decision_file, Phrases, rendering)]
    parts = [Path(__file__), *modules, TEXTS, REASONS, *sorted(rendering.TEMPLATES.iterdir())]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in parts if path.is_file())).hexdigest()[:16]


def pictures_of(picked: Sequence[Recorded]) -> dict[Language, list[tuple[str, bytes]]]:
    """Of the load run that decides, where there is one."""
    run = run_selection.deciding(picked, "load")
    folder = run.folder / "load" if run else None
    return {"es": _drawn(folder, "svg"), "en": _drawn(folder, "en.svg")}


def _drawn(folder: Path | None, ending: str) -> list[tuple[str, bytes]]:
    paths = [(kind, folder / f"{kind}.{ending}") for kind in PICTURES] if folder else []
    return [(kind, path.read_bytes()) for kind, path in paths if path.exists()]


def html(decision: Mapping[str, Any], plan: Plan, gate: Gate, language: Language, assets: Assets) -> str:
    """One page for one language."""
    t = texts(TEXTS, language)
    corner = f"{decision['release']} · {t['verdict'][decision['verdict']]}"
    return render("dossier.html.j2", language, assets.fonts, corner, **_values(decision, plan, gate, language, assets))


def _values(decision: Mapping[str, Any], plan: Plan, gate: Gate, language: Language, assets: Assets) -> dict[str, Any]:
    t, sentences = texts(TEXTS, language), texts(REASONS, language)
    phrases = Phrases(language, t, plan)
    outcomes = Counter[str]()
    for counts in decision["totals"].values():
        outcomes.update(counts)
    asked = [line for line in plan.lines if gate.asks_for(line)]
    states = Counter(found["state"] for found in decision["lines"].values())
    return {
        "d": decision,
        "plan": plan,
        "gate": gate,
        "sections": SECTIONS,
        "number": lambda key: SECTIONS.index(key) + 1,
        "severities": SEVERITIES,
        "suites": sorted({_suite(run["suite"]) for run in decision["runs"]}),
        "signatures": _signatures(decision, gate),
        "reasons": [{"against": each["against"], "text": text} for each, text in _sentences(decision, phrases, sentences)],
        "left_to_writing": "; ".join(
            t["left_to_writing"].format(stage=stage, count=phrases.integer(len(checks)))
            for stage, checks in _ordered_stages(decision["left_to_writing"])
        ),
        "brief": _brief(decision, phrases, sentences),
        "total": outcomes.total(),
        "holding": outcomes["passed"] + outcomes["waived"],
        "failing": outcomes["failed"],
        "asked": len(asked),
        "settled": sum(decision["lines"][line]["state"] in line_states.SETTLED for line in asked),
        "stage_chart": charts.stages(_ordered(decision["totals"]), t["outcomes"], t["by_stage"]),
        "plan_chart": charts.states(_in_order(states, list(t["states"])), t["states"], t["plan"]),
        "interval_chart": lambda each: charts.interval(each, phrases.decimal, t["interval"]),
        "weeks": _weeks(plan),
        "block_lines": lambda block: [line for line in plan.lines.values() if line.block == block],
        "open_lines": [plan.lines[line] for line in asked if decision["lines"][line]["state"] not in line_states.SETTLED],
        "open_checks": [each for each in decision["findings"] if each["outcome"] in ("unverified", "blocked")],
        "all_checks": _by_file(decision["checks"]),
        "pictures": [(kind, base64.b64encode(data).decode()) for kind, data in assets.pictures.get(language, ())],
        **_of_the_proof(decision["proof"], t, phrases),
        **{name: getattr(phrases, name) for name in ("integer", "decimal", "seconds", "time", "measure", "rests_on")},
        "teams": lambda each: phrases.teams(each["checks"]),
        "criterion_name": phrases.criterion_name,
        "attestations_of": lambda metric: phrases.attestations(metric["line"], decision["attestations"]),
    }


def sentences(decision: Mapping[str, Any], language: Language, plan: Plan) -> list[str]:
    """The reasons of a decision in a few lines: lines of the plan that are open in the same way share one."""
    phrases = Phrases(language, texts(TEXTS, language), plan)
    return [each["text"] for each in _brief(decision, phrases, texts(REASONS, language))]


def _sentences(decision: Mapping[str, Any], phrases: Phrases, reasons: Mapping[str, str]) -> Iterable[Sentence]:
    return ((each, phrases.reason(reasons[each["code"]], each["values"])) for each in decision["reasons"])


def _brief(decision: Mapping[str, Any], phrases: Phrases, reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    groups: defaultdict[tuple[str, str], list[Sentence]] = defaultdict(list)
    for each, text in _sentences(decision, phrases, reasons):
        alike = each["code"] in ("line-open", "gap", "line-fails")
        groups[each["code"] if alike else text, each["values"].get("state", "")].append((each, text))
    return [
        {"against": members[0][0]["against"], "text": _shared(members, state, phrases)} for (_, state), members in groups.items()
    ]


def _shared(members: Sequence[Sentence], state: str, phrases: Phrases) -> str:
    if len(members) == 1:
        return members[0][1]
    names = [each["values"]["line"] for each, _ in members]
    state = phrases.t["states"].get(state) or phrases.t["brief"][members[0][0]["code"]]
    shown = ", ".join(names[:MENTIONED]) + (" …" if len(names) > MENTIONED else "")
    return str(phrases.t["brief"]["lines"].format(count=phrases.integer(len(names)), state=state, lines=shown))


def _by_file(checks: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each file of checks with the names in it."""
    files: dict[str, list[tuple[str, str]]] = {}
    for check, outcome in sorted(checks.items()):
        file, _, name = check.partition("::")
        files.setdefault(file, []).append((name, outcome))
    return list(files.items())


def _suite(suite: Mapping[str, Any]) -> str:
    return f"{suite['version']} ({str(suite['commit'])[:12]}{'+' if suite['changed'] else ''})"


def _signatures(decision: Mapping[str, Any], gate: Gate) -> list[dict[str, Any]]:
    """Who approved, and a line to sign on for each who has not."""
    rows: list[dict[str, Any]] = []
    for quorum in gate.approvals:
        approved = [each for each in decision["approvals"] if each["role"] == quorum.role]
        rows += [{"role": quorum.role, "person": each["person"], "date": each["date"]} for each in approved]
        rows += [{"role": quorum.role, "person": None, "date": None}] * max(quorum.people - len(approved), 0)
    return rows


def _ordered_stages(by_stage: Mapping[str, Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    return [(stage, by_stage[stage]) for stage in STAGES if stage in by_stage]


def _ordered(totals: Mapping[str, Mapping[str, int]]) -> list[tuple[str, dict[str, int]]]:
    return [(stage, _in_order(totals[stage], list(reversed(WORST)))) for stage in STAGES if stage in totals]


def _in_order(counts: Mapping[str, int], names: Sequence[str]) -> dict[str, int]:
    return {name: counts[name] for name in names if counts.get(name)}


def _weeks(plan: Plan) -> list[tuple[Any, list[tuple[Any, list[Line]]]]]:
    """The lines of the plan as it is written: by week and day."""
    of_block: defaultdict[str, list[Line]] = defaultdict(list)
    for line in plan.lines.values():
        of_block[line.block].append(line)
    return [
        (week, [(block, of_block[name]) for name, block in plan.blocks.items() if block.week == week_name])
        for week_name, week in plan.weeks.items()
    ]


def _of_the_proof(proof: Mapping[str, Any] | None, t: Mapping[str, Any], phrases: Phrases) -> dict[str, Any]:
    if not proof:
        return {"proof_tiles": [], "proof_notes": []}
    tiles = [
        (proof[part]["count"], proof[part]["of"], t[f"proof_{part}"])
        for part in ("faults", "checks", "cause", "vacuity")
        if proof.get(part)
    ]
    notes: list[str] = []
    if alarms := proof.get("alarms"):
        share = phrases.decimal(100 * alarms["share_at_most"]) if alarms["share_at_most"] is not None else t["unknown"]
        alarm = t["proof_alarms"].format(
            executions=phrases.integer(alarms["executions"]), confidence=phrases.decimal(alarms["confidence_pct"]), share=share
        )
        notes.append(f"{phrases.integer(alarms['false_alarms'])} {alarm}")
    if proof.get("partial"):
        notes.append(t["proof_partial"])
    return {"proof_tiles": tiles, "proof_notes": notes}
