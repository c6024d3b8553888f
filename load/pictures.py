"""Pictures of a load run for page and printer: distribution and course of the latencies, rate, and errors."""

import io
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from judge.criteria import latencies
from load import shapes
from record.samples import Numbers, Plan, Recording, Samples

SLICES = 60  # of the time of a run
POINTS = 400  # of a curve: more are not visible
INK, QUIET = "#1c2321", "#9aa8a2"
LINES = (("p50", 0.50, "-", "#1b7f4d"), ("p95", 0.95, "--", "#b3541e"), ("p99", 0.99, ":", "#5b2a86"))  # apart in grey as well
HATCHES = ("", "///", "...", "xxx", "+++", "\\\\\\")
GREYS = ("#444444", "#999999", "#cccccc", "#777777", "#bbbbbb", "#555555")
TEXTS = {
    "es": {
        "latencies": ("Distribución de latencias", "latencia (ms, escala logarítmica)", "respuestas que tardan más (%)"),
        "percentiles": ("Percentiles a lo largo del tiempo", "segundo de la ejecución", "latencia (ms)"),
        "rate": ("Ritmo previsto y alcanzado", "segundo de la ejecución", "peticiones por segundo"),
        "errors": ("Errores a lo largo del tiempo", "segundo de la ejecución", "errores por segundo"),
        "planned": "previsto",
        "achieved": "alcanzado",
        "none": "sin errores",
    },
    "en": {
        "latencies": ("Distribution of latencies", "latency (ms, logarithmic)", "responses that take longer (%)"),
        "percentiles": ("Percentiles over time", "second of the run", "latency (ms)"),
        "rate": ("Planned and achieved rate", "second of the run", "requests per second"),
        "errors": ("Errors over time", "second of the run", "errors per second"),
        "planned": "planned",
        "achieved": "achieved",
        "none": "no errors",
    },
}
KINDS = ("latencies", "percentiles", "rate", "errors")


def draw(recording: Recording, limits_ms: dict[str, float], language: str) -> dict[str, Any]:
    """A matplotlib figure for each kind of picture. `limits_ms` are drawn into those of latencies, by name."""
    drawers: dict[str, Callable[..., None]] = {
        "latencies": lambda axes: _latencies(axes, recording.samples, limits_ms),
        "percentiles": lambda axes: _percentiles(axes, recording.samples, limits_ms),
        "rate": lambda axes: _rate(axes, recording, TEXTS[language]),
        "errors": lambda axes: _errors(axes, recording.samples, TEXTS[language]),
    }
    return {kind: _figure(drawers[kind], TEXTS[language][kind]) for kind in KINDS}


def as_svg(figure: Any) -> str:
    """The same bytes for the same picture."""
    with rc_context({"svg.hashsalt": "luz-verde", "svg.fonttype": "none"}):
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    figure.set_layout_engine("none")  # its parts have their places now: finding them takes as long as drawing
    text = file.getvalue()
    return text[text.index("<svg") :]


def save_png(figure: Any, path: Path) -> None:
    figure.savefig(path, format="png", dpi=110, metadata={"Software": None})


def _figure(draw_into: Callable[[Any], None], texts: Any) -> Any:
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    axes = figure.subplots()
    title, along, up = texts
    axes.set_title(title, color=INK, fontsize=11, loc="left")
    axes.set_xlabel(along)
    axes.set_ylabel(up)
    axes.grid(visible=True, color="#e3e8e5", linewidth=0.6)
    axes.set_axisbelow(True)
    draw_into(axes)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper right", fontsize=8, frameon=False)  # the search for the best place warns where it is slow
    return figure


def _latencies(axes: Any, samples: Samples, limits_ms: dict[str, float]) -> None:
    """The share that takes longer, both scales logarithmic: the tail is what matters."""
    milliseconds = np.sort(1000 * latencies(samples))
    milliseconds = milliseconds[milliseconds > 0]
    if not len(milliseconds):
        return
    ranks = np.unique(len(milliseconds) - np.geomspace(1, len(milliseconds), POINTS).astype(int))
    axes.plot(milliseconds[ranks], 100 * (1 - ranks / len(milliseconds)), color=INK, drawstyle="steps-post")
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("{x:g}")
    for limit in sorted(set(limits_ms.values())):
        names = ", ".join(name for name, value in limits_ms.items() if value == limit)
        axes.axvline(limit, color=QUIET, linestyle="--", linewidth=0.9)
        axes.annotate(f" {names}", (limit, 100), rotation=90, va="top", fontsize=7, color=INK)


def _percentiles(axes: Any, samples: Samples, limits_ms: dict[str, float]) -> None:
    if not len(samples):
        return
    edges, slices = _slices(samples.intended_start)
    bounds = np.searchsorted(slices, np.arange(len(edges)))
    parts = [1000 * samples.latency_s[begin:end] for begin, end in itertools.pairwise(bounds)]
    middles = (edges[:-1] + edges[1:]) / 2
    for name, q, style, colour in LINES:
        values = [float(np.quantile(part, q)) if len(part) else np.nan for part in parts]
        axes.plot(middles, values, style, label=name, color=colour)
    for limit in sorted(set(limits_ms.values())):
        axes.axhline(limit, color=QUIET, linestyle="--", linewidth=0.9)
    axes.set_ylim(bottom=0)


def _slices(starts: Numbers) -> tuple[Numbers, Numbers]:
    """The edges of equal slices of the time, and in which of them each of the ascending starts lies."""
    edges = np.linspace(0.0, max(float(starts[-1]), 1e-3) * (1 + 1e-9), SLICES + 1)
    return edges, np.minimum(np.searchsorted(edges, starts, side="right") - 1, SLICES - 1)


def _rate(axes: Any, recording: Recording, texts: Any) -> None:
    samples, plan = recording.samples, recording.plan
    if plan is not None:
        axes.plot(*_planned(plan), color=QUIET, linewidth=2.5, label=texts["planned"])
    if len(samples):
        edges, _ = _slices(samples.intended_start)
        counts, _ = np.histogram(samples.start, bins=edges)
        axes.stairs(counts / np.diff(edges), edges, color=INK, label=texts["achieved"])
    axes.set_ylim(bottom=0)


def _planned(plan: Plan) -> tuple[list[float], list[float]]:
    """The line of the plan's shape."""
    seconds, rates, now = [], [], 0.0
    for piece in shapes.known(plan.shape).pieces:
        seconds += [now, now + piece.share * plan.duration_s]
        rates += [piece.begin * plan.rate, piece.end * plan.rate]
        now += piece.share * plan.duration_s
    return seconds, rates


def _errors(axes: Any, samples: Samples, texts: Any) -> None:
    """By kind, each in a grey and a hatch of its own."""
    kinds = [name for name in samples.errors if name and samples.ended_in(name).any()]
    if not kinds:
        axes.annotate(texts["none"], (0.5, 0.5), xycoords="axes fraction", ha="center", color=QUIET)
        axes.set_yticks([])
        return
    edges, _ = _slices(samples.intended_start)
    bottom = np.zeros(SLICES)
    for number, kind in enumerate(kinds):
        counts, _ = np.histogram(samples.intended_start[samples.ended_in(kind)], bins=edges)
        style = {"color": GREYS[number % len(GREYS)], "hatch": HATCHES[number % len(HATCHES)], "edgecolor": "white"}
        axes.bar(edges[:-1], counts / np.diff(edges), np.diff(edges), bottom, align="edge", label=kind, linewidth=0, **style)
        bottom = bottom + counts / np.diff(edges)
