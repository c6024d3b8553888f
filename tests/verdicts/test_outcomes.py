"""From what a phase raised to an outcome, and from outcomes to the run's exit code."""

import dataclasses
import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from fixtures import finding, verdicts, waivers
from fixtures.finding import Finding
from fixtures.refusals import AcceptedForbidden, WriteRefused
from fixtures.verdicts import Blocked, Unverified

FOUND = Finding("200", "503 Service Unavailable", "GET https://x/health", "is Redis up?")


def judged(error: BaseException | None, when: str = "call") -> verdicts.Judged:
    call: Any = SimpleNamespace(excinfo=SimpleNamespace(value=error) if error else None, when=when)
    item: Any = SimpleNamespace(nodeid="suites/smoke/test_x.py::test_y")
    return verdicts.judge(call, item)


@pytest.mark.parametrize(
    ("error", "when", "outcome"),
    [
        (None, "call", "passed"),
        (AssertionError("assert 1 == 2"), "call", "failed"),
        (KeyError("data"), "call", "failed"),
        (httpx.ConnectError("refused"), "call", "failed"),
        (AcceptedForbidden(FOUND), "call", "failed"),
        (AssertionError("left behind"), "teardown", "failed"),
        (Unverified("no key", "set SUPABASE_KEY"), "setup", "unverified"),
        (WriteRefused("would write", "run with --allow-writes"), "call", "unverified"),
        (pytest.skip.Exception("not today"), "call", "unverified"),
        (pytest.xfail.Exception("known"), "call", "unverified"),
        (RuntimeError("the fixture broke"), "setup", "unverified"),
        (Blocked("the target", FOUND), "setup", "blocked"),
        (httpx.ReadTimeout("hangs"), "setup", "blocked"),
    ],
)
def test_outcome_of_what_was_raised(error: BaseException | None, when: str, outcome: str) -> None:
    """Nothing that did not look becomes green, and what is wrong with the product is told from what is wrong with us."""
    finding.start()
    seen = judged(error, when)

    assert seen.outcome == outcome
    assert (seen.finding is None) == (outcome == "passed")


def test_finding_of_the_assert_is_kept() -> None:
    """The four lines that the check wrote, not what pytest makes of them."""
    finding.start()
    built = finding.finding("the page", expected="200", seen="503", then="is Redis up?")

    with pytest.raises(AssertionError) as caught:  # as a check would: pytest rewrites this assert and cuts its message
        assert built.seen == "200" * 200, built

    assert judged(caught.value).finding == built
    assert judged(AssertionError(str(built))).finding == built
    assert judged(AssertionError("another assert, without a finding")).finding != built


def test_finding_has_four_lines() -> None:
    """Expected, seen, where, next: in this order."""
    assert [line.split()[0] for line in str(FOUND).splitlines()] == ["expected", "seen", "where", "next"]


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 5),
        (["passed", "passed"], 0),
        (["passed", "waived", "flaky"], 0),
        (["passed", "unverified"], 6),
        (["passed", "blocked", "unverified"], 7),
        (["failed", "blocked", "unverified"], 1),
    ],
)
def test_exit_code_of_outcomes(outcomes: list[verdicts.Outcome], code: int) -> None:
    """0 only when everything looked and holds."""
    assert verdicts.exit_code(outcomes) == code


def test_flaky_is_red_when_strict() -> None:
    """`--strict-flaky` counts a pass on a later try as a failure."""
    assert verdicts.exit_code(["passed", "flaky"], strict_flaky=True) == 1


def test_worst_phase_decides() -> None:
    """A check that passed and could not clean up is not a pass; one without any phase was not run."""
    assert verdicts.worst(["passed", "failed", "passed"]) == "failed"
    assert verdicts.worst([]) == "unverified"


def test_fingerprint_ignores_what_changes_each_time() -> None:
    """Ids, numbers and seconds differ between two runs of the same failure; another status does not count as the same."""
    again = dataclasses.replace(FOUND, where="GET https://x/health, 0.2 s")
    other = dataclasses.replace(FOUND, seen="no answer at all")

    assert again.fingerprint == FOUND.fingerprint
    assert other.fingerprint != FOUND.fingerprint


WAIVER = """
check = "suites/smoke/test_x.py::test_y"
fingerprint = "{fingerprint}"
person = "Ana Pérez"
role = "Tech Lead"
statement = "Redis is moved on Friday"
release = "{release}"
date = 2026-11-01
expires = {expires}
"""


def written(folder: Path, **values: str) -> Path:
    path = folder / "redis.toml"
    path.write_text(
        WAIVER.format(**{"fingerprint": FOUND.fingerprint, "expires": "2026-12-31", "release": "v1.0.0-MVP"} | values),
        encoding="utf-8",
    )
    return path


def test_waiver_holds_for_its_finding_until_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for another finding of the same check, and not a day longer."""
    waiver = waivers.read(written(tmp_path))
    monkeypatch.setattr(waivers, "load", lambda: (waiver,))
    other = dataclasses.replace(FOUND, seen="the page of another user")

    assert waivers.matching(waiver.check, FOUND, "1.0.0", dt.date(2026, 12, 31)) == waiver
    assert waivers.matching(waiver.check, FOUND, "1.0.0", dt.date(2027, 1, 1)) is None
    assert waivers.matching(waiver.check, FOUND, "1.0.0", dt.date(2026, 10, 31)) is None
    assert waivers.matching(waiver.check, other, "1.0.0", dt.date(2026, 12, 1)) is None


def test_waiver_holds_for_its_release(tmp_path: Path) -> None:
    """However the target writes it; not for the next one, and not where the target tells none."""
    waiver = waivers.read(written(tmp_path))

    assert all(waiver.holds_for(version) for version in ("1.0.0", "v1.0.0", "1.0.0-MVP"))
    assert not any(waiver.holds_for(version) for version in ("1.0.1", "1.0.0-beta", "2", "", None))


WRONG = {"release": "one", "fingerprint": "12", "expires": "2026-10-01"}


@pytest.mark.parametrize(("key", "value"), WRONG.items(), ids=WRONG)
def test_slip_in_a_waiver_is_named_with_its_line(tmp_path: Path, key: str, value: str) -> None:
    """Whoever made it finds it at once."""
    path = written(tmp_path, **{key: value})
    line = next(number for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text.startswith(key))

    with pytest.raises(waivers.WaiverError, match=f"redis.toml:{line}: {key}"):
        waivers.read(path)


@pytest.mark.parametrize("expires", ['"31/12/2026"', '"2026/12/31"', "20261231", '"soon"', "2026-12-31T10:00:00"])
def test_ambiguous_expiry_is_refused(tmp_path: Path, expires: str) -> None:
    """A date that two people read differently ends no waiver."""
    with pytest.raises(waivers.WaiverError, match="expires"):
        waivers.read(written(tmp_path, expires=expires))


def test_swallowed_ctrl_c_still_interrupts() -> None:
    """Python drops a KeyboardInterrupt raised in a callback of the garbage collector; pytest tells of it as a warning."""
    warning = pytest.PytestUnraisableExceptionWarning("Exception ignored in gc_callback")
    warning.__cause__ = KeyboardInterrupt()
    call = verdicts.pytest_runtest_call()
    next(call)

    with pytest.raises(KeyboardInterrupt):
        call.throw(warning)
