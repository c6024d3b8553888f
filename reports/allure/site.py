"""One HTML file of one or more runs, made by Allure's own command line, and its quality gate.

Allure counts in its own way, so what it counted is compared with the runs: a report that disagrees is not handed out.
"""

import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import playwright

from record.cause import Party
from record.run_folder import Recorded
from record.suite import ROOT
from reports.allure import results
from reports.allure.results import TEXTS
from reports.plan import plan_file
from reports.rendering import Language, texts

COMMAND = ROOT / ".cache" / "allure" / "node_modules" / "allure" / "cli.js"
LIMIT_S = 300
# What the report would send about its reader.
ANALYTICS = re.compile(
    r"<script[^>]*googletagmanager[^>]*>\s*</script>|<script>(?:(?!</script>).)*gtag(?:(?!</script>).)*</script>", re.DOTALL
)
CONFIG = "allurerc.mjs"


class NoReport(ValueError):  # noqa: N818 - states the fact
    """Allure's report could not be made; the runs keep their results. The message says what is missing."""


@dataclass(frozen=True)
class Report:
    """`counts` are the outcomes of the checks in the report."""

    file: Path
    counts: Mapping[str, int]


def node() -> Path:
    """Playwright's own Node, which is newer than a distribution's: the gate needs it."""
    bundled = Path(str(playwright.__file__)).parent / "driver" / "node"
    found = str(bundled) if bundled.exists() else shutil.which("node")
    if not found:
        raise NoReport(
            "the HTML report is unverified: there is no Node here. The results are kept; `make setup` installs what it takes"
        )
    return Path(found)


def command(*arguments: str) -> list[str]:
    if not COMMAND.exists():
        raise NoReport(
            f"the HTML report is unverified: Allure's command line is not installed ({COMMAND.relative_to(ROOT)} is missing). "
            "The results are kept in allure-results/; `make setup` installs it where there is npm"
        )
    return [str(node()), str(COMMAND), *arguments]


def build(runs: Sequence[Recorded], out: Path, language: Language, history: Path) -> Report:
    """Write the report of these runs to `out`. NoReport, NotARun or OSError leave what was there before."""
    with tempfile.TemporaryDirectory(prefix="luz-verde-allure-") as folder:
        place = Path(folder)
        counts = _stage(runs, place, language, history)
        _call(place, "generate", "--config", CONFIG, "--output", "report", "results")
        page = _page(place / "report")
        _require_agreement(place / "report", counts, len(runs))
        out.parent.mkdir(parents=True, exist_ok=True)
        pending = out.with_name(f".{out.name}.part")
        pending.write_text(ANALYTICS.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
        pending.replace(out)
    return Report(out, counts)


def gate(runs: Sequence[Recorded]) -> bool:
    """Whether Allure's quality gate is green for these runs."""
    with tempfile.TemporaryDirectory(prefix="luz-verde-allure-") as folder:
        place = Path(folder)
        _stage(runs, place, "en", place / "history.jsonl")
        done = _run(place, "quality-gate", "--config", CONFIG, "results")
        if done.returncode not in (0, 1):
            raise NoReport(f"Allure's quality gate broke with {done.returncode}: {done.stdout[-400:]}")
        return done.returncode == 0


def _stage(runs: Sequence[Recorded], place: Path, language: Language, history: Path) -> Counter[str]:
    (place / "results").mkdir()
    counts: Counter[str] = Counter()
    for run in runs:
        counts.update(results.stage(run, place / "results", plan_file.load(), language))
    shutil.copyfile(Path(__file__).with_name(CONFIG), place / CONFIG)
    (place / "config.json").write_text(json.dumps(_config(runs, language, history), ensure_ascii=False), encoding="utf-8")
    return counts


def _config(runs: Sequence[Recorded], language: Language, history: Path) -> dict[str, Any]:
    t = texts(TEXTS, language)
    stages = ", ".join(dict.fromkeys(run.content.stage or "" for run in runs))
    environment = ", ".join(dict.fromkeys(str(run.content.environment) for run in runs))
    name = f"{t['title'].format(environment=environment, stages=stages)} ({', '.join(run.content.run_id for run in runs)})"
    return {
        "name": name,
        "historyPath": str(history.resolve()),
        "historyLimit": 50,
        "appendHistory": not _is_in(history, name),
        "variables": _variables(runs, t),
        "categories": [
            {"id": kind, "name": t["categories"][kind], "matchers": {"labels": {"category": kind}}, "groupBy": ["severity"]}
            for kind in get_args(Party)
        ],
        "resolutions": {"rules": list(_waived(runs))},
        "plugins": {
            "awesome": {
                "options": {
                    "reportName": t["title"].format(environment=environment, stages=stages),
                    "singleFile": True,
                    "reportLanguage": language,
                    "groupBy": ["parentSuite", "suite"],
                    "theme": "auto",
                }
            }
        },
    }


def _is_in(history: Path, name: str) -> bool:
    """Whether a report of the same runs was counted before: it would look like another run."""
    if not history.exists():
        return False
    with history.open(encoding="utf-8") as file:
        return any(json.dumps(name, ensure_ascii=False) in line for line in file)


def _variables(runs: Sequence[Recorded], t: Mapping[str, Any]) -> dict[str, str]:
    def joined(values: Iterator[str]) -> str:
        return ", ".join(dict.fromkeys(values))

    return {
        t["variables"]["environment"]: joined(str(run.content.environment) for run in runs),
        t["variables"]["target"]: joined(url for run in runs for url in run.content.target.base_urls),
        t["variables"]["version"]: joined(str(run.content.target.version_at_end) for run in runs),
        t["variables"]["runs"]: joined(run.content.run_id for run in runs),
        t["variables"]["suite"]: joined(f"{run.content.suite.version} {run.content.suite.commit or ''}" for run in runs),
    }


def _waived(runs: Sequence[Recorded]) -> Iterator[dict[str, Any]]:
    """Findings that a person accepts until a day."""
    for check, waiver in ((check, check.waiver) for run in runs for check in run.checks):
        if waiver is None:
            continue
        comment = f"{waiver.person} ({waiver.role}), {waiver.expires}: {waiver.statement}"
        yield {"resolution": "accepted", "comment": comment, "messageRegexp": f"fingerprint: {check.fingerprint}"}


def _run(place: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command(*arguments),
            cwd=place,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoReport(f"Allure's command line did not end within {LIMIT_S} s; the results are kept") from error


def _call(place: Path, *arguments: str) -> None:
    done = _run(place, *arguments)
    if done.returncode:
        raise NoReport(f"Allure's command line ended with {done.returncode}: {done.stdout[-400:]}")


def _page(report: Path) -> Path:
    page = next(iter(sorted(report.rglob("index.html"))), None)
    if page is None:
        raise NoReport(f"Allure's command line made no page: {', '.join(path.name for path in report.iterdir())}")
    return page


def _require_agreement(report: Path, counts: Mapping[str, int], own: int) -> None:
    """The report shows as many results as the runs have checks, and one for each run."""
    summary = next(iter(sorted(report.rglob("summary.json"))), None)
    if summary is None:
        raise NoReport("Allure's command line made no summary, so its report cannot be compared with the runs")
    shown: dict[str, Any] = json.loads(summary.read_text(encoding="utf-8"))["stats"]
    total = sum(counts.values()) + own
    if shown.get("total") != total:
        raise NoReport(f"Allure's report shows {shown.get('total')} results, and the runs have {total}: it is not handed out")
