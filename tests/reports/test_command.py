"""`python -m reports` reports what it did, and what is wrong with its arguments, by message and exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from record import run_folder
from reports import __main__ as command
from reports import folders, rendering
from reports.plan import gates, plan_file
from reports.terminal import PROGRAM
from tests.reports import cases, made
from tests.reports.made import Made

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> cases.Case:
    """The command works on this case, with its key."""
    case = cases.make(tmp_path, Made(stages=cases.STAGES, started_at=made.just_now()))
    monkeypatch.setattr(folders, "OUT", case.out)
    monkeypatch.setattr(folders, "ATTESTATIONS", case.attestations)
    monkeypatch.setattr(gates, "GATES", case.gates)
    monkeypatch.setattr(folders, "KEYS", case.keys)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return case


@pytest.fixture
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A print takes seconds, and is not what the test is about."""
    monkeypatch.setattr(rendering, "pdf", lambda page: page.encode()[:9])


def call(*arguments: str) -> int:
    return command.main(arguments)


SIGNOFF = ("signoff", "--env", "staging", "--release", "v1.0.0-MVP")


@pytest.mark.usefixtures("case")
def test_signoff_and_verify_agree(capsys: pytest.CaptureFixture[str]) -> None:
    """The way of a release manager: the first key is made, the dossier is written, another person verifies it."""
    code = call(*SIGNOFF, "--lang", "es")
    text = capsys.readouterr().out
    folder = next(line.split()[1] for line in text.splitlines() if line.startswith("dossier"))
    verified = call("verify", folder, "--release", "v1.0.0-MVP", "--env", "staging", "--gate", "deploy")

    assert code == 6
    assert "key        made" in text
    assert "DIGEST" in text
    assert "verdict    NOT YET" in text
    assert verified == 0
    assert "verdict    NOT YET" in capsys.readouterr().out
    assert (Path(folder) / "dossier.es.pdf").exists()


@pytest.mark.usefixtures("unprinted")
def test_an_edited_dossier_is_not_believed(case: cases.Case, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, and the file is named."""
    call(*SIGNOFF, "--lang", "en")
    folder = next(path for path in case.out.iterdir() if path.name.startswith("signoff"))
    (folder / "decision.json").write_text("{}", encoding="utf-8")

    assert call("verify", str(folder)) == 1
    assert "decision.json: was changed after signing" in capsys.readouterr().out


WRONG = {
    "no release": (("signoff", "--env", "staging", "--release", "one"), "is no release; one looks like v1.0.0-MVP"),
    "no digest": ((*SIGNOFF, "--digest", "abc"), "give sha256:<64 hexadecimal digits>"),
    "no gate": ((*SIGNOFF, "--gate", "open"), "there is no gate 'open'; there are deploy"),
    "no run": (("signoff", "--env", "prod", "--release", "v1.0.0-MVP"), "no run on prod whose target is v1.0.0-MVP"),
    "no folder": ((*SIGNOFF, "--runs", "/no/such/run"), "is this the folder of a run that came to its end?"),
    "no dossier": (("verify", "/no/such/dossier"), "is this the folder of a dossier?"),
    "no key": (("verify", "/no/such/dossier", "--key", "/no/such/key.pem"), "No such file"),
    "no deliverable": (("build", "poem"), "there is no deliverable 'poem'; there are test-results"),
    "no line": (("attest", "--line", "W1-D5-T66", "--release", "1.0.0"), "Nearest: W1-D5-T6"),
    "no environment": (("attest", "--gate", "deploy", "--release", "1.0.0"), "say which with --env"),
}


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize(("arguments", "message"), WRONG.values(), ids=WRONG)
def test_an_argument_that_cannot_be_used_is_refused(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By value, rule and remedy; exit code 4, and nothing is left behind."""
    assert call(*arguments) == 4
    assert message in capsys.readouterr().err


def test_a_run_of_before_is_to_be_made_anew(case: cases.Case, capsys: pytest.CaptureFixture[str]) -> None:
    """Its schema is another."""
    data = json.loads((case.runs[0] / "run.json").read_text(encoding="utf-8"))
    made.write(case.runs[0], data | {"schema": 1})

    assert call(*SIGNOFF, "--runs", str(case.runs[0])) == 4
    assert "has schema 1, and this reads 4: make the run anew" in capsys.readouterr().err


def test_a_key_that_others_can_read_is_refused(case: cases.Case, capsys: pytest.CaptureFixture[str]) -> None:
    """It may be theirs as well."""
    case.key.chmod(0o644)

    assert call(*SIGNOFF, "--key", str(case.key)) == 4
    assert "chmod 600" in capsys.readouterr().err


@pytest.mark.usefixtures("unprinted")
def test_an_unknown_signer_has_a_code_of_its_own(case: cases.Case) -> None:
    """Not believed, and not refuted."""
    call(*SIGNOFF, "--lang", "es")
    folder = next(path for path in case.out.iterdir() if path.name.startswith("signoff"))
    for key in case.keys.iterdir():
        key.unlink()

    assert call("verify", str(folder)) == 6


def test_help_helps_and_costs_nothing() -> None:
    """Every command is explained, and none of the libraries is loaded for that."""
    run = "try: runpy.run_module('reports', run_name='__main__')"
    script = f"import sys, runpy\n{run}\nfinally: print(sorted({{'jinja2', 'numpy', 'cryptography'}} & set(sys.modules)))"
    text = subprocess.run([sys.executable, "-c", script, "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert all(name in text for name in (*command.COMMANDS, "exit codes"))
    assert text.strip().endswith("[]")


def test_github_gets_a_page_and_annotations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it asks for them."""
    check = made.checks_of(["smoke"])[0]
    folder = made.run(tmp_path / "red", Made(odd={check: "failed"}))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "page.md"))

    assert call("summary", str(folder)) == 0
    assert "## 🔴 RED" in (tmp_path / "page.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out.startswith("::error file=suites/smoke/")
    assert run_folder.read(folder).digest in (tmp_path / "page.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", command.COMMANDS)
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With its purpose and an example that its own parser understands."""
    with pytest.raises(SystemExit, match="0"):
        call(name, "--help")
    text = capsys.readouterr().out
    example = text.rpartition(f"{PROGRAM} ")[2].split()

    assert " ".join(command.COMMANDS[name].split()) in " ".join(text.split())
    assert command._parser(example).parse_args(example).run


def test_lines_of_the_plan_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    """With day, disposition and checks, in the language that is asked for."""
    assert call("lines", "cors", "--lang", "en") == 0
    assert capsys.readouterr().out.splitlines()[:4] == [
        "W1-D3-T4  Verify the CORS configuration",
        "    Week 1: before the deployment · Day 3: security",
        "    Checks: 3",
        "        suites/pre_deploy/test_hardening.py::test_foreign_origin_is_not_let_in",
    ]


def test_words_that_match_no_line_are_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1."""
    assert call("lines", "crosx") == 1
    assert "no line of the plan matches crosx. Nearest:\n  " in capsys.readouterr().err


def test_plan_is_checked_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` names what differs and writes nothing; without it the lists are those of the markers again."""
    path, sound = tmp_path / "plan.toml", plan_file.PLAN.read_text(encoding="utf-8")
    check = '    "suites/pre_deploy/test_hardening.py::test_own_origin_is_let_in",\n'
    path.write_text(sound.replace(check, "", 1), encoding="utf-8")
    monkeypatch.setattr(plan_file, "PLAN", path)

    assert call("plan", "--check") == 1
    assert "W1-D3-T4 + suites/pre_deploy/test_hardening.py::test_own_origin_is_let_in" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") != sound
    assert call("plan") == 0
    assert path.read_text(encoding="utf-8") == sound
    assert call("plan", "--check") == 0
