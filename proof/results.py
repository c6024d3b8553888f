"""What a proof was asked for, what came of it so far, and proof.json made of that."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from proof import matrix
from proof.catalogue import Fault
from proof.expectations import Expectation
from proof.matrix import Gap, Row
from proof.selection import Selection
from proof.workers import Job, Result
from record.run import Check
from record.stages import STAGES, declared_checks, function_of

INTERRUPTED = 130


@dataclass
class Proof:
    """`full` and `sample` as on the command line. `healthy`: checks without a fault by their ids; `touched`: check -> faults.

    `repeated`: jobs under load that came out as expected only when they were run again.
    """

    catalogue: Mapping[str, Fault]
    table: Mapping[str, Expectation]
    selection: Selection
    full: bool
    sample: int
    began: float = field(default_factory=time.monotonic)
    healthy: dict[str, Check] = field(default_factory=dict)
    touched: dict[str, list[str]] = field(default_factory=dict)
    results: defaultdict[str, list[Result]] = field(default_factory=lambda: defaultdict(list))
    repeated: list[str] = field(default_factory=list)
    partial: bool = True

    def keep(self, result: Result) -> None:
        """In place of an earlier one of the same job."""
        others = [each for each in self.results[result.job.row] if each.job != result.job]
        self.results[result.job.row] = [*others, result]

    def as_expected(self, job: Job) -> bool:
        if not job.row:
            return not matrix.not_healthy(check for id_, check in self.healthy.items() if id_ in job.checks)
        return not matrix.gaps_of(self.row(job.row))

    def rows(self) -> list[Row]:
        return [self.row(name) for name in self.selection.rows if name in self.results]

    def row(self, name: str) -> Row:
        results = self.results[name]
        runs = [each.run.run for each in results]
        return Row(
            faults=tuple(self.catalogue[fault] for fault in name.split("+")),
            expected=self.table.get(name),
            checks=tuple(check for run in runs if run for check in run.checks),
            exit_code=max((each.run.exit_code for each in results), key=abs),
            took_s=sum(each.took_s for each in results),
            base_urls=tuple(url for run in runs if run for url in run.target.base_urls),
            broken_off=next((each.run.output[-400:] for each in results if not each.run.run), ""),
        )

    def gaps(self) -> list[Gap]:
        rows = self.rows()
        found = matrix.not_healthy(self.healthy.values())
        found += [gap for row in rows for gap in matrix.gaps_of(row)]
        return found + matrix.never_killed(self._checks_to_kill(), rows)

    def _checks_to_kill(self) -> set[str]:
        """Those of which it can be claimed that no fault kills them: whatever can kill them was looked at."""
        declared = {check.removeprefix(matrix.SUITES) for marker, _ in STAGES.values() for check in declared_checks(marker)}
        if self.selection.kind == "all":
            return declared
        return {check for check in declared if check.split("::")[0] in self.selection.whole_files}

    def exit_code(self) -> int:
        return INTERRUPTED if self.partial else int(bool(self.gaps()))

    def as_json(self, workers: int) -> dict[str, Any]:
        """proof.json: `report.py` turns it into the page, and the dossier of a release encloses it."""
        rows = self.rows()
        killed_by: defaultdict[str, list[str]] = defaultdict(list)
        for row in rows:
            for check in matrix.killed(row):
                killed_by[check].append(row.name)
        functions = sorted({function_of(check).removeprefix(matrix.SUITES) for check in self.healthy} | killed_by.keys())
        results = [each for several in self.results.values() for each in several]
        return {
            "schema": 1,
            "partial": self.partial,
            "selection": self.selection.kind,
            "selected": {"rows": len(self.selection.rows), "of": self.selection.of, "reasons": dict(self.selection.reasons)},
            "full": self.full,
            "sample": self.sample,
            "exit_code": self.exit_code(),
            "finished_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "duration_s": round(time.monotonic() - self.began, 1),
            "workers": workers,
            "workers_busy_s": round(sum(each.took_s for each in results), 1),
            "repeated": self.repeated,
            "sum_of_stage_times_s": round(sum(each.run.took_s for each in results), 1),
            "gaps": [{"fault": gap.fault, "check": gap.check, "text": gap.text} for gap in self.gaps()],
            "faults": [_row_as_json(row) for row in rows],
            "checks": [{"check": name, "killed_by": sorted(killed_by.get(name, []))} for name in functions],
            "healthy": {
                "checks": len(self.healthy),
                "not_passed": [gap.check for gap in matrix.not_healthy(self.healthy.values())],
            },
        }


def _row_as_json(row: Row) -> dict[str, Any]:
    groups = row.groups()
    astray = matrix.diagnosis(row)
    return {
        "name": row.name,
        "parts": [fault.as_json() for fault in row.faults],
        "severity": row.severity,
        "took_s": round(row.took_s, 2),
        "exit_code": row.exit_code,
        "ran": len(row.checks),
        "diagnosed": not astray,
        "why_not_diagnosed": astray,
        "first": {"check": groups[0].members[0].id, **groups[0].finding.as_dict()} if groups else None,
        "seen_by": [
            {
                "check": check.id.removeprefix(matrix.SUITES),
                "outcome": check.outcome,
                "part": row.part_of(check.id),
                "finding": check.finding.as_dict() if check.finding else None,
            }
            for check in row.checks
            if check.outcome != "passed"
        ],
    }
