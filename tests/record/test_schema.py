"""The JSON schema of run.json is that of its classes, and holds what they hold."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its types are a package of their own
import pytest

from record import run_folder, schema
from record.run import Run
from tests.record.invented import FOUND, check, ended, run

WHOLE = ended(
    run(check("passed"), check("failed"), check("unverified"), check("blocked"), check("waived"), findings=(FOUND,), stopped="x")
)
VALIDATOR = jsonschema.Draft202012Validator(schema.schema())


def as_json(run: Run) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(asdict(run)))
    return data


def test_written_schema_is_the_generated_one() -> None:
    """`python -m record.schema` writes it anew."""
    assert schema.FILE.read_text(encoding="utf-8") == schema.text()


@pytest.mark.parametrize("recorded", [WHOLE, run()], ids=["with everything", "with nothing"])
def test_run_fits_the_schema_and_is_read_as_it_was(recorded: Run) -> None:
    """Also one that holds nothing and did not end."""
    jsonschema.Draft202012Validator.check_schema(schema.schema())
    VALIDATOR.validate(as_json(recorded))

    assert run_folder.as_run(as_json(recorded)) == recorded


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in as_json(WHOLE).items() if key != name}


NO_RUNS: dict[str, dict[str, Any]] = {
    "a key too many": as_json(WHOLE) | {"verdict": "GREEN"},
    "a key too many in a check": as_json(WHOLE) | {"checks": [as_json(WHOLE)["checks"][0] | {"note": "x"}]},
    "a key too few": without("exit_code"),
    "another schema": as_json(WHOLE) | {"schema": 2},
    "an outcome that there is not": as_json(WHOLE) | {"checks": [as_json(WHOLE)["checks"][0] | {"outcome": "flaky"}]},
    "a text for a number": as_json(WHOLE) | {"duration_s": "9"},
}


@pytest.mark.parametrize("data", NO_RUNS.values(), ids=NO_RUNS)
def test_what_is_no_run_is_refused_by_both(data: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(data)
    with pytest.raises(ValueError, match=r"\$|Object missing|Invalid|Expected"):
        run_folder.as_run(data)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"started_at": "yesterday"}, "Invalid isoformat"),
        ({"finished_at": "2026-11-30T04:00:09"}, "no moment with its zone"),
        ({"duration_s": -1.0}, "no duration"),
    ],
)
def test_value_that_no_run_has_is_refused(changed: dict[str, Any], rule: str) -> None:
    """Of its type, so the schema says nothing of it."""
    with pytest.raises(ValueError, match=rule):
        run_folder.as_run(as_json(WHOLE) | changed)


def test_folder_gives_back_what_was_written(tmp_path: Path) -> None:
    """With its digest; a run that did not end is no run to read."""
    (tmp_path / "phases.jsonl").write_bytes(b"")
    whole = replace(WHOLE, files=run_folder.digests(tmp_path))
    digest = run_folder.write(tmp_path, whole)
    recorded = run_folder.read(tmp_path)

    assert (recorded.content, recorded.digest, recorded.phases) == (whole, digest, ())
    run_folder.write(tmp_path, replace(whole, exit_code=None))
    with pytest.raises(run_folder.NotARun, match="did not come to its end"):
        run_folder.read(tmp_path)
