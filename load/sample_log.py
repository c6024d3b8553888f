"""The requests of a run while it goes: records of a fixed size, appended, so that an end by force loses a quarter of a second.

The first line is the run's plan as JSON. When the run ends, the spool becomes its `samples.npz` and goes.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from record.samples import MICROSECONDS, UNSEEN, Plan, Sample, Samples, plan_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

RECORD = struct.Struct("<qiiiHH24s")  # intended start, then start, first byte and end after it; endpoint, status, error
FIELDS = ("intended_start", "start", "first_byte", "end", "endpoint", "status", "error")
FORMATS = ("<i8", "<i4", "<i4", "<i4", "<u2", "<u2", "S24")
MAX_OFFSET_US = 2**31 - 1  # microseconds: more than half an hour after its intended start


def pack(sample: Sample, endpoint: int) -> bytes:
    """One record; `endpoint` is its place in the plan's list."""
    intended = sample.intended_start
    first = UNSEEN if sample.first_byte is None else _microseconds(sample.first_byte - intended)
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
    """Where a run that goes on keeps what becomes `path`."""
    return path.with_suffix(".part")


class SampleLog:
    """The file of a run that goes on."""

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
    """What a spool holds so far, and what came since one last looked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.plan: Plan | None = None

    def new(self) -> "npt.NDArray[np.void]":
        """The records that were added; a record of which only a part is there comes with the next look."""
        import numpy as np  # noqa: PLC0415 - a listing of the checks must not pay for it

        nothing = np.empty(0, dtype=_record_type())
        if not self._path.exists():
            return nothing
        with self._path.open("rb") as file:
            if self.plan is None:
                head = file.readline()
                if not head.endswith(b"\n"):
                    return nothing
                self.plan, self._offset = plan_of(json.loads(head)), file.tell()
            file.seek(self._offset)
            raw = file.read()
        whole = len(raw) - len(raw) % RECORD.size
        self._offset += whole
        return np.frombuffer(raw[:whole], dtype=_record_type())


def _record_type() -> "np.dtype[np.void]":
    import numpy as np  # noqa: PLC0415 - a listing of the checks must not pay for it

    return np.dtype({"names": FIELDS, "formats": FORMATS})


def read(path: Path) -> tuple[Plan | None, Samples]:
    """All of it, in the order of intended starts."""
    reader = SampleLogReader(path)
    records = reader.new()
    return reader.plan, samples_of(records, reader.plan.endpoints if reader.plan else ())


def samples_of(records: "npt.NDArray[np.void]", endpoints: tuple[str, ...]) -> Samples:
    """The columns of records whose endpoints count into `endpoints`."""
    import numpy as np  # noqa: PLC0415 - a listing of the checks must not pay for it

    records = records[np.argsort(records["intended_start"], kind="stable")]
    intended = records["intended_start"] / MICROSECONDS
    first = records["first_byte"]
    names, codes = np.unique(np.append(records["error"], b""), return_inverse=True)  # b"" sorts first
    return Samples(
        intended,
        intended + records["start"] / MICROSECONDS,
        np.where(first == UNSEEN, np.nan, intended + first / MICROSECONDS),
        intended + records["end"] / MICROSECONDS,
        records["endpoint"].copy(),
        records["status"].copy(),
        codes[:-1].astype(np.uint8),
        endpoints,
        tuple(_texts(names)),
    )


def _texts(names: "npt.NDArray[np.bytes_]") -> Iterator[str]:
    return (name.decode(errors="replace") for name in names.tolist())
