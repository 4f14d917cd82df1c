"""What was found in an article, as the quads of the article's graph: plain RDF 1.1 without blank nodes.

The same extraction always gives the same quads, in the form in which the store returns them; nothing of the time or
place of reading is in them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Quad

from kgraph.errors import ArticleError, UsageError
from kgraph.graph import terms
from kgraph.graph.fingerprints import fingerprint
from kgraph.graph.formats import RDF_FORMATS, rdf_bytes
from kgraph.graph.vocab import (
    DERIVED_FROM,
    HAS_SELECTOR,
    HAS_SOURCE,
    IDENTIFIER,
    LABEL,
    LANGUAGE,
    NEWS_ARTICLE,
    OA_END,
    OA_EXACT,
    OA_START,
    OBJECT,
    POSITION_SELECTOR,
    PREDICATE,
    PUBLISHED,
    PUBLISHER,
    QUOTE_SELECTOR,
    READING,
    SOURCE,
    STATEMENT,
    SUBJECT,
    TITLE,
    TYPE,
    URL,
    kg,
)
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

_Object = NamedNode | Literal
_Triple = tuple[NamedNode, NamedNode, _Object]


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


def article_quads(extraction: Extraction, known: Known | None = None) -> list[Quad]:
    """All quads of an article's graph, without duplicates.

    Of several claims with one id (the same said twice at one place) the most confident counts.
    Raises ArticleError where the id of an actor is not an IRI.
    """
    article = extraction.article
    known = known if known is not None else NothingKnown()
    graph = NamedNode(article.iri)
    try:
        triples = list(_triples(extraction, known))
    except ValueError as error:
        raise ArticleError(
            article.id, f"the id of an actor is not an IRI: {error}; mend it where it comes from"
        ) from error
    return [Quad(*triple, graph) for triple in dict.fromkeys(triples)]


def _triples(extraction: Extraction, known: Known) -> Iterator[_Triple]:
    article = extraction.article
    claims = distinct(extraction.claims)
    roles = _roles([*extraction.mentions, *(end for claim in claims for end in (claim.subject, claim.object))])
    yield from _article(article)
    if extraction.reading:
        yield NamedNode(article.iri), READING, terms.text(extraction.reading)
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


def _article(article: Article) -> Iterator[_Triple]:
    node = NamedNode(article.iri)
    checksum = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
    yield node, TYPE, kg("Article")
    yield node, TYPE, NEWS_ARTICLE
    yield node, IDENTIFIER, terms.text(article.id)
    yield node, LANGUAGE, terms.text(article.lang)
    yield node, kg("contentHash"), terms.text(f"sha256:{checksum}")
    if alike := fingerprint(article.text):
        yield node, kg("fingerprint"), terms.text(str(alike))
    if article.title:
        yield node, TITLE, terms.text(article.title, article.lang)
    if article.publisher:
        yield node, PUBLISHER, terms.text(article.publisher)
    if article.published:
        yield node, PUBLISHED, terms.day(article.published)
    if article.url:
        yield node, URL, terms.web_address(article.url)
    if article.source:
        yield node, SOURCE, terms.text(article.source)


def _claim(claim: Claim, article: Article, known: Known) -> Iterator[_Triple]:
    node, evidence = (
        NamedNode(claim.id),
        NamedNode(evidence_iri(claim.article_id, claim.sentence.start, claim.sentence.end)),
    )
    subject, relation = NamedNode(claim.subject.actor.id), kg(claim.relation.value)
    object_ = NamedNode(claim.object.actor.id)
    yield node, TYPE, kg("Claim")
    yield node, TYPE, STATEMENT
    yield node, SUBJECT, subject
    yield node, PREDICATE, relation
    yield node, OBJECT, object_
    yield node, kg("polarity"), kg(claim.polarity.value)
    yield node, kg("modality"), kg(claim.modality.value)
    yield node, kg("rule"), terms.text(claim.rule)
    yield node, kg("confidence"), terms.decimal(claim.confidence)
    yield node, DERIVED_FROM, evidence
    yield from _span(node, "trigger", claim.trigger)
    for name, end in (("subject", claim.subject), ("object", claim.object)):
        yield from _span(node, name, Span(end.start, end.end, end.text))
        yield node, kg(f"{name}Via"), terms.text(end.via.value)
        yield node, kg(f"{name}For"), (acts_for := NamedNode(known.on_behalf_of(end, article, claim)))
        yield node, kg("involves"), NamedNode(end.actor.id)
        yield node, kg("involves"), acts_for
    yield from _attribution(node, claim)
    yield from _interval(node, claim.when, article)
    yield from _evidence(evidence, claim.sentence, article)
    if claim.is_fact:
        yield subject, relation, object_
        if claim.relation.symmetric:
            yield object_, relation, subject


def _span(node: NamedNode, name: str, span: Span) -> Iterator[_Triple]:
    yield node, kg(f"{name}Start"), terms.integer(span.start)
    yield node, kg(f"{name}End"), terms.integer(span.end)
    yield node, kg(f"{name}Text"), terms.text(span.text)


def _attribution(node: NamedNode, claim: Claim) -> Iterator[_Triple]:
    if claim.attribution:
        span = claim.attribution.span
        yield node, kg("attributedToText"), terms.text(span.text)
        yield node, kg("attributionStart"), terms.integer(span.start)
        yield node, kg("attributionEnd"), terms.integer(span.end)
        if claim.attribution.actor:
            yield node, kg("attributedTo"), NamedNode(claim.attribution.actor.id)


def _interval(node: NamedNode, when: When | None, article: Article) -> Iterator[_Triple]:
    """The first and the last day; where the text gives none, both are the day of publication."""
    if when is None and article.published:
        when = When(article.published, article.published, DateOrigin.PUBLISHED)
    if when:
        yield node, kg("eventDate"), terms.day(when.start)
        yield node, kg("eventEndDate"), terms.day(when.end)
        yield node, kg("dateOrigin"), kg(when.origin.value)


def _evidence(node: NamedNode, sentence: Span, article: Article) -> Iterator[_Triple]:
    position, words = NamedNode(f"{node.value}/position"), NamedNode(f"{node.value}/quote")
    yield node, TYPE, kg("Evidence")
    yield node, HAS_SOURCE, NamedNode(article.iri)
    yield node, HAS_SELECTOR, position
    yield node, HAS_SELECTOR, words
    yield position, TYPE, POSITION_SELECTOR
    yield position, OA_START, terms.integer(sentence.start)
    yield position, OA_END, terms.integer(sentence.end)
    yield words, TYPE, QUOTE_SELECTOR
    yield words, OA_EXACT, terms.text(sentence.text, article.lang)


def _roles(mentions: Iterable[Mention]) -> list[tuple[Actor, Role]]:
    roles: dict[tuple[str, str, str], tuple[Actor, Role]] = {}
    for mention in mentions:
        role = mention.role
        if role and mention.actor.type is ActorType.PERSON:
            roles.setdefault((mention.actor.id, role.of.actor.id, role.title.text), (mention.actor, role))
    return list(roles.values())


def _office(person: Actor, role: Role, article: Article) -> Iterator[_Triple]:
    node = NamedNode(office_iri(article.id, person.id, role.of.actor.id, role.title.text))
    yield node, TYPE, kg("Office")
    yield node, kg("officeHolder"), NamedNode(person.id)
    yield node, kg("officeOf"), NamedNode(role.of.actor.id)
    yield node, LABEL, terms.text(role.title.text, article.lang)
    if role.former:
        yield node, kg("formerOffice"), terms.boolean(value=True)


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
    node = NamedNode(actor.id)
    yield node, TYPE, kg(actor.type.value)
    yield node, LABEL, terms.text(actor.label, lang)
    if actor.country:
        yield node, kg("countryCode"), terms.text(actor.country)


def serialize(extractions: Iterable[Extraction], format: str = "trig") -> bytes:  # noqa: A002 - the field's word
    """Extractions in an RDF format (turtle, trig, nquads, json-ld) without a store; every actor is described.

    Raises UsageError for another format, ArticleError as `article_quads`.
    """
    if format not in RDF_FORMATS:
        raise UsageError(f"'{format}' is no RDF format; choose one of {', '.join(RDF_FORMATS)}")
    quads = [quad for extraction in extractions for quad in article_quads(extraction)]
    return rdf_bytes(quads, format)
