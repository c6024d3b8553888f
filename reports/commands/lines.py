"""`python -m reports lines`: the ids of lines of the plan, by words of their text."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reports import rendering
from reports.plan import plan_file, search
from reports.plan.plan_file import Line, Plan
from reports.rendering import Language
from reports.terminal import complain, write

EXAMPLE = "lines copia datos"
TEXTS = Path(__file__).resolve().parent / "lines.texts.toml"
NO_MATCH = 1


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="+", metavar="WORD", help="all have to match: a word, its beginning, an id, or W2-D1")
    parser.add_argument("--lang", choices=("es", "en"), default="es", help="of what is shown; words match in both (default: es)")


def run(options: argparse.Namespace) -> int:
    plan = plan_file.load()
    if found := search.matching(plan, options.words):
        write("\n".join(row for line in found for row in _rows(line, plan, options.lang)))
        return 0
    nearest = [f"  {line.id}  {line.in_(options.lang)}" for line in search.nearest(plan, options.words)]
    complain("\n".join([f"no line of the plan matches {' '.join(options.words)}. Nearest:", *nearest]))
    return NO_MATCH


def _rows(line: Line, plan: Plan, language: Language) -> Iterator[str]:
    t: dict[str, Any] = rendering.texts(TEXTS, language)
    block = plan.blocks[line.block]
    yield f"{line.id}  {line.in_(language)}"
    week, day = plan.weeks[block.week].in_(language), block.in_(language)
    yield f"    {week if week == day else f'{week} · {day}'}"
    yield f"    {t[line.disposition]}: {_rests_on(line, language)}"
    yield from (f"        {check}" for check in line.checks)
    if line.lacking:
        yield f"    {t['lacking']}: {line.lacking.in_(language)}"


def _rests_on(line: Line, language: Language) -> str:
    if line.disposition == "verified":
        return str(len(line.checks))
    if line.disposition == "attested" and line.evidence:
        return f"{', '.join(line.roles)} × {line.people} ({line.evidence.in_(language)})"
    return line.reason.in_(language) if line.reason else str(line.deliverable)
