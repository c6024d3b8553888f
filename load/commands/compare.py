"""`python -m load compare`: which endpoints got slower or faster between two runs, with an interval."""

import argparse
import dataclasses

from judge import comparison, health
from judge.comparison import LatencySeries
from load.commands.output import say, say_json
from record import samples
from record.outcome import EXIT_UNVERIFIED
from record.sample import TIMEOUT
from record.samples import Recording


def run(options: argparse.Namespace) -> int:
    """1 when some endpoint is surely slower, 6 when nothing can be said of any, else 0."""
    runs = {name: samples.read(file) for name, file in (("base", options.base), ("new", options.new))}
    void = {name: health.reasons_to_void(recording) for name, recording in runs.items()}
    changes = [] if any(void.values()) else comparison.compare(_series(runs["base"]), _series(runs["new"]))
    if options.json:
        say_json({"void": void, "changes": [dataclasses.asdict(change) for change in changes]})
    else:
        worthless = [f"the {name} run proves nothing: {'; '.join(reasons)}" for name, reasons in void.items() if reasons]
        say("\n".join([*worthless, *(change.sentence for change in changes)]))
    if all(change.ratio is None for change in changes):
        return EXIT_UNVERIFIED
    return int(any(change.low > 1 for change in changes))


def _series(recording: Recording) -> dict[str, LatencySeries]:
    """What got a response or waited for one in vain, by endpoint."""
    everything = recording.samples
    waited = everything.where(health.possible(everything) & everything.ended_in("", TIMEOUT))
    return {name: LatencySeries(of_one.intended_start, of_one.latency_s) for name, of_one in waited.by_endpoint().items()}
