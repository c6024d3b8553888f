"""A load run as self-contained pages: what was sent, what follows from it with its interval, and how to compute it again."""

import functools
import hashlib
import json
import math
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jinja2

from judge import growth, health, verdicts
from judge.criteria import MeanLatency, PercentileLatency, failures
from judge.verdicts import Judgement, Verdict
from load import diagnosis, pictures, plans
from record.samples import Recording

TEMPLATE = Path(__file__).with_name("page.html.j2")
TEXTS = Path(__file__).with_name("page.texts.json")
LANGUAGES = ("es", "en")
SPANISH_NUMBERS = str.maketrans(",.", ".,")
MEAN = {"es": "media", "en": "mean"}
SVG_NAME = re.compile(r'( id="|url\(#|href="#)')


def write(folder: Path, recording: Recording, file: Path | None = None) -> list[Path]:
    """`load.es.html`, `load.en.html` and each picture as SVG and PNG, into `folder`; what was written.

    `file` is where the recording was read from, by default samples.npz of the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    judgements = verdicts.judge_run(recording, plans.criteria_of(recording.plan))
    file = file or folder / "samples.npz"
    digest = _digest(file)
    written = []
    for language in LANGUAGES:
        figures = pictures.draw(recording, _limits_ms(judgements, language), language)
        drawn = {kind: pictures.as_svg(figure) for kind, figure in figures.items()}
        path = folder / f"load.{language}.html"
        path.write_text(page(recording, judgements, drawn, language, file=file.name, digest=digest), encoding="utf-8")
        written.append(path)
        written += _pictures(folder, figures, drawn, language)
    return written


def _pictures(folder: Path, figures: dict[str, Any], drawn: dict[str, str], language: str) -> Iterator[Path]:
    """Those in the first language as SVG and PNG, the others as SVG."""
    first = language == LANGUAGES[0]
    for kind, figure in figures.items():
        vector, pixels = folder / (f"{kind}.svg" if first else f"{kind}.{language}.svg"), folder / f"{kind}.png"
        vector.write_text(drawn[kind], encoding="utf-8")
        yield vector
        if first:
            pictures.save_png(figure, pixels)
            yield pixels


def page(
    recording: Recording,
    judgements: Sequence[Judgement],
    drawn: dict[str, str],
    language: str,
    *,
    file: str = "samples.npz",
    digest: str = "",
) -> str:
    """One language's page. `drawn` are the pictures as SVG; `file` is the name of the file of samples, `digest` its SHA-256."""
    texts = json.loads(TEXTS.read_text(encoding="utf-8"))[language]
    texts["number"] = (lambda text: text.translate(SPANISH_NUMBERS)) if language == "es" else str
    return _template().render(
        language=language,
        texts=texts,
        plan=recording.plan,
        recording=recording,
        state=verdicts.state_of(recording, judgements),
        void=sorted({reason for judgement in judgements for reason in judgement.void}),
        summary=[(judgement, _row(judgement, judgement.overall, texts, recording)) for judgement in judgements],
        tables=[(each, [_row(each, verdict, texts, recording) for verdict in each.endpoints]) for each in judgements],
        spanish=language == "es",
        health=list(_health(recording, texts)),
        errors=list(_errors(recording)),
        sentences=[sentence for sentence in _sentences(recording) if sentence],
        pictures={kind: (texts["pictures"][kind], _apart(kind, text)) for kind, text in drawn.items()},
        version=version(recording),
        file=shlex.quote(file),
        digest=digest,
    )


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8"))


def version(recording: Recording) -> str:
    """Of the criteria that the run carries: the first half of the SHA-256 of their JSON with sorted keys; "" without any."""
    documents = recording.plan.objectives if recording.plan else ()
    text = json.dumps(documents, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32] if documents else ""


def _apart(kind: str, picture: str) -> str:
    """With names of its own: on one page no two pictures may share one."""
    return SVG_NAME.sub(rf"\g<1>{kind}-", picture)


def _row(judgement: Judgement, verdict: Verdict, texts: Any, recording: Recording) -> dict[str, str]:
    """As texts; each state of a run that proves nothing is unverified."""
    state = "unverified" if judgement.void else verdict.state
    number = texts["number"]
    return {
        "scope": texts["all"] if verdict.scope == verdicts.ALL else verdict.scope,
        "state": state,
        "state_text": texts["states"][state],
        "estimate": number("" if verdict.estimate is None else _shown(verdict.estimate, verdict.unit)),
        "interval": number(
            f"{_shown(verdict.low, verdict.unit)} … {_shown(verdict.high, verdict.unit)}" if verdict.samples else ""
        ),
        "samples": number(f"{verdict.samples:,}"),
        "alone": f"{judgement.proven} / {len(judgement.endpoints)}",
        "needs": number(_needs(verdict, recording) if state == "unverified" else ""),
    }


def _needs(verdict: Verdict, recording: Recording) -> str:
    """How many more requests, and how long this run would have to go on for them."""
    if verdict.needs is None:
        return "—"
    plan = recording.plan
    part = verdict.samples / max(len(recording.samples), 1)
    if plan is None or not part or not plan.planned:
        return f"{verdict.needs:,}"
    seconds = verdict.needs / part * plan.duration_s / plan.planned
    return f"{verdict.needs:,} (≈ {math.ceil(seconds):,} s)"


def _shown(value: float, unit: str) -> str:
    if math.isinf(value):
        return "∞"
    return f"{value:.3f} %" if unit == "%" else f"{value:,.0f} {unit}"


def _health(recording: Recording, texts: Any) -> Iterator[tuple[str, str]]:
    late = health.lateness_p99_s(recording.samples)
    number = texts["number"]
    yield texts["achieved"], number(f"{100 * health.achieved(recording):.1f} %")
    yield texts["lateness"], number("" if late is None else f"{1000 * late:.1f} ms")
    yield texts["connections"], number("" if recording.connections is None else f"{recording.connections:,}")
    yield texts["bodies"], number("" if recording.bodies is None else f"{recording.bodies:,}")


def _errors(recording: Recording) -> Iterator[tuple[str, str, str, int]]:
    """Endpoint, kind, status and number of what failed, the most frequent first."""
    bad = failures(recording.samples)
    counts = Counter(zip(bad.endpoint.tolist(), bad.error.tolist(), bad.status.tolist(), strict=True))
    for (endpoint, error, status), count in counts.most_common():
        yield bad.endpoints[endpoint], bad.errors[error], str(status or "—"), count


def _sentences(recording: Recording) -> Iterator[str]:
    samples, plan = recording.samples, recording.plan
    yield diagnosis.errors(samples)
    yield diagnosis.concurrency(samples)
    yield diagnosis.slowness(samples)
    if plan is not None and plan.shape in growth.STEADY:
        yield growth.growth(samples, plan.duration_s).sentence
    yield from recording.notes


def _limits_ms(judgements: Sequence[Judgement], language: str) -> dict[str, float]:
    """The limits that can be drawn into a picture of latencies."""
    found = {}
    for criterion in (judgement.criterion for judgement in judgements):
        if isinstance(criterion, PercentileLatency):
            found[f"p{100 * criterion.q:g}"] = criterion.limit
        elif isinstance(criterion, MeanLatency):
            found[MEAN[language]] = criterion.limit
    return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
