from __future__ import annotations

import gzip
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kgraph.errors import ArticleError, StoreError, UsageError
from kgraph.graph import Store, open_store
from kgraph.graph.vocab import IDENTIFIER, LABEL, TYPE, kg
from kgraph.model import DATA, Actor, ActorType, Relation

FORMATS = {"nquads": ".nq", "trig": ".trig", "json-ld": ".jsonld", "turtle": ".ttl"}
USA, IRAN = NamedNode(f"{DATA}Q30"), NamedNode(f"{DATA}Q794")


@pytest.fixture
def other(template: Path, tmp_path: Path) -> Iterator[Store]:
    with open_store(shutil.copytree(template, tmp_path / "other")) as store:
        yield store


def exported(store: Store, path: Path, form: str = "nquads", **options: bool) -> Path:
    with path.open("wb") as file:
        store.export(file, form, **options)
    return path


def imported(store: Store, path: Path) -> tuple[int, int, list[str]]:
    problems: list[ArticleError] = []
    found = store.import_file(path, on_problem=problems.append)
    assert not list(store.path.glob("*.part-*"))
    return found.articles, found.changed, [str(problem) for problem in problems]


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_exported_comes_back_the_same(
    filled: Store, other: Store, tmp_path: Path, made: Any, form: str
) -> None:
    long = "Ein Bericht über die Lage im Osten, der in mehreren Zeitungen steht, mit vielen Worten. " * 4
    for name in ("p1", "p2"):
        text = made.Text(name)
        text.text = long
        filled.write(text.claim("I tut B.", (made.UNKNOWN, "I"), Relation.MEETS, "tut", (made.IRAN, "B")).done())
    path = exported(filled, tmp_path / f"graph{FORMATS[form]}", form, everything=form == "trig")
    assert imported(other, path) == (4, 4, [])
    assert other.canonical_hash() == filled.canonical_hash()
    assert other.check().ok
    assert other.ask("ASK { ?a kg:copyOf ?b }")
    assert imported(other, path) == (4, 0, [])


def test_turtle_that_cannot_be_told_apart_is_left_out(other: Store, filled: Store, tmp_path: Path, made: Any) -> None:
    renamed = Actor(made.UNKNOWN.id, ActorType.PERSON, "Jon Testescu", "MDA")
    text = made.Text("p1").claim("I tut B.", (renamed, "I"), Relation.MEETS, "tut", (made.IRAN, "B"))
    filled.write(text.done())
    articles, changed, problems = imported(other, exported(filled, tmp_path / "g.ttl", "turtle"))
    assert (articles, changed, len(problems)) == (3, 1, 2)
    assert imported(other, exported(filled, tmp_path / "g.nq"))[:2] == (3, 2)


def test_an_article_that_is_there_is_replaced(filled: Store, other: Store, tmp_path: Path, made: Any) -> None:
    other.write(made.Text("a1").claim("A tut B.", (made.USA, "A"), Relation.AIDS, "tut", (made.IRAN, "B")).done())
    other.write(made.attack("mine"))
    assert imported(other, exported(filled, tmp_path / "g.nq")) == (2, 2, [])
    assert {article.id for article in other.articles()} == {"a1", "a2", "mine"}
    assert not other.ask("ASK { ?a kg:aids ?b }")


@pytest.fixture(scope="module")
def taking(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that takes one article again and again, and never another."""
    with open_store(shutil.copytree(template, tmp_path_factory.mktemp("taking") / "store")) as store:
        yield store
        assert [article.id for article in store.articles()] == ["a2"]
        assert store.check().ok


@pytest.fixture(scope="module")
def whole(shared: Store) -> list[Quad]:
    """An export of two articles."""
    output = io.BytesIO()
    shared.export(output, "nquads")
    return list(pyoxigraph.parse(output.getvalue(), RdfFormat.N_QUADS))


def tampered(whole: list[Quad], path: Path, *added: Quad, without: NamedNode | None = None) -> Path:
    """An export in which the graph of the article a1 has more, or lacks a property."""
    name = graph_of(whole)
    quads = [quad for quad in whole if quad.predicate != without or quad.graph_name != name]
    quads += [Quad(quad.subject, quad.predicate, quad.object, name) for quad in added]
    pyoxigraph.serialize(quads, str(path), RdfFormat.N_QUADS)
    return path


def graph_of(whole: list[Quad]) -> NamedNode:
    [name] = {quad.graph_name for quad in whole if quad.predicate == IDENTIFIER and quad.object == Literal("a1")}
    assert isinstance(name, NamedNode)
    return name


A2 = NamedNode("https://w3id.org/kgraph/id/article/" + "0" * 24)
SAYS = {
    "a label of a state": Quad(USA, LABEL, Literal("Erzfeind", language="de")),
    "a class of a state": Quad(USA, TYPE, kg("Person")),
    "a label of the ontology": Quad(kg("attacks"), LABEL, Literal("hilft", language="de")),
    "an edge that nobody claims": Quad(USA, kg("attacks"), NamedNode(f"{DATA}Q183")),
    "something of another article": Quad(A2, TYPE, kg("Article")),
    "a foreign subject": Quad(NamedNode("http://evil.example/"), LABEL, Literal("x")),
    "an evidence of its own": Quad(NamedNode(f"{DATA}evidence/1"), TYPE, kg("Evidence")),
    "an office of another": Quad(NamedNode(f"{DATA}office/1"), TYPE, kg("Office")),
    "half a claim": Quad(NamedNode(f"{DATA}claim/1"), TYPE, kg("Claim")),
    "a link of copies": Quad(A2, kg("copyOf"), USA),
}


@pytest.mark.parametrize("quad", SAYS.values(), ids=SAYS)
def test_an_article_that_says_more_than_its_own_is_left_out_whole(
    whole: list[Quad], taking: Store, tmp_path: Path, quad: Quad
) -> None:
    articles, _, [problem] = imported(taking, tampered(whole, tmp_path / "g.nq", quad))
    assert articles == 2
    assert "left out" in problem


@pytest.mark.parametrize(
    "quad",
    [
        Quad(A2, NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), Literal("x")),
        Quad(A2, NamedNode("http://evil.example/p"), Literal("x")),
        Quad(A2, kg("fingerprint"), Literal("5:AAAA")),
        Quad(A2, kg("contentHash"), Literal("sha256:1")),
        Quad(A2, kg("attacks"), USA),
        Quad(A2, kg("copyOf"), NamedNode(f"{A2.value[:-1]}1")),
    ],
    ids=str,
)
def test_an_article_is_described_as_kgraph_does_or_left_out(
    whole: list[Quad], taking: Store, tmp_path: Path, quad: Quad
) -> None:
    own = Quad(graph_of(whole), quad.predicate, quad.object)
    assert len(imported(taking, tampered(whole, tmp_path / "g.nq", own))[2]) == 1


@pytest.mark.parametrize(
    "lost", ["polarity", "rule", "triggerStart", "confidence", "subjectFor", "contentHash", "attacks", "involves"]
)
def test_an_article_that_lacks_something_is_left_out_whole(
    whole: list[Quad], taking: Store, tmp_path: Path, lost: str
) -> None:
    assert len(imported(taking, tampered(whole, tmp_path / "g.nq", without=kg(lost)))[2]) == 1


def test_foreign_graphs_are_named_and_left_out(filled: Store, other: Store, tmp_path: Path) -> None:
    path = exported(filled, tmp_path / "g.nq", everything=True)
    with path.open("a") as file:
        file.write("<urn:a> <urn:b> <urn:c> <urn:g> .\n<urn:a> <urn:b> <urn:c> .\n")
        file.write(f"<urn:a> <urn:b> <urn:c> <{DATA}graph/actors> .\n")
    articles, changed, problems = imported(other, path)
    assert (articles, changed) == (2, 2)
    assert len(problems) == 2
    assert any("<urn:g> is no article" in problem for problem in problems)
    assert any("the default graph" in problem for problem in problems)
    assert other.canonical_hash() == filled.canonical_hash()


@pytest.mark.parametrize("what", ["_:b", "<<( <urn:a> <urn:b> <urn:c> )>>"])
def test_an_article_with_blank_nodes_or_triple_terms_is_left_out(
    whole: list[Quad], taking: Store, tmp_path: Path, what: str
) -> None:
    path, name = tampered(whole, tmp_path / "g.nq"), graph_of(whole)
    with path.open("a") as file:
        file.write(f"{name} {TYPE} {what} {name} .\n")
    assert len(imported(taking, path)[2]) == 1


BROKEN = {
    "line.nq": ("<urn:a> <urn:b> <urn:c> <urn:g> .\n<urn:a> broken .\n", ":2: "),
    "cut.nq": ("<urn:a> <urn:b> <urn:c> <urn:g> .\n<urn:a> <ur", ":2: "),
    "cut.trig": ("<urn:g> { <urn:a> <urn:b> ", ":1: "),
    "cut.jsonld": ('{"@id": "urn:a", "urn:p": ', "cut.jsonld"),
    "remote.jsonld": ('{"@context": "http://127.0.0.1:9/", "a": 1}', "context"),
    "deep.jsonld": ('{"@id":"urn:a","urn:p":' * 50_000, "deep"),
    "list.jsonld": ("[" * 50_000 + "]" * 50_000, "deep"),
    "deep.nq": ("<urn:a> <urn:p> " + "<<( <urn:a> <urn:p> " * 200_000 + "<urn:b>" + " )>>" * 200_000 + " .", "deep"),
    "long.nq": ('<urn:a> <urn:p> "' + "x" * 20_000_000 + '" .', "long.nq"),
    "bytes.nq": ("\x00\x01\x02", ":1"),
    "latin.ttl": ("\udcff", ":1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_whole(taking: Store, tmp_path: Path, name: str) -> None:
    text, said = BROKEN[name]
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(StoreError, match=said) as error:
        taking.import_file(tmp_path / name)
    assert name in str(error.value)
    assert len(str(error.value)) < 1000
    assert not list(taking.path.glob("*.part-*"))


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_packed_comes_back_the_same(filled: Store, other: Store, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"graph{FORMATS[form]}.gz"
    path.write_bytes(gzip.compress(exported(filled, tmp_path / "graph", form).read_bytes()))
    articles = filled.counts().articles
    assert imported(other, path) == (articles, articles, [])
    assert other.canonical_hash() == filled.canonical_hash()


def packed(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<urn:a> <urn:p> <urn:b> .", "gzip packing is broken"),
        (packed(b"<urn:a> <urn:p> <urn:b> .\n" * 99)[:-20], "gzip packing is broken"),
        (packed(b"<urn:a> <urn:p>"), ":1"),
        (packed(b"<urn:a> <urn:p> <urn:b> .\n" * 10_000_000), "200 times"),
    ],
    ids=["plain", "cut off", "no quads", "bursts"],
)
def test_a_packed_file_that_is_broken_or_bursts_is_refused_whole(
    taking: Store, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "graph.nq.gz"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=said) as error:
        taking.import_file(path)
    assert "graph.nq.gz" in str(error.value)
    assert not list(taking.path.glob("*.part-*"))


def test_other_files_are_a_wrong_call(other: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.nq"):
        other.import_file(tmp_path / "graph.xml")
    with pytest.raises(StoreError, match="nothing"):
        other.import_file(tmp_path / "nothing.nq")
