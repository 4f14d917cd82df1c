from __future__ import annotations

import random

import pytest

from kgraph.explore.layout import Box, Places, place


def _links(nodes: int, edges: int) -> list[tuple[int, int]]:
    generator = random.Random(3)
    return [(generator.randrange(nodes), generator.randrange(nodes)) for _ in range(edges)]


def _boxes(nodes: int) -> list[Box]:
    return [Box(radius=14 + node % 9, label=40 + 7 * (node % 12)) for node in range(nodes)]


def _overlaps(points: tuple[tuple[int, int], ...], boxes: list[Box], nodes: list[int]) -> list[tuple[int, int]]:
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
    assert place(_boxes(40), links, first=links) == place(_boxes(40), links, first=links)


@pytest.mark.parametrize("view", ["landscape", "portrait"])
@pytest.mark.parametrize(("nodes", "edges"), [(2, 1), (3, 3), (40, 45), (90, 160)])
def test_actors_and_their_labels_do_not_overlap(view: str, nodes: int, edges: int) -> None:
    links = [(one, other) for one, other in _links(nodes, edges) if one != other] or [(0, 1)]
    boxes = _boxes(nodes)
    inside = sorted({end for link in links for end in link})
    points = getattr(place(boxes, links, first=links), view)
    assert _overlaps(points, boxes, inside) == []


def test_twins_that_hang_on_one_actor_stand_apart() -> None:
    links = [(0, leaf) for leaf in range(1, 9)]
    points = place(_boxes(9), links, first=links).landscape
    assert len(set(points)) == 9


def test_a_wide_picture_is_wide_and_a_tall_one_tall() -> None:
    links = [(node, node + 1) for node in range(20)]
    places = place(_boxes(21), links, first=links)

    def extent(points: tuple[tuple[int, int], ...], axis: int) -> int:
        return max(point[axis] for point in points) - min(point[axis] for point in points)

    assert extent(places.landscape, 0) > extent(places.landscape, 1)
    assert extent(places.portrait, 1) > extent(places.portrait, 0)


def test_actors_outside_the_first_picture_stand_beside_their_neighbours() -> None:
    links = [(0, 1), (1, 2), (2, 3), (4, 5)]
    boxes = _boxes(7)
    points = place(boxes, links, first=[(0, 1)]).landscape
    assert len(set(points)) == 7
    distance = max(abs(points[2][axis] - points[1][axis]) for axis in (0, 1))
    assert distance < 400


def test_an_actor_related_to_itself_and_an_empty_graph_have_places() -> None:
    assert place([], [], first=[]) == Places((), ())
    assert len(place(_boxes(1), [(0, 0)], first=[(0, 0)]).landscape) == 1
