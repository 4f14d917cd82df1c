"""Where the actors stand: computed here once, so that the page opens at rest.

Each connected component is laid out by stress majorisation (distances on the page follow distances in the
graph) and turned lengthwise; boxes of nodes with their labels are pushed apart; components are packed.
Of very many actors the weaker ones are hung beside their strongest neighbour. Everything is seeded: the same
graph gives the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Link = tuple[int, int]
_SEED = 20
_EDGE = 150.0  # length of an edge between the rims of its ends, in pixels at scale 1
_GAP = 60.0  # between components
_LINE = 70.0  # at least so much between the rims of two actors that are linked, so that the line and its arrow are seen
_DENSE = 500  # beyond this many nodes the quadratic steps are too slow: the weaker ones are hung beside the others
LANDSCAPE, PORTRAIT, SMALL = 1.5, 0.8, 1.1  # width to height: of wide windows, of tall ones, of the picture on a phone


@dataclass(frozen=True, slots=True)
class Box:
    """The room a node needs: the radius of its shape, and the width of its label."""

    radius: float
    label: float

    @property
    def width(self) -> float:
        """From side to side, with a margin."""
        return max(2 * self.radius, self.label) + 14

    @property
    def height(self) -> float:
        """From the top of the shape to below the label, with a margin."""
        return 2 * self.radius + 30


def place(boxes: Sequence[Box], links: Iterable[Link], *, aspects: Sequence[float]) -> list[dict[int, tuple[int, int]]]:
    """For each aspect (width to height) the centre of every node at an end of a link, in whole pixels at scale 1.

    `links` are pairs of places in `boxes`, which stand in order of strength.
    """
    graph = nx.Graph(list(links))
    core = nx.Graph(graph)
    core.remove_nodes_from(sorted(core)[_DENSE:])
    components = sorted(
        (sorted(found) for found in nx.connected_components(core)), key=lambda found: (-len(found), found)
    )
    shapes = [_component(core, found, boxes) for found in components]
    views = []
    for aspect in aspects:
        turned = [points if aspect >= 1 else points[:, ::-1] * [1, -1] for points in shapes]
        spread = [
            _apart(points, *_extent(boxes, nodes), _reach(core, nodes, boxes))
            for points, nodes in zip(turned, components, strict=True)
        ]
        packed = _pack(spread, components, boxes, aspect)
        _hang(graph, packed)
        views.append({node: (round(x), round(y)) for node, (x, y) in packed.items()})
    return views


def _extent(boxes: Sequence[Box], nodes: Sequence[int]) -> tuple[Points, Points]:
    return np.array([boxes[node].width for node in nodes]), np.array([boxes[node].height for node in nodes])


def _reach(graph: nx.Graph, nodes: Sequence[int], boxes: Sequence[Box]) -> Points:
    """How far apart two linked nodes must stand for their line to be seen; 0 for the others."""
    radius = np.array([boxes[node].radius for node in nodes])
    linked = nx.to_numpy_array(graph, nodelist=nodes) > 0
    return np.asarray((radius[:, None] + radius[None] + _LINE) * linked)


def _component(graph: nx.Graph, nodes: Sequence[int], boxes: Sequence[Box]) -> Points:
    """A connected component by stress majorisation, its longer axis lying, around (0, 0)."""
    if len(nodes) == 1:
        return np.zeros((1, 2))
    distances = _distances(graph, nodes, boxes)
    if len(nodes) == 2:
        half = distances[0, 1] / 2
        return np.array([[-half, 0.0], [half, 0.0]])
    points = _majorise(_scaled(distances), distances)
    points -= points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    turned = points @ axes.T
    signs = np.where(turned[0] < 0, -1.0, 1.0)  # the sign of an axis is arbitrary: the strongest actor decides
    return np.asarray(turned * signs)


def _distances(graph: nx.Graph, nodes: Sequence[int], boxes: Sequence[Box]) -> Points:
    """Shortest ways between all nodes (Floyd-Warshall); edges are longer where few neighbours are shared."""
    place_of = {node: number for number, node in enumerate(nodes)}
    neighbours = {node: {other for other in graph[node] if other in place_of} for node in nodes}
    distances = np.full((len(nodes), len(nodes)), np.inf)
    np.fill_diagonal(distances, 0.0)
    for node in nodes:
        for other in neighbours[node]:
            crowd = len(neighbours[node] ^ neighbours[other])
            length = _EDGE * (0.7 + 0.12 * math.sqrt(crowd)) + boxes[node].radius + boxes[other].radius
            distances[place_of[node], place_of[other]] = length
    for via in range(len(nodes)):
        np.minimum(distances, distances[:, via, None] + distances[None, via], out=distances)
    return distances


def _scaled(distances: Points) -> Points:
    """Classical scaling: the two main axes of the distances, shaken a little so that twins do not coincide."""
    squared = distances**2
    centred = -0.5 * (squared - squared.mean(0) - squared.mean(1)[:, None] + squared.mean())
    values, vectors = np.linalg.eigh(centred)
    points = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 1.0))
    points = points * np.where(points[0] < 0, -1.0, 1.0)
    return np.asarray(points + np.random.default_rng(_SEED).normal(0.0, _EDGE / 10, points.shape))


def _majorise(points: Points, distances: Points, *, rounds: int = 100) -> Points:
    """Stress majorisation (SMACOF) with weights 1/d²."""
    weights = 1.0 / np.maximum(distances, 1.0) ** 2
    np.fill_diagonal(weights, 0.0)
    mean = 1.0 / len(points)
    inverse = np.linalg.inv(np.diag(weights.sum(1)) - weights + mean) - mean  # the pseudo-inverse of a Laplacian
    pull = weights * distances
    for _ in range(rounds):
        length = np.hypot(*(points[:, None, axis] - points[None, :, axis] for axis in (0, 1)))
        ratio = pull / np.maximum(length, 1e-6)
        moved = inverse @ (points * ratio.sum(1)[:, None] - ratio @ points)
        settled = float(np.abs(moved - points).max()) < 1.0
        points = moved
        if settled:
            break
    return points


def _apart(points: Points, width: Points, height: Points, reach: Points, *, rounds: int = 150) -> Points:
    """Push overlapping boxes apart, each pair along its cheaper axis."""
    least_x, least_y = (np.maximum((size[:, None] + size[None]) / 2, reach) for size in (width, height))
    order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points))[None])
    for _ in range(rounds):
        dx, dy = points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1]
        over_x, over_y = least_x - np.abs(dx), least_y - np.abs(dy)
        over = (over_x > 0) & (over_y > 0)
        np.fill_diagonal(over, False)
        if not over.any():
            break
        sideways = over_x < over_y
        push_x = np.where(over & sideways, np.where(dx == 0, order, np.sign(dx)) * over_x, 0.0)
        push_y = np.where(over & ~sideways, np.where(dy == 0, order, np.sign(dy)) * over_y, 0.0)
        points = points + np.stack([push_x.sum(1), push_y.sum(1)], axis=1) * 0.3
    return points


def _pack(
    shapes: Sequence[Points], components: Sequence[Sequence[int]], boxes: Sequence[Box], aspect: float
) -> dict[int, tuple[float, float]]:
    """Set the components in rows, the largest first, the whole about `aspect` times as wide as high."""
    frames = []
    for points, nodes in zip(shapes, components, strict=True):
        half = np.stack(_extent(boxes, nodes), axis=1) / 2
        frames.append(((points - half).min(0), (points + half).max(0)))
    area = sum(float(np.prod(high - low + _GAP)) for low, high in frames)
    limit = max([math.sqrt(area * aspect), *(float(high[0] - low[0]) for low, high in frames)])
    packed: dict[int, tuple[float, float]] = {}
    x = y = row = 0.0
    for points, nodes, (low, high) in zip(shapes, components, frames, strict=True):
        width, height = (float(side) for side in high - low)
        if x and x + width > limit:
            x, y, row = 0.0, y + row + _GAP, 0.0
        for node, point in zip(nodes, points, strict=True):
            packed[node] = (x + float(point[0] - low[0]), y + float(point[1] - low[1]))
        x, row = x + width + _GAP, max(row, height)
    return packed


def _hang(graph: nx.Graph, packed: dict[int, tuple[float, float]], *, cell: float = 110.0) -> None:
    """Give every node that has no place one near its first placed neighbour, in the nearest free cell of a grid."""
    taken = {(round(x / cell), round(y / cell)) for x, y in packed.values()}
    bottom = max((y for _, y in packed.values()), default=0.0) + 2 * cell
    waiting = [node for node in graph if node not in packed]
    while waiting:
        ready = [node for node in waiting if any(other in packed for other in graph[node])] or waiting[:1]
        for node in ready:
            anchor = next((packed[other] for other in graph[node] if other in packed), (0.0, bottom))
            packed[node] = _free(anchor, taken, cell)
        hung = set(ready)
        waiting = [node for node in waiting if node not in hung]


def _free(anchor: tuple[float, float], taken: set[tuple[int, int]], cell: float) -> tuple[float, float]:
    """The nearest free cell on a spiral of golden angles around `anchor`."""
    step = 0
    while True:
        radius, angle = cell * math.sqrt(step), step * math.pi * (3 - math.sqrt(5))
        x, y = anchor[0] + radius * math.cos(angle), anchor[1] + radius * math.sin(angle)
        found = (round(x / cell), round(y / cell))
        if found not in taken:
            taken.add(found)
            return found[0] * cell, found[1] * cell
        step += 1
