"""The file of success criteria, written in OpenSLO's vocabulary (openslo/v1, kind SLO; the comment at its head explains it).

The documents travel with each run in its samples, so that a verdict can be computed again from the file of the run alone.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from load.criteria import MEASURES, Criterion, MeanLatency, PercentileLatency, Share

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT / "envs" / "objectives.yaml"
API_VERSION, KIND, SOURCE = "openslo/v1", "SLO", "luz-verde"
PLAN, CONFIDENCE, BURST = (f"luz-verde/{note}" for note in ("plan", "confidence", "burst"))
DEFAULT_CONFIDENCE = "0.95"
PERCENT = 100.0
BELOW = ("lt", "lte")

Document = Mapping[str, Any]


class ObjectivesInvalid(ValueError):  # noqa: N818 - states the fact
    """The file or one of its documents says something that nobody can judge by; the message says where, and what is expected."""


def load(path: Path | None = None) -> list[Criterion]:
    """The criteria of the file (default: envs/objectives.yaml); ObjectivesInvalid."""
    return criteria(documents(path), str(path or DEFAULT))


def documents(path: Path | None = None) -> tuple[dict[str, Any], ...]:
    """The file as plain data, for the plan of a run."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - a listing of the checks must not pay for it
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    place = path or DEFAULT
    try:
        told = [document for document in YAML(typ="safe", pure=True).load_all(place) if document is not None]
    except FileNotFoundError as error:
        raise ObjectivesInvalid(f"{place} does not exist; name another in LV_OBJECTIVES_FILE, or leave it out") from error
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        raise ObjectivesInvalid(f"{place} is no YAML: {' '.join(str(error).split())}") from error
    return tuple(told)


def criteria(told: Sequence[Document], place: str = "the objectives of the run") -> list[Criterion]:
    """One for each objective; ObjectivesInvalid when there are none, or two of a name."""
    found = [_criterion(document, f"{place}, document {number}") for number, document in enumerate(told, 1)]
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
    """`where` leads whoever wrote the file to its mistake."""
    _require(document, where, "apiVersion", API_VERSION)
    _require(document, where, "kind", KIND)
    name = _at(document, where, "metadata", "name")
    where = f"{where} ({name})"
    notes = document["metadata"].get("annotations", {})
    spec = _at(document, where, "spec")
    objective = _only(_at(spec, where, "objectives"), f"{where}, spec.objectives")
    shared: dict[str, Any] = {
        "name": str(name),
        "label": str(document["metadata"].get("displayName", name)),
        "plan": tuple(str(notes.get(PLAN, "")).split()),
        "alpha": 1 - _number(notes.get(CONFIDENCE, DEFAULT_CONFIDENCE), 0.5, 1, f"{where}, {CONFIDENCE}"),
        "window": str(_only(spec["timeWindow"], f"{where}, spec.timeWindow")["duration"]) if "timeWindow" in spec else "",
    }
    indicator = _at(spec, where, "indicator", "spec")
    if "ratioMetric" in indicator:
        shared["burst"] = notes.get(BURST, 1)
        return _share(indicator["ratioMetric"], objective, shared, where)
    if "thresholdMetric" in indicator:
        return _latency(indicator["thresholdMetric"], objective, shared, where)
    raise ObjectivesInvalid(f"{where}: the indicator has neither ratioMetric nor thresholdMetric")


def _share(metric: Document, objective: Document, shared: dict[str, Any], where: str) -> Share:
    """`good` counts what has to be frequent, `bad` what has to be rare."""
    side = next((side for side in ("good", "bad") if side in metric), None)
    if side is None:
        raise ObjectivesInvalid(f"{where}: ratioMetric needs good or bad, beside total")
    source = _source(metric[side], where)
    counts: Callable[..., Any] | None = MEASURES.get(source.get("measure", ""))
    if counts is None:
        raise ObjectivesInvalid(f"{where}: measure {source.get('measure')!r} is unknown; a share counts {' or '.join(MEASURES)}")
    target = _number(objective.get("target"), 0, 1, f"{where}, target")
    good = side == "good"
    limit = round(PERCENT * (target if good else 1 - target), 9)
    burst = _number(shared.pop("burst"), 0, 1e6, f"{where}, {BURST}")
    return Share(counts=counts, limit=limit, at_least=good, endpoints=_endpoints(source), burst=math.ceil(burst), **shared)


def _latency(metric: Document, objective: Document, shared: dict[str, Any], where: str) -> Criterion:
    source = _source(metric, where)
    if source.get("measure") != "latency":
        raise ObjectivesInvalid(f"{where}: measure {source.get('measure')!r} is unknown; a threshold is put on latency")
    if objective.get("op") not in BELOW:
        raise ObjectivesInvalid(f"{where}: op is {objective.get('op')!r}; a latency is good below: {' or '.join(BELOW)}")
    limit = _number(objective.get("value"), 0, 3_600_000, f"{where}, value (milliseconds)")
    endpoints = _endpoints(source)
    if source.get("statistic") == "mean":
        return MeanLatency(limit=limit, endpoints=endpoints, **shared)
    if "statistic" in source:
        raise ObjectivesInvalid(f"{where}: statistic {source['statistic']!r} is unknown; mean, or none with a target")
    return PercentileLatency(
        limit=limit, q=_number(objective.get("target"), 0, 1, f"{where}, target"), endpoints=endpoints, **shared
    )


def _source(metric: Document, where: str) -> Document:
    source: Document = _at(metric, where, "metricSource")
    _require(source, f"{where}, metricSource", "type", SOURCE)
    spec: Document = _at(source, where, "spec")
    return spec


def _endpoints(source: Document) -> tuple[str, ...]:
    return tuple(map(str, source.get("endpoints", ())))


def _at(document: Any, where: str, *keys: str) -> Any:
    for depth, key in enumerate(keys):
        if not isinstance(document, Mapping) or key not in document:
            raise ObjectivesInvalid(f"{where}: {'.'.join(keys[: depth + 1])} is missing")
        document = document[key]
    return document


def _require(document: Any, where: str, key: str, expected: str) -> None:
    seen = _at(document, where, key)
    if seen != expected:
        raise ObjectivesInvalid(f"{where}: {key} is {seen!r}; it has to be {expected}")


def _only(listed: Any, where: str) -> Any:
    if not isinstance(listed, list) or len(listed) != 1:
        raise ObjectivesInvalid(f"{where} has to be a list of one; write another document for another objective")
    return listed[0]


def _number(value: Any, low: float, high: float, where: str) -> float:
    """Strictly between."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not low < number < high:
        raise ObjectivesInvalid(f"{where} is {value!r}; it has to be a number between {low:g} and {high:g}")
    return number
