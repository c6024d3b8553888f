"""What the documents tell people to type exists, and both languages tell the same."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.plugin.markers import MARKERS
from fixtures.profile import file
from fixtures.profile.keys import KEYS
from fixtures.profile.rules import SWITCHES
from record import outcome, stages, verdict
from sandbox import faults
from sandbox.process import parts

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.es.md")
DOCUMENTS = (*READMES, "CONTRIBUTING.md", "CHANGELOG.md")
COMMAND = re.compile(r"(make|\.venv/bin/|pytest|python3?|locust)\b")
PYTEST_OPTIONS = {"--collect-only"}


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str) -> list[list[str]]:
    """The lines of each fenced block."""
    return [found.splitlines() for found in re.findall(r"^ *```\w*\n(.*?)^ *```$", text_of(document), re.MULTILINE | re.DOTALL)]


def commands(document: str) -> list[str]:
    return [line.strip() for block in blocks(document) for line in block if COMMAND.match(line.strip())]


def code(document: str) -> str:
    """Everything set as code: blocks and spans."""
    return "\n".join(commands(document) + re.findall(r"`([^`\n]+)`", text_of(document)))


def named(pattern: str, document: str) -> set[str]:
    return set(re.findall(pattern, code(document)))


def test_both_readmes_give_the_same_commands() -> None:
    english, spanish = map(commands, READMES)

    assert english == spanish
    assert english[0] == "make smoke", "a README opens with a run"


def test_both_readmes_have_the_same_shape() -> None:
    """A section, table row or code block in one language only is a translation that was forgotten."""
    english, spanish = (
        [re.findall(rf"^{start}", text_of(each), re.MULTILINE) for start in ("#+ ", r"\|", "```")] for each in READMES
    )

    assert list(map(len, english)) == list(map(len, spanish))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_targets_of_make_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))

    told = {word for line in code(document).splitlines() for word in _targets_in(line)}
    assert told <= targets


def _targets_in(line: str) -> Iterator[str]:
    """`make format lint test` names three."""
    if line.startswith("make "):
        yield from (word for word in line.split()[1:] if re.fullmatch("[a-z-]+", word))


@pytest.mark.parametrize("readme", READMES)
def test_every_target_is_documented(readme: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", text_of("Makefile"), re.MULTILINE)) - {"help"}

    assert targets <= {word for line in code(readme).splitlines() for word in _targets_in(line)}


def test_make_alone_lists_the_targets() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    targets = set(re.findall(r"^([a-z-]+):.*##", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^ *make ([a-z-]+)", listed, re.MULTILINE)) == targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_options_exist(document: str, pytestconfig: pytest.Config) -> None:
    ours = {name for option in pytestconfig._parser._anonymous.options for name in option.names()}
    groups = {name for group in pytestconfig._parser._groups for option in group.options for name in option.names()}
    programs = ("sandbox/", "proof/", "load/", "reports/")
    commands = [*(f"{folder}__main__.py" for folder in programs), "load/locustfile.py", "load/run.py"]
    sandbox = {option for command in commands for option in re.findall(r'"(--[a-z-]+)"', text_of(command))}

    assert named(r"(?<![\w-])--[a-z][a-z-]+", document) <= ours | groups | sandbox | PYTEST_OPTIONS


@pytest.mark.parametrize("document", DOCUMENTS)
def test_keys_exist(document: str) -> None:
    assert named(r"\bLV_[A-Z_]+", document) <= KEYS.keys() | SWITCHES


@pytest.mark.parametrize("readme", READMES)
def test_every_key_of_the_suite_is_documented(readme: str) -> None:
    inner = {"LV_NAME", "LV_DEPLOYMENT"}  # what a sandbox says of itself, and what follows from the environment's name

    assert {key for key in KEYS if key.startswith("LV_")} - inner <= named(r"\bLV_[A-Z_]+", readme)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_markers_exist(document: str) -> None:
    known = (
        {marker for marker, _ in stages.STAGES.values()}
        | {name.partition("(")[0] for name in MARKERS}
        | {"writes", "parametrize"}
    )

    told = named(r"pytest\.mark\.(\w+)", document)
    for expression in re.findall(r"-m (\"[^\"]+\"|[\w-]+)", code(document)):
        told |= set(re.findall(r"[\w-]+", expression)) - {"or", "and", "not", "pytest", "sandbox", "reports"}
    assert told <= known


@pytest.mark.parametrize("document", DOCUMENTS)
def test_environments_exist(document: str) -> None:
    names = set(file.known_names())

    assert named(r"(?:--env[= ]|\bENV=)([a-z]+)", document) <= names
    assert named(r"envs/([a-z]+)\.env", document) <= names


@pytest.mark.parametrize("document", DOCUMENTS)
def test_faults_exist(document: str) -> None:
    parts.load()

    assert named(r"--fault ([a-z-]+)", document) <= {fault.name for fault in faults.catalogue()}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_exist(document: str) -> None:
    paths = named(r"(?<![\w/.])((?:suites|fixtures|envs|sandbox|load|tests)/[\w./-]*)", document)

    missing = {path for path in paths if not (ROOT / path).exists() and ".secrets." not in path}
    assert not missing


@pytest.mark.parametrize("readme", READMES)
def test_exit_codes_are_those_of_the_verdicts(readme: str) -> None:
    told = dict(re.findall(r"^\| (\d) \| ([A-Z ]+(?=:))?", text_of(readme), re.MULTILINE))

    ours = {0, outcome.EXIT_FAILED, outcome.EXIT_UNVERIFIED, outcome.EXIT_BLOCKED}
    assert {int(number) for number in told} == ours | {int(number) for number in pytest.ExitCode if number < 6}
    for number in ours:
        assert told[str(number)] == verdict.WORDS[number]


@pytest.mark.parametrize("readme", READMES)
def test_outcomes_are_those_of_the_verdicts(readme: str) -> None:
    first_words = set(re.findall(r"^\| (\w+) \|", text_of(readme), re.MULTILINE))

    assert set(outcome.SEVERITY) <= first_words
