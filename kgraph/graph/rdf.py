"""What was found in an article, as the quads of the article's graph: plain RDF 1.1 without blank nodes.

The same extraction always gives the same quads, in the form in which the store returns them; nothing of the time or
place of reading is in them. They are made as lines of N-Quads, which the engine reads many times as fast as Python can
make its objects; every term in them is written by the engine's own serializer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Set
from datetime import date
from functools import cached_property, lru_cache
from typing import Protocol

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kgraph.errors import ArticleError, UsageError
from kgraph.graph import terms, vocab
from kgraph.graph.fingerprints import Fingerprint, fingerprint, read_fingerprint
from kgraph.graph.formats import RDF_FORMATS, rdf_bytes
from kgraph.model import (
    DATA,
    Actor,
    ActorType,
    Article,
    Claim,
    DateOrigin,
    Extraction,
    Mention,
    Role,
    Span,
    When,
    digest,
)

_Triple = tuple[str, str, str]  # terms as lines of N-Quads have them


class Known(Protocol):
    """What the actor lists know, as far as writing an article needs it."""

    def __contains__(self, iri: object) -> bool:
        """True where the lists describe the actor, so that the article need not."""
        ...

    def on_behalf_of(self, end: Mention, article: Article, claim: Claim) -> str:
        """The IRI of the actor that an end of a claim acts for at that time; its own where that is nobody else."""
        ...


class NothingKnown:
    """Actor lists that are empty: every actor is described in the article's graph."""

    def __contains__(self, iri: object) -> bool:
        return False

    def on_behalf_of(self, end: Mention, article: Article, claim: Claim) -> str:
        """The actor of the office that the text itself gives the end."""
        return office_in_text(end) or end.actor.id


def office_in_text(end: Mention) -> str | None:
    """The actor that a person acts for by an office named beside it, a present one."""
    if end.actor.type is ActorType.PERSON and end.role and not end.role.former:
        return end.role.of.actor.id
    return None


def evidence_iri(article: str, start: int, end: int) -> str:
    """The IRI of a sentence of an article, by the article's id."""
    place = f"{article}\x1f{start}\x1f{end}"
    return f"{DATA}evidence/{digest(place)}"


def office_iri(article: str, person: str, of: str, title: str) -> str:
    """The IRI of an office that an article, by its id, gives a person."""
    said = "\x1f".join([article, person, of, title])
    return f"{DATA}office/{digest(said)}"


class ArticleGraph:
    """An article's graph, ready to be stored: lines of N-Quads, and the quads where they are asked for.

    `alike` and `published` are by what copies of the article are found.
    """

    def __init__(
        self, name: NamedNode, lines: bytes = b"", alike: Fingerprint | None = None, published: date | None = None
    ) -> None:
        self.name = name
        self.lines = lines
        self.alike = alike
        self.published = published

    @classmethod
    def of(cls, name: NamedNode, quads: Iterable[Quad]) -> ArticleGraph:
        """The graph of given quads. Raises ValueError where they hold a fingerprint or a day that is none."""
        found = frozenset(quads)
        graph = cls(name, pyoxigraph.serialize(found, format=RdfFormat.N_QUADS) or b"", *known_by(name, found))
        graph.__dict__["quads"] = found
        return graph

    def __len__(self) -> int:
        return self.lines.count(b"\n")

    @cached_property
    def quads(self) -> Set[Quad]:
        """The quads."""
        return frozenset(pyoxigraph.parse(self.lines, RdfFormat.N_QUADS))


def known_by(name: NamedNode, quads: Iterable[Quad]) -> tuple[Fingerprint | None, date | None]:
    """The fingerprint and the day of publication that an article's graph holds."""
    alike: Fingerprint | None = None
    published: date | None = None
    for quad in quads:
        if quad.subject == name and isinstance(quad.object, Literal):
            if quad.predicate == vocab.FINGERPRINT:
                alike = read_fingerprint(quad.object.value)
            elif quad.predicate == vocab.PUBLISHED:
                published = date.fromisoformat(quad.object.value)
    return alike, published


def article_graph(extraction: Extraction, known: Known | None = None) -> ArticleGraph:
    """An article's graph, without duplicates.

    Of several claims with one id (the same said twice at one place) the most confident counts.
    Raises ArticleError where the id of an actor is not an IRI.
    """
    article = extraction.article
    alike = fingerprint(article.text)
    try:
        triples = list(_triples(extraction, known if known is not None else NothingKnown(), alike))
    except ValueError as error:
        raise ArticleError(
            article.id, f"the id of an actor is not an IRI: {error}; mend it where it comes from"
        ) from error
    end = f" {_iri(article.iri)} .\n"
    lines = "".join([" ".join(triple) + end for triple in dict.fromkeys(triples)])
    return ArticleGraph(NamedNode(article.iri), lines.encode(), alike, article.published)


def article_quads(extraction: Extraction, known: Known | None = None) -> list[Quad]:
    """All quads of an article's graph, without duplicates; as `article_graph`."""
    return list(pyoxigraph.parse(article_graph(extraction, known).lines, RdfFormat.N_QUADS))


def _triples(extraction: Extraction, known: Known, alike: Fingerprint | None) -> Iterator[_Triple]:
    article = extraction.article
    claims = distinct(extraction.claims)
    roles = _roles([*extraction.mentions, *(end for claim in claims for end in (claim.subject, claim.object))])
    yield from _article(article, alike)
    if extraction.reading:
        yield _iri(article.iri), _term("kg:readingHash"), _text(extraction.reading)
    for claim in claims:
        yield from _claim(claim, article, known)
    for person, role in roles:
        yield from _office(person, role, article)
    for actor in _actors(claims, roles):
        if actor.id not in known:
            yield from _actor(actor, article.lang)


def distinct(claims: Iterable[Claim]) -> list[Claim]:
    """The claims without doubles: of several with one id the most confident."""
    best: dict[str, Claim] = {}
    for claim in claims:
        if claim.id not in best or claim.confidence > best[claim.id].confidence:
            best[claim.id] = claim
    return list(best.values())


def _article(article: Article, alike: Fingerprint | None) -> Iterator[_Triple]:
    node = _iri(article.iri)
    checksum = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
    yield node, _term("rdf:type"), _term("kg:Article")
    yield node, _term("rdf:type"), _term("schema:NewsArticle")
    yield node, _term("dcterms:identifier"), _text(article.id)
    yield node, _term("dcterms:language"), _text(article.lang)
    yield node, _term("kg:contentHash"), _text(f"sha256:{checksum}")
    if alike:
        yield node, _term("kg:fingerprint"), _text(str(alike))
    if article.title:
        yield node, _term("dcterms:title"), _text(article.title, article.lang)
    if article.publisher:
        yield node, _term("dcterms:publisher"), _text(article.publisher)
    if article.published:
        yield node, _term("schema:datePublished"), _day(article.published)
    if article.url:
        yield node, _term("schema:url"), str(terms.web_address(article.url))
    if article.source:
        yield node, _term("dcterms:source"), _text(article.source)


def _claim(claim: Claim, article: Article, known: Known) -> Iterator[_Triple]:
    node = _fresh(claim.id)
    evidence = evidence_iri(claim.article_id, claim.sentence.start, claim.sentence.end)
    subject, relation, object_ = _iri(claim.subject.actor.id), _own(claim.relation.value), _iri(claim.object.actor.id)
    yield node, _term("rdf:type"), _term("kg:Claim")
    yield node, _term("rdf:type"), _term("rdf:Statement")
    yield node, _term("rdf:subject"), subject
    yield node, _term("rdf:predicate"), relation
    yield node, _term("rdf:object"), object_
    yield node, _term("kg:polarity"), _own(claim.polarity.value)
    yield node, _term("kg:modality"), _own(claim.modality.value)
    yield node, _term("kg:rule"), _word(claim.rule)
    yield node, _term("kg:confidence"), _decimal(claim.confidence)
    yield node, _term("prov:wasDerivedFrom"), _fresh(evidence)
    yield from _span(node, "trigger", claim.trigger)
    for name, end in (("subject", claim.subject), ("object", claim.object)):
        yield from _span(node, name, Span(end.start, end.end, end.text))
        yield node, _own(f"{name}Via"), _word(end.via.value)
        yield node, _own(f"{name}For"), (acts_for := _iri(known.on_behalf_of(end, article, claim)))
        yield node, _term("kg:involves"), _iri(end.actor.id)
        yield node, _term("kg:involves"), acts_for
    yield from _attribution(node, claim)
    yield from _interval(node, claim.when, article)
    yield from _evidence(evidence, claim.sentence, article)
    if claim.is_fact:
        yield subject, relation, object_
        if claim.relation.symmetric:
            yield object_, relation, subject


def _span(node: str, name: str, span: Span) -> Iterator[_Triple]:
    yield node, _own(f"{name}Start"), _integer(span.start)
    yield node, _own(f"{name}End"), _integer(span.end)
    yield node, _own(f"{name}Text"), _word(span.text)


def _attribution(node: str, claim: Claim) -> Iterator[_Triple]:
    if claim.attribution:
        span = claim.attribution.span
        yield node, _term("kg:attributedToText"), _word(span.text)
        yield node, _term("kg:attributionStart"), _integer(span.start)
        yield node, _term("kg:attributionEnd"), _integer(span.end)
        if claim.attribution.actor:
            yield node, _term("kg:attributedTo"), _iri(claim.attribution.actor.id)


def _interval(node: str, when: When | None, article: Article) -> Iterator[_Triple]:
    """The first and the last day; where the text gives none, both are the day of publication."""
    if when is None and article.published:
        when = When(article.published, article.published, DateOrigin.PUBLISHED)
    if when:
        yield node, _term("kg:eventDate"), _day(when.start)
        yield node, _term("kg:eventEndDate"), _day(when.end)
        yield node, _term("kg:dateOrigin"), _own(when.origin.value)


def _evidence(iri: str, sentence: Span, article: Article) -> Iterator[_Triple]:
    node, position, words = _fresh(iri), _fresh(f"{iri}/position"), _fresh(f"{iri}/quote")
    yield node, _term("rdf:type"), _term("kg:Evidence")
    yield node, _term("oa:hasSource"), _iri(article.iri)
    yield node, _term("oa:hasSelector"), position
    yield node, _term("oa:hasSelector"), words
    yield position, _term("rdf:type"), _term("oa:TextPositionSelector")
    yield position, _term("oa:start"), _integer(sentence.start)
    yield position, _term("oa:end"), _integer(sentence.end)
    yield words, _term("rdf:type"), _term("oa:TextQuoteSelector")
    yield words, _term("oa:exact"), _text(sentence.text, article.lang)


def _roles(mentions: Iterable[Mention]) -> list[tuple[Actor, Role]]:
    roles: dict[tuple[str, str, str], tuple[Actor, Role]] = {}
    for mention in mentions:
        role = mention.role
        if role and mention.actor.type is ActorType.PERSON:
            roles.setdefault((mention.actor.id, role.of.actor.id, role.title.text), (mention.actor, role))
    return list(roles.values())


def _office(person: Actor, role: Role, article: Article) -> Iterator[_Triple]:
    node = _fresh(office_iri(article.id, person.id, role.of.actor.id, role.title.text))
    yield node, _term("rdf:type"), _term("kg:Office")
    yield node, _term("kg:officeHolder"), _iri(person.id)
    yield node, _term("kg:officeOf"), _iri(role.of.actor.id)
    yield node, _term("skos:prefLabel"), _text(role.title.text, article.lang)
    if role.former:
        yield node, _term("kg:formerOffice"), str(terms.boolean(value=True))


def _actors(claims: Iterable[Claim], roles: Iterable[tuple[Actor, Role]]) -> list[Actor]:
    actors: dict[str, Actor] = {}
    for claim in claims:
        for actor in (claim.subject.actor, claim.object.actor, claim.attribution and claim.attribution.actor):
            if actor:
                actors.setdefault(actor.id, actor)
    for person, role in roles:
        actors.setdefault(person.id, person)
        actors.setdefault(role.of.actor.id, role.of.actor)
    return list(actors.values())


def _actor(actor: Actor, lang: str) -> Iterator[_Triple]:
    node = _iri(actor.id)
    yield node, _term("rdf:type"), _own(actor.type.value)
    yield node, _term("skos:prefLabel"), _text(actor.label, lang)
    if actor.country:
        yield node, _term("kg:countryCode"), _word(actor.country)


# --- terms, written by the engine; those that come again and again are written once


def _fresh(iri: str) -> str:
    """An IRI of our own making, which is none of before."""
    return f"<{iri}>"


def _text(value: str, lang: str | None = None) -> str:
    return str(terms.text(value, lang))


@lru_cache(10_000)
def _iri(iri: str) -> str:
    """Any IRI. Raises ValueError where it is none."""
    return str(NamedNode(iri))


@lru_cache(1000)
def _term(prefixed: str) -> str:
    return str(vocab.term(prefixed))


@lru_cache(1000)
def _own(name: str) -> str:
    return str(vocab.kg(name))


@lru_cache(10_000)
def _word(value: str) -> str:
    return str(terms.text(value))


@lru_cache(10_000)
def _integer(value: int) -> str:
    return str(terms.integer(value))


@lru_cache(10_000)
def _decimal(value: float) -> str:
    return str(terms.decimal(value))


@lru_cache(10_000)
def _day(value: date) -> str:
    return str(terms.day(value))


def serialize(extractions: Iterable[Extraction], format: str = "trig") -> bytes:  # noqa: A002 - the field's word
    """Extractions in an RDF format (turtle, trig, nquads, json-ld) without a store; every actor is described.

    Raises UsageError for another format, ArticleError as `article_quads`.
    """
    if format not in RDF_FORMATS:
        raise UsageError(f"'{format}' is no RDF format; choose one of {', '.join(RDF_FORMATS)}")
    quads = [quad for extraction in extractions for quad in article_quads(extraction)]
    return rdf_bytes(quads, format)
