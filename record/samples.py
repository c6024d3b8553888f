"""What a load run leaves behind: its plan and the times of every request, from which every verdict can be computed again.

A run is kept as `samples.npz`, a zip of numpy columns that any numpy reads: about ten bytes a request. Times are microseconds:
`intended_start` since the run began, the others since the intended start; -1 is a time that was not measured.
"""

import json
import math
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from record.sample import Sample

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]

MICROSECONDS = 1e6
UNMEASURED = -1
# What zipfile, zlib, numpy and json raise of bytes that are no whole run (RuntimeError: zipfile on flags that it does not know).
BROKEN = (
    OSError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    MemoryError,
    OverflowError,
    zipfile.BadZipFile,
    zlib.error,
)


class SamplesUnreadable(ValueError):  # noqa: N818 - states the fact
    """The file is no whole record of a run; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class Samples:
    """The requests of a run as columns, in the order of intended starts. Times are seconds since the run began, NaN where
    they were not measured.

    `endpoint` and `error` count into `endpoints` and `errors`, whose first is ""; `status` is 0 without a response.
    """

    intended_start: Numbers
    start: Numbers
    first_byte: Numbers
    end: Numbers
    endpoint: Codes
    status: Codes
    error: Codes
    endpoints: tuple[str, ...]
    errors: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[Sample]) -> "Samples":
        listed = sorted(rows, key=lambda row: row.intended_start)
        endpoints = tuple(dict.fromkeys(row.endpoint for row in listed))
        errors = ("", *dict.fromkeys(row.error for row in listed if row.error))
        endpoint_codes = {name: code for code, name in enumerate(endpoints)}
        error_codes = {name: code for code, name in enumerate(errors)}
        return cls(
            np.array([row.intended_start for row in listed], dtype=float),
            np.array([row.start for row in listed], dtype=float),
            np.array([np.nan if row.first_byte is None else row.first_byte for row in listed], dtype=float),
            np.array([row.end for row in listed], dtype=float),
            np.array([endpoint_codes[row.endpoint] for row in listed], dtype=np.uint16),
            np.array([row.status or 0 for row in listed], dtype=np.uint16),
            np.array([error_codes[row.error or ""] for row in listed], dtype=np.uint8),
            endpoints,
            errors,
        )

    @classmethod
    def of_microseconds(
        cls, columns: Mapping[str, Any], endpoints: tuple[str, ...], errors: tuple[str, ...], error: Codes
    ) -> "Samples":
        """From columns as they are stored."""
        intended, first = columns["intended_start"] / MICROSECONDS, columns["first_byte"]
        return cls(
            intended,
            intended + columns["start"] / MICROSECONDS,
            np.where(first == UNMEASURED, np.nan, intended + first / MICROSECONDS),
            intended + columns["end"] / MICROSECONDS,
            columns["endpoint"],
            columns["status"],
            error,
            endpoints,
            errors,
        )

    def __len__(self) -> int:
        return len(self.end)

    @property
    def latency_s(self) -> Numbers:
        """From the intended start (see `Sample.latency_s`)."""
        return self.end - self.intended_start

    @property
    def lateness_s(self) -> Numbers:
        return self.start - self.intended_start

    def where(self, mask: Mask | slice) -> "Samples":
        """Those that the mask is true for, or a slice of them."""
        columns = ("intended_start", "start", "first_byte", "end", "endpoint", "status", "error")
        return replace(self, **{name: getattr(self, name)[mask] for name in columns})

    def ended_in(self, *errors: str) -> Mask:
        """Which requests ended in one of these errors; "" is none."""
        return np.isin(self.error, [code for code, name in enumerate(self.errors) if name in errors])

    def at(self, *endpoints: str) -> Mask:
        return np.isin(self.endpoint, [code for code, name in enumerate(self.endpoints) if name in endpoints])

    def by_endpoint(self) -> dict[str, "Samples"]:
        """Each endpoint that has samples, by name."""
        found = {name: self.where(self.at(name)) for name in sorted(self.endpoints)}
        return {name: samples for name, samples in found.items() if len(samples)}

    def rows(self) -> list[Sample]:
        """One by one, where few of them are of interest."""
        columns = (self.intended_start, self.start, self.end, self.endpoint, self.status, self.error, self.first_byte)
        return [
            Sample(
                float(intended),
                float(start),
                float(end),
                self.endpoints[endpoint],
                int(status) or None,
                self.errors[error] or None,
                None if np.isnan(first) else float(first),
            )
            for intended, start, end, endpoint, status, error, first in zip(*columns, strict=True)
        ]


@dataclass(frozen=True)
class Plan:
    """What the run meant to do. `rate` is requests a second at its fullest, of all `workers` (processes) together, and no second
    holds more than `most_rps`. `limit_s` is what one request may take until it is a timeout.

    `endpoints` are those of the `journeys`: an endpoint without a sample must not look like one without a failure. `objectives`
    are the documents that it is judged by, `early_stop` whether it may end as soon as they are settled, `left_out` what the
    environment does not allow to be sent, and why.
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
    shape: str = "constant"
    early_stop: bool = False
    workers: int = 1
    most_rps: float = math.inf
    journeys: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    objectives: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, eq=False)
class Recording:
    """`plan` is None when the run never got as far as sending; `problems` are what kept it from its end.

    A run may end early of its own accord: because its verdicts were `settled`, or for the `distress` of its target. Then `due`
    is how many requests were planned until that moment. `bodies` is how many contents were looked at, `connections` how many
    were opened; None when they were not counted. `notes` quote wrong contents, and name what could not be removed.
    """

    plan: Plan | None
    samples: Samples
    problems: tuple[str, ...] = ()
    settled: str | None = None
    distress: str | None = None
    due: int | None = None
    bodies: int | None = None
    connections: int | None = None
    notes: tuple[str, ...] = ()


def write(path: Path, recorded: Recording) -> None:
    """Whole or not at all: a file that is there can be judged."""
    samples = recorded.samples
    about = {name: value for name, value in vars(recorded).items() if name not in ("plan", "samples")} | {
        "plan": asdict(recorded.plan) if recorded.plan else None,
        "endpoints": samples.endpoints,
        "errors": samples.errors,
    }
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        np.savez_compressed(
            file,
            about=np.array(json.dumps(about, ensure_ascii=False)),
            intended_start=_microseconds(samples.intended_start).astype(np.int64),
            start=_microseconds(samples.lateness_s).astype(np.int32),
            first_byte=_microseconds(samples.first_byte - samples.intended_start).astype(np.int32),
            end=_microseconds(samples.latency_s).astype(np.int32),
            endpoint=samples.endpoint.astype(np.uint16),
            status=samples.status.astype(np.uint16),
            error=samples.error.astype(np.uint8),
        )
    unfinished.replace(path)


def _microseconds(seconds: Numbers) -> Numbers:
    return np.where(np.isfinite(seconds), np.rint(seconds * MICROSECONDS), UNMEASURED)


def read(path: Path) -> Recording:
    """The run of a file; SamplesUnreadable when it is missing, empty, cut off or something else."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as columns:
            return _recording(columns)
    except FileNotFoundError as error:
        raise SamplesUnreadable(f"{path} does not exist; a run writes it when it ends") from error
    except BROKEN as error:
        size = path.stat().st_size if path.is_file() else 0
        why = "it is empty" if not size else f"its {size:,} bytes are no whole record of a run ({type(error).__name__})"
        raise SamplesUnreadable(f"{path} cannot be judged: {why}; copy it again from where the run was, or run again") from error


def _recording(columns: Any) -> Recording:
    about = json.loads(str(columns["about"]))
    samples = Samples.of_microseconds(columns, tuple(about.pop("endpoints")), tuple(about.pop("errors")), columns["error"])
    lengths = {len(samples.end), len(samples.endpoint), len(samples.status), len(samples.error)}
    named = (samples.endpoint, samples.endpoints), (samples.error, samples.errors)
    if len(lengths) > 1 or any(len(codes) and int(codes.max()) >= len(names) for codes, names in named):
        raise ValueError("its columns do not belong together")
    plan = about.pop("plan")
    about |= {name: tuple(about[name]) for name in ("problems", "notes")}
    return Recording(plan_from(plan) if plan else None, samples, **about)


def plan_from(document: dict[str, Any]) -> Plan:
    """From JSON, whose lists become tuples."""
    lists = {name: tuple(document[name]) for name in ("endpoints", "journeys", "left_out", "objectives")}
    return Plan(**document | lists)
