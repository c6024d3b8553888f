"""Measurements in interleaved rounds, their medians and ranges, and the table that a bench prints.

Every way is measured once a round and the ways take turns, so that noise of the machine falls on all of them. A ratio is taken
within a round. A limit is missed only where even the best round misses it: then noise is no excuse.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Measured:
    """One figure of each round, in the order of the rounds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def over(self, other: "Measured") -> "Measured":
        """The ratio in each round."""
        return Measured(tuple(mine / its for mine, its in zip(self.values, other.values, strict=True)))

    def minus(self, other: "Measured") -> "Measured":
        """The difference in each round."""
        return Measured(tuple(mine - its for mine, its in zip(self.values, other.values, strict=True)))

    def shown(self, unit: str = "", digits: int = 2) -> str:
        """The median, and the range from the lowest to the highest."""
        low, middle, high = (f"{value:.{digits}f}" for value in (min(self.values), self.median, max(self.values)))
        return f"{middle}{unit} ({low} to {high})"


def interleaved(ways: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Measured]:
    """What each way returns, once a round."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(way())
    return {name: Measured(tuple(values)) for name, values in taken.items()}


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def show(what: str, value: str, limit: str = "") -> None:
    print(f"\n  {what:<58}{value:>34}   {limit}", end="")  # noqa: T201 - the table is the result


def at_most(what: str, measured: Measured, limit: float, unit: str = "") -> None:
    """Print it, and fail where even the lowest round is above the limit."""
    show(what, measured.shown(unit), f"at most {limit:g}{unit}")
    assert min(measured.values) <= limit, f"{what}: {measured.shown(unit)}, at most {limit:g}{unit}"


def at_least(what: str, measured: Measured, limit: float, unit: str = "") -> None:
    """Print it, and fail where even the highest round is below the limit."""
    show(what, measured.shown(unit), f"at least {limit:g}{unit}")
    assert max(measured.values) >= limit, f"{what}: {measured.shown(unit)}, at least {limit:g}{unit}"


def first_that_holds(attempt: Callable[[], Result], holds: Callable[[Result], bool], rounds: int) -> Result:
    """A claim that is true or not, where one quiet moment decides: the first attempt that holds, or else the last."""
    for _ in range(rounds - 1):
        result = attempt()
        if holds(result):
            return result
    return attempt()
