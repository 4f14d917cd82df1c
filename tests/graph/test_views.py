from __future__ import annotations

import json
from datetime import date
from typing import Any

import networkx as nx
import pytest

from kgraph.graph import Store, open_store, views
from kgraph.model import DATA, Modality, Polarity, Quad, Relation

USA, RUSSIA, IRAN = (f"{DATA}{qid}" for qid in ("Q30", "Q159", "Q794"))
PERSON = f"{DATA}person/ion-testescu"


@pytest.fixture
def graph(filled: Store, made: Any) -> nx.MultiDiGraph:
    filled.write(
        made.Text("a3", published=date(2026, 5, 1))
        .claim("Die USA griffen den Iran an.", (made.USA, "USA"), Relation.ATTACKS, "griffen", (made.IRAN, "Iran"), confidence=0.9)
        .claim("Die USA griffen den Iran nicht an.", (made.USA, "USA"), Relation.ATTACKS, "griffen", (made.IRAN, "Iran"),
               polarity=Polarity.NEGATED)
        .claim("Iran traf Russland.", (made.IRAN, "Iran"), Relation.MEETS, "traf", (made.RUSSIA, "Russland"))
        .claim("Russland traf Iran.", (made.RUSSIA, "Russland"), Relation.MEETS, "traf", (made.IRAN, "Iran"))
        .done()
    )  # fmt: skip
    return filled.to_networkx()


def test_nodes_are_actors(graph: nx.MultiDiGraph) -> None:
    assert graph.nodes[USA] == {"label": "USA", "type": "State", "country": "USA", "claims": 4}
    assert graph.nodes[PERSON]["type"] == "Person"
    assert list(graph) == sorted(graph)


def test_edges_gather_claims(graph: nx.MultiDiGraph) -> None:
    edge = graph.edges[USA, IRAN, "attacks"]
    ids = edge.pop("ids")
    assert len(ids) == len(set(ids)) == 2
    assert edge == {
        "relation": "attacks", "label": "greift an", "quad": "material conflict", "symmetric": False,
        "claims": 2, "articles": 2, "affirmed": 2, "negated": 0, "actual": 2, "planned": 0, "alleged": 0, "hypothetical": 0,
        "disputed": False, "confidence": 0.9, "first": "2026-03-02", "last": "2026-05-01",
    }  # fmt: skip


def test_symmetric_relations_are_one_edge(graph: nx.MultiDiGraph) -> None:
    assert graph.number_of_edges(RUSSIA, IRAN) == 1
    assert graph.edges[RUSSIA, IRAN, "meets"]["claims"] == 2
    assert not graph.has_edge(IRAN, RUSSIA)


def test_what_is_no_fact_is_left_out_unless_asked_for(filled: Store, graph: nx.MultiDiGraph) -> None:
    assert {key for *_, key in graph.edges(keys=True)} == {"attacks", "criticizes", "meets"}
    whole = filled.to_networkx(facts=False)
    assert whole.edges[USA, IRAN, "sanctions"]["planned"] == 1
    assert whole.edges[USA, IRAN, "sanctions"]["last"] == "2026-04-30"
    assert whole.edges[USA, IRAN, "attacks"]["disputed"] is True
    assert whole.edges[RUSSIA, IRAN, "attacks"]["negated"] == 1


def test_edges_of_few_claims_can_be_left_out(filled: Store, graph: nx.MultiDiGraph) -> None:
    few = filled.to_networkx(min_claims=2)
    assert sorted((u, v, key) for u, v, key in few.edges(keys=True)) == [
        (RUSSIA, IRAN, "meets"),
        (USA, IRAN, "attacks"),
    ]
    assert set(few) == {USA, RUSSIA, IRAN}
    assert few.nodes[USA]["claims"] == 2


def test_the_graph_is_fit_for_json(filled: Store, graph: nx.MultiDiGraph) -> None:
    data = nx.node_link_data(filled.to_networkx(facts=False), edges="edges")
    assert nx.utils.graphs_equal(
        nx.node_link_graph(json.loads(json.dumps(data)), edges="edges"), filled.to_networkx(facts=False)
    )


def test_labels_are_in_the_store_s_language(filled: Store, path: Any) -> None:
    filled.close()
    with open_store(path, lang="en") as store:
        graph = store.to_networkx()
    assert graph.nodes[USA]["label"] == "United States"
    assert graph.edges[USA, IRAN, "attacks"]["label"] == "attacks"


def test_a_claim_without_any_date_leaves_an_edge_without_days(store: Store, made: Any) -> None:
    text = made.Text("x", published=None).claim("A tut B.", (made.USA, "A"), Relation.AIDS, "tut", (made.IRAN, "B"))
    store.write(text.done())
    edge = store.to_networkx().edges[USA, IRAN, "aids"]
    assert "first" not in edge
    assert "last" not in edge
    assert views.only(store.to_networkx(), since="2026-01-01").number_of_edges() == 0
    assert views.only(store.to_networkx(), until="2026-01-01").number_of_edges() == 0


def test_ego(graph: nx.MultiDiGraph) -> None:
    assert set(views.ego(graph, PERSON)) == {PERSON, USA}
    assert set(views.ego(graph, PERSON, radius=2)) == {PERSON, USA, RUSSIA, IRAN}


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({"relations": [Relation.MEETS, "attacks"]}, ["attacks", "meets", "meets"]),
        ({"quads": [Quad.VERBAL_CONFLICT]}, ["criticizes"]),
        ({"since": "2026-03-03"}, ["attacks", "meets"]),
        ({"until": "2026-03-01"}, ["meets"]),
        ({"min_confidence": 0.8}, ["attacks"]),
        ({}, ["attacks", "criticizes", "meets", "meets"]),
    ],
)
def test_only(graph: nx.MultiDiGraph, wanted: dict[str, Any], keys: list[str]) -> None:
    assert sorted(key for *_, key in views.only(graph, **wanted).edges(keys=True)) == keys


def test_top(graph: nx.MultiDiGraph) -> None:
    assert set(views.top(graph, 2)) == {USA, IRAN}
    assert set(views.top(graph, 99)) == set(graph)


def test_collapse(graph: nx.MultiDiGraph) -> None:
    flat = views.collapse(graph)
    assert flat.edges[USA, IRAN] == {"claims": 2, "relations": {"attacks": 2}, "quads": {"material conflict": 2}}
    assert flat.edges[IRAN, RUSSIA] == flat.edges[RUSSIA, IRAN]
    assert flat.nodes[USA] == graph.nodes[USA]


def test_undirected(graph: nx.MultiDiGraph) -> None:
    simple = views.undirected(graph)
    assert simple.edges[USA, IRAN]["weight"] == 2
    assert simple.number_of_edges() == 4


def test_views_change_nothing(graph: nx.MultiDiGraph) -> None:
    before = json.dumps(nx.node_link_data(graph, edges="edges"))
    for view in (
        views.ego(graph, USA),
        views.only(graph),
        views.top(graph, 3),
        views.collapse(graph),
        views.undirected(graph),
    ):
        view.nodes[USA]["label"] = "changed"
        view.add_edge(USA, "new")
    views.only(graph, relations=["attacks"]).edges[USA, IRAN, "attacks"]["claims"] = 99
    assert json.dumps(nx.node_link_data(graph, edges="edges")) == before


def test_every_modality_is_counted(store: Store, made: Any) -> None:
    text = made.Text("m")
    for number, modality in enumerate(Modality):
        text.claim(f"{number} A tut B.", (made.USA, "A"), Relation.AIDS, "tut", (made.IRAN, "B"), modality=modality)
    store.write(text.done())
    edge = store.to_networkx(facts=False).edges[USA, IRAN, "aids"]
    assert [edge[modality.value] for modality in Modality] == [1, 1, 1, 1]


def test_edges_are_claims_without_their_sentences(filled: Store) -> None:
    claims = {claim.id: claim for claim in filled.claims()}
    edges = list(filled.edges(ordered=True))
    assert {edge.claim for edge in edges} == claims.keys()
    for edge in edges:
        claim = claims[edge.claim]
        assert (edge.subject, edge.object) == (claim.subject.actor.iri, claim.object.actor.iri)
        assert (edge.subject_for, edge.object_for) == (claim.subject.on_behalf_of, claim.object.on_behalf_of)
        assert (edge.relation, edge.polarity, edge.modality) == (claim.relation, claim.polarity, claim.modality)
        assert (edge.confidence, edge.place, edge.article) == (claim.confidence, claim.trigger.start, claim.article.iri)
        assert edge.words == (claim.attribution.span.text if claim.attribution else None)
    days = [(edge.first, edge.last) for edge in edges]
    assert days == [("2026-03-01", "2026-03-01"), ("2026-03-02", "2026-03-02"), ("2026-03-02", "2026-03-02"),
                    ("2026-03-03", "2026-03-03"), ("2026-04-01", "2026-04-30")]  # fmt: skip


@pytest.mark.parametrize(
    "selection",
    [
        {"actor": "USA"}, {"actor": "Moldau"}, {"relation": "attacks"}, {"facts": True}, {"min_confidence": 0.8},
        {"since": date(2026, 3, 3)}, {"until": date(2026, 3, 1)}, {"since": date(2026, 4, 2), "until": date(2026, 4, 3)},
    ],
)  # fmt: skip
def test_edges_and_claims_have_the_same_selection(filled: Store, selection: Any) -> None:
    assert {edge.claim for edge in filled.edges(**selection)} == {claim.id for claim in filled.claims(**selection)}
