"""RDF terms as lines of N-Quads have them, written by the engine; those that come again and again are written once."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pyoxigraph import NamedNode

from kgraph.graph import terms, vocab


def _term(prefixed: str) -> str:
    return str(vocab.term(prefixed))


DCTERMS_IDENTIFIER = _term("dcterms:identifier")
DCTERMS_LANGUAGE = _term("dcterms:language")
DCTERMS_PUBLISHER = _term("dcterms:publisher")
DCTERMS_SOURCE = _term("dcterms:source")
DCTERMS_TITLE = _term("dcterms:title")
KG_ARTICLE = _term("kg:Article")
KG_CLAIM = _term("kg:Claim")
KG_EVIDENCE = _term("kg:Evidence")
KG_OFFICE = _term("kg:Office")
KG_ATTRIBUTED_TO = _term("kg:attributedTo")
KG_ATTRIBUTED_TO_TEXT = _term("kg:attributedToText")
KG_ATTRIBUTION_END = _term("kg:attributionEnd")
KG_ATTRIBUTION_START = _term("kg:attributionStart")
KG_CONFIDENCE = _term("kg:confidence")
KG_CONTENT_HASH = _term("kg:contentHash")
KG_COUNTRY_CODE = _term("kg:countryCode")
KG_DATE_ORIGIN = _term("kg:dateOrigin")
KG_EVENT_DATE = _term("kg:eventDate")
KG_EVENT_END_DATE = _term("kg:eventEndDate")
KG_FINGERPRINT = _term("kg:fingerprint")
KG_FORMER_OFFICE = _term("kg:formerOffice")
KG_INVOLVES = _term("kg:involves")
KG_MODALITY = _term("kg:modality")
KG_OFFICE_HOLDER = _term("kg:officeHolder")
KG_OFFICE_OF = _term("kg:officeOf")
KG_POLARITY = _term("kg:polarity")
KG_READING_HASH = _term("kg:readingHash")
KG_RULE = _term("kg:rule")
OA_TEXT_POSITION_SELECTOR = _term("oa:TextPositionSelector")
OA_TEXT_QUOTE_SELECTOR = _term("oa:TextQuoteSelector")
OA_END = _term("oa:end")
OA_EXACT = _term("oa:exact")
OA_HAS_SELECTOR = _term("oa:hasSelector")
OA_HAS_SOURCE = _term("oa:hasSource")
OA_START = _term("oa:start")
PROV_WAS_DERIVED_FROM = _term("prov:wasDerivedFrom")
RDF_STATEMENT = _term("rdf:Statement")
RDF_OBJECT = _term("rdf:object")
RDF_PREDICATE = _term("rdf:predicate")
RDF_SUBJECT = _term("rdf:subject")
RDF_TYPE = _term("rdf:type")
SCHEMA_NEWS_ARTICLE = _term("schema:NewsArticle")
SCHEMA_DATE_PUBLISHED = _term("schema:datePublished")
SCHEMA_URL = _term("schema:url")
SKOS_PREF_LABEL = _term("skos:prefLabel")


def fresh(iri: str) -> str:
    """An IRI of our own making, which is none of before."""
    return f"<{iri}>"


def text(value: str, lang: str | None = None) -> str:
    """A text, with its language where that is a well-formed tag."""
    return str(terms.text(value, lang))


@lru_cache(10_000)
def iri(iri: str) -> str:
    """Any IRI. Raises ValueError where it is none."""
    return str(NamedNode(iri))


@lru_cache(1000)
def own(name: str) -> str:
    """A term of the ontology by its last part."""
    return str(vocab.kg(name))


@lru_cache(10_000)
def word(value: str) -> str:
    """A text that is likely to come again."""
    return str(terms.text(value))


@lru_cache(10_000)
def integer(value: int) -> str:
    """An integer."""
    return str(terms.integer(value))


@lru_cache(10_000)
def decimal(value: float) -> str:
    """A decimal, as `terms.decimal`."""
    return str(terms.decimal(value))


@lru_cache(10_000)
def day(value: date) -> str:
    """A day."""
    return str(terms.day(value))
