"""What the attestations in a folder come to: which lines of the plan stand, who approves the gate, and what was refused."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from record.signed import Refusal, identity, name_of
from reports.dossier.attestations import Attestation, Question, load, nearest, objections
from reports.plan.gates import Gate
from reports.plan.plan_file import Plan


def read(folder: Path, plan: Plan, gate: Gate, question: Question, known: Iterable[str] = ()) -> dict[str, Any]:
    """For one gate. Approvals of the other `known` gates are another dossier's business.

    {"standing": {line: {"valid", "people"}}, "attestations", "approvals": those that hold, "approvers": by what each is known,
    "refused", "accepted": plan lines with a gap that every required role accepts}.
    """
    every, refused = load(folder)
    good: list[Attestation] = []
    for attestation in (each for each in every if each.gate in (None, gate.name) or each.gate not in known):
        wrong = [*_about_gate(attestation, gate, known), *objections(attestation, question, plan, folder)]
        refused += wrong
        good += [] if wrong else [attestation]
    twice = [*_repeated(good)]
    refused += twice
    repeated = {each.file for each in twice}
    good = [each for each in good if each.file not in repeated]
    approvals = [each for each in good if each.gate == gate.name]
    approving = _by_person(approvals, gate)
    refused += _in_two_roles(approving)
    chosen = [theirs[0] for theirs in approving]
    return {
        "standing": _standing([each for each in good if each.line], plan),
        "attestations": [_shown(each) for each in good if each.line],
        "approvals": [_shown(each) for each in chosen],
        "approvers": [identity(each.person) for each in chosen],
        "refused": [asdict(each) for each in refused],
        "accepted": sorted(_accepted(chosen, gate)),
    }


def _about_gate(attestation: Attestation, gate: Gate, known: Iterable[str]) -> Iterable[Refusal]:
    """An approval of a gate that does not exist, or in a role that has no say, would count for nothing and nobody would know."""
    roles = [quorum.role for quorum in gate.approvals]
    if attestation.gate == gate.name and attestation.role not in roles:
        yield attestation.refusal(
            "role", f"{attestation.role} does not approve {gate.name}", f"it takes {', '.join(roles) or 'nobody'}"
        )
    elif attestation.gate not in (None, gate.name):
        yield attestation.refusal(
            "gate", f"there is no gate {attestation.gate}", f"nearest: {nearest(str(attestation.gate), [gate.name, *known])}"
        )


def _in_two_roles(approving: Iterable[Sequence[Attestation]]) -> Iterable[Refusal]:
    for first, *others in approving:
        for attestation in others:
            rule = f"is by who approves as {first.role} in {first.file}"
            yield attestation.refusal("role", rule, "let another person approve in this role")


def _repeated(attestations: Iterable[Attestation]) -> Iterable[Refusal]:
    """The same person stating the same thing twice: which of them counts?"""
    groups: defaultdict[tuple[str | None, str | None, str], list[Attestation]] = defaultdict(list)
    for attestation in attestations:
        groups[attestation.line, attestation.gate, attestation.role].append(attestation)
    for same in groups.values():
        for theirs in people(same):
            for attestation in theirs[1:]:
                yield attestation.refusal("person", f"states again what {theirs[0].file} states", "keep one of the two files")


def _standing(attestations: Sequence[Attestation], plan: Plan) -> dict[str, dict[str, Any]]:
    of_line: defaultdict[str, list[Attestation]] = defaultdict(list)
    for attestation in attestations:
        of_line[str(attestation.line)].append(attestation)
    return {
        line: {
            "valid": len(people(of_line[line])) >= plan.lines[line].people,
            "people": [{"person": name_of(each.person), "expires": each.expires} for each in of_line[line]],
        }
        for line in sorted(of_line)
    }


def _by_person(approvals: Sequence[Attestation], gate: Gate) -> list[list[Attestation]]:
    """Each person approves in one role, and accepts gaps in that role: the first, in the order of the gate."""
    order = [quorum.role for quorum in gate.approvals]
    return people(sorted(approvals, key=lambda each: (order.index(each.role), each.file)))


def _accepted(approvals: Sequence[Attestation], gate: Gate) -> set[str]:
    """Gaps of the plan that somebody in each role of the gate accepts by name."""
    by_role = [{line for each in approvals if each.role == quorum.role for line in each.accepts} for quorum in gate.approvals]
    return set.intersection(*by_role) if by_role else set()


def _shown(attestation: Attestation) -> dict[str, Any]:
    kept = ("file", "role", "statement", "date", "line", "gate", "expires", "accepts")
    return {
        **{name: getattr(attestation, name) for name in kept},
        "person": name_of(attestation.person),
        "accepts": list(attestation.accepts),
    }


def people(attestations: Iterable[Attestation]) -> list[list[Attestation]]:
    """By person: two that share a name or an address are one person's."""
    groups: list[tuple[set[str], list[Attestation]]] = []
    for attestation in attestations:
        known = set(identity(attestation.person))
        same = [group for group in groups if group[0] & known]
        members = [each for _, theirs in same for each in theirs]
        groups = [group for group in groups if group not in same]
        groups.append((known.union(*(names for names, _ in same)), [*members, attestation]))
    return [members for _, members in groups]
