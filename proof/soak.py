"""`make soak`: a stage again and again on the healthy sandbox. Whatever is not green there is a false alarm."""

import argparse
import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtures.plugin import recorder
from fixtures.plugin.deployment import Boot, wait_for
from judge import intervals
from record.stages import STAGES
from tests.fixtures.plugin.invocation import verify

OUT = recorder.OUT / "soak"
CONFIDENCE_PCT = 95  # the default of judge/intervals.py
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
    """One run: `alarms` are the checks of run.json that did not pass; `broken` says why there is no run.json."""

    condition: Condition
    seed: int
    executions: int
    took_s: float
    alarms: tuple[dict[str, Any], ...]
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
    environment = {"REPORTS_FOLDER": str(folder.resolve()), "SOAK_SEED": str(seed)}
    began = time.monotonic()
    with busy_machine() if condition.busy else contextlib.nullcontext():
        outcome = verify("-q", "-m", stage, f"--env-file={profile}", *workers, *shuffled, environment=environment)
    took_s = time.monotonic() - began
    if outcome.run is None:
        return SoakRun(condition, seed, 0, took_s, (), outcome.text[-1000:])
    alarms = tuple(check for check in outcome.checks if check["outcome"] != "passed")
    why = outcome.run["findings"] or outcome.run["notes"]
    unexplained = "" if alarms or not outcome.code else f"exit code {outcome.code}: {why}"
    return SoakRun(condition, seed, len(outcome.checks), took_s, alarms, unexplained)


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
            {"condition": each.condition.name, "seed": each.seed, **{key: check[key] for key in ("id", "outcome", "finding")}}
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
    """Fills `runs`, so that what was done is there after an interruption."""
    boot = Boot()
    try:
        wait_for(boot.profile, boot.log, boot.process.pid)
        for number in range(options.runs):
            condition, seed = CONDITIONS[number % len(CONDITIONS)], options.seed + number
            each = run(options.stage, boot.profile, condition, seed, options.out / "runs" / str(number))
            runs.append(each)
            details = each.broken or "".join(f"\n    {check['id']}: {check['finding']['seen']}" for check in each.alarms)
            count = f"{number + 1:>4} of {options.runs}  {condition.name:<28}{each.executions:>5} checks {each.took_s:>6.1f} s"
            say(f"{count}, {len(each.alarms)} false alarms{details}")
    finally:
        boot.stop()


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
