"""What was found in an article, as the quads of the article's graph: plain RDF 1.1 without blank nodes.

The same extraction always gives the same quads, in the form in which the store returns them; nothing of the time or
place of reading is in them. They are made as lines of N-Quads, which the engine reads many times as fast as Python can
make its objects; every term in them is written by the engine's own serializer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Set
from datetime import date
from functools import cached_property
from typing import Protocol

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kgraph.errors import ArticleError, UsageError
from kgraph.graph import ntriples as nt
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
    end = f" {nt.iri(article.iri)} .\n"
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
        yield nt.iri(article.iri), nt.KG_READING_HASH, nt.text(extraction.reading)
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
        name = claim.id
        if name not in best or claim.confidence > best[name].confidence:
            best[name] = claim
    return list(best.values())


def _article(article: Article, alike: Fingerprint | None) -> Iterator[_Triple]:
    node = nt.iri(article.iri)
    checksum = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
    yield node, nt.RDF_TYPE, nt.KG_ARTICLE
    yield node, nt.RDF_TYPE, nt.SCHEMA_NEWS_ARTICLE
    yield node, nt.DCTERMS_IDENTIFIER, nt.text(article.id)
    yield node, nt.DCTERMS_LANGUAGE, nt.text(article.lang)
    yield node, nt.KG_CONTENT_HASH, nt.text(f"sha256:{checksum}")
    if alike:
        yield node, nt.KG_FINGERPRINT, nt.text(str(alike))
    if article.title:
        yield node, nt.DCTERMS_TITLE, nt.text(article.title, article.lang)
    if article.publisher:
        yield node, nt.DCTERMS_PUBLISHER, nt.text(article.publisher)
    if article.published:
        yield node, nt.SCHEMA_DATE_PUBLISHED, nt.day(article.published)
    if article.url:
        yield node, nt.SCHEMA_URL, str(terms.web_address(article.url))
    if article.source:
        yield node, nt.DCTERMS_SOURCE, nt.text(article.source)


def _claim(claim: Claim, article: Article, known: Known) -> Iterator[_Triple]:
    node = nt.fresh(claim.id)
    evidence = evidence_iri(claim.article_id, claim.sentence.start, claim.sentence.end)
    subject, relation, object_ = (
        nt.iri(claim.subject.actor.id),
        nt.own(claim.relation.value),
        nt.iri(claim.object.actor.id),
    )
    yield node, nt.RDF_TYPE, nt.KG_CLAIM
    yield node, nt.RDF_TYPE, nt.RDF_STATEMENT
    yield node, nt.RDF_SUBJECT, subject
    yield node, nt.RDF_PREDICATE, relation
    yield node, nt.RDF_OBJECT, object_
    yield node, nt.KG_POLARITY, nt.own(claim.polarity.value)
    yield node, nt.KG_MODALITY, nt.own(claim.modality.value)
    yield node, nt.KG_RULE, nt.word(claim.rule)
    yield node, nt.KG_CONFIDENCE, nt.decimal(claim.confidence)
    yield node, nt.PROV_WAS_DERIVED_FROM, nt.fresh(evidence)
    yield from _span(node, "trigger", claim.trigger)
    for name, end in (("subject", claim.subject), ("object", claim.object)):
        yield from _span(node, name, Span(end.start, end.end, end.text))
        yield node, nt.own(f"{name}Via"), nt.word(end.via.value)
        yield node, nt.own(f"{name}For"), (acts_for := nt.iri(known.on_behalf_of(end, article, claim)))
        yield node, nt.KG_INVOLVES, nt.iri(end.actor.id)
        yield node, nt.KG_INVOLVES, acts_for
    yield from _attribution(node, claim)
    yield from _interval(node, claim.when, article)
    yield from _evidence(evidence, claim.sentence, article)
    if claim.is_fact:
        yield subject, relation, object_
        if claim.relation.symmetric:
            yield object_, relation, subject


def _span(node: str, name: str, span: Span) -> Iterator[_Triple]:
    yield node, nt.own(f"{name}Start"), nt.integer(span.start)
    yield node, nt.own(f"{name}End"), nt.integer(span.end)
    yield node, nt.own(f"{name}Text"), nt.word(span.text)


def _attribution(node: str, claim: Claim) -> Iterator[_Triple]:
    if claim.attribution:
        span = claim.attribution.span
        yield node, nt.KG_ATTRIBUTED_TO_TEXT, nt.word(span.text)
        yield node, nt.KG_ATTRIBUTION_START, nt.integer(span.start)
        yield node, nt.KG_ATTRIBUTION_END, nt.integer(span.end)
        if claim.attribution.actor:
            yield node, nt.KG_ATTRIBUTED_TO, nt.iri(claim.attribution.actor.id)


def _interval(node: str, when: When | None, article: Article) -> Iterator[_Triple]:
    """The first and the last day; where the text gives none, both are the day of publication."""
    if when is None and article.published:
        when = When(article.published, article.published, DateOrigin.PUBLISHED)
    if when:
        yield node, nt.KG_EVENT_DATE, nt.day(when.start)
        yield node, nt.KG_EVENT_END_DATE, nt.day(when.end)
        yield node, nt.KG_DATE_ORIGIN, nt.own(when.origin.value)


def _evidence(iri: str, sentence: Span, article: Article) -> Iterator[_Triple]:
    node, position, words = nt.fresh(iri), nt.fresh(f"{iri}/position"), nt.fresh(f"{iri}/quote")
    yield node, nt.RDF_TYPE, nt.KG_EVIDENCE
    yield node, nt.OA_HAS_SOURCE, nt.iri(article.iri)
    yield node, nt.OA_HAS_SELECTOR, position
    yield node, nt.OA_HAS_SELECTOR, words
    yield position, nt.RDF_TYPE, nt.OA_TEXT_POSITION_SELECTOR
    yield position, nt.OA_START, nt.integer(sentence.start)
    yield position, nt.OA_END, nt.integer(sentence.end)
    yield words, nt.RDF_TYPE, nt.OA_TEXT_QUOTE_SELECTOR
    yield words, nt.OA_EXACT, nt.text(sentence.text, article.lang)


def _roles(mentions: Iterable[Mention]) -> list[tuple[Actor, Role]]:
    roles: dict[tuple[str, str, str], tuple[Actor, Role]] = {}
    for mention in mentions:
        role = mention.role
        if role and mention.actor.type is ActorType.PERSON:
            roles.setdefault((mention.actor.id, role.of.actor.id, role.title.text), (mention.actor, role))
    return list(roles.values())


def _office(person: Actor, role: Role, article: Article) -> Iterator[_Triple]:
    node = nt.fresh(office_iri(article.id, person.id, role.of.actor.id, role.title.text))
    yield node, nt.RDF_TYPE, nt.KG_OFFICE
    yield node, nt.KG_OFFICE_HOLDER, nt.iri(person.id)
    yield node, nt.KG_OFFICE_OF, nt.iri(role.of.actor.id)
    yield node, nt.SKOS_PREF_LABEL, nt.text(role.title.text, article.lang)
    if role.former:
        yield node, nt.KG_FORMER_OFFICE, str(terms.boolean(value=True))


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
    node = nt.iri(actor.id)
    yield node, nt.RDF_TYPE, nt.own(actor.type.value)
    yield node, nt.SKOS_PREF_LABEL, nt.text(actor.label, lang)
    if actor.country:
        yield node, nt.KG_COUNTRY_CODE, nt.word(actor.country)


def serialize(extractions: Iterable[Extraction], format: str = "trig") -> bytes:  # noqa: A002 - the field's word
    """Extractions in an RDF format (turtle, trig, nquads, json-ld) without a store; every actor is described.

    Raises UsageError for another format, ArticleError as `article_quads`.
    """
    if format not in RDF_FORMATS:
        raise UsageError(f"'{format}' is no RDF format; choose one of {', '.join(RDF_FORMATS)}")
    quads = [quad for extraction in extractions for quad in article_quads(extraction)]
    return rdf_bytes(quads, format)
