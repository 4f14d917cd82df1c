"""A network as a picture for a notebook: an SVG without scripts that takes its ink from the page around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgraph.display.html import text

_COLOURS = {
    "state": "#838b96",
    "verbal cooperation": "#2f92d6",
    "material cooperation": "#1f66c0",
    "verbal conflict": "#c48a00",
    "material conflict": "#d1480c",
    "cooperation": "#2f92d6",
    "conflict": "#d1480c",
    "as much of both": "#838b96",
}
_WIDTH, _HEIGHT, _MARGIN = 760, 460, 46
_HALO = "paint-order:stroke;stroke-width:3px;stroke:var(--jp-layout-color0,var(--vscode-editor-background,transparent))"
_LABEL = 24  # characters


@dataclass(frozen=True, slots=True)
class Point:
    """A node: its place (any scale), its label, its size from 0 to 1, and whether it is a box or a circle."""

    x: float
    y: float
    label: str
    size: float = 0.5
    box: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An edge between two points, given by their places in the list.

    `kind` gives its colour, `width` is from 0 to 1, `number` counts the edges between the same two points from 0, so
    that they do not lie upon each other.
    """

    source: int
    target: int
    kind: str
    width: float
    words: str
    number: int = 0
    arrow: bool = False


def network(points: Sequence[Point], lines: Sequence[Line], *, caption: str) -> str:
    """The picture with a legend of the kinds that are in it; labels and words are shown as text."""
    places = _scaled(points)
    drawn = "".join(_line(line, places) for line in lines)
    nodes = "".join(_node(point, *places[number]) for number, point in enumerate(points))
    kinds = [kind for kind in _COLOURS if any(line.kind == kind for line in lines)]
    legend = " ".join(
        f'<span style="white-space:nowrap"><span style="color:{_COLOURS[kind]}">━━</span> {text(kind)}</span>'
        for kind in kinds
    )
    return (
        '<figure style="margin:.3em 0;max-width:60em;overflow-wrap:anywhere">'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{text(caption)}" '
        f'style="width:100%;height:auto;font:11px sans-serif">{drawn}{nodes}</svg>'
        f"<figcaption>{text(caption)} &nbsp; {legend}</figcaption></figure>"
    )


def _scaled(points: Sequence[Point]) -> list[tuple[float, float]]:
    """The places stretched to fill the picture."""
    scaled = []
    for size, values in ((_WIDTH, [point.x for point in points]), (_HEIGHT, [point.y for point in points])):
        low, high = min(values, default=0.0), max(values, default=0.0)
        room = size - 2 * _MARGIN
        scaled.append([size / 2 if high == low else _MARGIN + (value - low) / (high - low) * room for value in values])
    return list(zip(*scaled, strict=True))


def _line(line: Line, places: Sequence[tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[line.source], places[line.target]
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1.0)
    bend = (0, 16, -16, 32, -32)[line.number % 5]
    if line.source > line.target:
        bend = -bend
    across = ((y1 - y2) / length * bend, (x2 - x1) / length * bend)
    middle = ((x1 + x2) / 2 + across[0] * 2, (y1 + y2) / 2 + across[1] * 2)
    colour = _COLOURS.get(line.kind, "#838b96")
    path = (
        f'<path d="M{x1:.0f} {y1:.0f}Q{middle[0]:.0f} {middle[1]:.0f} {x2:.0f} {y2:.0f}" fill="none" stroke="{colour}" '
        f'stroke-width="{1 + 3 * line.width:.1f}" stroke-opacity=".8"><title>{text(line.words)}</title></path>'
    )
    return path + (_arrow(middle, (x2, y2), colour) if line.arrow else "")


def _arrow(of: tuple[float, float], to: tuple[float, float], colour: str) -> str:
    length = max(((to[0] - of[0]) ** 2 + (to[1] - of[1]) ** 2) ** 0.5, 1.0)
    ahead = ((to[0] - of[0]) / length, (to[1] - of[1]) / length)
    tip = (to[0] - ahead[0] * 12, to[1] - ahead[1] * 12)
    corners = [
        tip,
        (tip[0] - ahead[0] * 8 - ahead[1] * 4, tip[1] - ahead[1] * 8 + ahead[0] * 4),
        (tip[0] - ahead[0] * 8 + ahead[1] * 4, tip[1] - ahead[1] * 8 - ahead[0] * 4),
    ]
    return f'<polygon points="{" ".join(f"{x:.0f},{y:.0f}" for x, y in corners)}" fill="{colour}"/>'


def _node(point: Point, x: float, y: float) -> str:
    label = point.label if len(point.label) <= _LABEL else f"{point.label[: _LABEL - 1]}…"
    radius = 5 + 7 * point.size
    shape = (
        f'<rect x="{x - radius:.1f}" y="{y - radius:.1f}" width="{2 * radius:.1f}" height="{2 * radius:.1f}" rx="2"'
        if point.box
        else f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}"'
    )
    return (
        f'<g><title>{text(point.label)}</title>{shape} fill="#6f7782" stroke="currentColor" stroke-opacity=".5"/>'
        f'<text x="{x:.0f}" y="{y + radius + 11:.0f}" text-anchor="middle" fill="currentColor" style="{_HALO}">'
        f"{text(label)}</text></g>"
    )
