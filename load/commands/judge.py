"""`python -m load judge`: the verdicts on a run, computed again from its samples."""

import argparse
import dataclasses

from fixtures.profile import objectives_file
from judge import objectives, verdicts
from judge.verdicts import Judgement
from load import plans
from load.commands.output import say, say_json
from record import samples


def run(options: argparse.Namespace) -> int:
    """0 met, 1 violated, 6 unverified."""
    recording = samples.read(options.file)
    if options.objectives:
        criteria = objectives.criteria(objectives_file.read(options.objectives), str(options.objectives))
    else:
        criteria = plans.criteria_of(recording.plan)
    judgements = verdicts.judge_run(recording, criteria)
    state = verdicts.state_of(recording, judgements)
    if options.json:
        say_json({"state": state, "distress": recording.distress, "criteria": [_numbers(each) for each in judgements]})
    else:
        say("\n".join([*verdicts.sentences(recording, judgements), f"verdict: {state}"]))
    return verdicts.EXIT_CODES[state]


def _numbers(judgement: Judgement) -> dict[str, object]:
    found = [dataclasses.asdict(verdict) for verdict in (judgement.overall, *judgement.endpoints)]
    return {"state": judgement.state, "void": judgement.void, "verdicts": found}
