"""`python -m reports plan`: the lists of checks in the plan, from the markers of the checks."""

import argparse

from record import stages
from reports.plan import checks_of_lines, plan_file
from reports.terminal import show

EXAMPLE = "plan --check"
DIFFERS = 1


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 and the differences when there are any")


def run(options: argparse.Namespace) -> int:
    path = plan_file.PLAN
    before = path.read_text(encoding="utf-8")
    after = checks_of_lines.rewritten(before, path, stages.named_lines())
    if after == before:
        show("plan", f"{path} is what the markers say")
        return 0
    for difference in checks_of_lines.differences(plan_file.parse(before, path), plan_file.parse(after, path)):
        show("plan", difference)
    if options.check:
        show("plan", f"{path} is not what the markers say: run `make plan`")
        return DIFFERS
    path.write_text(after, encoding="utf-8")
    show("written", path)
    return 0
