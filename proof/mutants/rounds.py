"""How a mutant comes to its verdict: alone against the checks that are most likely to see it, then in company against the rest.

What survives the first round is seldom seen by the others, so several of these share a sandbox: a check that passes there passes
for each of them. One that fails is run with fewer and fewer of them until it is known whose mistake it sees.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from proof.mutants import trial
from proof.mutants.generation import Mutant
from proof.mutants.trial import BOOT, Outcome, Ran, Trial, Verdict, names_one_of
from record.run import Check

FIRST = 12  # checks of the first round
COMPANY = 8  # mutants that share a sandbox


@dataclass
class Course:
    """What is known of one mutant so far. `left`: checks that have to run, in their order; `once`: those that stumbled once."""

    trial: Trial
    left: list[str]
    seconds: float = 0.0
    boot_s: float = 0.0
    ran: int = 0
    once: set[str] = field(default_factory=set)
    stumbled: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, trial: Trial) -> "Course":
        return cls(trial, list(trial.checks))

    @property
    def mutant(self) -> Mutant:
        return self.trial.mutant

    def took(self, ran: Ran, *, shared_by: int = 1) -> None:
        """Notes a run. A check that stumbled has another turn, alone, as a busy machine can be the reason."""
        self.seconds += ran.seconds / shared_by
        self.boot_s = self.boot_s or ran.boot_s
        self.doubtful += ran.unrepeated
        mine = set(self.left)
        stumbled = [check for check in ran.stumbled if check in mine]
        ended = {check.id for check in ran.ended if check.id in mine} - set(stumbled)
        self.ran += len(ended)
        self.left = [check for check in self.left if check not in ended]
        if shared_by == 1:
            self._note_stumbled(stumbled)
            self.notes += [ran.note] if ran.note else []
            self.left = [] if ran.note else self.left

    def _note_stumbled(self, checks: Iterable[str]) -> None:
        twice = [check for check in checks if check in self.once]
        self.stumbled += twice
        self.ran += len(twice)
        self.once |= set(checks)
        self.left = [check for check in self.left if check not in self.once] + [
            check for check in self.left if check in self.once and check not in twice
        ]

    def killed(self, check: Check) -> Verdict:
        cause = names_one_of(check.finding, self.trial.operations)
        return self._verdict("killed", check.id, check, first_is_cause=cause)

    def unbooted(self, ran: Ran) -> Verdict:
        self.seconds += ran.seconds
        return Verdict(self.mutant, BOOT, BOOT, ran.unbooted, seconds=self.seconds, touching=self.trial.touching)

    def survived(self) -> Verdict:
        """Of one that no check saw."""
        if self.stumbled or self.notes:
            return self._verdict("stumbled")
        return self._verdict("survived" if self.trial.touching else "untouched")

    def _verdict(
        self, outcome: Outcome, killed_by: str = "", check: Check | None = None, *, first_is_cause: bool | None = None
    ) -> Verdict:
        return Verdict(
            self.mutant,
            outcome,
            killed_by,
            check.finding if check else None,
            first_is_cause,
            self.seconds,
            self.boot_s,
            self.ran,
            self.trial.touching,
            tuple(self.stumbled),
            "; ".join(self.notes),
            tuple(self.doubtful),
        )


@dataclass(frozen=True)
class Place:
    """Where the runs of a worker leave what they record, and the copies of the code."""

    runs: Path
    copies: Path

    def run(self, courses: Sequence[Course], checks: Sequence[str]) -> Ran:
        name = courses[0].mutant.id
        return trial.run([course.mutant for course in courses], checks, self.runs / name, self.copies / name)


def first(course: Course, place: Place) -> Course | Verdict:
    """The verdict, or the course that goes on."""
    checks = [*course.left[:FIRST], *course.trial.last]
    ran = place.run([course], checks)
    if ran.unbooted:
        return course.unbooted(ran)
    course.took(ran)
    if failed := ran.failed(checks):
        return course.killed(failed)
    return course if course.left else course.survived()


def settle(courses: Sequence[Course], place: Place) -> list[Verdict]:
    """All verdicts of some that share a sandbox."""
    verdicts: list[Verdict] = []
    alive = list(courses)
    while alive and any(course.left for course in alive):
        checks = _remaining(alive)
        ran = place.run(alive, checks)
        if len(alive) > 1 and (ran.unbooted or ran.note or not _goes_on(ran, alive)):
            return verdicts + [verdict for course in alive for verdict in settle([course], place)]
        if ran.unbooted:
            return [*verdicts, alive[0].unbooted(ran)]
        failed = ran.failed(checks)
        seen_by = _seen_by(failed, alive, place) if failed else None
        for course in alive:
            course.took(ran, shared_by=len(alive))
        if failed and not seen_by:
            for course in alive:
                course.doubtful.append(failed.id)
        if failed and seen_by:
            verdicts.append(seen_by[0].killed(seen_by[1]))
            alive.remove(seen_by[0])
            _run_again(failed.id, alive)
    return verdicts + [course.survived() for course in alive]


def _goes_on(ran: Ran, alive: Iterable[Course]) -> bool:
    """Whether some check that has to run came to a claim; otherwise the next run would be the same."""
    claimed = {check.id for check in ran.ended} - set(ran.stumbled)
    return any(claimed.intersection(course.left) for course in alive)


def _seen_by(failed: Check, alive: Sequence[Course], place: Place) -> tuple[Course, Check] | None:
    if len(alive) == 1:
        return alive[0], failed
    if failed.id in alive[0].trial.last:
        return _culprit([*_remaining(alive), failed.id], alive, place)
    return _culprit([failed.id], [course for course in alive if failed.id in course.left], place)


def _remaining(courses: Iterable[Course]) -> list[str]:
    """What has to run for any of them, in the order of the first that needs it."""
    several = list(courses)
    return list(dict.fromkeys([check for course in several for check in course.left] + list(several[0].trial.last)))


def _run_again(check: str, courses: Iterable[Course]) -> None:
    """It failed because of another one, so nothing is known of these."""
    for course in courses:
        if check in course.trial.checks and check not in course.left:
            course.left.insert(0, check)
            course.ran -= 1


def _culprit(checks: Sequence[str], suspects: Sequence[Course], place: Place) -> tuple[Course, Check] | None:
    """Whose mistake these checks see, and what is said with that one alone; None where it takes several of them to see any."""
    if not suspects:
        return None
    if len(suspects) > 1:
        half = suspects[: len(suspects) // 2]
        ran = place.run(half, checks)
        return _culprit(checks, half if ran.failed(checks) else suspects[len(half) :], place)
    failed = place.run(suspects, checks).failed(checks)
    return (suspects[0], failed) if failed else None


def companies(courses: Iterable[Course]) -> list[list[Course]]:
    """Those of an area together, whose checks are much the same; two changes of the same lines apart."""
    found: list[list[Course]] = []
    for course in sorted(courses, key=lambda course: (course.mutant.area, len(course.left), course.mutant.id)):
        free = next(
            (each for each in found if len(each) < COMPANY and not any(_meet(course.mutant, other.mutant) for other in each)),
            None,
        )
        if free is None:
            found.append([course])
        else:
            free.append(course)
    return found


def _meet(mutant: Mutant, other: Mutant) -> bool:
    apart = mutant.last_line < other.statement_line or other.last_line < mutant.statement_line
    return mutant.file == other.file and not apart
