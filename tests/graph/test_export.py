from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat

from kgraph.errors import UsageError
from kgraph.graph import FORMATS, Store, open_store
from kgraph.graph.actor_graph import ListedActors
from kgraph.graph.rdf import article_quads
from kgraph.model import DATA, Modality, Relation

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "=cmd|'/c calc'!A1 \"x\",\n</script>\x00\x0b\ufffe{}"


def exported(store: Store, format_: str, *, everything: bool = False) -> bytes:
    output = io.BytesIO()
    store.export(output, format_, everything=everything)
    assert not output.closed
    return output.getvalue()


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


@pytest.fixture
def hostile(filled: Store, made: Any) -> Store:
    filled.write(
        made.Text(HOSTILE, title=HOSTILE, publisher=HOSTILE, url=HOSTILE)
        .claim(f"{HOSTILE} tut B.", (made.UNKNOWN, HOSTILE), Relation.AIDS, "tut", (made.IRAN, "B"))
        .done()
    )
    return filled


def test_the_same_content_gives_the_same_bytes(template: Path, tmp_path: Path, made: Any) -> None:
    files = []
    for name, extractions in (("one", [made.attack(), made.full()]), ("two", [made.full(), made.attack()])):
        with open_store(shutil.copytree(template, tmp_path / name)) as store:
            for extraction in extractions:
                store.write(extraction)
            files.append({(f, all_): exported(store, f, everything=all_) for f in FORMATS for all_ in (True, False)})
    assert files[0] == files[1]


def test_another_process_gives_the_same_bytes(filled: Store, tmp_path: Path) -> None:
    filled.backup(tmp_path / "copy")
    code = (
        "import sys; from kgraph.graph import FORMATS, open_store\n"
        "with open_store(sys.argv[1], read_only=True) as store:\n"
        "    for format_ in FORMATS: store.export(sys.stdout.buffer, format_)"
    )
    output = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "copy")],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "7"}, capture_output=True, check=True,
    )  # fmt: skip
    assert output.stdout == b"".join(exported(filled, format_) for format_ in FORMATS)


@pytest.mark.parametrize(
    ("name", "format_"), [("trig", RdfFormat.TRIG), ("nquads", RdfFormat.N_QUADS), ("json-ld", RdfFormat.JSON_LD)]
)
def test_rdf_with_everything_comes_back_whole(hostile: Store, name: str, format_: RdfFormat) -> None:
    back = pyoxigraph.Store()
    back.extend(pyoxigraph.parse(exported(hostile, name, everything=True), format_))
    assert set(back) == set(hostile._engine.quads)


def test_rdf_holds_the_articles_and_the_actors_that_occur(shared: Store, made: Any) -> None:
    back = set(pyoxigraph.parse(exported(shared, "nquads"), RdfFormat.N_QUADS))
    listed = ListedActors(shared.registry)
    assert {*article_quads(made.attack(), listed), *article_quads(made.full(), listed)} <= back
    listed = {quad.subject for quad in back if quad.graph_name == NamedNode(f"{DATA}graph/actors")}
    assert {NamedNode(f"{DATA}{qid}") for qid in ("Q30", "Q159", "Q794", "Q217")} <= listed
    assert NamedNode(f"{DATA}Q142") not in listed  # France is in no claim


def test_turtle_has_every_triple_once(filled: Store, made: Any) -> None:
    filled.write(made.attack("again"))
    back = [
        (quad.subject, quad.predicate, quad.object)
        for quad in pyoxigraph.parse(exported(filled, "turtle"), RdfFormat.TURTLE)
    ]
    quads = pyoxigraph.parse(exported(filled, "nquads"), RdfFormat.N_QUADS)
    assert len(back) == len(set(back))
    assert set(back) == {(quad.subject, quad.predicate, quad.object) for quad in quads}


def test_graphml_comes_back_with_types_labels_and_colours(hostile: Store, made: Any) -> None:
    text = made.Text("p").claim("A tut B.", (made.USA, "A"), Relation.SANCTIONS, "tut", (made.IRAN, "B"))
    hostile.write(text.done())
    graph = nx.read_graphml(io.BytesIO(exported(hostile, "graphml")), force_multigraph=True)
    assert set(graph.nodes) == set(hostile.to_networkx().nodes)
    between = graph.get_edge_data(f"{DATA}Q30", f"{DATA}Q794").values()
    edge = next(edge for edge in between if edge["relation"] == "attacks")
    assert (edge["claims"], edge["confidence"], edge["symmetric"], edge["weight"]) == (1, 0.75, False, 1.0)
    assert (edge["first"], edge["label"]) == ("2026-03-02", "greift an")
    assert (edge["r"], edge["g"], edge["b"]) == (0xA9, 0x2A, 0x00)  # as in the page: conflict in deeds
    node = graph.nodes[f"{DATA}Q30"]
    assert (node["label"], node["type"], node["r"], node["size"]) == ("USA", "State", 0x3B, round(10 * 4**0.5, 2))
    ids = [edge["id"] for *_, edge in graph.edges(data=True)]
    assert len(ids) == len(set(ids)) == hostile.to_networkx().number_of_edges()


GEXF, VIZ = "{http://gexf.net/1.3}", "{http://gexf.net/1.3/viz}"


def test_gexf_is_of_version_1_3_with_a_timeline_and_colours(hostile: Store, made: Any) -> None:
    """What the schema of GEXF 1.3 asks for: its elements in their order, its words, attributes that are declared."""
    text = made.Text("p").claim("A tut B.", (made.USA, "A"), Relation.SANCTIONS, "tut", (made.IRAN, "B"))
    hostile.write(text.done())
    undated = made.Text("u", published=None).claim(
        "A tut B.", (made.USA, "A"), Relation.MEETS, "tut", (made.RUSSIA, "B")
    )
    hostile.write(undated.done())
    data = exported(hostile, "gexf")
    assert set(nx.read_gexf(io.BytesIO(data)).nodes) == set(hostile.to_networkx().nodes)
    root = ElementTree.fromstring(data)
    assert (root.tag, root.get("version")) == (f"{GEXF}gexf", "1.3")
    meta, graph = root
    assert (meta.attrib, [part.tag for part in meta], meta[0].text) == ({}, [f"{GEXF}creator"], "kgraph")
    assert graph.attrib == {"defaultedgetype": "directed", "mode": "dynamic", "timeformat": "date"}
    assert [part.tag.removeprefix(GEXF) for part in graph] == ["attributes", "attributes", "nodes", "edges"]
    declared = {
        part.get("class"): {a.get("id"): a.get("type") for a in part} for part in graph.findall(f"{GEXF}attributes")
    }
    assert {kind for kinds in declared.values() for kind in kinds.values()} <= {"string", "long", "double", "boolean"}
    nodes, edges = graph.findall(f"{GEXF}nodes/{GEXF}node"), graph.findall(f"{GEXF}edges/{GEXF}edge")
    assert len(edges) == hostile.to_networkx().number_of_edges()
    for kind, things in (("node", nodes), ("edge", edges)):
        assert len({thing.get("id") for thing in things}) == len(things)
        for thing in things:
            assert thing.get("label")
            assert {value.get("for") for value in thing.iter(f"{GEXF}attvalue")} <= set(declared[kind])
            colour = thing.find(f"{VIZ}color")
            assert colour is not None
            assert all(0 <= int(colour.get(channel, "")) <= 255 for channel in "rgb")
    ends = {node.get("id") for node in nodes}
    assert all({edge.get("source"), edge.get("target")} <= ends for edge in edges)
    days = {edge.get("label"): (edge.get("start"), edge.get("end")) for edge in edges}
    assert days["greift an"] == ("2026-03-02", "2026-03-02")
    assert ("2026-03-01", "2026-03-01") in {
        (edge.get("start"), edge.get("end")) for edge in edges if edge.get("label") == "trifft"
    }
    assert (None, None) in {(edge.get("start"), edge.get("end")) for edge in edges if edge.get("label") == "trifft"}


def test_tables_for_neo4j_have_its_header_and_join(hostile: Store) -> None:
    nodes, edges = exported(hostile, "neo4j-nodes"), exported(hostile, "neo4j-edges")
    assert nodes.splitlines()[0] == b"iri:ID(Actor),label,country,claims:int,:LABEL"
    header = edges.splitlines()[0].decode().split(",")
    assert header[:3] == [":START_ID(Actor)", ":END_ID(Actor)", ":TYPE"]
    assert {"claims:int", "first:date", "confidence:double", "disputed:boolean"} <= set(header)
    graph = hostile.to_networkx()
    rows = table(nodes)
    assert [row["iri:ID(Actor)"] for row in rows] == list(graph.nodes)
    assert {row[":LABEL"] for row in rows} == {"Actor;State", "Actor;Person"}
    assert len(nodes.splitlines()) == len(rows) + 1  # no cell breaks a line
    for row in table(edges):
        edge = graph.edges[row[":START_ID(Actor)"], row[":END_ID(Actor)"], row[":TYPE"]]
        assert (row["claims:int"], row["first:date"]) == (str(edge["claims"]), edge["first"])
        assert (float(row["confidence:double"]), row["disputed:boolean"]) == (edge["confidence"], "false")
    assert len(table(edges)) == graph.number_of_edges()


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 1)])
@pytest.mark.parametrize("format_", FORMATS)
def test_as_of_a_day_an_export_has_nothing_of_later_articles(
    filled: Store, template: Path, tmp_path: Path, made: Any, format_: str, day: date
) -> None:
    filled.write(
        made.Text("u", published=None)
        .claim("A hilft B.", (made.USA, "A"), Relation.AIDS, "hilft", (made.IRAN, "B"))
        .done()
    )
    with open_store(shutil.copytree(template, tmp_path / "then")) as then:
        if day == date(2026, 3, 2):
            then.write(made.attack())
        output = io.BytesIO()
        filled.export(output, format_, as_of=day)
        assert output.getvalue() == exported(then, format_)


LONG = (
    "Die Regierung teilte mit, dass die Gespräche über die Grenze am Abend ohne Ergebnis zu Ende gegangen seien. " * 6
)


def test_links_between_copies_go_along_while_both_are_there(store: Store, made: Any) -> None:
    for name, day in (("first", 2), ("copy", 3)):
        text = made.Text(name, published=date(2026, 3, day))
        text.text = LONG
        text.claim("Die USA greifen Iran an.", (made.USA, "USA"), Relation.ATTACKS, "greifen", (made.IRAN, "Iran"))
        store.write(text.done())
    assert exported(store, "nquads").count(b"ns#copyOf>") == exported(store, "nquads").count(b"ns#repeats>") == 1
    output = io.BytesIO()
    store.export(output, "nquads", as_of=date(2026, 3, 2))
    assert b"copyOf" not in output.getvalue()


def test_a_table_of_claims_has_a_row_for_every_claim(hostile: Store) -> None:
    rows = table(exported(hostile, "csv"))
    claims = list(hostile.claims())
    assert [row["id"] for row in rows] == [claim.id for claim in claims]
    by_id = {row["id"]: row for row in rows}
    for claim in claims:
        row = by_id[claim.id]
        assert row["sentence"].lstrip("'") == claim.sentence.text.lstrip("'")
        assert (row["relation"], row["polarity"], row["modality"]) == (claim.relation, claim.polarity, claim.modality)
        assert (int(row["sentence_start"]), int(row["sentence_end"])) == (claim.sentence.start, claim.sentence.end)
        assert (row["subject"], row["object_country"]) == (claim.subject.actor.label, claim.object.actor.country or "")


def test_no_cell_of_a_table_is_a_formula(hostile: Store) -> None:
    for format_ in ("csv", "csv-nodes", "csv-edges"):
        for row in table(exported(hostile, format_)):
            assert not [cell for cell in row.values() if cell and cell[0] in "=+-@\t\r"]


def test_tables_of_nodes_and_edges_join(shared: Store) -> None:
    nodes = {row["id"] for row in table(exported(shared, "csv-nodes"))}
    edges = table(exported(shared, "csv-edges"))
    assert {row[end] for row in edges for end in ("source", "target")} == nodes
    assert {row["relation"] for row in edges} == {"attacks", "criticizes", "meets"}


def test_only_with_everything_graphs_hold_what_is_denied_or_planned(shared: Store) -> None:
    for format_ in ("graphml", "gexf", "csv-edges"):
        assert b"sanctions" not in exported(shared, format_)
        assert b"sanctions" in exported(shared, format_, everything=True)
    assert Modality.PLANNED.value in {row["modality"] for row in table(exported(shared, "csv"))}


@pytest.mark.parametrize("format_", FORMATS)
def test_an_empty_store_can_be_exported(store: Store, format_: str) -> None:
    data = exported(store, format_)
    if format_.startswith(("csv", "neo4j")):
        assert table(data) == []
    elif format_ in ("graphml", "gexf"):
        assert len((nx.read_graphml if format_ == "graphml" else nx.read_gexf)(io.BytesIO(data))) == 0
    else:
        assert b"Q30" not in data


def test_an_unknown_format_says_which_there_are(store: Store) -> None:
    with pytest.raises(UsageError, match="json-ld"):
        exported(store, "xlsx")
