"""`make soak`: a stage again and again on the healthy sandbox. Whatever is not green there is a false alarm."""

import argparse
import contextlib
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtures.plugin.sandbox_process import Boot
from judge import intervals
from record import run_folder
from record.run import Check
from record.run_folder import NotARun
from record.stages import STAGES
from record.suite import ROOT

OUT = ROOT / "reports" / "out" / "soak"
LIMIT_S = 900  # a run that hangs must not hang the soak
CONFIDENCE_PCT = 95  # what the bounds of load/intervals.py hold with unless told otherwise
BUSY = "while True: pass"


@dataclass(frozen=True)
class Condition:
    """How a run differs from the plainest one."""

    name: str
    workers: int = 0
    shuffled: bool = False
    busy: bool = False


# In turn, so that any number of runs sees all of them about equally often.
CONDITIONS = (
    Condition("alone"),
    Condition("two workers", workers=2),
    Condition("random order", shuffled=True),
    Condition("busy machine", busy=True),
    Condition("two workers, random order", workers=2, shuffled=True),
    Condition("busy machine, random order", shuffled=True, busy=True),
    Condition("two workers, busy machine", workers=2, busy=True),
)


@dataclass(frozen=True)
class SoakRun:
    """`alarms` are its checks that did not pass; `broken` says why it is no evidence, or why its exit code is not explained."""

    condition: Condition
    seed: int
    executions: int
    took_s: float
    alarms: tuple[Check, ...]
    broken: str = ""


@contextlib.contextmanager
def busy_machine() -> Iterator[None]:
    """Every core has something else to do."""
    loops = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def run(stage: str, profile: Path, condition: Condition, seed: int, folder: Path) -> SoakRun:
    """`folder` gets the run's reports."""
    workers = ["-n", str(condition.workers)] if condition.workers else []
    shuffled = ["-p", "proof.random_order"] if condition.shuffled else []
    shutil.rmtree(folder, ignore_errors=True)  # of an earlier soak
    began = time.monotonic()
    with busy_machine() if condition.busy else contextlib.nullcontext():
        done = _pytest(["-m", stage, f"--env-file={profile}", f"--results-dir={folder.resolve()}", *workers, *shuffled], seed)
    took_s = time.monotonic() - began
    try:
        recorded = run_folder.read(folder / "latest").content
    except NotARun as error:
        return SoakRun(condition, seed, 0, took_s, (), f"{done.stdout[-1000:]}\n{error}")
    alarms = tuple(check for check in recorded.checks if check.outcome != "passed")
    why = [found.seen for found in recorded.findings] or list(recorded.notes)
    unexplained = "" if alarms or not done.returncode else f"exit code {done.returncode}: {'; '.join(why)}"
    return SoakRun(condition, seed, len(recorded.checks), took_s, alarms, unexplained)


def _pytest(arguments: list[str], seed: int) -> "subprocess.CompletedProcess[str]":
    """As a person starts it, whatever this machine is set up for."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LV_", "SANDBOX_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=kept | {"SOAK_SEED": str(seed)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def report(stage: str, runs: list[SoakRun]) -> dict[str, Any]:
    """soak.json: how often healthy checks were executed, the false alarms, and what their share is at most.

    `share_at_most` takes executions as independent. Those of one run share its moment, so `runs_at_most` counts runs instead.
    """
    executions = sum(each.executions for each in runs)
    alarms = sum(len(each.alarms) for each in runs)
    return {
        "schema": 1,
        "stage": stage,
        "finished_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "runs": len(runs),
        "executions": executions,
        "false_alarms": alarms,
        "broken_runs": [
            {"condition": each.condition.name, "seed": each.seed, "why": each.broken} for each in runs if each.broken
        ],
        "confidence_pct": CONFIDENCE_PCT,
        "share_at_most": intervals.share(alarms, executions).high if executions else None,
        "runs_at_most": intervals.share(sum(bool(each.alarms or each.broken) for each in runs), len(runs)).high if runs else None,
        "by_condition": dict(Counter(each.condition.name for each in runs)),
        "alarms": [
            {
                "condition": each.condition.name,
                "seed": each.seed,
                "id": check.id,
                "outcome": check.outcome,
                "finding": check.finding.as_dict() if check.finding else None,
            }
            for each in runs
            for check in each.alarms
        ],
    }


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more: no run is no evidence")
    return number


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m proof.soak",
        description="Repeat a stage on the healthy sandbox: alone, with two workers, in random order, on a busy machine. "
        "Whatever is not green is a false alarm. Writes reports/out/soak/soak.json.",
        epilog="Exit code: 0 without a false alarm, 1 with one, 130 interrupted.",
    )
    parser.add_argument("--runs", type=_positive, default=len(CONDITIONS), metavar="N", help="default: %(default)s")
    parser.add_argument(
        "--stage", choices=[marker for marker, _ in STAGES.values()], default="smoke", help="default: %(default)s"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the first run; the next takes the next number")
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="default: reports/out/soak")
    return parser.parse_args(arguments)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command's output


def soak(options: argparse.Namespace, runs: list[SoakRun]) -> None:
    """Fills `runs`, so that what was done is there when it is interrupted."""
    boot = Boot()
    try:
        boot.wait()
        for number in range(options.runs):
            condition, seed = CONDITIONS[number % len(CONDITIONS)], options.seed + number
            each = run(options.stage, boot.profile, condition, seed, options.out / "runs" / str(number))
            runs.append(each)
            say(f"{number + 1:>4} of {options.runs}  {_line(each)}")
    finally:
        boot.stop()


def _line(each: SoakRun) -> str:
    alarms = "".join(f"\n    {check.id}: {check.finding.seen if check.finding else ''}" for check in each.alarms)
    counts = f"{each.executions:>5} checks {each.took_s:>6.1f} s, {len(each.alarms)} false alarms"
    return f"{each.condition.name:<28}{counts}{each.broken or alarms}"


def main() -> int:
    options = parse()
    runs: list[SoakRun] = []
    interrupted = False
    try:
        soak(options, runs)
    except KeyboardInterrupt:
        interrupted = True
    data = report(options.stage, runs)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "soak.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    share = "nothing was executed" if data["share_at_most"] is None else f"at most {100 * data['share_at_most']:.3f} %"
    counts = f"{data['false_alarms']} false alarms in {data['executions']} executions of healthy checks"
    say(f"{counts}: {share} ({CONFIDENCE_PCT} % confidence)")
    if interrupted:
        return 130
    return int(bool(data["false_alarms"] or data["broken_runs"] or not data["executions"]))


if __name__ == "__main__":
    sys.exit(main())
