"""The pages of a run: the judge's numbers, in two languages, standing alone and for every kind of run."""

import dataclasses
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.profile import objectives_file
from judge import verdicts
from load import page, pictures
from record import samples
from record.sample import UNEXPECTED_STATUS, Sample
from record.samples import Plan, Recording, Samples
from tests.judge.recorded import criteria_of

pytestmark = pytest.mark.slow

PLAN = Plan(
    "lv-test",
    "pruebas",
    "2030-01-01T00:00:00.000+00:00",
    100.0,
    33.0,
    3300,
    10.0,
    "poisson",
    1,
    ("GET /a", "GET /b"),
    objectives=objectives_file.read(),
)
HOSTILE = '<script>alert("x")</script>'


def answers(count: int = 3300, latency_s: float = 0.05, **other: object) -> Iterator[Sample]:
    for number in range(count):
        start = number / 100
        yield Sample(start, start, start + latency_s, "GET /b" if number % 30 == 0 else "GET /a", 200)._replace(**other)  # type: ignore[arg-type] # fields


def broken() -> Iterator[Sample]:
    """One endpoint at three percent of the traffic fails always."""
    for sample in answers():
        yield sample._replace(status=500, error=UNEXPECTED_STATUS) if sample.endpoint == "GET /b" else sample


RUNS = {
    "met": Recording(PLAN, Samples.of(answers()), bodies=3000, connections=7),
    "violated": Recording(PLAN, Samples.of(broken()), notes=(f"GET /a: {HOSTILE}",)),
    "unverified": Recording(PLAN, Samples.of(answers(1000)), ("the generator ended with -9",)),
    "distress": Recording(PLAN, Samples.of(answers(500)), distress="50 of 90 requests of one second failed", due=500),
    "empty": Recording(None, Samples.of(()), ("nobody was there",)),
    "left out": Recording(Plan(**vars(PLAN) | {"left_out": (HOSTILE,)}), Samples.of(answers())),
}
EXPECTED = {
    "met": ("cumplido", "met"),
    "violated": ("incumplido", "violated"),
    "unverified": ("sin verificar", "unverified"),
    "distress": ("incumplido", "violated"),
    "empty": ("sin verificar", "unverified"),
    "left out": ("cumplido", "met"),
}


DRAWN = ("met", "violated", "empty")  # in the pictures of the others nothing is of another kind


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each run; that of `violated` was read from other run.npz, beside another run's samples.npz."""
    folders = {name: tmp_path_factory.mktemp("page") for name in RUNS}
    for name, folder in folders.items():
        samples.write(folder / "samples.npz", RUNS["met" if name == "violated" else name])
    other = folders["violated"] / "other run.npz"
    samples.write(other, RUNS["violated"])
    for name in DRAWN:
        file = other if name == "violated" else folders[name] / "samples.npz"
        page.write(folders[name], samples.read(file), file if file == other else None)
    for name in RUNS.keys() - set(DRAWN):
        write_with_pictures_of(folders["met"], folders[name])
    return folders


def write_with_pictures_of(drawn: Path, folder: Path) -> None:
    recording = samples.read(folder / "samples.npz")
    judgements = verdicts.judge_run(recording)
    for language in page.LANGUAGES:
        names = {kind: f"{kind}.svg" if language == page.LANGUAGES[0] else f"{kind}.{language}.svg" for kind in pictures.KINDS}
        texts = {kind: (drawn / name).read_text(encoding="utf-8") for kind, name in names.items()}
        (folder / f"load.{language}.html").write_text(page.page(recording, judgements, texts, language), encoding="utf-8")


def text_of(folder: Path, language: str) -> str:
    return (folder / f"load.{language}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("language", page.LANGUAGES)
def test_page_says_the_verdict(written: dict[str, Path], name: str, language: str) -> None:
    text = text_of(written[name], language)
    label = {"es": "Veredicto", "en": "Verdict"}[language]

    assert f"{label}: {EXPECTED[name][page.LANGUAGES.index(language)]}</div>" in text
    assert f'<html lang="{language}">' in text


@pytest.mark.parametrize("name", RUNS)
def test_page_stands_alone(written: dict[str, Path], name: str) -> None:
    """Nothing is loaded from anywhere, and no page is too big for an e-mail."""
    for language in page.LANGUAGES:
        text = text_of(written[name], language)
        assert re.findall(r'(?:src|href)="(?!#)[^"]*"', text) == []
        assert "@import" not in text
        assert len(text) < 600_000


def test_pages_hold_the_numbers_of_the_judge(written: dict[str, Path]) -> None:
    judgements = verdicts.judge_run(RUNS["violated"])
    text = text_of(written["violated"], "en")
    for judgement in judgements:
        for verdict in (judgement.overall, *judgement.endpoints):
            assert f"{verdict.samples:,}" in text
            if verdict.unit == "%":
                assert f"{verdict.low:.3f} % … {verdict.high:.3f} %" in text
    assert "GET /b" in text


def test_numbers_are_written_as_the_language_does(written: dict[str, Path]) -> None:
    assert "96,667 %" in text_of(written["violated"], "es")
    assert "96.667 %" in text_of(written["violated"], "en")
    assert "3.300" in text_of(written["met"], "es")


def test_what_a_target_sends_is_no_markup(written: dict[str, Path]) -> None:
    for name in ("violated", "left out"):
        for language in page.LANGUAGES:
            text = text_of(written[name], language)
            assert "<script" not in text
            assert "&lt;script&gt;" in text


def test_a_reader_learns_why_and_how_to_check(written: dict[str, Path]) -> None:
    assert "the generator ended with -9" in text_of(written["unverified"], "es")
    assert "50 of 90 requests of one second failed" in text_of(written["distress"], "en")
    assert "python -m load judge samples.npz" in text_of(written["met"], "en")
    digest = hashlib.sha256((written["met"] / "samples.npz").read_bytes()).hexdigest()
    assert f"sha256  {digest}" in text_of(written["met"], "en")


def test_page_names_the_file_that_it_was_made_from(written: dict[str, Path]) -> None:
    """Another run's samples.npz in the same folder is not what was judged."""
    folder = written["violated"]
    text = text_of(folder, "en")

    assert "judge &#39;other run.npz&#39;" in text
    assert hashlib.sha256((folder / "other run.npz").read_bytes()).hexdigest() in text
    assert hashlib.sha256((folder / "samples.npz").read_bytes()).hexdigest() not in text


def test_page_says_by_which_version_of_the_criteria(written: dict[str, Path]) -> None:
    """The same criteria have the same one, a changed limit another."""
    documents = objectives_file.read()
    changed = ({**documents[0], "spec": {**documents[0]["spec"], "objectives": [{"target": 0.99}]}}, *documents[1:])
    other = page.version(Recording(dataclasses.replace(PLAN, objectives=changed), Samples.of(())))

    assert page.version(RUNS["met"]) == page.version(samples.read(written["met"] / "samples.npz"))
    assert page.version(RUNS["met"]) in text_of(written["met"], "es")
    assert other != page.version(RUNS["met"])
    assert page.version(RUNS["empty"]) == ""


def test_both_languages_say_the_same(written: dict[str, Path]) -> None:
    """As many tables, rows, pictures and headings."""
    for folder in written.values():
        pages = [text_of(folder, language) for language in page.LANGUAGES]
        spanish, english = ([text.count(tag) for tag in ("<tr>", "<h2>", "<figure", "<dt>")] for text in pages)
        assert spanish == english


def test_tables_and_pictures_can_be_read_aloud(written: dict[str, Path]) -> None:
    text = text_of(written["violated"], "es")

    assert text.count("<th ") == text.count('<th scope="')
    assert text.count('<th scope="row" class="scope">') == 2 * len(criteria_of()) + 1  # two endpoints, one kind of error
    assert text.count("<figure ") == text.count('role="img" aria-label="') == len(pictures.KINDS)


def test_each_endpoint_is_read_beside_the_limit(written: dict[str, Path]) -> None:
    assert 'Disponibilidad <span class="limit">(al menos 99,9 %)</span>' in text_of(written["violated"], "es")
    assert 'mean response time <span class="limit">(below 500 ms)</span>' in text_of(written["violated"], "en")


def test_limits_in_pictures_are_named_once_in_the_language_of_the_page(written: dict[str, Path]) -> None:
    """Two that are equal share a line, and their names do not cover each other."""
    assert "media, p95" in text_of(written["violated"], "es")
    assert "mean, p95" in text_of(written["violated"], "en")


def test_pictures_on_a_page_do_not_borrow_from_each_other(written: dict[str, Path]) -> None:
    text = text_of(written["violated"], "es")
    names = re.findall(r' id="([^"]+)"', text)
    used = {name for pair in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', text) for name in pair if name}

    assert len(names) == len(set(names))
    assert used
    assert used <= set(names)


def test_pictures_stay_beside_the_samples(written: dict[str, Path]) -> None:
    for kind in pictures.KINDS:
        vector, pixels = written["violated"] / f"{kind}.svg", written["violated"] / f"{kind}.png"
        assert vector.read_text(encoding="utf-8").startswith("<svg")
        assert pixels.read_bytes().startswith(b"\x89PNG")
        assert max(vector.stat().st_size, pixels.stat().st_size) < 200_000


def test_the_same_run_makes_the_same_pictures(written: dict[str, Path]) -> None:
    run = RUNS["violated"]
    figures = pictures.draw(run, page._limits_ms(verdicts.judge_run(run), "es"), "es")

    assert {kind: pictures.as_svg(figure) for kind, figure in figures.items()} == {
        kind: (written["violated"] / f"{kind}.svg").read_text(encoding="utf-8") for kind in pictures.KINDS
    }
