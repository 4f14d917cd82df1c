from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow
import pytest
import view_articles

from kgraph import views
from kgraph.errors import MissingExtra, UnknownActor, UsageError
from kgraph.graph import Store, open_store
from kgraph.model import DATA, Relation
from kgraph.views.table import Column, Kind, Table

USA, RUSSIA, IRAN, QATAR = (f"{DATA}{qid}" for qid in ("Q30", "Q159", "Q794", "Q846"))
PERSON = f"{DATA}person/ion-testescu"


def rows(table: Table, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in table.dicts()]


def same(one: nx.Graph, other: nx.Graph) -> bool:
    return bool(nx.utils.graphs_equal(one, other))


def test_entities_are_the_graph_of_the_store(store: Store) -> None:
    assert same(views.entities(store), store.to_networkx())
    assert same(views.entities(store, facts=False, min_claims=2), store.to_networkx(facts=False, min_claims=2))


def test_persons_can_stand_for_whom_they_act_for(store: Store) -> None:
    graph = views.entities(store, acting_for=True)
    assert PERSON not in graph
    assert graph.edges[USA, RUSSIA, "criticizes"]["claims"] == 1
    assert not list(nx.selfloop_edges(graph))


@pytest.mark.parametrize(
    ("options", "edges"),
    [
        ({}, {(USA, IRAN, "attacks"): 2, (USA, IRAN, "aids"): 1, (RUSSIA, IRAN, "ally"): 1, (RUSSIA, IRAN, "meets"): 2,
              (PERSON, RUSSIA, "criticizes"): 1, (PERSON, USA, "officialOf"): 1, (QATAR, IRAN, "mediates"): 1}),
        ({"as_of": date(2026, 1, 5)}, {(USA, IRAN, "attacks"): 1, (RUSSIA, IRAN, "ally"): 1, (RUSSIA, IRAN, "meets"): 1}),
        ({"as_of": date(2026, 1, 4)}, {}),
        ({"since": date(2026, 1, 6), "until": date(2026, 1, 31)}, {(USA, IRAN, "attacks"): 1, (RUSSIA, IRAN, "meets"): 1}),
        ({"min_confidence": 0.9, "relation": "attacks"}, {(USA, IRAN, "attacks"): 1}),
        ({"relation": "attacks", "facts": False}, {(USA, IRAN, "attacks"): 3}),
        ({"actor": "Katar", "facts": False}, {(QATAR, IRAN, "mediates"): 1, (QATAR, IRAN, "aids"): 1}),
    ],
)  # fmt: skip
def test_options_select_what_every_view_holds(store: Store, options: Any, edges: dict[Any, int]) -> None:
    graph = views.entities(store, **options)
    assert {edge: graph.edges[edge]["claims"] for edge in graph.edges(keys=True)} == edges
    assert len(list(views.timeline(store, **options))) == sum(edges.values())
    assert sum(claims for (claims,) in rows(views.monthly(store, **options), "claims")) == sum(edges.values())
    assert sum(data["subject"] for *_, data in views.articles(store, **options).edges(data=True)) == sum(edges.values())


def test_ego_is_cut_out_of_the_store_as_out_of_the_graph(store: Store) -> None:
    for name, radius in (("Katar", 1), ("Katar", 2), ("Katar", 0), ("USA", 1)):
        cut = views.ego(store, name, radius=radius)
        whole = views.ego(views.entities(store), store.resolve(name), radius=radius)
        assert set(cut) == set(whole) or radius == 0
        assert set(cut.edges(keys=True)) == set(whole.edges(keys=True))
    assert set(views.ego(store, "Katar")) == {QATAR, IRAN}


def test_ego_of_nobody(store: Store) -> None:
    with pytest.raises(UnknownActor):
        views.ego(store, "Nirgendland")
    with pytest.raises(UsageError, match="no node of the graph"):
        views.ego(views.entities(store), "Katar")


def test_articles_and_actors_are_a_bipartite_graph(store: Store) -> None:
    graph = views.articles(store)
    assert nx.is_bipartite(graph)
    papers = [node for node, kind in graph.nodes(data="bipartite") if kind == 0]
    assert sorted(graph.nodes[node]["article"] for node in papers) == ["a1", "a2", "a3", "a4"]
    [first] = [node for node in papers if graph.nodes[node]["article"] == "a1"]
    assert graph.nodes[first] == {
        "bipartite": 0, "article": "a1", "label": "Titel a1", "publisher": "Musterblatt", "published": "2026-01-05",
    }  # fmt: skip
    assert graph.edges[first, IRAN] == {"claims": 3, "subject": 0, "object": 3}
    assert graph.nodes[USA] == {"bipartite": 1, "label": "USA", "type": "State", "country": "USA"}


def test_signed_weighs_cooperation_against_conflict(store: Store) -> None:
    graph = views.signed(store)
    # attacks -10 twice, aids 7; the denied attack does not count
    assert graph.edges[USA, IRAN] == {
        "cooperation": 1, "conflict": 2, "weight": 3, "balance": -0.3333, "sign": -1, "goldstein": -13.0, "tone": -4.3333,
    }  # fmt: skip
    # two meetings at 1.0 each, and an alliance, which has no value
    assert graph.edges[RUSSIA, IRAN] == {
        "cooperation": 3, "conflict": 0, "weight": 3, "balance": 1.0, "sign": 1, "goldstein": 2.0, "tone": 1.0,
    }  # fmt: skip
    assert not graph.has_edge(PERSON, USA)
    assert same(graph, views.signed(store, facts=False, until=date(2026, 12, 31))) is False
    assert views.signed(store, facts=False).edges[USA, IRAN]["weight"] == 3
    assert set(views.signed(store, min_claims=3).edges) == {(RUSSIA, IRAN), (USA, IRAN)}


def test_timeline_is_in_the_order_of_days(store: Store) -> None:
    found = rows(views.timeline(store, facts=False), "date", "subject", "relation", "object", "polarity", "publisher")
    assert found == [
        (None, "Katar", "mediates", "Iran", "affirmed", "Beispielpost"),
        (date(2026, 1, 5), "USA", "attacks", "Iran", "affirmed", "Musterblatt"),
        (date(2026, 1, 5), "Russland", "meets", "Iran", "affirmed", "Musterblatt"),
        (date(2026, 1, 5), "Russland", "ally", "Iran", "affirmed", "Musterblatt"),
        (date(2026, 1, 20), "USA", "attacks", "Iran", "affirmed", "Beispielpost"),
        (date(2026, 1, 20), "Iran", "meets", "Russland", "affirmed", "Beispielpost"),
        (date(2026, 1, 20), "Katar", "aids", "Iran", "affirmed", "Beispielpost"),
        (date(2026, 2, 2), "USA", "attacks", "Iran", "negated", "Musterblatt"),
        (date(2026, 2, 2), "Ion Testescu", "criticizes", "Russland", "affirmed", "Musterblatt"),
        (date(2026, 2, 2), "Ion Testescu", "officialOf", "USA", "affirmed", "Musterblatt"),
        (date(2026, 2, 2), "USA", "aids", "Iran", "affirmed", "Musterblatt"),
    ]
    [denial] = [row for row in views.timeline(store, facts=False).dicts() if row["polarity"] == "negated"]
    assert (denial["speaker"], denial["attributed_to"], denial["fact"]) == ("USA", "USA", False)
    assert (denial["goldstein"], denial["confidence"], denial["article"]) == (-10.0, 0.8, "a3")


def test_monthly_counts_by_month_pair_and_relation(store: Store) -> None:
    table = views.monthly(store, facts=False, actor="Iran")
    found = rows(
        table, "month", "subject", "relation", "object", "claims", "articles", "denied", "goldstein", "confidence"
    )
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    assert found == [
        (None, "Katar", "mediates", "Iran", 1, 1, 0, 5.0, 0.85),
        (january, "Russland", "ally", "Iran", 1, 1, 0, None, 0.95),
        (january, "Russland", "meets", "Iran", 2, 2, 0, 2.0, 0.9),
        (january, "USA", "attacks", "Iran", 2, 2, 0, -20.0, 0.9),
        (january, "Katar", "aids", "Iran", 1, 1, 0, 7.0, 0.9),
        (february, "USA", "aids", "Iran", 1, 1, 0, 7.0, 0.9),
        (february, "USA", "attacks", "Iran", 1, 1, 1, 0.0, 0.8),
    ]


def test_the_same_claims_give_the_same_view_each_time(store: Store) -> None:
    for view in (views.timeline, views.monthly):
        assert list(view(store)) == list(view(store))
    for network in (views.entities, views.articles, views.signed):
        one, other = network(store), network(store)
        assert list(one.nodes(data=True)) == list(other.nodes(data=True))
        assert list(one.edges(data=True)) == list(other.edges(data=True))
        assert list(one) == sorted(one, key=lambda node: (one.nodes[node].get("bipartite", 0), node))


def test_every_column_says_what_it_means(store: Store) -> None:
    graph = views.entities(store)
    for table in (views.timeline(store), views.monthly(store), views.nodes(graph), views.edges(graph)):
        assert all(table.describe().values()), table
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
    for network in (views.articles(store), views.signed(store)):
        assert all(views.nodes(network).describe().values())
        assert all(views.edges(network).describe().values())


def test_frames_have_types(store: Store) -> None:
    frame = views.timeline(store, facts=False).to_pandas()
    assert list(frame.columns) == list(views.timeline(store).describe())
    assert str(frame["date"].dtype).startswith("datetime64")
    assert frame["date"].isna().sum() == 1
    assert frame.set_index("date").sort_index().loc["2026-01"].shape[0] == 6
    assert frame.attrs["about"]["confidence"].startswith("from 0 to 1")
    months = views.monthly(store, facts=False).to_pandas()
    assert (str(months["claims"].dtype), months["claims"].sum(), months["denied"].sum()) == ("Int64", 11, 1)


def test_an_empty_view_keeps_its_columns_and_types(store: Store) -> None:
    nothing = views.timeline(store, as_of=date(1990, 1, 1))
    assert nothing.to_pandas().shape == (0, len(nothing.columns))
    assert str(nothing.to_pandas()["date"].dtype).startswith("datetime64")
    assert nothing.to_arrow().schema == views.timeline(store).to_arrow().schema
    assert views.nodes(views.entities(store, as_of=date(1990, 1, 1))).to_pandas().shape[0] == 0


def test_arrow_comes_in_batches_with_the_meaning_of_each_column(store: Store) -> None:
    reader = views.timeline(store, facts=False).batches(4)
    assert reader.schema.field("date").type == pyarrow.date32()
    assert reader.schema.field("goldstein").metadata[b"about"].startswith(b"value of the relation")
    assert [batch.num_rows for batch in reader] == [4, 4, 3]
    with pytest.raises(UsageError, match="1 or more"):
        views.timeline(store).batches(0)


def test_arrow_and_pandas_hold_the_same(store: Store) -> None:
    table = views.edges(views.entities(store, facts=False))
    arrow = table.to_arrow().to_pylist()
    assert arrow == [{name: cell for name, cell in row.items()} for row in table.dicts()]  # noqa: C416
    assert table.to_pandas()["claims"].tolist() == [row["claims"] for row in arrow]
    assert arrow[0]["ids"] == table.to_pandas()["ids"][0]


def test_batches_are_made_as_they_are_asked_for() -> None:
    made = 0

    def endless() -> Any:
        nonlocal made
        while True:
            made += 1
            yield (made,)

    reader = Table([Column("n", Kind.COUNT, "a number")], endless, name="numbers").batches(10)
    assert reader.read_next_batch().to_pylist()[-1] == {"n": 10}
    assert made == 10


def test_tables_become_networks(store: Store) -> None:
    graph = views.timeline(store, facts=False).to_networkx()
    assert graph.number_of_edges() == 11
    assert graph.nodes[QATAR] == {"label": "Katar"}
    [plan] = [data for *_, data in graph.edges(data=True) if data["modality"] == "planned"]
    assert plan["date"] == "2026-01-20"
    assert "attributed_to" not in plan
    months = views.monthly(store).to_networkx()
    assert months.edges[USA, IRAN, "attacks 2026-01-01"]["claims"] == 2
    back = views.edges(views.entities(store)).to_networkx()
    assert set(back.edges(keys=True)) == set(views.entities(store).edges(keys=True))
    with pytest.raises(UsageError, match="no edges"):
        views.nodes(views.entities(store)).to_networkx()


def test_what_you_set_on_a_network_is_in_its_tables(store: Store) -> None:
    graph = views.entities(store)
    nx.set_node_attributes(graph, nx.degree_centrality(graph), "centrality")
    nx.set_node_attributes(graph, {IRAN: "one", USA: 2}, "mixed")
    nx.set_node_attributes(graph, 1.5, "claims")
    columns = {column.name: column for column in views.nodes(graph).columns}
    assert (columns["centrality"].kind, columns["mixed"].kind, columns["claims"].kind) == (
        Kind.NUMBER,
        Kind.TEXT,
        Kind.NUMBER,
    )
    assert list(columns)[-2:] == ["centrality", "mixed"]
    assert views.nodes(graph).to_arrow().num_rows == len(graph)
    assert views.nodes(graph).to_pandas().set_index("id").loc[USA, "mixed"] == "2"


def test_answers_become_tables_with_labels_and_iris(store: Store) -> None:
    table = views.table(store.select("who-attacks"))
    frame = table.to_pandas()
    assert frame[["attacker", "attacker_id", "relation", "attacked", "claims"]].values.tolist() == [
        ["USA", USA, "greift an", "Iran", 2]
    ]
    assert str(frame["first"].dtype).startswith("datetime64")
    empty = views.table(store.select("SELECT ?a ?b { ?a kg:kills ?b }"))
    assert (list(empty.to_pandas().columns), list(empty)) == (["a", "b"], [])


def test_values_of_any_kind_become_a_table(store: Store) -> None:
    query = "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (1 true 'x') (2.5 false UNDEF) (UNDEF true 3) } }"
    table = views.table(store.select(query))
    assert [column.kind for column in table.columns] == [Kind.NUMBER, Kind.TRUTH, Kind.TEXT]
    assert list(table) == [(1.0, True, "x"), (2.5, False, None), (None, True, "3")]
    assert table.to_arrow().num_rows == len(table.to_pandas()) == 3


@pytest.mark.parametrize(("module", "call"), [("pandas", "to_pandas"), ("pyarrow", "to_arrow")])
def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, store: Store, module: str, call: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=r"pip install 'kgraph\[notebook\]'"):
        getattr(views.timeline(store), call)()


def test_importing_views_loads_neither_pandas_nor_arrow() -> None:
    code = "import sys, kgraph.views; print(sorted({'pandas', 'pyarrow', 'matplotlib', 'IPython'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_copies_count_once_unless_asked_for(tmp_path: Path) -> None:
    words = "Agenturen melden aus der Hauptstadt dass die Lage nach vielen Gesprächen am Abend weiter offen bleibt und "
    said = [(view_articles.USA, Relation.ATTACKS, view_articles.IRAN, view_articles.FACT, 0.9)]
    more = [*said, (view_articles.RUSSIA, Relation.MEETS, view_articles.IRAN, view_articles.FACT, 0.9)]
    with open_store(tmp_path / "store") as store:
        for number, claims in enumerate((said, said, more)):
            made = view_articles.extraction(f"c{number}", date(2026, 3, 1 + number), f"Blatt {number}", claims)
            text = made.article.text + " ".join(f"{words} {count}" for count in range(8))
            store.write(replace(made, article=replace(made.article, text=text)))
        assert views.entities(store).edges[USA, IRAN, "attacks"]["claims"] == 1
        assert views.entities(store, copies=True).edges[USA, IRAN, "attacks"]["claims"] == 3
        assert views.signed(store).edges[RUSSIA, IRAN]["weight"] == 1
        assert [row["article"] for row in views.timeline(store).dicts()] == ["c0", "c2"]
        assert (len(list(store.claims())), len(list(store.claims(copies=False)))) == (4, 2)
        assert (len(list(store.edges())), len(list(store.edges(copies=False)))) == (4, 2)
