"""`python -m load`: what a run can prove, what it proved, what changed since another one, and its pages. Sends nothing."""

import argparse
import dataclasses
import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from judge import objectives
from load import shapes
from record import samples
from record.samples import Recording

if TYPE_CHECKING:
    from fixtures.profile.environment import Environment

USAGE, UNVERIFIED = 4, 6
EXAMPLES = """examples:
  python -m load plan --env=staging --rate=1.5             what each criterion needs, and what this run can prove
  python -m load plan --env=prod --rate=1 --duration=60    what one minute at one a second can claim
  python -m load judge reports/out/latest/load/samples.npz the verdicts again, from the samples alone
  python -m load compare before.npz after.npz              which endpoints got slower, with an interval
  python -m load page samples.npz --out=/tmp/report        pages in Spanish and English, and pictures

exit codes: plan 0 (can prove all) or 6; judge 0 met, 1 violated, 6 unverified; compare 0, 1 (some endpoint surely slower), 6
(nothing can be said); 4 for what cannot be read or used, and for a plan that would be refused"""


class Parser(argparse.ArgumentParser):
    """Ends with 4 for a mistake, as the other commands of this suite do, and not with argparse's 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}; examples: python -m load --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except ValueError as error:  # whatever cannot be read or used is one, and says the way out
        print(error, file=sys.stderr)  # noqa: T201 - a command line speaks
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = Parser("python -m load", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    plan = commands.add_parser("plan", help="what each criterion needs, and what a run can prove; sends nothing")
    plan.add_argument("--env", default="", help="the environment (local: any sandbox)")
    plan.add_argument("--env-file", default="", help="a profile of your own instead of a name")
    plan.add_argument("--rate", type=float, help="requests a second (default: as many as LV_MAX_RPS allows, up to 100)")
    plan.add_argument("--duration", type=float, help="seconds of sending (default: enough for the strictest criterion)")
    plan.add_argument("--shape", choices=tuple(shapes.SHAPES), default="constant", help="how the rate goes over the time")
    plan.add_argument("--early-stop", action="store_true", help="of a run that ends as soon as everything is decided")
    plan.add_argument("--allow-writes", action="store_true", help="journeys write to a protected environment, too")
    plan.set_defaults(command=_plan)
    judge = commands.add_parser("judge", help="the verdicts on a run, computed again from its samples")
    judge.add_argument("file", type=Path, help="samples.npz of the run")
    judge.add_argument("--objectives", type=Path, help="other criteria than those that the run was judged by")
    judge.add_argument("--json", action="store_true", help="every verdict with its numbers")
    judge.set_defaults(command=_judge)
    compare = commands.add_parser("compare", help="two runs by endpoint: slower or faster, with an interval")
    compare.add_argument("base", type=Path, help="samples.npz of the run to compare with")
    compare.add_argument("new", type=Path, help="samples.npz of the run in question")
    compare.add_argument("--json", action="store_true", help="every change with its numbers")
    compare.set_defaults(command=_compare)
    page = commands.add_parser("page", help="pages (Spanish, English) and pictures of a run")
    page.add_argument("file", type=Path, help="samples.npz of the run")
    page.add_argument("--out", type=Path, help="the folder to write to (default: beside the file)")
    page.set_defaults(command=_page)
    return parser


def _plan(options: argparse.Namespace) -> int:
    from fixtures.profile.environment import load  # noqa: PLC0415 - judging a file must not pay for profiles
    from load import forecast, plans, sizing  # noqa: PLC0415

    env = load(options.env_file or options.env or "local")
    sandbox = env.deployment == "sandbox"  # it says its limits when it starts, and they are high enough for load
    if sandbox:
        env = dataclasses.replace(env, max_rps=sizing.PER_CORE_RPS, rate_limit_per_minute=int(60 * 2 * sizing.PER_CORE_RPS))
    rate = sizing.rate_for(env, options.rate)
    duration_s = sizing.duration_for(rate, options.duration, options.shape, early_stop=options.early_stop)
    journeys, left_out = plans.journeys_for(env, allow_writes=options.allow_writes, anybody=sandbox)
    refusal = _refusal(env, rate, duration_s)
    if refusal and not (0 < rate <= env.max_rps and 0 < duration_s < math.inf):
        raise ValueError(refusal)
    plan = plans.make(
        env,
        "lv-plan",
        rate,
        duration_s,
        journeys=journeys,
        objectives=objectives.documents(env.objectives_file),
        shape=options.shape,
        left_out=left_out,
        early_stop=options.early_stop,
    )
    forecasts = forecast.forecast(plan, objectives.criteria(plan.objectives))
    _say(forecast.table(plan, forecasts))
    if refusal:  # by the target's own limit: what the criteria need is worth knowing all the same
        raise ValueError(f"this run would be refused: {refusal}")
    return 0 if all(each.can for each in forecasts) else UNVERIFIED


def _refusal(env: "Environment", rate: float, duration_s: float) -> str:
    """Why this run may not be; "" when it may."""
    from fixtures.wire.policy import Policy  # noqa: PLC0415 - judging a file must not pay for profiles
    from fixtures.wire.refusals import LoadRefused  # noqa: PLC0415
    from load import sizing  # noqa: PLC0415

    try:
        sizing.check(Policy(env, run_id="lv-plan", allow_load=True), rate, duration_s)
    except LoadRefused as error:
        return str(error)
    return ""


def _judge(options: argparse.Namespace) -> int:
    from judge import verdicts  # noqa: PLC0415 - help must not pay for it

    recording = samples.read(options.file)
    criteria = objectives.load(options.objectives) if options.objectives else None
    judgements = verdicts.judge_run(recording, criteria)
    state = verdicts.state_of(recording, judgements)
    if options.json:
        found = [
            {"state": each.state, "void": each.void, "verdicts": [dataclasses.asdict(v) for v in (each.overall, *each.endpoints)]}
            for each in judgements
        ]
        _say_json({"state": state, "distress": recording.distress, "criteria": found})
    else:
        distress = [f"stopped: the target is in distress: {recording.distress}"] if recording.distress else []
        _say("\n".join([*distress, *(each.sentence for each in judgements), f"verdict: {state}"]))
    return verdicts.EXIT_CODES[state]


def _compare(options: argparse.Namespace) -> int:
    from judge import comparison, health  # noqa: PLC0415 - help must not pay for it

    runs = {name: samples.read(file) for name, file in (("base", options.base), ("new", options.new))}
    void = {name: health.reasons_to_void(recording) for name, recording in runs.items()}
    changes = [] if any(void.values()) else comparison.compare(*map(_series, runs.values()))
    if options.json:
        _say_json({"void": void, "changes": [dataclasses.asdict(change) for change in changes]})
    else:
        worthless = [f"the {name} run proves nothing: {'; '.join(reasons)}" for name, reasons in void.items() if reasons]
        _say("\n".join([*worthless, *(change.sentence for change in changes)]))
    if all(change.ratio is None for change in changes):
        return UNVERIFIED
    return int(any(change.low > 1 for change in changes))


def _series(recording: Recording) -> Any:
    """What was answered, by endpoint."""
    from judge.comparison import LatencySeries  # noqa: PLC0415 - help must not pay for it
    from judge.health import possible  # noqa: PLC0415

    seen = recording.samples
    answered = seen.where(possible(seen) & seen.ended_in("", samples.TIMEOUT))
    return {name: LatencySeries(of.intended_start, of.latency_s) for name, of in answered.by_endpoint().items()}


def _page(options: argparse.Namespace) -> int:
    from load import page  # noqa: PLC0415 - help must not pay for it

    recording = samples.read(options.file)
    folder = options.out or options.file.parent
    try:
        written = page.write(folder, recording, options.file)
    except OSError as error:
        raise ValueError(f"the pages cannot be written to {folder} ({error.strerror}); give another folder to --out") from error
    _say("\n".join(map(str, written)))
    return 0


def _say(text: str) -> None:
    print(text)  # noqa: T201 - a command line speaks


def _say_json(value: object) -> None:
    """Numbers that JSON does not know are null."""
    _say(json.dumps(_known(value), ensure_ascii=False, indent=1))


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _known(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_known(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


if __name__ == "__main__":
    sys.exit(main())
