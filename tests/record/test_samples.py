"""What a run leaves behind comes back as it was, and what is no whole record of a run says so."""

import itertools
import math
import random
from pathlib import Path

import numpy as np
import pytest

from load import sample_log
from record import samples
from record.sample import TIMEOUT, UNEXPECTED_STATUS, Sample
from record.samples import Plan, Recording, Samples, SamplesUnreadable

ENDPOINTS = ("GET /a", "POST /b")
PLAN = Plan(
    "lv-test", "test", "2030-01-01T00:00:00.000+00:00", 50.0, 10.0, 500, 10.0, "poisson", 7, ENDPOINTS, left_out=("c (no)",)
)
ROWS = [
    Sample(0.0, 0.001, 0.125, "GET /a", 200, None, 0.1),
    Sample(0.5, 0.5, 10.5, "POST /b", None, TIMEOUT, None),
    Sample(1.25, 1.250001, 1.5, "GET /a", 503, UNEXPECTED_STATUS, 1.4),
    Sample(599.999999, 600.0, 601.0, "POST /b", None, "ConnectionResetError", None),
]
RUN = Recording(
    PLAN, Samples.of(ROWS), ("a problem: ñ",), settled="all is met", due=4, bodies=3, connections=2, notes=("GET /a: other",)
)


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "samples.npz"
    samples.write(path, RUN)
    again = samples.read(path)

    assert again.samples.rows() == ROWS
    assert {name: value for name, value in vars(again).items() if name != "samples"} == {
        name: value for name, value in vars(RUN).items() if name != "samples"
    }
    assert [path.name for path in tmp_path.iterdir()] == ["samples.npz"]


def test_a_run_without_a_request_comes_back_too(tmp_path: Path) -> None:
    samples.write(tmp_path / "samples.npz", Recording(None, Samples.of(()), ("nobody was there",)))
    again = samples.read(tmp_path / "samples.npz")

    assert (again.plan, len(again.samples), again.problems) == (None, 0, ("nobody was there",))


def test_a_request_takes_ten_bytes_or_so(tmp_path: Path) -> None:
    chance, count = np.random.default_rng(3), 100_000
    intended = np.cumsum(chance.exponential(0.01, count))
    latency = chance.lognormal(-3, 0.5, count)
    codes = chance.integers(0, 2, count).astype(np.uint16)
    columns = Samples(
        intended,
        intended + 1e-4,
        intended + latency / 2,
        intended + latency,
        codes,
        np.full(count, 200, np.uint16),
        np.zeros(count, np.uint8),
        ENDPOINTS,
        ("",),
    )
    samples.write(tmp_path / "samples.npz", Recording(PLAN, columns))

    assert (tmp_path / "samples.npz").stat().st_size < 14 * count


def test_a_stranger_reads_it_with_numpy_alone(tmp_path: Path) -> None:
    samples.write(tmp_path / "samples.npz", RUN)

    with np.load(tmp_path / "samples.npz", allow_pickle=False) as columns:
        assert columns["intended_start"].tolist() == [0, 500_000, 1_250_000, 599_999_999]
        assert columns["end"].tolist() == [125_000, 10_000_000, 250_000, 1_000_001]


def test_times_are_kept_to_the_microsecond(tmp_path: Path) -> None:
    """From the first to the last second of an hour, early, late, and in a hundred thousand requests."""
    chance, count = np.random.default_rng(9), 100_000
    ticks = np.sort(chance.integers(0, 3_600_000_000, count))
    start, end = ticks + chance.integers(-50_000, 5_000_000, count), ticks + chance.integers(-50_000, 60_000_000, count)
    first = np.where(chance.random(count) < 0.1, np.nan, (start + end) // 2)
    codes = np.zeros(count, np.uint16)
    columns = Samples(
        ticks / 1e6, start / 1e6, first / 1e6, end / 1e6, codes, codes + 200, codes.astype(np.uint8), ENDPOINTS, ("",)
    )
    samples.write(tmp_path / "samples.npz", Recording(PLAN, columns))
    again = samples.read(tmp_path / "samples.npz").samples

    assert (np.rint(again.intended_start * 1e6) == ticks).all()
    assert (np.rint(again.start * 1e6) == start).all()
    assert (np.rint(again.end * 1e6) == end).all()
    known = np.isfinite(first) & (first != ticks - 1)
    assert (np.isfinite(again.first_byte) == known).all()
    assert (np.rint(again.first_byte[known] * 1e6) == first[known]).all()


def logged(path: Path, rows: list[Sample]) -> Path:
    writing = sample_log.SampleLog(path, PLAN)
    for row in rows:
        writing.add(sample_log.pack(row, ENDPOINTS.index(row.endpoint)))
    writing.close()
    return path


def test_a_sample_log_holds_the_same(tmp_path: Path) -> None:
    """In whatever order the requests ended."""
    plan, read_back = sample_log.read(logged(tmp_path / "run.part", ROWS[::-1]))

    assert plan == PLAN
    assert read_back.rows() == ROWS


def test_a_sample_log_cut_in_the_middle_of_a_record_loses_only_that(tmp_path: Path) -> None:
    path = logged(tmp_path / "run.part", ROWS)
    path.write_bytes(path.read_bytes()[:-7])

    assert sample_log.read(path)[1].rows() == ROWS[:-1]


def test_a_reader_tells_each_request_once(tmp_path: Path) -> None:
    path = tmp_path / "run.part"
    reader = sample_log.SampleLogReader(path)
    assert len(reader.new()) == 0
    logged(path, ROWS[:3])
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert len(reader.new()) == 2
    path.write_bytes(whole)
    assert len(reader.new()) == 1
    assert len(reader.new()) == 0


def test_impossible_times_fit_in_a_record() -> None:
    """A clock that is off by hours must not end the run."""
    record = sample_log.RECORD.unpack(sample_log.pack(Sample(1.0, 1.0 - 1e6, 1.0 + 1e6, "GET /a", 200), 0))

    assert (record[1], record[3]) == (-sample_log.MAX_OFFSET_US, sample_log.MAX_OFFSET_US)


def test_columns_can_be_chosen() -> None:
    read_back = Samples.of(ROWS)

    assert [len(of_one) for of_one in read_back.by_endpoint().values()] == [2, 2]
    assert read_back.where(read_back.at("POST /b")).rows() == [ROWS[1], ROWS[3]]
    assert read_back.ended_in(TIMEOUT, UNEXPECTED_STATUS).tolist() == [False, True, True, False]
    assert read_back.latency_s.tolist() == pytest.approx([0.125, 10.0, 0.25, 1.000001])
    assert read_back.lateness_s[0] == pytest.approx(0.001)
    assert math.isnan(read_back.first_byte[1])


def test_a_sample_log_of_a_hundred_thousand_becomes_the_same_run(tmp_path: Path) -> None:
    """Through both files, names of errors included."""
    errors = (None, TIMEOUT, UNEXPECTED_STATUS, "ConnectionResetError")
    rows = [Sample(i / 1000, i / 1000 + 0.0005, i / 1000 + 0.25, ENDPOINTS[i % 2], 200, errors[i % 4]) for i in range(100_000)]
    plan, read_back = sample_log.read(logged(tmp_path / "run.part", rows))
    samples.write(tmp_path / "samples.npz", Recording(plan, read_back))
    again = samples.read(tmp_path / "samples.npz").samples

    assert len(again) == 100_000
    assert again.rows()[::997] == rows[::997]
    assert {name: int(again.ended_in(name or "").sum()) for name in errors} == dict.fromkeys(errors, 25_000)


def test_a_plan_of_which_only_a_part_is_there_is_waited_for(tmp_path: Path) -> None:
    path = logged(tmp_path / "run.part", ROWS)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    reader = sample_log.SampleLogReader(path)

    assert (len(reader.new()), reader.plan) == (0, None)
    path.write_bytes(whole)
    assert (len(reader.new()), reader.plan) == (4, PLAN)


def test_no_damage_is_read_as_a_run_that_was_not(tmp_path: Path) -> None:
    """Every other byte, and cut off after each: what can be read is what was written, everything else says so."""
    path, chance = tmp_path / "samples.npz", random.Random(1)  # noqa: S311 - a script
    samples.write(path, RUN)
    whole, wanted, refused = path.read_bytes(), samples.read(path).samples.rows(), 0
    damaged = (
        whole[:index] + bytes([whole[index] ^ 1 << chance.randrange(8)]) + whole[index + 1 :] for index in range(0, len(whole), 2)
    )
    for content in itertools.chain(damaged, (whole[:index] for index in range(0, len(whole), 7))):
        path.write_bytes(content)
        try:
            assert repr(samples.read(path).samples.rows()) == repr(wanted)
        except SamplesUnreadable:
            refused += 1

    assert refused > len(whole) / 3


@pytest.mark.parametrize("column", ["endpoint", "error"])
def test_names_that_nobody_gave_are_no_run(tmp_path: Path, column: str) -> None:
    """A code beyond the names would be a crash of the judge, or another endpoint's verdict."""
    samples.write(tmp_path / "samples.npz", RUN)
    with np.load(tmp_path / "samples.npz") as columns:
        np.savez(tmp_path / "samples.npz", **{**columns, column: columns[column] + 9})

    with pytest.raises(SamplesUnreadable):
        samples.read(tmp_path / "samples.npz")


def bad_files(folder: Path) -> dict[str, Path]:
    samples.write(folder / "whole.npz", RUN)
    whole = (folder / "whole.npz").read_bytes()
    contents = {
        "empty": b"",
        "cut off": whole[: len(whole) // 2],
        "without its end": whole[:-30],
        "something else": b"endpoint,status\nGET /,200\n",
        "damaged": whole[:200] + bytes(300) + whole[500:],
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    np.savez(folder / "columns.npz", intended_start=np.arange(3))
    return {name: folder / name for name in contents} | {
        "other columns": folder / "columns.npz",
        "missing": folder / "nowhere.npz",
        "a folder": folder,
    }


@pytest.mark.parametrize(
    "what", ["empty", "cut off", "without its end", "something else", "damaged", "other columns", "missing", "a folder"]
)
def test_what_is_no_record_of_a_run_says_so(tmp_path: Path, what: str) -> None:
    path = bad_files(tmp_path)[what]
    way_out = "a run writes it when it ends" if what == "missing" else "copy it again from where the run was, or run again"

    with pytest.raises(SamplesUnreadable, match=way_out) as raised:
        samples.read(path)
    assert str(path) in str(raised.value)
