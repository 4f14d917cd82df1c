from __future__ import annotations

import re

import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Namespace, URIRef

from kgraph.model import NAMESPACE, ActorType, DateOrigin, Modality, Polarity, Quad, Relation
from kgraph.resources import ontology_dir

KG = Namespace(NAMESPACE)
QUADS = {
    Quad.STATE: KG.stateOfAffairs,
    Quad.VERBAL_COOPERATION: KG.verbalCooperation,
    Quad.MATERIAL_COOPERATION: KG.materialCooperation,
    Quad.VERBAL_CONFLICT: KG.verbalConflict,
    Quad.MATERIAL_CONFLICT: KG.materialConflict,
}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ontology_dir() / "kgraph.ttl").parse(ontology_dir() / "crosswalk.ttl")


def terms(ontology: Graph) -> set[URIRef]:
    return {s for s in ontology.subjects(RDF.type) if isinstance(s, URIRef) and s.startswith(NAMESPACE)}


def test_the_relations_are_those_of_the_model(ontology: Graph) -> None:
    below = set(ontology.transitive_subjects(RDFS.subPropertyOf, KG.relatedTo)) - {KG.relatedTo}
    assert below == {KG[relation.value] for relation in Relation}


def test_symmetric_relations_are_those_of_the_model(ontology: Graph) -> None:
    symmetric = set(ontology.subjects(RDF.type, OWL.SymmetricProperty))
    assert symmetric == {KG[relation.value] for relation in Relation if relation.symmetric}


def test_quad_classes_are_those_of_the_model(ontology: Graph) -> None:
    assert {relation: ontology.value(KG[relation.value], KG.quad) for relation in Relation} == {
        relation: QUADS[relation.quad] for relation in Relation
    }


@pytest.mark.parametrize(
    ("enum", "concept"), [(Polarity, "Polarity"), (Modality, "Modality"), (DateOrigin, "DateOrigin")]
)
def test_concepts_are_those_of_the_model(ontology: Graph, enum: type[Polarity], concept: str) -> None:
    assert set(ontology.subjects(RDF.type, KG[concept])) == {KG[value.value] for value in enum}


def test_actor_classes_are_those_of_the_model(ontology: Graph) -> None:
    below = set(ontology.transitive_subjects(RDFS.subClassOf, KG.End)) - {KG.End, KG.Actor}
    assert below == {KG[kind.value] for kind in ActorType}


def test_kills_and_occupies_are_attacks(ontology: Graph) -> None:
    assert set(ontology.subjects(RDFS.subPropertyOf, KG.attacks)) == {KG.kills, KG.occupies}


def test_events_have_codes_and_states_of_affairs_have_none(ontology: Graph) -> None:
    for relation in Relation:
        codes = [ontology.value(KG[relation.value], KG[name]) for name in ("plover", "cameo", "goldstein")]
        assert all(code is None for code in codes) if relation.quad is Quad.STATE else None not in codes


def test_the_sign_of_the_goldstein_value_is_that_of_the_quad_class(ontology: Graph) -> None:
    for relation in Relation:
        value = ontology.value(KG[relation.value], KG.goldstein)
        if value is not None:
            assert (float(value) > 0) is ("cooperation" in relation.quad.value), relation


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition])
def test_every_term_is_labelled_and_defined_in_german_and_english(ontology: Graph, predicate: URIRef) -> None:
    for term in terms(ontology):
        assert sorted(str(text.language) for text in ontology.objects(term, predicate)) == ["de", "en"], term


def test_no_two_relations_read_the_same(ontology: Graph) -> None:
    labels = [label for relation in Relation for label in ontology.objects(KG[relation.value], RDFS.label)]
    assert len(labels) == len(set(labels))


def test_every_property_has_a_range(ontology: Graph) -> None:
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in ontology.subjects(RDF.type, kind):
            assert ontology.value(term, RDFS.range) is not None, term


def test_what_is_used_of_the_ontology_is_defined_in_it(ontology: Graph) -> None:
    shapes = Graph().parse(ontology_dir() / "shapes.ttl")
    own = {s for s in shapes.subjects() if isinstance(s, URIRef)}
    used = {node for triple in (*ontology, *shapes) for node in triple if str(node).startswith(NAMESPACE)}
    assert used - own <= terms(ontology)


def test_every_term_of_the_code_is_defined(ontology: Graph) -> None:
    folder = ontology_dir().parent / "kgraph" / "graph"
    code = "".join(path.read_text() for path in folder.glob("*.py"))
    queries = "".join(path.read_text() for path in (ontology_dir() / "queries").glob("*.rq"))
    names = set(re.findall(r'kg\("(\w+)"\)', code)) | set(re.findall(r"\bkg:(\w+)", code + queries))
    assert {KG[name] for name in names} <= terms(ontology)


def test_there_are_no_blank_nodes(ontology: Graph) -> None:
    assert not [node for triple in ontology for node in triple if isinstance(node, BNode)]


@pytest.mark.parametrize("name", ["kgraph.ttl", "crosswalk.ttl", "shapes.ttl"])
def test_the_files_parse_with_the_store_s_own_parser(name: str) -> None:
    assert list(pyoxigraph.parse((ontology_dir() / name).read_bytes(), pyoxigraph.RdfFormat.TURTLE))
