"""The samples of a run in progress: a file of fixed-size records, appended, so that an end by force loses a quarter of a second.

Its first line is the run's plan as JSON. When the run ends, it becomes `samples.npz` and is removed.
"""

import json
import struct
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from record.sample import Sample
from record.samples import MICROSECONDS, UNMEASURED, Plan, Samples, plan_from

RECORD = struct.Struct("<qiiiHH24s")  # intended start, then start, first byte and end after it; endpoint, status, error
RECORD_NAMES = ("intended_start", "start", "first_byte", "end", "endpoint", "status", "error")
RECORD_TYPE = np.dtype({"names": RECORD_NAMES, "formats": ("<i8", "<i4", "<i4", "<i4", "<u2", "<u2", "S24")})  # for numpy
MAX_OFFSET_US = 2**31 - 1  # microseconds: more than half an hour after its intended start


def pack(sample: Sample, endpoint: int) -> bytes:
    """One record; `endpoint` is its index in the plan's list."""
    intended = sample.intended_start
    first = UNMEASURED if sample.first_byte is None else _microseconds(sample.first_byte - intended)
    return RECORD.pack(
        round(intended * MICROSECONDS),
        _microseconds(sample.start - intended),
        first,
        _microseconds(sample.end - intended),
        endpoint,
        sample.status or 0,
        (sample.error or "").encode()[:24],
    )


def _microseconds(seconds: float) -> int:
    return max(-MAX_OFFSET_US, min(round(seconds * MICROSECONDS), MAX_OFFSET_US))


def log_path(path: Path) -> Path:
    """Where a run in progress keeps what becomes `path`."""
    return path.with_suffix(".part")


class SampleLog:
    """Writes the file."""

    def __init__(self, path: Path, plan: Plan) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._file.write(json.dumps(asdict(plan), ensure_ascii=False).encode() + b"\n")
        self._file.flush()

    def add(self, records: bytes) -> None:
        self._file.write(records)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class SampleLogReader:
    """Reads the file while it grows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.plan: Plan | None = None

    def new(self) -> npt.NDArray[np.void]:
        """The records since the last call; one of which only a part was written comes with the next call."""
        nothing = np.empty(0, dtype=RECORD_TYPE)
        if not self._path.exists():
            return nothing
        with self._path.open("rb") as file:
            if self.plan is None:
                head = file.readline()
                if not head.endswith(b"\n"):
                    return nothing
                self.plan, self._offset = plan_from(json.loads(head)), file.tell()
            file.seek(self._offset)
            raw = file.read()
        whole = len(raw) - len(raw) % RECORD.size
        self._offset += whole
        return np.frombuffer(raw[:whole], dtype=RECORD_TYPE)


def read(path: Path) -> tuple[Plan | None, Samples]:
    """All of it, in the order of intended starts."""
    reader = SampleLogReader(path)
    records = reader.new()
    return reader.plan, samples_of(records, reader.plan.endpoints if reader.plan else ())


def samples_of(records: npt.NDArray[np.void], endpoints: tuple[str, ...]) -> Samples:
    """The columns of records whose endpoints are indices of `endpoints`."""
    records = records[np.argsort(records["intended_start"], kind="stable")]
    names, codes = np.unique(np.append(records["error"], b""), return_inverse=True)  # b"" sorts first
    errors = tuple(name.decode(errors="replace") for name in names.tolist())
    columns = {name: records[name].copy() for name in RECORD_NAMES}
    return Samples.of_microseconds(columns, endpoints, errors, codes[:-1].astype(np.uint8))
