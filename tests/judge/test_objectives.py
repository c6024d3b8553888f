"""The file of success criteria: what ours says, and the message for each mistake in another."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from fixtures.product.journeys import endpoints
from fixtures.profile import objectives_file
from fixtures.profile.objectives_file import ObjectivesUnreadable
from judge import objectives, verdicts
from judge.criteria import MeanLatency, PercentileLatency, Share
from judge.objectives import ObjectivesInvalid
from record.sample import Sample
from record.samples import Samples
from tests.judge.recorded import criteria_of

RATIO = """apiVersion: openslo/v1
kind: SLO
metadata:
  name: availability
  annotations: {luz-verde/plan: SUCCESS-1 W2-D2-T9, luz-verde/confidence: "0.99", luz-verde/burst: "20"}
spec:
  indicator:
    spec:
      ratioMetric:
        good: {metricSource: {type: luz-verde, spec: {measure: answered, endpoints: [GET /health]}}}
        total: {metricSource: {type: luz-verde, spec: {measure: requests}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  objectives: [{target: 0.999}]
"""
LATENCY = """apiVersion: openslo/v1
kind: SLO
metadata: {name: slow}
spec:
  indicator:
    spec:
      thresholdMetric: {metricSource: {type: luz-verde, spec: {measure: latency}}}
  objectives: [{op: lte, value: 500, target: 0.95}]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "objectives.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_ours_are_the_promises_of_the_plan() -> None:
    """SUCCESS-1 to 3, and contract 11 for the slow ones."""
    found = [(each.name, each.limit, each.at_least, each.unit, round(each.alpha, 9), each.plan) for each in criteria_of()]

    assert found == [
        ("availability", 99.9, True, "%", 0.05, ("SUCCESS-1",)),
        ("mean response time", 500, False, "ms", 0.05, ("SUCCESS-2",)),
        ("error rate", 1.0, False, "%", 0.05, ("SUCCESS-3",)),
        ("95th percentile of response time", 500, False, "ms", 0.05, ("W2-D2-T9",)),
        ("99th percentile of response time", 1000, False, "ms", 0.05, ("W2-D2-T9",)),
    ]


def test_ours_measure_what_they_say() -> None:
    availability, mean, errors, p95, p99 = criteria_of()

    assert isinstance(availability, Share)
    assert isinstance(errors, Share)
    assert isinstance(mean, MeanLatency)
    assert isinstance(p95, PercentileLatency)
    assert isinstance(p99, PercentileLatency)
    assert (p95.q, p99.q) == (0.95, 0.99)
    missing = Samples.of([Sample(0, 0, 0.1, "GET /", 404, "UnexpectedStatus")])
    assert (availability.counts(missing).tolist(), errors.counts(missing).tolist()) == ([True], [True])


def test_every_key_has_its_effect(tmp_path: Path) -> None:
    found = criteria_of(written(tmp_path, RATIO))[0]

    assert isinstance(found, Share)
    assert (found.plan, found.window, found.burst, found.endpoints) == (("SUCCESS-1", "W2-D2-T9"), "28d", 20, ("GET /health",))
    assert found.alpha == pytest.approx(0.01)
    assert set(found.endpoints) <= set(endpoints())


def test_several_documents_are_several_criteria(tmp_path: Path) -> None:
    assert [each.name for each in criteria_of(written(tmp_path, f"{RATIO}---\n{LATENCY}"))] == ["availability", "slow"]


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(ObjectivesInvalid, match="no objective is named 'speed'; there are availability, mean response time"):
        objectives.named("speed", criteria_of())


MISTAKES: dict[str, tuple[str, str]] = {
    "empty": ("", "holds no objective"),
    "only a comment": ("# nothing yet\n", "holds no objective"),
    "no YAML": ("a: [", "is no YAML"),
    "a key twice": (RATIO + "kind: SLO\n", "is no YAML"),
    "another kind": (RATIO.replace("kind: SLO", "kind: SLI"), "kind is 'SLI'; it has to be SLO"),
    "another version": (RATIO.replace("openslo/v1", "openslo/v2"), "apiVersion is 'openslo/v2'"),
    "no name": (RATIO.replace("name: availability", "title: availability"), "metadata.name is missing"),
    "a text": ("hello\n", "apiVersion is missing"),
    "no indicator": (RATIO.replace("indicator:", "indicators:"), "(availability): indicator is missing"),
    "neither metric": (RATIO.replace("ratioMetric", "rawMetric"), "has neither; it needs either ratioMetric or thresholdMetric"),
    "neither good nor bad": (RATIO.replace("good:", "fine:"), "ratioMetric has neither; it needs either good or bad"),
    "an unknown measure": (RATIO.replace("answered", "happy"), "measure 'happy' is unknown; a share counts answered or failed"),
    "another source": (RATIO.replace("type: luz-verde", "type: prometheus"), "type is 'prometheus'; it has to be luz-verde"),
    "a target in percent": (RATIO.replace("0.999", "99.9"), "target is 99.9; it has to be a number between 0 and 1"),
    "a target of nothing": (RATIO.replace("0.999", "0"), "target is 0; it has to be a number between 0 and 1"),
    "no target": (RATIO.replace("target: 0.999", "displayName: x"), "target is None"),
    "two objectives": (RATIO.replace("[{target: 0.999}]", "[{target: 0.999}, {target: 0.9}]"), "has to be a list of one"),
    "unsure": (RATIO.replace('"0.99"', '"0.3"'), "confidence is '0.3'; it has to be a number between 0.5 and 1"),
    "no number": (RATIO.replace('"0.99"', '"much"'), "confidence is 'much'"),
    "an unknown statistic": (LATENCY.replace("measure: latency", "measure: latency, statistic: median"), "statistic 'median'"),
    "a latency that has to be long": (LATENCY.replace("lte", "gte"), "op is 'gte'; a latency is good below"),
    "a latency of nothing": (LATENCY.replace("500", "0"), "value (milliseconds) is 0"),
    "a latency without a number": (LATENCY.replace("500", ".nan"), "value (milliseconds) is nan"),
    "a latency that is true": (LATENCY.replace("500", "true"), "value (milliseconds) is True; it has to be a number"),
    "a latency without an end": (LATENCY.replace("500", ".inf"), "value (milliseconds) is inf"),
    "a latency of four hundred digits": (LATENCY.replace("500", "5" * 400), "it has to be a number between 0 and 3.6e+06"),
    "a percentile without a share": (LATENCY.replace(", target: 0.95", ""), "target is None"),
    "a percentile in percent": (LATENCY.replace("0.95", "95"), "target is 95; it has to be a number between 0 and 1"),
    "a mean with a share": (
        LATENCY.replace("measure: latency", "measure: latency, statistic: mean"),
        "target is 0.95; a mean has no share, so it has to be left out",
    ),
    "bursts of a latency": (
        LATENCY.replace("{name: slow}", '{name: slow, annotations: {luz-verde/burst: "3"}}'),
        "luz-verde/burst says something about a share only",
    ),
    "bursts of nothing": (RATIO.replace('"20"', '"0"'), "luz-verde/burst is '0'; it has to be a number between 0 and 1e+06"),
    "a confidence in percent": (RATIO.replace('"0.99"', '"99"'), "confidence is '99'; it has to be a number between 0.5 and 1"),
    "a misspelt annotation": (
        RATIO.replace("luz-verde/confidence", "luz-verde/confidense"),
        "luz-verde/confidense is unknown; known:",
    ),
    "annotations that are a text": (
        re.sub(r"annotations: .*", "annotations: x", RATIO),
        "metadata.annotations is 'x'; it has to hold names",
    ),
    "both metrics": (
        RATIO.replace("      ratioMetric:", "      thresholdMetric: {}\n      ratioMetric:"),
        "has ratioMetric and thresholdMetric; it needs either",
    ),
    "good and bad": (RATIO.replace("        total:", "        bad: {}\n        total:"), "ratioMetric has good and bad"),
    "a share of what is not said": (re.sub(r"\n +total:.*", "", RATIO), "ratioMetric: total is missing"),
    "a share of something else": (RATIO.replace("measure: requests", "measure: answered"), "it has to be requests"),
    "a metric without content": (re.sub(r"(ratioMetric:)\n.*\n.*", r"\1", RATIO), "ratioMetric is None; it has to hold names"),
    "measures in a list": (RATIO.replace("measure: answered", "measure: [answered]"), "measure ['answered'] is unknown"),
    "a source that is a text": (
        re.sub(r"spec: {measure: answered.*?}", "spec: answered", RATIO),
        "metricSource.spec is 'answered'",
    ),
    "one endpoint without its list": (
        RATIO.replace("[GET /health]", "GET /health"),
        "endpoints is 'GET /health'; it has to be a list",
    ),
    "a list of no endpoint": (RATIO.replace("[GET /health]", "[]"), "endpoints is []; it has to be a list like [GET /health]"),
    "endpoints of nothing": (RATIO.replace("[GET /health]", ""), "endpoints is None; it has to be a list"),
    "a window without its length": (RATIO.replace("duration: 28d, ", ""), "spec.timeWindow: duration is missing"),
    "an objective that is a number": (
        RATIO.replace("[{target: 0.999}]", "[0.999]"),
        "spec.objectives is 0.999; it has to hold names",
    ),
    "no objective": (RATIO.replace("[{target: 0.999}]", "[]"), "spec.objectives has to be a list of one"),
    "a name of nothing": (LATENCY.replace("name: slow", "name:"), "metadata.name is missing"),
    "twice the same name": (f"{LATENCY}---\n{LATENCY}", "names slow twice"),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises((ObjectivesInvalid, ObjectivesUnreadable)) as raised:
        criteria_of(path)
    assert message in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_mistake_in_the_second_document_says_so(tmp_path: Path) -> None:
    second = LATENCY.replace("lte", "gte")

    with pytest.raises(ObjectivesInvalid, match=r"objectives.yaml, document 2 \(slow\), thresholdMetric: op is 'gte'"):
        criteria_of(written(tmp_path, f"{RATIO}---\n{second}"))


def test_bytes_that_are_no_text_are_no_yaml(tmp_path: Path) -> None:
    path = tmp_path / "objectives.yaml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ObjectivesUnreadable, match="is no YAML"):
        criteria_of(path)


def test_annotations_of_other_tools_are_kept(tmp_path: Path) -> None:
    """A date is no JSON, and must not end a run whose plan is written as JSON."""
    dated = RATIO.replace("{luz-verde/plan", "{reviewed: 2030-01-31, 2030-02-01: yes, luz-verde/plan")
    documents = objectives_file.read(written(tmp_path, dated))

    assert documents[0]["metadata"]["annotations"]["reviewed"] == "2030-01-31"
    assert json.loads(json.dumps(documents)) == list(documents)
    assert criteria_of(written(tmp_path, re.sub(r"annotations: .*", "annotations:", RATIO)))[0].alpha == pytest.approx(0.05)


@pytest.mark.parametrize(("confidence", "needs"), [("0.95", 2995), ("0.99", 4603), ("0.999", 6905)])
def test_confidence_costs_requests(tmp_path: Path, confidence: str, needs: int) -> None:
    """ln(alpha) / ln(0.999) clean ones."""
    text = RATIO.replace('"0.99"', f'"{confidence}"').replace(', luz-verde/burst: "20"', "")
    criterion = criteria_of(written(tmp_path, text))[0]

    assert criterion.alpha == pytest.approx(1 - float(confidence))
    assert verdicts.judge(criterion, Samples.of(())).needs == needs


def test_a_file_that_is_not_there_names_the_key(tmp_path: Path) -> None:
    with pytest.raises(ObjectivesUnreadable, match="LV_OBJECTIVES_FILE"):
        criteria_of(tmp_path / "nowhere.yaml")


def test_a_criterion_of_one_endpoint_is_judged_on_it_alone(tmp_path: Path) -> None:
    criterion = criteria_of(written(tmp_path, RATIO.replace(', luz-verde/burst: "20"', "")))[0]
    rows: list[Any] = [Sample(i, i, i + 0.1, "GET /health", 200) for i in range(5000)]
    rows += [Sample(i, i, i + 0.1, "GET /other", 500, "UnexpectedStatus") for i in range(5000)]
    judgement = verdicts.judge_criterion(criterion, Samples.of(rows))

    assert judgement.state == "met"
    assert [verdict.scope for verdict in (judgement.overall, *judgement.endpoints)] == ["GET /health", "GET /health"]


ELSEWHERE = [Sample(i, i, i + 0.1, "GET /other", 200) for i in range(5000)]
HEALTHY = [Sample(i, i, i + 0.1, "GET /health", 200) for i in range(5000)]
BROKEN = [sample._replace(status=500, error="UnexpectedStatus") for sample in HEALTHY]


@pytest.mark.parametrize(
    ("rows", "state", "message"),
    [
        (HEALTHY + ELSEWHERE, "unverified", "no request says anything about GET /helth"),
        (ELSEWHERE, "unverified", "no request says anything about GET /health, GET /helth"),
        (BROKEN, "violated", "availability of GET /health is violated"),
    ],
)
def test_an_endpoint_without_requests_is_not_met(tmp_path: Path, rows: list[Sample], state: str, message: str) -> None:
    """With a misspelt name the others' good numbers must not become a verdict on it; what is violated stays so."""
    text = RATIO.replace("[GET /health]", "[GET /health, GET /helth]").replace(', luz-verde/burst: "20"', "")
    judgement = verdicts.judge_criterion(criteria_of(written(tmp_path, text))[0], Samples.of(rows))

    assert judgement.state == state
    assert message in judgement.sentence


def test_bursts_cost_requests(tmp_path: Path) -> None:
    """A claim that holds with clusters of twenty failures needs twenty times as many requests."""
    once, often = (criteria_of(written(tmp_path, RATIO.replace('"20"', burst)))[0] for burst in ('"1"', '"20"'))
    nothing = Samples.of(())

    assert verdicts.judge(once, nothing).needs == 4603
    assert verdicts.judge(often, nothing).needs == pytest.approx(
        20 * (verdicts.judge(once, nothing, anytime=True).needs or 0), rel=0.01
    )
