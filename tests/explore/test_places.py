from __future__ import annotations

import math
import random

import pytest

from kgraph.explore import layout
from kgraph.explore.layout import LANDSCAPE, PORTRAIT, Box, place


def _links(nodes: int, edges: int) -> list[tuple[int, int]]:
    generator = random.Random(3)
    return [(generator.randrange(nodes), generator.randrange(nodes)) for _ in range(edges)]


def _boxes(nodes: int) -> list[Box]:
    return [Box(radius=14 + node % 9, label=40 + 7 * (node % 12)) for node in range(nodes)]


def _places(boxes: list[Box], links: list[tuple[int, int]], aspect: float = LANDSCAPE) -> dict[int, tuple[int, int]]:
    return place(boxes, links, aspects=[aspect])[0]


def _overlaps(points: dict[int, tuple[int, int]], boxes: list[Box], nodes: list[int]) -> list[tuple[int, int]]:
    return [
        (one, other)
        for one in nodes
        for other in nodes
        if one < other
        and abs(points[one][0] - points[other][0]) < (boxes[one].width + boxes[other].width) / 2 - 2
        and abs(points[one][1] - points[other][1]) < (boxes[one].height + boxes[other].height) / 2 - 2
    ]


def test_the_same_graph_gives_the_same_places() -> None:
    links = _links(40, 70)
    assert _places(_boxes(40), links) == _places(_boxes(40), links)


@pytest.mark.parametrize("aspect", [LANDSCAPE, PORTRAIT])
@pytest.mark.parametrize(("nodes", "edges"), [(2, 1), (3, 3), (40, 45), (90, 160)])
def test_actors_and_their_labels_do_not_overlap(aspect: float, nodes: int, edges: int) -> None:
    links = [(one, other) for one, other in _links(nodes, edges) if one != other] or [(0, 1)]
    boxes = _boxes(nodes)
    inside = sorted({end for link in links for end in link})
    points = _places(boxes, links, aspect)
    assert _overlaps(points, boxes, inside) == []


def test_the_line_between_two_linked_actors_is_seen() -> None:
    boxes = [Box(radius=30, label=24) for _ in range(30)]
    links = [(one, other) for one, other in _links(30, 60) if one != other]
    points = _places(boxes, links)
    rims = [math.dist(points[one], points[other]) - 60 for one, other in links]
    assert min(rims) > 60


def test_twins_that_hang_on_one_actor_stand_apart() -> None:
    links = [(0, leaf) for leaf in range(1, 9)]
    assert len(set(_places(_boxes(9), links).values())) == 9


def test_a_wide_picture_is_wide_and_a_tall_one_tall() -> None:
    links = [(node, node + 1) for node in range(20)]

    def extent(aspect: float, axis: int) -> int:
        places = [point[axis] for point in _places(_boxes(21), links, aspect).values()]
        return max(places) - min(places)

    assert extent(LANDSCAPE, 0) > extent(LANDSCAPE, 1)
    assert extent(PORTRAIT, 1) > extent(PORTRAIT, 0)


def test_of_very_many_actors_the_weaker_stand_beside_their_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_DENSE", 40)
    points = _places(_boxes(60), [(0, node) for node in range(1, 60)])
    assert set(points) == set(range(60))
    assert len(set(points.values())) == 60
    assert max(abs(points[59][axis] - points[0][axis]) for axis in (0, 1)) < 900


def test_actors_without_a_link_have_no_place() -> None:
    assert set(_places(_boxes(7), [(0, 1)])) == {0, 1}


def test_an_actor_related_to_itself_and_an_empty_graph() -> None:
    assert _places([], []) == {}
    assert len(_places(_boxes(1), [(0, 0)])) == 1
