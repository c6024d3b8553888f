"""What the documents name exists, what exists is documented, and both languages say the same."""

import functools
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.plugin.markers import MARKERS
from fixtures.profile import file, unlocks
from fixtures.profile.keys import KEYS
from fixtures.profile.rules import SWITCHES
from load import shapes
from record import outcome, stages, verdict
from reports.__main__ import COMMANDS
from reports.deliverables.documents import DELIVERABLES
from reports.plan import gates
from sandbox import faults
from sandbox.process import parts

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.es.md")
PAGES = tuple(sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))
TRANSLATED = tuple(page for page in PAGES if page.startswith("docs/es/"))
FOLDER_READMES = ("reports/attestations/README.md", "reports/waivers/README.md")
DOCUMENTS = (*READMES, *PAGES, "CONTRIBUTING.md", "CHANGELOG.md", *FOLDER_READMES)
ENGLISH = ("README.md", *(page for page in PAGES if page not in TRANSLATED))
PAIRS = (READMES, *((page.replace("docs/es/", "docs/"), page) for page in TRANSLATED))
OUTCOME_PAGES = ("docs/outcomes.md", "docs/es/outcomes.md")
README_LIMIT, PAGE_LIMIT = 9 * 1024, 8 * 1024  # bytes: what is longer is not read to its end
COMMAND = re.compile(r"(make|\.venv/bin/|pytest|python3?|locust)\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# Locust has these itself.
LOCUST_OPTIONS = {"--headless", "--processes", "--master", "--worker"}


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str) -> list[list[str]]:
    """The lines of each fenced block."""
    return [found.splitlines() for found in re.findall(r"^ *```\w*\n(.*?)^ *```$", text_of(document), re.MULTILINE | re.DOTALL)]


def commands(document: str) -> list[str]:
    return [line.strip() for block in blocks(document) for line in block if COMMAND.match(line.strip())]


def code(document: str) -> str:
    """Everything set as code: the commands of blocks, and spans."""
    prose = re.sub(r"^ *```\w*\n.*?^ *```$", "", text_of(document), flags=re.MULTILINE | re.DOTALL)
    return "\n".join(commands(document) + re.findall(r"`([^`\n]+)`", prose))


def named(pattern: str, *documents: str) -> set[str]:
    return {found for document in documents for found in re.findall(pattern, code(document))}


@functools.cache
def options_of_pytest() -> set[str]:
    """Ours included."""
    asked = [sys.executable, "-m", "pytest", "--help"]
    return _options_in(subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


@functools.cache
def options_of_programs() -> set[str]:
    programs = ["sandbox/__main__.py", "load/__main__.py", "load/locustfile.py", "reports/__main__.py"]
    modules = [*programs, *(path.relative_to(ROOT).as_posix() for path in (ROOT / "reports/commands").glob("*.py"))]
    modules += [path.relative_to(ROOT).as_posix() for path in (ROOT / "proof").rglob("*.py")]
    return {option for module in modules for option in re.findall(r'"(--[a-z-]+)"', text_of(module))}


def options_of_the_suite() -> set[str]:
    return set(re.findall(r'"(--[a-z-]+)"', text_of("fixtures/plugin/options.py")))


def _options_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


@pytest.mark.parametrize(("english", "translated"), PAIRS, ids=[pair[1] for pair in PAIRS])
def test_both_languages_give_the_same_commands(english: str, translated: str) -> None:
    assert commands(english) == commands(translated)


@pytest.mark.parametrize(("english", "translated"), PAIRS, ids=[pair[1] for pair in PAIRS])
def test_both_languages_have_the_same_shape(english: str, translated: str) -> None:
    """A section, table row or code block in one language only is a translation that was forgotten."""
    first, second = (
        [len(re.findall(rf"^{start}", text_of(each), re.MULTILINE)) for start in ("#+ ", r"\|", "```", "- ")]
        for each in (english, translated)
    )

    assert first == second


@pytest.mark.parametrize("readme", READMES)
def test_readme_opens_with_a_run(readme: str) -> None:
    assert commands(readme)[0] == "make smoke"


@pytest.mark.parametrize("readme", READMES)
def test_readme_is_short(readme: str) -> None:
    assert len(text_of(readme).encode()) <= README_LIMIT


@pytest.mark.parametrize("page", PAGES)
def test_page_is_short(page: str) -> None:
    assert len(text_of(page).encode()) < PAGE_LIMIT


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    links = [link for link in LINK.findall(text_of(document)) if not link.startswith("https://")]

    dead = [link for link in links if not ((ROOT / document).parent / link).is_file()]
    assert not dead


def test_every_page_is_linked_from_the_readmes() -> None:
    """A Spanish reader is sent to the translation where there is one."""
    english, spanish = (set(LINK.findall(text_of(readme))) for readme in READMES)

    assert english >= {page for page in PAGES if page not in TRANSLATED}
    untranslated = set(PAGES) - set(TRANSLATED) - {page.replace("docs/es/", "docs/") for page in TRANSLATED}
    assert spanish >= untranslated | set(TRANSLATED)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_targets_of_make_exist(document: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))

    assert {word for line in code(document).splitlines() for word in _targets_in(line)} <= targets


def _targets_in(line: str) -> Iterator[str]:
    """`make format lint test` names three."""
    if line.startswith("make "):
        yield from (word for word in line.split()[1:] if re.fullmatch("[a-z-]+", word))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_variables_of_make_exist(document: str) -> None:
    makefile = text_of("Makefile")
    variables = set(re.findall(r"^([A-Z_]+) \?=", makefile, re.MULTILINE)) | {"LANG"}
    lines = [line for line in code(document).splitlines() if line.startswith("make ")]

    assert {name for line in lines for name in re.findall(r"(?<= )([A-Z]+)=", line)} <= variables


@pytest.mark.parametrize("readme", READMES)
def test_every_target_is_documented(readme: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", text_of("Makefile"), re.MULTILINE)) - {"help"}

    assert targets <= {word for line in code(readme).splitlines() for word in _targets_in(line)}


def test_make_alone_lists_the_targets() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    targets = set(re.findall(r"^([a-z-]+):.*##", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^ *make ([a-z-]+)", listed, re.MULTILINE)) == targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_options_exist(document: str) -> None:
    known = options_of_pytest() | options_of_programs() | LOCUST_OPTIONS | {"--help"}

    assert _options_in(code(document)) <= known


def test_every_option_of_the_suite_is_documented() -> None:
    assert options_of_the_suite() <= named(r"(?<![\w-])--[a-z][a-z-]+", *ENGLISH)


def test_every_command_is_documented() -> None:
    load = set(re.findall(r'add_parser\("(\w+)"', text_of("load/__main__.py")))
    sandbox = set(re.findall(r'add_parser\(\s*"(\w+)"', text_of("sandbox/__main__.py")))
    by_make = {"signoff", "attest", "report", "plan"}  # these are spoken of as targets of make

    assert load == named(r"-m load (\w+)", *ENGLISH)
    assert sandbox == named(r"-m sandbox (\w+)", *ENGLISH)
    assert set(COMMANDS) - by_make == named(r"-m reports (\w+)", *ENGLISH) - by_make


@pytest.mark.parametrize("document", DOCUMENTS)
def test_keys_exist(document: str) -> None:
    assert named(r"\bLV_[A-Z_]*[A-Z]\b", document) <= KEYS.keys() | SWITCHES


def test_every_key_is_documented() -> None:
    documented = named(r"\b[A-Z]+_[A-Z_]+\b", "docs/environments.md")

    assert KEYS.keys() | SWITCHES <= documented


@pytest.mark.parametrize("document", DOCUMENTS)
def test_markers_exist(document: str) -> None:
    known = {marker for marker, _ in stages.STAGES.values()} | {name.partition("(")[0] for name in MARKERS} | {"writes"}

    told = set(re.findall(r"pytest\.mark\.(\w+)", text_of(document))) - {"parametrize"}
    for expression in re.findall(r"pytest -m (\"[^\"]+\"|[\w-]+)", code(document)):
        told |= set(re.findall(r"[\w-]+", expression)) - {"or", "and", "not"}
    assert told <= known


def test_every_stage_is_documented() -> None:
    assert {marker for marker, _ in stages.STAGES.values()} <= _spans("README.md")


def _spans(document: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text_of(document)))


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
    folders = "suites|fixtures|envs|sandbox|load|tests|record|judge|proof|docs"
    paths = named(rf"(?<![\w/.])((?:{folders})/[\w./-]*)", document)

    missing = {path for path in paths if not (ROOT / path).exists() and ".secrets." not in path}
    assert not missing


@pytest.mark.parametrize("page", OUTCOME_PAGES)
def test_exit_codes_are_those_of_the_verdicts(page: str) -> None:
    documented = dict(re.findall(r"^\| (\d) \| ([A-Z ]+(?=:))?", text_of(page), re.MULTILINE))

    ours = {0, outcome.EXIT_FAILED, outcome.EXIT_UNVERIFIED, outcome.EXIT_BLOCKED}
    assert {int(number) for number in documented} == ours | {int(number) for number in pytest.ExitCode if number < 6}
    for number in ours:
        assert documented[str(number)] == verdict.WORDS[number]


@pytest.mark.parametrize("page", OUTCOME_PAGES)
def test_outcomes_are_those_of_the_verdicts(page: str) -> None:
    table = text_of(page).split("\n\n")[2]

    assert set(re.findall(r"^\| (\w+) \|", table, re.MULTILINE)[1:]) == set(outcome.SEVERITY)


@pytest.mark.parametrize("readme", READMES)
def test_verdicts_are_those_of_the_table(readme: str) -> None:
    """README names each verdict, README.es.md also as a run with --lang=es prints it."""
    words = tomllib.loads(verdict.TABLE.read_text(encoding="utf-8"))["words"]
    text = text_of(readme)

    assert all(english in text for english in words)
    assert readme == "README.md" or all(spanish in text for spanish in words.values())


@pytest.mark.parametrize("language", unlocks.PAGES)
def test_keys_are_documented_with_the_checks_that_they_unlock(language: str) -> None:
    """As the checks ask for them: python -m fixtures.profile.unlocks writes it."""
    assert unlocks.PAGES[language].read_text(encoding="utf-8") == unlocks.written(language)


def test_shapes_gates_and_deliverables_are_documented() -> None:
    assert set(shapes.SHAPES) <= _spans("docs/load.md")
    for page in ("docs/sign-off.md", "docs/es/sign-off.md"):
        assert {*gates.load(), *DELIVERABLES} <= _spans(page)


@pytest.mark.parametrize("document", [each for each in DOCUMENTS if each != "CHANGELOG.md"])
def test_what_was_removed_is_not_documented(document: str) -> None:
    assert not re.search(r"\b(flaky|reruns?|strict-flaky)\b", text_of(document))
