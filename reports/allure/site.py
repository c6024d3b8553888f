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
from typing import Any

from record.run_folder import Run
from reports.allure import HERE, WORDS, results
from reports.plan import plan_file
from reports.rendering import Language, words

ROOT = HERE.parent.parent
COMMAND = ROOT / ".cache" / "allure" / "node_modules" / "allure" / "cli.js"
LIMIT_S = 300
# What the report would tell a stranger about whoever opens it.
ANALYTICS = re.compile(
    r"<script[^>]*googletagmanager[^>]*>\s*</script>|<script>(?:(?!</script>).)*gtag(?:(?!</script>).)*</script>", re.DOTALL
)
CONFIG = """// Written for one report. Data only, but for the gate: nothing but what holds or is waived may be there.
const green = new Set(["passed", "waived", "flaky"]);
const outcome = (result) => result.labels.find((label) => label.name === "outcome")?.value;
const nothingElse = {
  rule: "nothingElse",
  message: ({ actual }) => `${actual} results neither hold nor are waived`,
  validate: async ({ trs, state }) => {
    const other = trs.filter((result) => !green.has(outcome(result)));
    const actual = (state.getResult() ?? 0) + other.length;
    state.setResult(actual, other.map((result) => result.id));
    return { success: actual === 0, actual, testResults: other.map((result) => result.id) };
  },
};
const config = CONFIG;
config.qualityGate = { rules: [{ nothingElse: 0 }, { minTestsCount: 2 }], use: [nothingElse, MIN] };
export default config;
"""
MIN = """{
  rule: "minTestsCount",
  message: ({ actual, expected }) => `${actual} results, and at least ${expected} are needed`,
  validate: async ({ trs, expected, state }) => {
    const actual = trs.length + (state.getResult() ?? 0);
    state.setResult(actual, []);
    return { success: actual >= expected, actual, testResults: [] };
  },
}"""


class NoReport(ValueError):  # noqa: N818 - states the fact
    """Allure's report could not be made; the runs keep their results. The message says what is missing."""


@dataclass(frozen=True)
class Built:
    """`counts` are the outcomes of the checks in the report."""

    file: Path
    counts: Mapping[str, int]


def node() -> Path:
    """Playwright's own Node, which is newer than a distribution's: the gate needs it."""
    import playwright  # noqa: PLC0415 - for its place only

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


def build(runs: Sequence[Run], out: Path, language: Language, history: Path) -> Built:
    """Write the report of these runs to `out`. NoReport, NotARun or OSError leave what was there before."""
    with tempfile.TemporaryDirectory(prefix="luz-verde-allure-") as made:
        place = Path(made)
        counts = _stage(runs, place, language, history)
        _call(place, "generate", "--config", "allurerc.mjs", "--output", "made", "results")
        page = _page(place / "made")
        _require_agreement(place / "made", counts, len(runs))
        out.parent.mkdir(parents=True, exist_ok=True)
        pending = out.with_name(f".{out.name}.part")
        pending.write_text(ANALYTICS.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
        pending.replace(out)
    return Built(out, counts)


def gate(runs: Sequence[Run]) -> bool:
    """Whether Allure's quality gate is green for these runs."""
    with tempfile.TemporaryDirectory(prefix="luz-verde-allure-") as made:
        place = Path(made)
        _stage(runs, place, "en", place / "history.jsonl")
        done = _run(place, "quality-gate", "--config", "allurerc.mjs", "results")
        if done.returncode not in (0, 1):
            raise NoReport(f"Allure's quality gate broke with {done.returncode}: {done.stdout[-400:]}")
        return done.returncode == 0


def _stage(runs: Sequence[Run], place: Path, language: Language, history: Path) -> Counter[str]:
    (place / "results").mkdir()
    counts: Counter[str] = Counter()
    for run in runs:
        counts.update(results.stage(run, place / "results", plan_file.load(), language))
    (place / "allurerc.mjs").write_text(_config(runs, language, history), encoding="utf-8")
    return counts


def _config(runs: Sequence[Run], language: Language, history: Path) -> str:
    w = words(WORDS, language)
    stages = ", ".join(dict.fromkeys(run.data["stage"] or "" for run in runs))
    environment = ", ".join(dict.fromkeys(str(run.environment) for run in runs))
    name = f"{w['title'].format(environment=environment, stages=stages)} ({', '.join(run.data['run_id'] for run in runs)})"
    told = {
        "name": name,
        "historyPath": str(history.resolve()),
        "historyLimit": 50,
        "appendHistory": not _is_in(history, name),
        "variables": _variables(runs, w),
        "categories": [
            {"id": kind, "name": w["categories"][kind], "matchers": {"labels": {"category": kind}}, "groupBy": ["severity"]}
            for kind in ("product", "vendor", "environment", "suite")
        ],
        "resolutions": {"rules": list(_waived(runs))},
        "plugins": {
            "awesome": {
                "options": {
                    "reportName": w["title"].format(environment=environment, stages=stages),
                    "singleFile": True,
                    "reportLanguage": language,
                    "groupBy": ["parentSuite", "suite"],
                    "theme": "auto",
                }
            }
        },
    }
    return CONFIG.replace("CONFIG", json.dumps(told, ensure_ascii=False)).replace("MIN", MIN)


def _is_in(history: Path, name: str) -> bool:
    """Whether a report of the same runs was counted before: it would look like another run."""
    if not history.exists():
        return False
    with history.open(encoding="utf-8") as file:
        return any(json.dumps(name, ensure_ascii=False) in line for line in file)


def _variables(runs: Sequence[Run], w: Mapping[str, Any]) -> dict[str, str]:
    def told(values: Iterator[str]) -> str:
        return ", ".join(dict.fromkeys(values))

    return {
        w["variables"]["environment"]: told(str(run.environment) for run in runs),
        w["variables"]["target"]: told(url for run in runs for url in run.data["target"]["base_urls"]),
        w["variables"]["version"]: told(str(run.data["target"]["version_at_end"]) for run in runs),
        w["variables"]["runs"]: told(run.data["run_id"] for run in runs),
        w["variables"]["suite"]: told(f"{run.data['suite']['version']} {run.data['suite']['commit'] or ''}" for run in runs),
    }


def _waived(runs: Sequence[Run]) -> Iterator[dict[str, Any]]:
    """Findings that a person accepts until a day."""
    for check in (check for run in runs for check in run.checks if check["outcome"] == "waived"):
        waiver = check["waiver"]
        comment = f"{waiver['person']} ({waiver['role']}), {waiver['expires']}: {waiver['statement']}"
        yield {"resolution": "accepted", "comment": comment, "messageRegexp": f"fingerprint: {check['fingerprint']}"}


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


def _page(made: Path) -> Path:
    page = next(iter(sorted(made.rglob("index.html"))), None)
    if page is None:
        raise NoReport(f"Allure's command line made no page: {', '.join(path.name for path in made.iterdir())}")
    return page


def _require_agreement(made: Path, counts: Mapping[str, int], own: int) -> None:
    """The report shows as many results as the runs have checks, and one for each run."""
    summary = next(iter(sorted(made.rglob("summary.json"))), None)
    if summary is None:
        raise NoReport("Allure's command line made no summary, so its report cannot be compared with the runs")
    shown: dict[str, Any] = json.loads(summary.read_text(encoding="utf-8"))["stats"]
    total = sum(counts.values()) + own
    if shown.get("total") != total:
        raise NoReport(f"Allure's report shows {shown.get('total')} results, and the runs have {total}: it is not handed out")
