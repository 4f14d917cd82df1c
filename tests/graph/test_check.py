from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import Graph

from kgraph.graph import Store, open_store
from kgraph.graph.bridge import graph_of
from kgraph.graph.vocab import ACTORS_GRAPH, ONTOLOGY_GRAPH
from kgraph.model import Modality, Polarity, Relation
from kgraph.resources import ontology_dir

PREFIXES = (
    "PREFIX kg: <https://w3id.org/kgraph/ns#> PREFIX id: <https://w3id.org/kgraph/id/> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX oa: <http://www.w3.org/ns/oa#> "
    "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
)


def spoil(store: Store, update: str) -> None:
    store._engine.quads.update(PREFIXES + update)
    store._directory.forget()


def test_every_claim_that_can_be_written_conforms(store: Store, made: Any) -> None:
    text = made.Text("all")
    for number, relation in enumerate(Relation):
        for polarity in Polarity:
            for modality in Modality:
                actor = made.UNKNOWN if relation is Relation.OFFICIAL_OF else made.USA
                text.claim(
                    f"{number} {polarity} {modality} A tut B.", (actor, "A"), relation, "tut", (made.IRAN, "B"),
                    polarity=polarity, modality=modality,
                )  # fmt: skip
    store.write(text.done())
    report = store.check()
    assert report.faults == ()
    assert (report.ok, report.articles, report.claims) == (True, 1, 232)


def test_the_handmade_articles_and_the_lists_conform(filled: Store, made: Any) -> None:
    filled.write(made.Text("empty", published=None).done())
    assert filled.check().faults == ()


def test_the_actor_lists_conform(store: Store) -> None:
    graph = graph_of([*store._engine.graph(ACTORS_GRAPH), *store._engine.graph(ONTOLOGY_GRAPH)])
    conforms, _, report = pyshacl.validate(graph, shacl_graph=Graph().parse(ontology_dir() / "shapes.ttl"))
    assert conforms, report


def test_an_empty_store_is_in_order(store: Store) -> None:
    assert store.check(shapes=False).ok


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ("DELETE WHERE { GRAPH ?g { ?c kg:polarity ?p } }", "not whole"),
        ("DELETE WHERE { GRAPH ?g { id:Q30 kg:attacks ?b } }", "direct edge Q30 attacks Q794 is missing"),
        ("DELETE WHERE { GRAPH ?g { ?b kg:meets id:Q30 } }", "direct edge person/ion-testescu meets Q30 is missing"),
        (
            "INSERT { GRAPH ?g { id:Q30 kg:occupies id:Q794 } } WHERE { GRAPH ?g { ?a dcterms:identifier 'a1' } }",
            "Q30 occupies Q794 has no affirmed",
        ),
        ("DELETE { GRAPH ?g { ?c kg:modality ?m } } INSERT { GRAPH ?g { ?c kg:modality kg:alleged } } "
         "WHERE { GRAPH ?g { ?c kg:modality ?m } }", "has no affirmed"),
        ("DELETE { GRAPH ?g { ?c kg:triggerStart ?n } } INSERT { GRAPH ?g { ?c kg:triggerStart 3 } } "
         "WHERE { GRAPH ?g { ?c kg:triggerStart ?n } }", "its id does not fit"),
        ("DELETE { GRAPH ?g { ?c kg:objectText ?t } } INSERT { GRAPH ?g { ?c kg:objectText 'Irak' } } "
         "WHERE { GRAPH ?g { ?c kg:objectText ?t } }", "words of the object, 'Irak'"),
        ("DELETE { GRAPH ?g { ?c kg:attributedToText ?t } } INSERT { GRAPH ?g { ?c kg:attributedToText 'x' } } "
         "WHERE { GRAPH ?g { ?c kg:attributedToText ?t } }", "words of the attribution"),
        ("DELETE { GRAPH ?g { ?c oa:exact ?t } } INSERT { GRAPH ?g { ?c oa:exact 'kurz'@de } } "
         "WHERE { GRAPH ?g { ?c oa:exact ?t } }", "sentence is not as long"),
        ("DELETE WHERE { GRAPH ?g { id:person\\/ion-testescu a ?t } }", "nobody describes the actor"),
        ("DELETE WHERE { GRAPH ?g { ?a dcterms:identifier 'a1' } }", "no whole article"),
        ("DELETE WHERE { GRAPH ?g { ?a kg:contentHash ?h } }", "no whole article"),
        ("INSERT DATA { GRAPH <urn:strange> { id:Q30 kg:attacks id:Q794 } }", "did not write"),
        ("INSERT DATA { id:Q30 kg:attacks id:Q794 }", "did not write"),
        ("CLEAR GRAPH id:graph\\/actors", "actor lists are not in the store"),
    ],
)  # fmt: skip
def test_damage_is_found(filled: Store, update: str, message: str) -> None:
    spoil(filled, update)
    report = filled.check(shapes=False)
    assert not report.ok
    assert any(message in fault.what for fault in report.faults), report.faults


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ("DELETE WHERE { GRAPH ?g { ?c kg:subjectVia ?v } }", "the subject is named in a known way"),
        ("DELETE WHERE { GRAPH ?g { ?c kg:involves ?v } }", "involves"),
        ("DELETE { GRAPH ?g { ?c kg:contentHash ?v } } INSERT { GRAPH ?g { ?c kg:contentHash 'md5:0' } } "
         "WHERE { GRAPH ?g { ?c kg:contentHash ?v } }", "SHA-256"),
        ("DELETE WHERE { GRAPH ?g { ?c kg:dateOrigin ?v } }", "where its date comes from"),
        ("DELETE WHERE { GRAPH ?g { ?c kg:eventEndDate ?v } }", "has a last day"),
        ("DELETE WHERE { GRAPH ?g { ?c kg:officeHolder ?v } }", "an office has one holder"),
        ("INSERT { GRAPH ?g { ?c kg:confidence 1.5 } } WHERE { GRAPH ?g { ?c kg:confidence ?v } }", "confidence"),
        ("INSERT { GRAPH ?g { ?c kg:modality kg:planned } } WHERE { GRAPH ?g { ?c kg:modality kg:actual } }", "modality"),
        ("INSERT { GRAPH ?g { id:Q30 kg:officialOf id:Q794 } } WHERE { GRAPH ?g { ?a dcterms:identifier 'a1' } }",
         "only a person holds an office"),
        ("INSERT { GRAPH ?g { ?c kg:eventDate '2026-12-31'^^<http://www.w3.org/2001/XMLSchema#date> } } "
         "WHERE { GRAPH ?g { ?c kg:eventEndDate ?v } }", "the date is one day"),
        ("DELETE WHERE { GRAPH ?g { id:Q30 skos:prefLabel ?v } }", "an actor has a name"),
    ],
)  # fmt: skip
def test_what_the_shapes_forbid_is_found(filled: Store, update: str, message: str) -> None:
    spoil(filled, update)
    report = filled.check()
    assert any(message in fault.what for fault in report.faults), report.faults


@pytest.mark.parametrize("update", ["CLEAR ALL", "DROP GRAPH id:graph\\/ontology", "CLEAR GRAPH id:graph\\/actors"])
def test_ontology_and_lists_come_back_when_an_update_has_removed_them(path: Path, update: str) -> None:
    with open_store(path) as store:
        before = store.canonical_hash()
        spoil(store, update)
        assert any("the next 'kgraph add'" in fault.what for fault in store.check().faults)
    with open_store(path) as store:
        assert store.check().ok
        assert store.canonical_hash() == before


def test_faults_come_in_the_same_order(filled: Store) -> None:
    spoil(filled, "DELETE WHERE { GRAPH ?g { ?c kg:rule ?v } } ; DELETE WHERE { GRAPH ?g { ?c kg:contentHash ?v } }")
    assert filled.check().faults == filled.check().faults


def test_words_in_another_sentence_are_only_measured(store: Store, made: Any) -> None:
    text = made.Text("two", published=date(2026, 1, 1))
    text.text = "Ein Bericht sagt: "
    claim = text.claim("A tut B.", (made.USA, "A"), Relation.AIDS, "tut", (made.IRAN, "B"), source=(None, "tut")).done()
    store.write(claim)
    assert store.check(shapes=False).ok
