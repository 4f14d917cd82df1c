"""The ontology as OWL: what profile it is in, what follows from it, and how it is related to others."""

from __future__ import annotations

import re
from typing import Any

import owlrl
import pytest
from rdflib import OWL, PROV, RDF, RDFS, SDO, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kgraph.graph.bridge import graph_of
from kgraph.graph.rdf import article_quads
from kgraph.model import NAMESPACE
from kgraph.resources import ontology_dir

KG = Namespace(NAMESPACE)
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
# All that the ontology says in OWL and RDFS; each is in OWL 2 RL with class and property names alone on both sides.
TYPES = KINDS | {OWL.Ontology, OWL.SymmetricProperty, OWL.NamedIndividual}
AXIOMS = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range}
ANNOTATIONS = {RDFS.label, RDFS.comment, SKOS.definition, OWL.versionInfo}
OWL_DATATYPES = {
    XSD.string,
    XSD.integer,
    XSD.decimal,
    XSD.boolean,
    XSD.dateTime,
}  # of the map of OWL 2, those we might use
EXCEPTIONS = {(KG.Claim, RDF.Statement), (RDFS.range, XSD.date), (RDFS.range, RDF.langString)}
OTHERS = ("https://schema.org/", "http://www.w3.org/ns/oa#", "http://www.w3.org/2004/02/skos/core#")
SEM = Namespace("http://semanticweb.cs.vu.nl/2009/11/sem/")
SEM_TERMS = {
    SEM[name] for name in ("Event", "Actor", "View", "hasActor", "accordingTo", "hasBeginTimeStamp", "hasEndTimeStamp")
}
NEWER = {URIRef("https://schema.org/PoliticalParty")}  # in schema.org, and not yet in rdflib's list of its terms
WIKIDATA = "http://www.wikidata.org/entity/"
MATCHES = {SKOS.closeMatch, SKOS.broadMatch, SKOS.relatedMatch}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ontology_dir() / "kgraph.ttl").parse(ontology_dir() / "crosswalk.ttl")


@pytest.fixture(scope="module")
def alignments() -> Graph:
    return Graph().parse(ontology_dir() / "alignments.ttl")


def of_kind(ontology: Graph, kind: URIRef) -> set[Node]:
    return set(ontology.subjects(RDF.type, kind))


def test_every_property_has_a_domain_and_a_range(ontology: Graph) -> None:
    for term in of_kind(ontology, OWL.ObjectProperty) | of_kind(ontology, OWL.DatatypeProperty):
        assert len(list(ontology.objects(term, RDFS.domain))) == 1, term
        assert len(list(ontology.objects(term, RDFS.range))) == 1, term


def test_nothing_is_said_that_is_not_in_owl_2_rl(ontology: Graph) -> None:
    ours = of_kind(ontology, OWL.Class)
    individuals = of_kind(ontology, OWL.NamedIndividual)
    for subject, predicate, value in ontology:
        if predicate == RDF.type:
            assert value in TYPES or (subject in individuals and value in ours), (subject, value)
        else:
            assert predicate in AXIOMS | ANNOTATIONS or predicate in of_kind(ontology, OWL.AnnotationProperty), (
                predicate
            )


def test_the_exceptions_are_those_that_it_names(ontology: Graph) -> None:
    classes = of_kind(ontology, OWL.Class)
    found: set[tuple[Node, Node]] = set()
    for subject, value in ontology.subject_objects(RDFS.subClassOf):
        if value not in classes and not str(value).startswith(OTHERS):
            found.add((subject, value))
    for subject, predicate, value in ontology.triples((None, None, None)):
        if predicate in {RDFS.domain, RDFS.range}:
            datatype = predicate == RDFS.range and subject in of_kind(ontology, OWL.DatatypeProperty)
            allowed = OWL_DATATYPES if datatype else classes | {OWL.Thing}
            if value not in allowed:
                found.add((predicate, value))
    assert found == EXCEPTIONS
    [profile] = [text for text in ontology.objects(predicate=RDFS.comment) if "OWL 2 RL" in text]
    assert all(name in profile for name in ("rdf:Statement", "xsd:date", "rdf:langString"))


def test_no_term_is_of_two_kinds(ontology: Graph) -> None:
    for term in set(ontology.subjects(RDF.type)):
        kinds = KINDS & set(ontology.objects(term, RDF.type))
        kinds |= {OWL.NamedIndividual} & set(ontology.objects(term, RDF.type))
        assert len(kinds) <= 1, (term, kinds)


def test_only_object_properties_are_symmetric_or_below_others(ontology: Graph) -> None:
    objects = of_kind(ontology, OWL.ObjectProperty)
    assert of_kind(ontology, OWL.SymmetricProperty) <= objects
    for lower, upper in ontology.subject_objects(RDFS.subPropertyOf):
        assert {lower, upper} <= objects
        assert lower != upper
        for predicate in (
            RDFS.domain,
            RDFS.range,
        ):  # what is below may say more than what it is below of, not something else
            above = {ontology.value(upper, predicate)}
            assert above <= set(ontology.transitive_objects(ontology.value(lower, predicate), RDFS.subClassOf))


def test_symmetric_relations_have_the_same_class_at_both_ends(ontology: Graph) -> None:
    for term in of_kind(ontology, OWL.SymmetricProperty):
        assert ontology.value(term, RDFS.domain) == ontology.value(term, RDFS.range), term


@pytest.fixture(scope="module")
def closure(ontology: Graph, alignments: Graph, made: Any) -> Graph:
    """All that OWL 2 RL's rules make of the ontology, the alignments and two articles."""
    quads = [quad for extraction in (made.attack(), made.full()) for quad in article_quads(extraction)]
    graph = graph_of(quads) + ontology + alignments
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def test_the_rules_find_no_contradiction(closure: Graph) -> None:
    errors = Namespace("http://www.daml.org/2002/03/agents/agent-ont#")
    assert list(closure.objects(predicate=errors.error)) == []
    assert not list(closure.subjects(RDF.type, OWL.Nothing))


def test_the_rules_find_a_contradiction_where_there_is_one(ontology: Graph) -> None:
    graph = Graph() + ontology
    graph.add((KG.State, OWL.disjointWith, KG.Person))
    for kind in (KG.State, KG.Person):
        graph.add((KG.somebody, RDF.type, kind))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    errors = Namespace("http://www.daml.org/2002/03/agents/agent-ont#")
    assert list(graph.objects(predicate=errors.error))


def test_what_follows_is_what_is_meant(closure: Graph, made: Any) -> None:
    usa, person = URIRef(made.USA.id), URIRef(made.UNKNOWN.id)
    for node in (usa, person):
        assert (node, RDF.type, KG.Actor) in closure
        assert (node, RDF.type, KG.End) in closure
    assert (usa, KG.meets, person) in closure
    assert (person, KG.meets, usa) in closure
    assert (usa, KG.relatedTo, URIRef(made.IRAN.id)) in closure
    assert (person, RDF.type, PROV.Agent) not in closure  # that prov:Person is one stands in PROV-O alone
    assert (person, RDF.type, PROV.Person) in closure
    for claim in closure.subjects(RDF.type, KG.Claim):
        assert (claim, RDF.type, RDF.Statement) in closure
        assert (claim, RDF.type, KG.Actor) not in closure
    literals = [value for value in closure.objects() if isinstance(value, Literal)]
    assert not [value for value in literals if value.ill_typed]


def test_alignments_speak_of_our_terms_and_theirs(ontology: Graph, alignments: Graph) -> None:
    ours = {term for kind in KINDS for term in of_kind(ontology, kind)}
    for subject, predicate, value in alignments:
        assert subject in ours, subject
        assert predicate in MATCHES | {RDFS.subClassOf}, predicate
        assert _is_theirs(value), value
        if predicate == RDFS.subClassOf:
            assert subject in of_kind(ontology, OWL.Class)


def _is_theirs(term: Node) -> bool:
    """True for a term of SEM, PROV-O or schema.org that exists there, and for an item or property of Wikidata by its form."""
    if str(term).startswith(WIKIDATA):
        return re.fullmatch(r"[PQ][1-9][0-9]*", str(term).removeprefix(WIKIDATA)) is not None
    return term in SEM_TERMS or term in PROV or term in SDO or term in NEWER


@pytest.mark.parametrize("prefix", [str(SEM), str(PROV), str(SDO), WIKIDATA])
def test_all_four_vocabularies_are_aligned_with(alignments: Graph, prefix: str) -> None:
    assert sum(str(value).startswith(prefix) for value in alignments.objects()) >= 7


def test_classes_are_matched_with_items_and_properties_with_properties(ontology: Graph, alignments: Graph) -> None:
    classes = of_kind(ontology, OWL.Class)
    for subject, value in alignments.subject_objects():
        name = re.split(r"[/#]", str(value))[-1]
        upper = name[0] == "Q" if str(value).startswith(WIKIDATA) else name[0].isupper()
        assert (subject in classes) is upper, (subject, value)


def test_no_term_is_matched_twice_with_the_same(alignments: Graph) -> None:
    pairs = list(alignments.subject_objects())
    assert len(pairs) == len(set(pairs))
