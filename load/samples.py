"""What a load run leaves behind: its plan and one line a request, from which every verdict can be computed again."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

UNEXPECTED_STATUS = "UnexpectedStatus"
TIMEOUT = "Timeout"


class Sample(NamedTuple):
    """One request. Times are seconds since the run began; `intended_start` is when the plan wanted it to leave.

    `status` is None without an answer. `error` is None for the answer that the journey expects, else UNEXPECTED_STATUS,
    TIMEOUT or the name of what went wrong on the wire.
    """

    intended_start: float
    start: float
    end: float
    endpoint: str
    status: int | None
    error: str | None = None

    @property
    def latency_s(self) -> float:
        """From the intended start: what was late because the requests before it were slow counts (coordinated omission)."""
        return self.end - self.intended_start

    @property
    def lateness_s(self) -> float:
        """How long after its intended start the generator sent it."""
        return self.start - self.intended_start


@dataclass(frozen=True)
class Plan:
    """What the run meant to do. `rate` is requests a second, `limit_s` what one request may take until it is a timeout.

    `endpoints` are those of the journey: an endpoint without a sample must not look like one without a failure.
    """

    run_id: str
    environment: str
    started_at: str
    rate: float
    duration_s: float
    planned: int
    limit_s: float
    arrivals: str
    seed: int
    endpoints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recording:
    """`plan` is None when the run never got as far as sending; `problems` are what kept it from its end."""

    plan: Plan | None
    samples: tuple[Sample, ...]
    problems: tuple[str, ...] = ()


class Journal:
    """The file of a run, a JSON value a line: the plan, then each request as it ends, so that an end by force loses nothing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", buffering=1)

    def plan(self, plan: Plan) -> None:
        self._line({"plan": asdict(plan)})

    def sample(self, sample: Sample) -> None:
        self._line([round(value, 6) if isinstance(value, float) else value for value in sample])

    def problem(self, problem: str) -> None:
        self._line({"problem": problem})

    def _line(self, value: object) -> None:
        self._file.write(json.dumps(value, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


def read(path: Path) -> Recording:
    """What the file holds, in the order of intended starts; a line cut off by the end of the generator is left out."""
    plan, samples, problems = None, [], []
    for line in _whole_lines(path):
        value = json.loads(line)
        if isinstance(value, list):
            samples.append(Sample(*value))
        elif "plan" in value:
            plan = Plan(**value["plan"] | {"endpoints": tuple(value["plan"].get("endpoints", ()))})
        else:
            problems.append(value["problem"])
    return Recording(plan, tuple(sorted(samples, key=lambda sample: sample.intended_start)), tuple(problems))


def _whole_lines(path: Path) -> Iterator[str]:
    if path.exists():
        with path.open(encoding="utf-8") as file:
            yield from (line for line in file if line.endswith("\n"))
