"""Success criteria from documents in OpenSLO's vocabulary (openslo/v1, kind SLO; envs/objectives.yaml explains it at its head).

The documents travel with each run in its samples, so that a verdict can be computed again from the file of the run alone.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from judge.criteria import MEASURES, Criterion, MeanLatency, PercentileLatency, Share

API_VERSION, KIND, SOURCE = "openslo/v1", "SLO", "luz-verde"
OURS = "luz-verde/"
NOTES = PLAN, CONFIDENCE, BURST = tuple(f"{OURS}{note}" for note in ("plan", "confidence", "burst"))
DEFAULT_CONFIDENCE = "0.95"
PERCENT = 100.0
BELOW = ("lt", "lte")

Document = Mapping[str, Any]


class ObjectivesInvalid(ValueError):  # noqa: N818 - states the fact
    """A document cannot be judged by; the message says where, what is wrong and what is expected."""


def criteria(documents: Sequence[Document], place: str = "the objectives of the run") -> list[Criterion]:
    """One for each objective; ObjectivesInvalid when there are none, or two of a name."""
    found = [_criterion(document, f"{place}, document {number}") for number, document in enumerate(documents, 1)]
    if not found:
        raise ObjectivesInvalid(f"{place} holds no objective, so nothing could be claimed; see envs/objectives.yaml")
    twice = {criterion.name for criterion in found if sum(criterion.name == other.name for other in found) > 1}
    if twice:
        raise ObjectivesInvalid(f"{place} names {', '.join(sorted(twice))} twice; give each objective a name of its own")
    return found


def named(name: str, among: Iterable[Criterion]) -> Criterion:
    """The criterion of that name; ObjectivesInvalid with the known ones."""
    known = {criterion.name: criterion for criterion in among}
    if name not in known:
        raise ObjectivesInvalid(f"no objective is named {name!r}; there are {', '.join(known)}")
    return known[name]


def _criterion(document: Document, where: str) -> Criterion:
    """`where` names the document in messages."""
    _require(document, where, "apiVersion", API_VERSION)
    _require(document, where, "kind", KIND)
    name = _at(document, where, "metadata", "name")
    where = f"{where} ({name})"
    notes = _notes(document["metadata"].get("annotations", {}), f"{where}, metadata.annotations")
    spec = _at(document, where, "spec")
    objective = _table(_only(_at(spec, where, "objectives"), f"{where}, spec.objectives"), f"{where}, spec.objectives")
    shared: dict[str, Any] = {
        "name": str(name),
        "label": str(document["metadata"].get("displayName", name)),
        "plan": tuple(str(notes.get(PLAN, "")).split()),
        "alpha": 1 - _number(notes.get(CONFIDENCE, DEFAULT_CONFIDENCE), 0.5, 1, f"{where}, {CONFIDENCE}"),
        "window": _window(spec["timeWindow"], f"{where}, spec.timeWindow") if "timeWindow" in spec else "",
    }
    indicator = _table(_at(spec, where, "indicator", "spec"), f"{where}, spec.indicator.spec")
    metric = _one_of(indicator, ("ratioMetric", "thresholdMetric"), f"{where}: the indicator")
    if metric == "ratioMetric":
        shared["burst"] = notes.get(BURST, 1)
        return _share(indicator[metric], objective, shared, f"{where}, {metric}")
    if BURST in notes:
        raise ObjectivesInvalid(f"{where}: {BURST} says something about a share only; leave it out, or set a share as objective")
    return _latency(indicator[metric], objective, shared, f"{where}, {metric}")


def _notes(annotations: Any, where: str) -> Document:
    """Other tools may add annotations; a misspelt one of ours must not leave the default in force."""
    notes = _table({} if annotations is None else annotations, where)
    unknown = [note for note in notes if str(note).startswith(OURS) and note not in NOTES]
    if unknown:
        raise ObjectivesInvalid(f"{where}: {unknown[0]} is unknown; known: {', '.join(NOTES)}")
    return notes


def _window(windows: Any, where: str) -> str:
    return str(_at(_only(windows, where), where, "duration"))


def _share(metric: Document, objective: Document, shared: dict[str, Any], where: str) -> Share:
    """`good` counts what has to be frequent, `bad` what has to be rare."""
    side = _one_of(_table(metric, where), ("good", "bad"), where)
    _require(_source(_at(metric, where, "total"), f"{where}.total"), f"{where}.total", "measure", "requests")
    source = _source(metric[side], f"{where}.{side}")
    counts: Callable[..., Any] | None = MEASURES.get(str(source.get("measure")))
    if counts is None:
        raise ObjectivesInvalid(f"{where}: measure {source.get('measure')!r} is unknown; a share counts {' or '.join(MEASURES)}")
    target = _number(objective.get("target"), 0, 1, f"{where}, target")
    good = side == "good"
    limit = round(PERCENT * (target if good else 1 - target), 9)
    burst = _number(shared.pop("burst"), 0, 1e6, f"{where}, {BURST}")
    endpoints = _endpoints(source, f"{where}.{side}")
    return Share(counts=counts, limit=limit, at_least=good, endpoints=endpoints, burst=math.ceil(burst), **shared)


def _latency(metric: Document, objective: Document, shared: dict[str, Any], where: str) -> Criterion:
    source = _source(metric, where)
    if source.get("measure") != "latency":
        raise ObjectivesInvalid(f"{where}: measure {source.get('measure')!r} is unknown; a threshold is put on latency")
    if objective.get("op") not in BELOW:
        raise ObjectivesInvalid(f"{where}: op is {objective.get('op')!r}; a latency is good below: {' or '.join(BELOW)}")
    limit = _number(objective.get("value"), 0, 3_600_000, f"{where}, value (milliseconds)")
    endpoints = _endpoints(source, where)
    if source.get("statistic") == "mean":
        if "target" in objective:
            raise ObjectivesInvalid(f"{where}: target is {objective['target']!r}; a mean has no share, so it has to be left out")
        return MeanLatency(limit=limit, endpoints=endpoints, **shared)
    if "statistic" in source:
        raise ObjectivesInvalid(f"{where}: statistic {source['statistic']!r} is unknown; mean, or none with a target")
    return PercentileLatency(
        limit=limit, q=_number(objective.get("target"), 0, 1, f"{where}, target"), endpoints=endpoints, **shared
    )


def _source(metric: Document, where: str) -> Document:
    source: Document = _at(metric, where, "metricSource")
    _require(source, f"{where}, metricSource", "type", SOURCE)
    return _table(_at(source, where, "spec"), f"{where}, metricSource.spec")


def _endpoints(source: Document, where: str) -> tuple[str, ...]:
    """All, when none are named."""
    if "endpoints" not in source:
        return ()
    names = source["endpoints"]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise ObjectivesInvalid(f"{where}: endpoints is {names!r}; it has to be a list like [GET /health], or left out for all")
    return tuple(names)


def _table(value: Any, where: str) -> Document:
    if not isinstance(value, Mapping):
        raise ObjectivesInvalid(f"{where} is {value!r}; it has to hold names and their values")
    return value


def _one_of(table: Document, names: Sequence[str], where: str) -> str:
    found = [name for name in names if name in table]
    if len(found) != 1:
        raise ObjectivesInvalid(f"{where} has {' and '.join(found) or 'neither'}; it needs either {' or '.join(names)}")
    return found[0]


def _at(document: Any, where: str, *keys: str) -> Any:
    for depth, key in enumerate(keys):
        if not isinstance(document, Mapping) or key not in document:
            raise ObjectivesInvalid(f"{where}: {'.'.join(keys[: depth + 1])} is missing")
        document = document[key]
    return document


def _require(document: Any, where: str, key: str, expected: str) -> None:
    value = _at(document, where, key)
    if value != expected:
        raise ObjectivesInvalid(f"{where}: {key} is {value!r}; it has to be {expected}")


def _only(listed: Any, where: str) -> Any:
    if not isinstance(listed, list) or len(listed) != 1:
        raise ObjectivesInvalid(f"{where} has to be a list of one; write another document for another objective")
    return listed[0]


def _number(value: Any, low: float, high: float, where: str) -> float:
    """Strictly between."""
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not low < number < high:
        raise ObjectivesInvalid(f"{where} is {value!r}; it has to be a number between {low:g} and {high:g}")
    return number
