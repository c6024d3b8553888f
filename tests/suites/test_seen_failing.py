"""Every check that looks at a deployment has been seen failing, for the right reason and in words that name it."""

import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, cast

import dotenv
import httpx
import pytest

from fixtures import deployment, environment, stages
from fixtures.product import Answer, Product
from suites.smoke import test_response_times
from tests.conftest import RunningSandbox
from tests.suites import breaks, runs
from tests.suites.breaks import Findings
from tests.suites.runs import Ended

ONLINE = ("smoke", "pre-deploy", "integration", "regression")


def joined(names: tuple[str, ...]) -> str:
    return "+".join(names)


def verify(profile: Path, checks: Findings) -> Ended:
    return runs.verify(profile, *(f"suites/{check}" for check in checks))


def assert_seen(run: Ended, checks: Findings) -> None:
    """Failed, and neither unverified nor blocked: the check looked, and its finding says what is wrong."""
    assert run.exit_code == 1, run.output
    for check, words in checks.items():
        found = [record for record in run.of(f"suites/{check}") if record["outcome"] != "passed"]
        assert found, f"{check} passes:\n{run.output}"
        for record in found:
            told = "\n".join(record["finding"][part] for part in ("expected", "seen", "next"))
            assert record["outcome"] == "failed", record
            assert words in told, f"{record['id']} says nothing of {words!r}:\n{told}"


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind(sandbox: RunningSandbox) -> Generator[None]:
    """Under some faults a deletion does nothing; later tests of this sandbox must not meet what stayed."""
    yield
    with sandbox.client("admin") as client:
        contacts = client.get("/api/contacts/", params={"search": "lv-", "limit": 100}).json()["data"]
        campaigns = client.get("/api/campaigns/", params={"page_size": 100}).json()
        for place, rows in (("contacts", contacts), ("campaigns", campaigns)):
            for row in rows:
                if row["name"].startswith("lv-"):
                    client.delete(f"/api/{place}/{row['id']}").raise_for_status()


@pytest.mark.parametrize(("faults", "checks"), breaks.SWITCHED.items(), ids=map(joined, breaks.SWITCHED))
def test_switched_fault_is_seen(sandbox: RunningSandbox, faults: tuple[str, ...], checks: Findings) -> None:
    """Faults that come and go while the deployment runs."""
    with sandbox.control(*faults):
        run = verify(sandbox.profile_path, checks)

    assert_seen(run, checks)


@pytest.mark.parametrize(("faults", "checks"), breaks.STARTED.items(), ids=map(joined, breaks.STARTED))
def test_start_fault_is_seen(tmp_path: Path, faults: tuple[str, ...], checks: Findings) -> None:
    """Faults of what is read once, when the deployment starts."""
    profile, log = tmp_path / "sandbox.env", tmp_path / "sandbox.log"
    options = [f"--fault={fault}" for fault in faults]
    with log.open("wb") as output:
        started = [sys.executable, "-m", "sandbox", "up", "--json", "--write-env", str(profile), *options]
        process = subprocess.Popen(started, cwd=runs.ROOT, stdout=output, stderr=output, start_new_session=True)
    try:
        deployment.wait_for(profile, log, process.pid)
        run = verify(profile, checks)
    finally:
        process.terminate()
        process.wait(timeout=30)

    assert_seen(run, checks)


@pytest.mark.parametrize(("changed", "checks"), breaks.PROFILES.values(), ids=breaks.PROFILES)
def test_wrong_profile_is_seen(sandbox: RunningSandbox, tmp_path: Path, changed: Mapping[str, str], checks: Findings) -> None:
    """What the deployment is compared with may be what is wrong."""
    told = {key: value.format(**sandbox.profile) for key, value in changed.items()}
    run = verify(written(tmp_path / "changed.env", sandbox.profile | told), checks)

    assert_seen(run, checks)


@pytest.mark.parametrize(("changed", "checks"), breaks.PRODUCTION_FILES.values(), ids=breaks.PRODUCTION_FILES)
def test_wrong_production_file_is_seen(
    sandbox: RunningSandbox, tmp_path: Path, changed: Mapping[str, str | None], checks: Findings
) -> None:
    """The file that the backend will start with."""
    given = dotenv.dotenv_values(sandbox.profile["LV_ENV_PRODUCTION_FILE"], interpolate=False)
    production = {key: value for key, value in {**given, **changed}.items() if value is not None}
    named = {"LV_ENV_PRODUCTION_FILE": str(written(tmp_path / ".env.production", production))}
    run = verify(written(tmp_path / "changed.env", sandbox.profile | named), checks)

    assert_seen(run, checks)


def written(path: Path, keys: Mapping[str, str]) -> Path:
    """A dotenv file of these keys."""
    path.write_text("".join(f"{key}={json.dumps(value)}\n" for key, value in keys.items()), encoding="utf-8")
    path.chmod(0o600)
    return path


class Slow:
    """A product of which every verb of every noun answers 200 after 0.6 seconds, or so it says."""

    def __getattr__(self, _name: str) -> "Slow":
        return self

    def __call__(self, *_arguments: object, **_query: object) -> Answer[Any]:
        response = httpx.Response(200)
        response.elapsed = dt.timedelta(seconds=0.6)
        return Answer(response)


def test_slow_answers_are_seen(sandbox: RunningSandbox) -> None:
    """The check itself, without the minute that a hundred slow answers would take."""
    env = dataclasses.replace(environment.load(str(sandbox.profile_path)), timeout_s=1.0)

    with pytest.raises(AssertionError, match="a mean below 500 ms"):
        test_response_times.test_mean_response_time_is_kept(cast("Product", Slow()), env)


def broken() -> set[str]:
    """The checks, as `path::function`, that some break above makes fail."""
    tables = [*breaks.SWITCHED.values(), *breaks.STARTED.values()]
    tables += [checks for _, checks in (*breaks.PROFILES.values(), *breaks.PRODUCTION_FILES.values())]
    return {f"suites/{stages.function_of(check)}" for checks in tables for check in checks}


def test_no_check_has_only_been_seen_passing() -> None:
    """A check that no break makes fail may be green because it does not look."""
    declared = {check for stage in ONLINE for check in stages.declared_checks(stage)}
    excused = {f"suites/{check}" for check in breaks.EXCUSED}

    assert declared - broken() - excused == set()
    assert broken() <= declared, "a break names a check that does not exist"
    assert not excused & broken(), "an excuse is no longer needed"


def test_every_break_names_known_faults() -> None:
    """A fault that was renamed would otherwise be noticed only by whoever runs all of them."""
    listed = subprocess.run(
        [sys.executable, "-m", "sandbox", "faults", "--json"], cwd=runs.ROOT, env=os.environ, capture_output=True, check=True
    )
    known = {fault["name"]: fault["start_only"] for fault in json.loads(listed.stdout)}

    assert {name for names in breaks.SWITCHED for name in names} <= {name for name, start_only in known.items() if not start_only}
    assert {name for names in breaks.STARTED for name in names} <= known.keys()
