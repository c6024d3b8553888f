"""From the verdicts on mutants to rates, and the goals that these are held against. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import fmean

from proof.mutants.sources import FRONTEND
from proof.mutants.trial import BOOT, Verdict

Chosen = Callable[[Verdict], bool]


@dataclass(frozen=True)
class Goal:
    """`key` of the totals; a rate is to be at least the limit, seconds at most."""

    key: str
    limit: float
    sentence: str
    at_least: bool = True

    def met(self, value: float | None) -> bool:
        """What was not measured misses no goal."""
        return value is None or (value >= self.limit if self.at_least else value <= self.limit)


# Limits as design.md gives them: what no check asks is measured, and each figure beside its limit is published.
GOALS = (
    Goal("rate_server", 0.85, "killed, backend, edge and database"),
    Goal("rate_frontend", 0.75, "killed, frontend"),
    Goal("rate_severity_1", 0.95, "killed, severity 1"),
    Goal("first_is_cause", 0.85, "first failure names the cause"),
    Goal("seconds", 8.0, "seconds a mutant", at_least=False),
)


def is_killed(verdict: Verdict) -> bool:
    return verdict.outcome in ("killed", BOOT)


def counts(verdict: Verdict) -> bool:
    """An equivalent mutant is no mistake, so nothing can see it."""
    return verdict.outcome != "equivalent"


def rate(verdicts: Iterable[Verdict], chosen: Chosen = lambda _: True) -> float | None:
    """Of those that are no equivalents, the share that was killed; None of nothing."""
    asked = [verdict for verdict in verdicts if counts(verdict) and chosen(verdict)]
    return sum(map(is_killed, asked)) / len(asked) if asked else None


def totals(verdicts: Iterable[Verdict], generated: int, duration_s: float) -> dict[str, float | None]:
    """`generated`: how many there are to draw from. `seconds`: of the clock, for each mutant that was run."""
    several = list(verdicts)
    ran = [verdict for verdict in several if verdict.outcome != "equivalent"]
    failed = [verdict.first_is_cause for verdict in several if verdict.first_is_cause is not None]

    def count(*outcomes: str) -> int:
        return sum(verdict.outcome in outcomes for verdict in several)

    return {
        "generated": generated,
        "drawn": len(several),
        "equivalent": count("equivalent"),
        "killed": count("killed", BOOT),
        "does_not_boot": count(BOOT),
        "stumbled": count("stumbled"),
        "survived": count("survived", "untouched"),
        "untouched": count("untouched"),
        "rate": rate(several),
        "rate_server": rate(several, lambda verdict: verdict.mutant.area not in FRONTEND),
        "rate_frontend": rate(several, lambda verdict: verdict.mutant.area in FRONTEND),
        "rate_severity_1": rate(several, lambda verdict: verdict.mutant.severity == 1),
        "first_is_cause": fmean(failed) if failed else None,
        "seconds": duration_s / len(ran) if ran else None,
    }


def by_area(verdicts: Iterable[Verdict]) -> dict[str, dict[str, float | int | None]]:
    several = list(verdicts)
    areas = sorted({verdict.mutant.area for verdict in several})
    return {area: _of_area([verdict for verdict in several if verdict.mutant.area == area]) for area in areas}


def _of_area(verdicts: list[Verdict]) -> dict[str, float | int | None]:
    ran = [verdict for verdict in verdicts if counts(verdict)]
    killed = sum(map(is_killed, ran))
    stumbled = sum(verdict.outcome == "stumbled" for verdict in ran)
    return {
        "drawn": len(verdicts),
        "killed": killed,
        "stumbled": stumbled,
        "survived": len(ran) - killed - stumbled,
        "rate": rate(ran),
    }
