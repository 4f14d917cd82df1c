from __future__ import annotations

import json
from datetime import date
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kgraph.errors import ArticleError, UsageError
from kgraph.graph import serialize, terms
from kgraph.graph.rdf import ArticleGraph, article_graph, article_quads
from kgraph.graph.stored import StoredActor, read_article, read_claims
from kgraph.graph.vocab import ARTICLES, PREFIXES, URL, kg, term
from kgraph.model import DATA, Actor, ActorType, Article, DateOrigin, Extraction, Modality, Polarity, Relation, When

HOSTILE = [
    '"',
    "\n",
    "\r\n",
    "\\",
    "</script><script>alert(1)</script>",
    "{}",
    '"""',
    "\\u0022",
    "<x>",
    "' ; DROP ALL",
    "\x00",
]


def direct(quads: list[Quad]) -> set[tuple[str, str, str]]:
    relations = {kg(relation.value): relation.value for relation in Relation}
    return {
        (str(q.subject)[1:-1].removeprefix(DATA), relations[q.predicate], str(q.object)[1:-1].removeprefix(DATA))
        for q in quads
        if q.predicate in relations
    }


def objects(quads: list[Quad], predicate: str) -> list[str]:
    return [
        q.object.value for q in quads if q.predicate == term(predicate) and not isinstance(q.object, pyoxigraph.Triple)
    ]


def test_a_fact_is_a_direct_edge(made: Any) -> None:
    assert direct(article_quads(made.attack())) == {("Q30", "attacks", "Q794"), ("Q159", "criticizes", "Q30")}


def test_a_symmetric_fact_is_an_edge_both_ways(made: Any) -> None:
    edges = direct(article_quads(made.full()))
    assert edges == {("person/ion-testescu", "meets", "Q30"), ("Q30", "meets", "person/ion-testescu")}


@pytest.mark.parametrize("polarity", Polarity)
@pytest.mark.parametrize("modality", Modality)
@pytest.mark.parametrize("relation", Relation)
def test_only_what_is_affirmed_and_actual_is_a_direct_edge(
    made: Any, relation: Relation, polarity: Polarity, modality: Modality
) -> None:
    extraction = (
        made.Text()
        .claim("A tut B.", (made.USA, "A"), relation, "tut", (made.IRAN, "B"), polarity=polarity, modality=modality)
        .done()
    )
    expected = set()
    if extraction.claims[0].is_fact:
        expected = {("Q30", relation.value, "Q794")}
        if relation.symmetric:
            expected |= {("Q794", relation.value, "Q30")}
    assert direct(article_quads(extraction)) == expected


def test_everything_is_in_the_article_s_graph_and_nothing_is_blank_or_twice(made: Any) -> None:
    for extraction in (made.attack(), made.full()):
        quads = article_quads(extraction)
        assert {q.graph_name.value for q in quads} == {extraction.article.iri}
        assert all(isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal) for q in quads)
        assert len(quads) == len(set(quads))


def test_quads_are_the_same_every_time_and_as_the_engine_gives_them_back(made: Any) -> None:
    quads = article_quads(made.full())
    engine = pyoxigraph.Store()
    engine.extend(quads)
    assert quads == article_quads(made.full())
    assert set(engine) == set(quads)


def test_unknown_actors_are_described_and_listed_ones_are_not(made: Any) -> None:
    described = {
        str(q.subject)[1:-1] for q in article_quads(made.full(), Listed(made)) if q.predicate == term("skos:prefLabel")
    }
    assert made.UNKNOWN.id in described
    assert made.USA.id not in described


class Listed:
    """Lists that know the states of the tests."""

    def __init__(self, made: Any) -> None:
        self.ids = {actor.id for actor in (made.USA, made.RUSSIA, made.IRAN, made.MOLDOVA)}

    def __contains__(self, iri: object) -> bool:
        return iri in self.ids

    def on_behalf_of(self, end: Any, article: Any, claim: Any) -> str:
        return str(end.actor.id)


def test_the_office_that_the_text_gives_is_kept_in_its_words(made: Any) -> None:
    quads = article_quads(made.full())
    assert "Regierungschef" in objects(quads, "skos:prefLabel")
    assert objects(quads, "kg:officeHolder") == [made.UNKNOWN.id]
    assert objects(quads, "kg:officeOf") == [made.MOLDOVA.id]
    assert objects(quads, "kg:formerOffice") == []


def test_a_person_acts_for_the_actor_of_its_office_unless_it_is_a_former_one(made: Any) -> None:
    def acts_for(*, former: bool) -> list[str]:
        text = made.Text().claim(
            "Präsident X droht Y.", (made.UNKNOWN, "X"), Relation.THREATENS, "droht", (made.IRAN, "Y"),
            role=("Präsident", made.MOLDOVA, former),
        )  # fmt: skip
        return objects(article_quads(text.done()), "kg:subjectFor")

    assert acts_for(former=False) == [made.MOLDOVA.id]
    assert acts_for(former=True) == [made.UNKNOWN.id]


def test_claims_come_back_as_they_were_written(made: Any) -> None:
    extraction = made.full()
    actors = {end.actor.id: end.actor for claim in extraction.claims for end in (claim.subject, claim.object)}

    def actor(iri: str) -> StoredActor:
        return StoredActor(iri, actors[iri].type, actors[iri].label, actors[iri].country)

    back = list(read_claims(article_quads(extraction), actor))
    assert len(back) == len(extraction.claims)
    for stored, claim in zip(back, sorted(extraction.claims, key=lambda c: c.trigger.start), strict=True):
        assert stored.id == claim.id
        same = ["sentence", "relation", "trigger", "rule", "polarity", "modality", "confidence", "is_fact"]
        assert [getattr(stored, name) for name in same] == [getattr(claim, name) for name in same]
        day = extraction.article.published
        assert stored.when == (claim.when or (day and When(day, day, DateOrigin.PUBLISHED)))
        for mine, theirs in ((stored.subject, claim.subject), (stored.object, claim.object)):
            assert (mine.actor.iri, mine.via) == (theirs.actor.id, theirs.via)
            assert (mine.span.start, mine.span.end, mine.span.text) == (theirs.start, theirs.end, theirs.text)
        said = claim.attribution
        assert (stored.attribution and stored.attribution.span) == (said and said.span)
        json.dumps(stored.as_dict())


def test_an_article_without_claims_is_still_stored(made: Any) -> None:
    article = read_article(article_quads(made.Text("empty").done()))
    assert (article.id, article.claims, article.published) == ("empty", 0, date(2026, 3, 2))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_inside_their_literals(made: Any, words: str) -> None:
    sentence = f"A {words} tut B {words}."
    extraction = (
        made.Text(f"id {words}", title=words, publisher=words, url=words, lang="de")
        .claim(sentence, (made.USA, f"A {words}"), Relation.ATTACKS, "tut", (made.IRAN, f"B {words}"),
               source=(None, words))
        .done()
    )  # fmt: skip
    quads = article_quads(extraction)
    nquads = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS)
    assert nquads is not None
    assert set(pyoxigraph.parse(nquads, RdfFormat.N_QUADS)) == set(quads)
    claim = next(read_claims(quads, lambda iri: StoredActor(iri, None, iri)))
    assert claim.sentence.text == sentence
    assert (claim.article.id, claim.article.title, claim.article.url) == (f"id {words}", words, words)


def test_half_a_surrogate_pair_is_replaced_and_offsets_stay_right(made: Any) -> None:
    extraction = made.Text("\udcff.txt").claim(
        "A \ud800 tut B.", (made.USA, "A"), Relation.ATTACKS, "tut", (made.IRAN, "B")
    ).done()  # fmt: skip
    claim = next(read_claims(article_quads(extraction), lambda iri: StoredActor(iri, None, iri)))
    assert claim.sentence.text == "A \ufffd tut B."
    assert claim.sentence.text[claim.trigger.start : claim.trigger.end] == "tut"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/a?b=c#d", NamedNode("https://news.example/a?b=c#d")),
        (" https://news.example/ä b ", NamedNode("https://news.example/ä%20b")),
        ('https://news.example/"<x>{}|\\^`', NamedNode("https://news.example/%22%3Cx%3E%7B%7D%7C%5C%5E%60")),
        ("https://news.example/100%", NamedNode("https://news.example/100%25")),
        ("HTTPS://news.example/a%20b", NamedNode("HTTPS://news.example/a%20b")),
        ("javascript:alert(1)", Literal("javascript:alert(1)")),
        ("file:///etc/passwd", Literal("file:///etc/passwd")),
        ("news.example/a", Literal("news.example/a")),
        ("https://", Literal("https://")),
        ("https://[::1/a", Literal("https://[::1/a")),
        ("https://news.example/\ud800", Literal("https://news.example/\ufffd")),
    ],
)
def test_only_proper_web_addresses_become_iris(made: Any, url: str, expected: NamedNode | Literal) -> None:
    quads = article_quads(made.Text(url=url).done())
    assert [q.object for q in quads if q.predicate == URL] == [expected]


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_can_be_an_address_or_a_literal(words: str) -> None:
    quad = Quad(NamedNode("urn:s"), URL, terms.web_address(words), NamedNode("urn:g"))
    engine = pyoxigraph.Store()
    engine.extend([quad, Quad(quad.subject, kg("rule"), terms.text(words), quad.graph_name)])
    assert len(engine) == 2


@given(st.text(st.characters(codec=None), max_size=60))
def test_lines_hold_what_the_quads_hold_whatever_the_text(words: str) -> None:
    extraction = Extraction(Article(words or "a", words, title=words, publisher=words, source=words, lang=words))
    graph = article_graph(extraction)
    engine = pyoxigraph.Store()
    engine.bulk_load(graph.lines, RdfFormat.N_QUADS, lenient=True)
    assert set(engine) == graph.quads == ArticleGraph.of(graph.name, graph.quads).quads
    assert len(graph) == len(graph.quads)
    assert (
        Literal(words.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        in {quad.object for quad in graph.quads if quad.predicate == term("dcterms:source")}
        or not words
    )


@given(st.floats(0, 1))
def test_a_decimal_is_written_as_the_engine_gives_it_back(value: float) -> None:
    engine = pyoxigraph.Store()
    engine.add(Quad(NamedNode("urn:s"), kg("confidence"), terms.decimal(value)))
    assert [quad.object for quad in engine] == [terms.decimal(value)]
    assert terms.to_value(terms.decimal(value)) == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize("value", ["Text", "2026-03-02", 7, -1, 0.25, True, False, date(2026, 3, 2)])
def test_values_come_back_with_their_type(value: Any) -> None:
    back = terms.to_value(terms.from_value(value))
    assert (back, type(back)) == (value, type(value))


def test_words_that_do_not_fit_their_type_stay_words() -> None:
    assert terms.to_value(Literal("soon", datatype=term("xsd:date"))) == "soon"
    assert terms.to_value(Literal("many", datatype=term("xsd:integer"))) == "many"


def test_a_language_tag_that_is_none_is_left_out(made: Any) -> None:
    assert terms.text("Titel", "kein Tag!") == Literal("Titel")


def test_of_the_same_said_twice_the_more_confident_counts(made: Any) -> None:
    text = made.Text()
    for polarity, confidence in ((Polarity.NEGATED, 0.4), (Polarity.AFFIRMED, 0.9), (Polarity.NEGATED, 0.9)):
        text.claim("A tut B.", (made.USA, "A"), Relation.ATTACKS, "tut", (made.IRAN, "B"),
                   polarity=polarity, confidence=confidence)  # fmt: skip
    quads = article_quads(text.done())
    assert objects(quads, "kg:polarity") == [PREFIXES["kg"] + "affirmed"]


def test_an_actor_whose_id_is_no_iri_is_an_article_error(made: Any) -> None:
    broken = Actor("not an iri", ActorType.PERSON, "X")
    text = made.Text("a9").claim("A tut B.", (broken, "A"), Relation.ATTACKS, "tut", (made.IRAN, "B"))
    with pytest.raises(ArticleError, match="a9"):
        article_quads(text.done())


@pytest.mark.parametrize(
    ("name", "format_"), [("trig", RdfFormat.TRIG), ("nquads", RdfFormat.N_QUADS), ("json-ld", RdfFormat.JSON_LD)]
)
def test_serializing_without_a_store_keeps_every_quad(made: Any, name: str, format_: RdfFormat) -> None:
    extractions = [made.attack(), made.full()]
    back = set(pyoxigraph.parse(serialize(extractions, name), format_))
    assert back == {quad for extraction in extractions for quad in article_quads(extraction)}


def test_serializing_as_turtle_keeps_every_triple_once(made: Any) -> None:
    extractions: list[Extraction] = [made.attack("x"), made.attack("y")]
    back = list(pyoxigraph.parse(serialize(extractions, "turtle"), RdfFormat.TURTLE))
    triples = {(q.subject, q.predicate, q.object) for extraction in extractions for q in article_quads(extraction)}
    assert len(back) == len(triples)
    assert {(q.subject, q.predicate, q.object) for q in back} == triples


def test_serializing_in_an_unknown_format_says_which_there_are(made: Any) -> None:
    with pytest.raises(UsageError, match="trig"):
        serialize([made.attack()], "xls")


def test_articles_are_named_by_their_id_alone(made: Any) -> None:
    assert made.attack("a").article.iri.startswith(ARTICLES)
    assert article_quads(made.attack("a"))[0].graph_name != article_quads(made.attack("b"))[0].graph_name
