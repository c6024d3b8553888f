"""`python -m load`: each command's answer, its exit code, and its message for a mistake."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fixtures.profile import objectives_file
from load.__main__ import main
from record import samples
from record.sample import UNEXPECTED_STATUS, Sample
from record.samples import Plan, Recording, Samples
from record.suite import ROOT
from tests.load.product import Small

PLAN = Plan("lv-test", "test", "2030-01-01", 100.0, 40.0, 4000, 10.0, "poisson", 1, objectives=objectives_file.read())


def run_of(
    folder: Path, name: str, mean_ms: float = 50.0, *, count: int = 4000, failing: int = 0, seed: int = 1, planned: int = 4000
) -> Path:
    chance = np.random.default_rng(seed)
    rows = [
        Sample(i / 100, i / 100, i / 100 + float(chance.lognormal(np.log(mean_ms / 1000), 0.3)), f"GET /{'ab'[i % 2]}", 200)
        for i in range(count)
    ]
    rows = [row._replace(status=500, error=UNEXPECTED_STATUS) if i < failing else row for i, row in enumerate(rows)]
    samples.write(folder / name, Recording(dataclasses.replace(PLAN, planned=planned), Samples.of(rows)))
    return folder / name


VERDICTS = {"met": (0, 4000, 0), "violated": (200, 4000, 1), "unverified": (0, 3000, 6)}


@pytest.mark.parametrize(("failing", "count", "code"), VERDICTS.values(), ids=VERDICTS)
def test_judge_ends_as_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], failing: int, count: int, code: int
) -> None:
    path = run_of(tmp_path, "run.npz", failing=failing, count=count)

    assert main(["judge", str(path)]) == code
    assert capsys.readouterr().out.splitlines()[-1] == f"verdict: {['met', 'violated', '-', '-', '-', '-', 'unverified'][code]}"


def test_judge_as_json_has_every_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["judge", str(run_of(tmp_path, "run.npz")), "--json"])
    printed = json.loads(capsys.readouterr().out)

    assert printed["state"] == "met"
    assert [verdict["scope"] for verdict in printed["criteria"][0]["verdicts"]] == ["all requests", "GET /a", "GET /b"]


def test_other_criteria_can_be_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same samples against a stricter promise."""
    strict = tmp_path / "strict.yaml"
    strict.write_text(objectives_file.DEFAULT.read_text(encoding="utf-8").replace("value: 500", "value: 20"), encoding="utf-8")

    assert main(["judge", str(run_of(tmp_path, "run.npz")), "--objectives", str(strict)]) == 1
    assert "limit below 20 ms" in capsys.readouterr().out


CHANGES = [(50.0, 0, "shows no change"), (70.0, 1, "is slower by"), (35.0, 0, "is faster by")]


@pytest.mark.parametrize(("mean_ms", "code", "sentence"), CHANGES)
def test_compare_tells_slower_from_faster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mean_ms: float, code: int, sentence: str
) -> None:
    base, new = run_of(tmp_path, "base.npz"), run_of(tmp_path, "new.npz", mean_ms, seed=2)

    assert main(["compare", str(base), str(new)]) == code
    assert capsys.readouterr().out.count(sentence) == 2


def test_compare_with_too_little_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base, new = run_of(tmp_path, "base.npz"), run_of(tmp_path, "new.npz", count=10, planned=10)

    assert main(["compare", str(base), str(new)]) == 6
    assert "is unverified" in capsys.readouterr().out


def test_a_run_that_proves_nothing_is_compared_with_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half of the plan was never sent: that was the generator, so no endpoint is called slower or faster for it."""
    base, new = run_of(tmp_path, "base.npz"), run_of(tmp_path, "new.npz", 70.0, count=2000)

    assert main(["compare", str(base), str(new)]) == 6
    printed = capsys.readouterr().out
    assert printed.startswith("the new run proves nothing: only 2,000 of 4,000")
    assert "slower" not in printed
    assert main(["compare", str(base), str(new), "--json"]) == 6
    printed = json.loads(capsys.readouterr().out)
    assert (printed["void"]["base"], len(printed["void"]["new"]), printed["changes"]) == ([], 1, [])


def test_plan_prints_what_it_takes_and_sends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = Small(port=1).profile(tmp_path)  # nothing listens there

    assert main(["plan", f"--env-file={profile}", "--rate=20", "--duration=60"]) == 6
    printed = capsys.readouterr().out
    assert "availability >= 99.9 %" in printed
    assert "2,995" in printed
    assert main(["plan", f"--env-file={profile}", "--rate=100", "--duration=40"]) == 0


def test_plan_that_would_be_refused_is_printed_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """Its limit forbids the run; what the criteria need is worth knowing before it is lifted."""
    assert main(["plan", "--env=staging", "--rate=20", "--duration=60"]) == 4
    printed = capsys.readouterr()
    assert "2,995" in printed.out
    assert "this run would be refused: 20 requests a second" in printed.err


def test_plan_of_the_sandbox_needs_no_sandbox(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan"]) == 0
    assert "this run can prove it" in capsys.readouterr().out


def test_page_writes_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["page", str(run_of(tmp_path, "run.npz")), f"--out={tmp_path / 'pages'}"]) == 0
    assert {"load.es.html", "load.en.html", "latencies.svg", "latencies.png"} <= {
        path.name for path in (tmp_path / "pages").iterdir()
    }
    assert "load.es.html" in capsys.readouterr().out


def test_page_that_cannot_be_written_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    assert main(["page", str(run_of(tmp_path, "run.npz")), f"--out={tmp_path / 'taken'}"]) == 4
    assert "give another folder to --out" in capsys.readouterr().err


UNUSABLE = [[], ["judge"], ["forecast"], ["plan", "--rate=many"], ["plan", "--shape=zigzag"]]


@pytest.mark.parametrize("arguments", UNUSABLE, ids=" ".join)
def test_what_cannot_be_understood_ends_with_4(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """Not with argparse's 2, which means something else everywhere in this suite."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 4
    assert "examples: python -m load --help" in capsys.readouterr().err


MISTAKES = {
    "a file that is not there": (["judge", "nowhere.npz"], "does not exist"),
    "a file that is something else": (["judge", str(ROOT / "README.md")], "no whole record of a run"),
    "criteria that are not there": (["judge", "RUN", "--objectives=nowhere.yaml"], "nowhere.yaml does not exist"),
    "criteria that are none": (["judge", "RUN", f"--objectives={ROOT / 'CHANGELOG.md'}"], "CHANGELOG.md"),
    "a negative rate": (["plan", "--rate=-3"], "give a --rate and a --duration above 0"),
    "a rate of nothing": (["plan", "--rate=0"], "give a --rate and a --duration above 0"),
    "no number": (["plan", "--rate=nan"], "give a --rate and a --duration above 0"),
    "an unknown environment": (["plan", "--env=moon"], "moon"),
    "more than is allowed": (["plan", "--rate=100000"], "give a --rate up to LV_MAX_RPS"),
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_a_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    sound = str(run_of(tmp_path, "run.npz", count=10))

    assert main([sound if each == "RUN" else each for each in arguments]) == 4
    assert message in capsys.readouterr().err


def test_help_comes_at_once_and_names_the_exit_codes() -> None:
    """Nothing heavy is imported for it, and a file is judged without Locust."""
    program = "import sys\nfrom load.__main__ import main\ntry:\n    main(['--help'])\nfinally:\n    print(sorted(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "exit codes: plan 0" in printed
    assert not {"'numpy'", "'scipy'", "'gevent'", "'locust'", "'matplotlib'"} & set(printed.replace(",", "").split())
