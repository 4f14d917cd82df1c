from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Dataset, URIRef
from rdflib import Literal as RdfLiteral

from kgraph.errors import ArticleError, DataError, QueryError, StoreError, UnknownActor, UsageError
from kgraph.graph import Store, open_store, writer
from kgraph.graph.engine import Engine
from kgraph.model import DATA, NAMESPACE, Actor, ActorType, Article, Extraction, Modality, Polarity, Relation
from kgraph.resources import ontology_dir

US_ATTACK = "ASK { id:Q30 kg:attacks id:Q794 }"


def test_writing_twice_changes_nothing(store: Store, made: Any) -> None:
    assert store.write(made.attack()) is True
    once = store.canonical_hash()
    assert store.write(made.attack()) is False
    assert store.canonical_hash() == once


def test_the_hash_depends_on_content_alone(template: Path, tmp_path: Path, made: Any) -> None:
    hashes = []
    for name, extractions in (
        ("one", [made.attack(), made.full()]),
        ("two", [made.full(), made.attack("z"), made.attack()]),
    ):
        with open_store(shutil.copytree(template, tmp_path / name)) as store:
            for extraction in extractions:
                store.write(extraction)
            store.remove("z")
            hashes.append(store.canonical_hash())
    assert hashes[0] == hashes[1]


def test_every_change_changes_the_hash(store: Store, made: Any) -> None:
    hashes = {store.canonical_hash()}
    for extraction in (made.attack(), made.full(), made.attack("b")):
        store.write(extraction)
        hashes.add(store.canonical_hash())
    assert len(hashes) == 4


def test_what_read_an_article_and_where_it_came_from_are_kept(store: Store, made: Any) -> None:
    bare = made.attack()
    store.write(bare)
    assert store.reading_of("a1") is None
    known = replace(bare, article=replace(bare.article, source='news/"a\n.txt'), reading="sha256:1")
    assert store.write(known) is True
    assert (store.reading_of("a1"), store.reading_of(bare.article.iri)) == ("sha256:1", "sha256:1")
    assert [article.source for article in store.articles()] == ['news/"a\n.txt']
    assert next(store.claims()).article == next(store.articles())
    assert store.check().faults == ()
    assert store.write(replace(known, reading="sha256:2")) is True
    assert store.reading_of("a1") == "sha256:2"
    assert store.reading_of("none") is None


def test_rereading_replaces_the_article_whole(store: Store, made: Any) -> None:
    store.write(made.attack())
    before = store.canonical_hash()
    store.write(replace(made.attack(), claims=()))
    assert store.ask(US_ATTACK) is False
    assert [article.claims for article in store.articles()] == [0]
    store.write(made.attack())
    assert store.canonical_hash() == before


def test_removing_leaves_no_triple_of_the_article(store: Store, made: Any) -> None:
    before = store.canonical_hash()
    store.write(made.full())
    other = store.canonical_hash()
    store.write(made.attack())
    assert store.remove("a1") is True
    assert store.canonical_hash() == other
    assert store.remove(made.full().article.iri) is True
    assert store.canonical_hash() == before
    assert store.remove("a1") is False


def test_two_articles_may_say_the_same_and_one_may_go(store: Store, made: Any) -> None:
    store.write(made.attack("x"))
    store.write(made.attack("y"))
    store.remove("x")
    assert store.ask(US_ATTACK) is True
    assert len(store.select("SELECT ?b { id:Q30 kg:attacks ?b }")) == 1


def test_what_was_written_is_there_after_reopening(path: Path, made: Any) -> None:
    with open_store(path) as store:
        store.write(made.attack())
        before = store.canonical_hash()
    with open_store(path, read_only=True) as store:
        assert store.canonical_hash() == before
        assert store.counts().articles == 1


def test_a_bad_extraction_changes_nothing(filled: Store, made: Any) -> None:
    before = filled.canonical_hash()
    broken = made.Text("a1").claim(
        "A tut B.", (Actor("no iri", ActorType.PERSON, "A"), "A"), Relation.ATTACKS, "tut", (made.IRAN, "B")
    )
    with pytest.raises(ArticleError):
        filled.write(broken.done())
    assert filled.canonical_hash() == before


def test_a_replacement_is_all_or_nothing(filled: Store, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = filled.canonical_hash()
    extraction = made.Text("a1").claim("A tut B.", (made.USA, "A"), Relation.AIDS, "tut", (made.IRAN, "B")).done()
    whole = pyoxigraph.serialize
    then_fail = b"} } ; DROP GRAPH <urn:there-is-none> ; INSERT DATA { GRAPH <urn:x> {"
    monkeypatch.setattr("pyoxigraph.serialize", lambda *args, **options: whole(*args, **options) + then_fail)
    with pytest.raises(StoreError):
        filled.write(extraction)
    monkeypatch.undo()
    assert filled.canonical_hash() == before


@pytest.mark.parametrize(
    "words", ['"', "\\", "\\\\u0022", "\n", "\r", "{ } ;", "\x00", "\u2028", "#", "<x>", "'''", "\\u005C"]
)
def test_hostile_words_survive_replacement(store: Store, made: Any, words: str) -> None:
    for title in ("first", words, f"{words}{words} . }} }} ; DROP ALL #"):
        extraction = made.Text("a1", title=title).done()
        store.write(extraction)
        assert [article.title for article in store.articles()] == [title]
        assert store.write(extraction) is False


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=1, max_size=4))
def test_any_text_survives_replacement(texts: list[str]) -> None:
    engine = Engine.__new__(Engine)
    engine._path, engine._read_only, engine._open = Path("memory"), False, pyoxigraph.Store()
    engine._unflushed, engine._flushing = 0, None
    graph = NamedNode("urn:g")
    for text in texts:
        quads = {Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(text), graph)}
        engine.change(quads, drop=graph)
        assert engine.graph(graph) == quads


def test_a_closed_store_says_so(path: Path, made: Any) -> None:
    store = open_store(path)
    store.write(made.attack())
    articles = store.claims()
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.write(made.attack())
    with pytest.raises(StoreError, match="closed"):
        list(store.articles())
    with pytest.raises(StoreError, match="closed"):
        next(articles)


def test_a_store_open_for_reading_refuses_to_write(path: Path, made: Any) -> None:
    with open_store(path, read_only=True) as store:
        with pytest.raises(StoreError, match="reading only"):
            store.write(made.attack())
        with pytest.raises(StoreError, match="reading only"):
            store.remove("a1")


def test_articles_come_by_date(filled: Store, made: Any) -> None:
    filled.write(made.Text("undated", published=None).done())
    articles = list(filled.articles())
    assert [(article.id, article.claims) for article in articles] == [("undated", 0), ("a1", 2), ("a2", 3)]
    assert articles[1].as_dict() == {
        "iri": made.attack().article.iri,
        "id": "a1",
        "lang": "de",
        "title": "Luftangriffe",
        "url": "https://news.example/1?a=b",
        "publisher": "Musterblatt",
        "published": "2026-03-02",
        "content_hash": articles[1].content_hash,
        "claims": 2,
        "source": None,
    }
    assert articles[1].content_hash.startswith("sha256:")


def test_claims_can_be_chosen(shared: Store) -> None:
    def said(**wanted: Any) -> list[str]:
        return sorted(claim.trigger.text for claim in shared.claims(**wanted))

    assert said() == ["angegriffen", "belegen", "bombardiert", "traf", "verurteilte"]
    assert said(article="a1") == ["bombardiert", "verurteilte"]
    assert said(article="unknown") == []
    assert said(actor="Russia") == ["angegriffen", "verurteilte"]
    assert said(actor="Moldau") == ["traf"]
    assert said(actor="Ion Testescu") == ["traf"]
    assert said(relation="attacks") == ["angegriffen", "bombardiert"]
    assert said(relation=Relation.ATTACKS, facts=True) == ["bombardiert"]
    assert said(since=date(2026, 4, 15)) == ["belegen"]
    assert said(until=date(2026, 3, 1)) == ["traf"]
    assert said(since=date(2026, 3, 2), until=date(2026, 3, 2)) == ["bombardiert", "verurteilte"]
    assert said(min_confidence=0.76) == []


def test_claims_are_fit_for_json(shared: Store) -> None:
    rows = [claim.as_dict() for claim in shared.claims(article="a2")]
    assert json.loads(json.dumps(rows)) == rows
    assert rows[0]["subject"]["type"] == "Person"
    assert rows[0]["subject"]["on_behalf_of"] == f"{DATA}Q217"
    assert rows[1]["attributed_to"]["label"] == "Russland"
    assert (rows[2]["date"], rows[2]["date_end"], rows[2]["date_origin"]) == ("2026-04-01", "2026-04-30", "explicit")


def test_actors_come_by_number_of_claims(shared: Store) -> None:
    assert [(actor.label, count) for actor, count in shared.actors()] == [
        ("USA", 4), ("Iran", 3), ("Russland", 2), ("Ion Testescu", 1),
    ]  # fmt: skip
    assert shared.actor("Iran").country == "IRN"
    assert shared.actor("Ion Testescu").type is ActorType.PERSON


@pytest.mark.parametrize(
    "name", ["Russland", "russia", "RUS", "Q159", "Russische Föderation", f"{DATA}Q159", "id:Q159"]
)
def test_an_actor_has_many_names(shared: Store, name: str) -> None:
    assert shared.resolve(name) == f"{DATA}Q159"


def test_an_actor_that_only_texts_know_is_found_by_its_label(filled: Store, made: Any) -> None:
    assert filled.resolve("ion  testescu") == made.UNKNOWN.id
    filled.remove("a2")
    with pytest.raises(UnknownActor, match="Testescu"):
        filled.resolve("Ion Testescu")


def test_two_unlisted_actors_of_one_name_are_told_apart_by_id(filled: Store, made: Any) -> None:
    other = Actor(f"{DATA}person/ion-testescu-2", ActorType.PERSON, "Ion Testescu", "ROU")
    filled.write(made.Text("a3").claim("I tut B.", (other, "I"), Relation.AIDS, "tut", (made.IRAN, "B")).done())
    with pytest.raises(UnknownActor, match="id:person/ion-testescu-2"):
        filled.resolve("Ion Testescu")
    assert filled.resolve("id:person/ion-testescu-2") == other.id


def test_labels_are_in_the_language_asked_for(path: Path) -> None:
    with open_store(path, lang="en") as store:
        assert store.label(f"{DATA}Q159") == "Russia"
        assert store.label(f"{DATA}Q159", "de") == "Russland"
        assert store.label(f"{DATA}Q159", "fr") == "Russia"
        assert store.label(f"{NAMESPACE}attacks", "de") == "greift an"
        assert store.label(f"{DATA}person/nobody") == "nobody"
        assert store.label("https://news.example/a") == "https://news.example/a"


def test_counts(shared: Store) -> None:
    counts = shared.counts()
    assert (counts.articles, counts.claims, counts.facts, counts.actors) == (2, 5, 3, 4)


@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")  # rdflib's own use of it
def test_the_dataset_is_rdflib_s_and_its_default_graph_the_union(filled: Store) -> None:
    usa, attacks, iran = URIRef(f"{DATA}Q30"), URIRef(f"{NAMESPACE}attacks"), URIRef(f"{DATA}Q794")
    assert isinstance(filled.dataset, Dataset)
    assert (usa, attacks, iran) in filled.dataset
    assert (usa, None, RdfLiteral("USA", lang="de")) in filled.dataset
    [row] = filled.dataset.query("SELECT ?b { id:Q30 kg:attacks ?b }")
    assert row.b == iran


def test_a_backup_in_a_folder_is_a_store_of_its_own(filled: Store, tmp_path: Path, made: Any) -> None:
    filled.backup(tmp_path / "copy")
    before = filled.canonical_hash()
    filled.remove("a1")
    with open_store(tmp_path / "copy") as copy:
        assert copy.canonical_hash() == before
        copy.write(made.attack("new"))
    assert filled.counts().articles == 1
    with pytest.raises(UsageError, match="already"):
        filled.backup(tmp_path / "copy")


def test_the_background_is_loaded_again_when_the_lists_have_changed(path: Path, tmp_path: Path) -> None:
    extra = tmp_path / "actors"
    extra.mkdir()
    (extra / "mine.toml").write_text(
        '[[organisation]]\nslug = "probenbund"\nname = { de = "Probenbund", en = "Test League" }\nkind = "alliance"\n'
    )
    with open_store(path) as store:
        plain = store.canonical_hash()
    with open_store(path, actors=[extra]) as store:
        assert store.resolve("Test League") == f"{DATA}organisation/probenbund"
        assert store.label(f"{DATA}organisation/probenbund") == "Probenbund"
        assert store.canonical_hash() != plain
    with open_store(path) as store:
        assert store.canonical_hash() == plain


def test_a_loading_cut_short_is_repeated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(path) as store:
        whole = store.canonical_hash()
    marker = path / "kgraph-store.json"
    marker.write_text(json.dumps({**json.loads(marker.read_text()), "actors": "of other lists"}))

    def cut_short(_: object) -> Iterator[Quad]:
        yield Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("c"), NamedNode(f"{DATA}graph/actors"))
        raise KeyboardInterrupt

    monkeypatch.setattr("kgraph.graph.writer.actor_quads", cut_short)
    with pytest.raises(KeyboardInterrupt):
        open_store(path)
    monkeypatch.undo()
    with open_store(path) as store:
        assert store.canonical_hash() == whole


def test_faulty_actor_lists_stop_the_opening_and_leave_the_store_free(path: Path, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "bad.toml").write_text("[[state]]\n")
    with pytest.raises(DataError):
        open_store(path, actors=[tmp_path / "bad"])
    with open_store(path) as store:
        assert store.counts().articles == 0


def test_a_person_of_the_lists_acts_for_whom_it_held_an_office_of_on_that_day(store: Store, made: Any) -> None:
    person = next(
        entry
        for entry in store.registry.entries("person")
        for office in entry.offices
        if office.start and office.end and len(entry.offices) == 1 and office.of.startswith(f"{DATA}Q")
    )
    [office] = person.offices
    for name, day, expected in (("during", office.end, office.of), ("after", date(2100, 1, 1), person.id)):
        text = made.Text(name, published=day)
        text.claim("P tut B.", (person.actor, "P"), Relation.AIDS, "tut", (made.IRAN, "B"))
        store.write(text.done())
        [claim] = store.claims(article=name)
        assert claim.subject.on_behalf_of == expected


def test_a_person_that_no_list_knows_acts_for_its_country(store: Store, made: Any) -> None:
    store.write(made.Text("p").claim("P tut B.", (made.UNKNOWN, "P"), Relation.AIDS, "tut", (made.IRAN, "B")).done())
    [claim] = store.claims()
    assert claim.subject.on_behalf_of == made.MOLDOVA.id


def test_the_ontology_in_the_store_is_the_file_s(store: Store) -> None:
    parsed = pyoxigraph.parse((ontology_dir() / "kgraph.ttl").read_bytes(), pyoxigraph.RdfFormat.TURTLE)
    graph = NamedNode(f"{DATA}graph/ontology")
    assert {Quad(q.subject, q.predicate, q.object, graph) for q in parsed} <= store._engine.graph(graph)


def test_the_store_holds_no_blank_nodes(shared: Store) -> None:
    assert shared.ask("ASK { { ?x ?p ?o } UNION { ?s ?p ?x } FILTER(ISBLANK(?x)) }") is False


def test_an_unknown_relation_is_a_query_error(store: Store) -> None:
    with pytest.raises(QueryError, match="attacks"):
        store.claims(relation="attack")


def test_denied_planned_and_alleged_claims_are_stored_but_never_direct_edges(store: Store, made: Any) -> None:
    text = made.Text()
    for number, (polarity, modality) in enumerate((p, m) for p in Polarity for m in Modality):
        if (polarity, modality) != (Polarity.AFFIRMED, Modality.ACTUAL):
            text.claim(f"{number} A tut B.", (made.USA, "A"), Relation.ATTACKS, "tut", (made.IRAN, "B"),
                       polarity=polarity, modality=modality)  # fmt: skip
    store.write(text.done())
    assert store.counts().claims == 7
    assert len(store.select("SELECT ?a ?b { ?a kg:attacks ?b }")) == 0


def test_what_only_the_log_holds_stays_small(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed = []
    quads = store._engine.quads

    class Flushed:
        def __getattr__(self, name: str) -> Any:
            return flushed.append(1) or (lambda: None) if name == "flush" else getattr(quads, name)

    monkeypatch.setattr("kgraph.graph.engine._LOG", 15)  # three of these articles
    monkeypatch.setattr(store._engine, "_open", Flushed())
    for number in range(7):
        store.write(Extraction(Article(f"n{number}", "Text")))
    store._engine._flushed()
    assert len(flushed) == 2
    monkeypatch.undo()


def test_what_goes_wrong_while_the_log_is_flushed_beside_is_told_by_the_next_step(
    path: Path, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(path)
    quads = store._engine.quads

    def broken() -> None:
        raise OSError("IO error: No space left on device: While appending to file")

    class Full:
        def __getattr__(self, name: str) -> Any:
            return broken if name == "flush" else getattr(quads, name)

    monkeypatch.setattr("kgraph.graph.engine._LOG", 15)
    monkeypatch.setattr(store._engine, "_open", Full())
    assert store.write(made.attack("a"))  # written; flushing it begins
    with pytest.raises(StoreError, match=r"the disk that holds .* is full"):
        store.write(made.attack("b"))
    monkeypatch.undo()
    store.close()
    with open_store(path, read_only=True) as again:
        assert [article.id for article in again.articles()] == ["a", "b"]


def test_what_a_batch_has_begun_is_finished_whatever_becomes_of_the_next(
    store: Store, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_BATCH", 1)

    def extractions() -> Iterator[Extraction]:
        yield made.attack("a")
        yield made.attack("b")
        store.write(made.attack("c"))  # one by one beside it
        yield made.attack("a")
        raise ArticleError("d", "is too strange")

    with pytest.raises(ArticleError, match="too strange"):
        store.load(extractions())
    assert sorted(article.id for article in store.articles()) == ["a", "b", "c"]
    assert store.load([made.attack("c"), made.attack("e"), made.attack("e")]) == 1
    assert store.check().ok
