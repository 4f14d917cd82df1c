"""The vocabularies that the graph is written in, as terms of the store's own library."""

from __future__ import annotations

from functools import cache

from pyoxigraph import NamedNode

from kgraph.model import DATA, NAMESPACE

PREFIXES = {
    "kg": NAMESPACE,
    "id": DATA,
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

ARTICLES = f"{DATA}article/"
ONTOLOGY_GRAPH = NamedNode(f"{DATA}graph/ontology")
ACTORS_GRAPH = NamedNode(f"{DATA}graph/actors")
COPIES_GRAPH = NamedNode(f"{DATA}graph/copies")
WIKIDATA = "http://www.wikidata.org/entity/"


@cache
def kg(name: str) -> NamedNode:
    """A term of the ontology by its last part."""
    return NamedNode(NAMESPACE + name)


def term(prefixed: str) -> NamedNode:
    """The term that a prefixed name such as `rdf:type` stands for."""
    prefix, _, name = prefixed.partition(":")
    return NamedNode(PREFIXES[prefix] + name)


TYPE = term("rdf:type")
COPY_OF, REPEATS = kg("copyOf"), kg("repeats")
FINGERPRINT = kg("fingerprint")
SUBJECT, PREDICATE, OBJECT = term("rdf:subject"), term("rdf:predicate"), term("rdf:object")
LABEL, ALT_LABEL = term("skos:prefLabel"), term("skos:altLabel")
RDFS_LABEL = term("rdfs:label")
DERIVED_FROM = term("prov:wasDerivedFrom")
SAME_AS = term("owl:sameAs")
HAS_SOURCE, HAS_SELECTOR = term("oa:hasSource"), term("oa:hasSelector")
OA_START, OA_END, OA_EXACT = term("oa:start"), term("oa:end"), term("oa:exact")
IDENTIFIER, TITLE = term("dcterms:identifier"), term("dcterms:title")
LANGUAGE, PUBLISHER = term("dcterms:language"), term("dcterms:publisher")
PUBLISHED, URL, SOURCE = term("schema:datePublished"), term("schema:url"), term("dcterms:source")
READING = kg("readingHash")
XSD_DATE, XSD_DECIMAL, XSD_INTEGER = term("xsd:date"), term("xsd:decimal"), term("xsd:integer")
XSD_BOOLEAN, XSD_STRING = term("xsd:boolean"), term("xsd:string")
