"""Which runs a proof consists of: the healthy ones, and for each row those that have to see it and some that it can touch."""

from collections.abc import Iterable, Mapping

from proof import check_sample
from proof.catalogue import Fault
from proof.expectations import Expectation
from proof.matrix import SUITES, matches
from proof.results import Proof
from proof.workers import Job
from record.stages import STAGES, declared_checks

BOOT_S = 3.0  # what starting a sandbox costs, for the order of jobs only
EVERYTHING_S = 20.0  # the same for all checks
LOAD = "load/"
HEALTHY, HEALTHY_LOAD = "healthy", "healthy-load"
# Enough requests to prove the criteria on a healthy target (2,995 clean ones for 99.9 %), and enough to see one violated.
HEALTHY_TRAFFIC = ("--rate=100", "--duration=36")
FAULTY_TRAFFIC = ("--rate=100", "--duration=6")


def healthy(proof: Proof) -> list[Job]:
    """All that is online, in two halves of about the same length; for named faults only the files that have to see them."""
    everything = [check for marker, _ in STAGES.values() if marker != "load" for check in declared_checks(marker)]
    if proof.selection.kind == "named":
        files = {kill.split("::")[0] for name in proof.selection.rows for kill in proof.table.get(name, Expectation()).kills}
        near = [check for check in everything if check.removeprefix("suites/").split("::")[0] in files]
        return [Job(HEALTHY, frozenset(near), watch=True)] if near else []
    pages = frozenset(check for check in everything if check_sample.PAGES in check)
    return [Job(f"{HEALTHY}-pages", pages, watch=True), Job(f"{HEALTHY}-others", frozenset(everything) - pages, watch=True)]


def healthy_load() -> Job:
    return Job(HEALTHY_LOAD, frozenset(declared_checks("load")), options=HEALTHY_TRAFFIC, traffic=True)


def faulty(proof: Proof, load: bool) -> list[Job]:
    """Once the healthy runs have ended. `load`: those that send traffic, or the others."""
    seconds = check_sample.costs(proof.healthy.values())
    return [job for name in proof.selection.rows for job in _jobs_of(proof, name, seconds) if job.traffic == load]


def under(
    name: str, checks: frozenset[str], known: Mapping[str, Fault], traffic: tuple[str, ...] = (), cost_s: float = 0.0
) -> Job:
    """The run of these checks under the faults of a row; `traffic` are the options of a run that sends load."""
    faults = [known[fault] for fault in name.split("+")]
    started = tuple(fault.name for fault in faults if fault.start_only)
    switched = tuple(fault.name for fault in faults if not fault.start_only)
    of_load = ", load" if traffic else ""
    cost_s += BOOT_S * bool(started)
    return Job(name + of_load, checks, switched, started, traffic, cost_s=cost_s, row=name, traffic=bool(traffic))


def _jobs_of(proof: Proof, name: str, seconds: dict[str, float]) -> Iterable[Job]:
    kills = proof.table[name].kills if name in proof.table else {}
    online = {check for kill in kills if not kill.startswith(LOAD) for check in _checks_of(kill, proof.healthy)}
    if online or not kills:
        sampled = bool(kills) and not proof.full
        picked = check_sample.pick(name, online, _touched_by(proof, name), proof.sample) if sampled else frozenset[str]()
        cost_s = sum(seconds.get(check, check_sample.USUAL_S) for check in picked) or EVERYTHING_S
        yield under(name, picked, proof.catalogue, cost_s=cost_s)
    if any(kill.startswith(LOAD) for kill in kills):
        yield under(name, frozenset(declared_checks("load")), proof.catalogue, FAULTY_TRAFFIC)


def _checks_of(kill: str, healthy: Iterable[str]) -> set[str]:
    """A pattern means the checks that it matched without a fault; anything else is a check or a function itself."""
    return {check for check in healthy if matches(check, kill)} if "*" in kill else {SUITES + kill}


def _touched_by(proof: Proof, name: str) -> list[str]:
    faults = name.split("+")
    everywhere = any(proof.catalogue[fault].everywhere for fault in faults)
    return [check for check, touching in proof.touched.items() if everywhere or set(faults) & set(touching)]
