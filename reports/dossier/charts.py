"""Small pictures for the dossier, as SVG that prints: no script, no reference to anything outside of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

INK, QUIET, HAIR = "#16211d", "#5a6661", "#d5dcd8"
GREEN, RED, AMBER, GREY = "#17643f", "#9e2b20", "#b5841c", "#aab4af"
OF_OUTCOMES = {"passed": GREEN, "waived": "#c9a74f", "unverified": AMBER, "blocked": "#d9bf83", "failed": RED}
OF_SETTLED = {"holds": GREEN, "attested": "#3f8361", "derived": "#6d9c84", "out-of-scope": GREY}
OF_OPEN = {"fails": RED, "partial": "#c9a74f", "unseen": AMBER, "lacking": "#d9bf83", "unattested": "#e8d9b3"}
COLOURS = {**OF_OUTCOMES, **OF_SETTLED, **OF_OPEN}
WIDTH, ROW, LABEL, TAIL = 680.0, 26.0, 110.0, 56.0
Number = Callable[[float], str]


def _svg(height: float, parts: Sequence[Markup], label: str) -> Markup:
    inner = Markup("").join(parts)
    return Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        f"{WIDTH:g}", f"{height:g}", label, inner
    )


def _text(x: float, y: float, text: object, anchor: str = "start", fill: str = INK) -> Markup:
    return Markup(
        '<text x="{}" y="{}" text-anchor="{}" fill="{}" font-family="IBM Plex Sans, DejaVu Sans" font-size="12">{}</text>'
    ).format(f"{x:.1f}", f"{y:.1f}", anchor, fill, text)


def _bar(x: float, y: float, width: float, height: float, fill: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        f"{x:.2f}", f"{y:.2f}", f"{width:.2f}", f"{height:.2f}", fill
    )


def _stack(counts: Mapping[str, int], x: float, y: float, width: float, height: float) -> list[Markup]:
    """One bar whose parts are as wide as their counts; what there is one of stays visible."""
    total = sum(counts.values()) or 1
    parts, at = [], x
    for name, count in counts.items():
        share = width * count / total
        parts.append(_bar(at, y, max(share - 1, 1.5), height, COLOURS[name]))
        at += share
    return parts


def stages(rows: Sequence[tuple[str, Mapping[str, int]]], labels: Mapping[str, str], label: str) -> Markup:
    """A bar a stage, split by outcome, and beneath what the colours mean."""
    parts: list[Markup] = []
    for number, (name, counts) in enumerate(rows):
        y = number * ROW + 4
        parts += [_text(0, y + 13, name), *_stack(counts, LABEL, y, WIDTH - LABEL - TAIL, 16)]
        parts.append(_text(WIDTH, y + 13, sum(counts.values()), "end"))
    seen = dict.fromkeys(outcome for _, counts in rows for outcome in counts)
    return _svg(len(rows) * ROW + 28, [*parts, *_legend(list(seen), labels, LABEL, len(rows) * ROW + 18)], label)


def states(counts: Mapping[str, int], labels: Mapping[str, str], label: str) -> Markup:
    """One bar for all lines of the plan."""
    counted = {name: f"{labels[name]} {count}" for name, count in counts.items()}
    half = (len(counts) + 1) // 2
    names = list(counts)
    legend = [*_legend(names[:half], counted, 0, 46), *_legend(names[half:], counted, 0, 66)]
    return _svg(74, [*_stack(counts, 0, 4, WIDTH, 20), *legend], label)


def _legend(names: Sequence[str], labels: Mapping[str, str], x: float, y: float) -> list[Markup]:
    parts, at = [], x
    for name in names:
        parts += [_bar(at, y - 9, 9, 9, COLOURS[name]), _text(at + 14, y, labels[name], fill=QUIET)]
        at += 34 + 6.4 * len(labels[name])
    return parts


def interval(verdict: Mapping[str, Any], number: Number, label: str) -> Markup:
    """Where the truth surely lies, on a line with the limit: the distance shows without reading three numbers."""
    values = [value for name in ("low", "high", "estimate", "limit") if (value := verdict[name]) is not None]
    lowest, highest = float(min(values)), float(max(values))
    room = (highest - lowest or abs(highest) or 1) * 0.12
    scale = (WIDTH - 40) / (highest - lowest + 2 * room)

    def at(value: float) -> float:
        return 20 + (value - lowest + room) * scale

    colour = {"met": GREEN, "violated": RED}.get(verdict["state"], AMBER)
    parts = [_bar(0, 29.5, WIDTH, 1, HAIR)]
    low, high = verdict["low"], verdict["high"]
    if low is not None and high is not None:
        parts += [_bar(at(low), 25, max(at(high) - at(low), 2), 10, colour)]
        parts += [_text(at(low), 52, number(low), "start" if at(low) < WIDTH / 2 else "end", QUIET)]
    limit = verdict["limit"]
    parts += [_bar(at(limit) - 1, 16, 2, 28, INK), _text(at(limit), 11, number(limit), "middle")]
    return _svg(58, parts, label)
