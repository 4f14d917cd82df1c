"""What the store holds, as records: articles, actors and claims as they come back from the quads of an article's graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kgraph.display.shown import ShownClaim
from kgraph.errors import StoreError
from kgraph.graph.cells import last_part
from kgraph.graph.vocab import (
    ARTICLES,
    DERIVED_FROM,
    HAS_SELECTOR,
    IDENTIFIER,
    LANGUAGE,
    OA_END,
    OA_EXACT,
    OA_START,
    OBJECT,
    PREDICATE,
    PUBLISHED,
    PUBLISHER,
    SOURCE,
    SUBJECT,
    TITLE,
    TYPE,
    URL,
    kg,
)
from kgraph.model import ActorType, Article, DateOrigin, Modality, Polarity, Relation, Span, Via, When

_ARTICLE = re.compile(re.escape(ARTICLES) + "[0-9a-f]{24}")
_Node = dict[NamedNode, list[NamedNode | Literal]]


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as far as it is stored.

    `claims` is how many claims were read from it, `source` where it was read from, as the user named it.
    """

    iri: str
    id: str
    lang: str
    title: str | None
    url: str | None
    publisher: str | None
    published: date | None
    content_hash: str
    claims: int
    source: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The article for JSON."""
        return {
            "iri": self.iri,
            "id": self.id,
            "lang": self.lang,
            "title": self.title,
            "url": self.url,
            "publisher": self.publisher,
            "published": self.published.isoformat() if self.published else None,
            "content_hash": self.content_hash,
            "claims": self.claims,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class StoredActor:
    """An actor with its label in the store's language; `type` is None where neither lists nor texts describe it."""

    iri: str
    type: ActorType | None
    label: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class End:
    """An end of a stored claim: the actor, the words that name it, and whom a person acted for (else itself)."""

    actor: StoredActor
    via: Via
    span: Span
    on_behalf_of: str

    def as_dict(self) -> dict[str, Any]:
        """The end for JSON, in the shape of the interchange format."""
        return {
            "id": self.actor.iri,
            "label": self.actor.label,
            "type": self.actor.type.value if self.actor.type else None,
            "country": self.actor.country,
            "mention": _plain(self.span),
            "via": self.via.value,
            "on_behalf_of": self.on_behalf_of,
        }


@dataclass(frozen=True, slots=True)
class Source:
    """Whom the text names as its source for a claim: the words, and the actor where they name one."""

    span: Span
    actor: StoredActor | None


@dataclass(frozen=True, slots=True, repr=False)
class StoredClaim(ShownClaim):
    """A claim as it is stored, with its article."""

    id: str
    article: StoredArticle
    sentence: Span
    relation: Relation
    trigger: Span
    rule: str
    subject: End
    object: End
    polarity: Polarity
    modality: Modality
    attribution: Source | None
    when: When | None
    confidence: float

    @property
    def is_fact(self) -> bool:
        """True where the text affirms the relation as actual."""
        return self.polarity is Polarity.AFFIRMED and self.modality is Modality.ACTUAL

    def as_dict(self) -> dict[str, Any]:
        """The claim for JSON: the interchange format, and what is known of the article."""
        said, when, article = self.attribution, self.when, self.article
        return {
            "id": self.id,
            "doc": article.id,
            "sentence": _plain(self.sentence),
            "trigger": _plain(self.trigger),
            "subject": self.subject.as_dict(),
            "relation": self.relation.value,
            "object": self.object.as_dict(),
            "polarity": self.polarity.value,
            "modality": self.modality.value,
            "attributed_to": said
            and {
                "id": said.actor.iri if said.actor else None,
                "label": said.actor.label if said.actor else None,
                "mention": _plain(said.span),
            },
            "date": when.start.isoformat() if when else None,
            "date_end": when.end.isoformat() if when else None,
            "date_origin": when.origin.value if when else None,
            "confidence": self.confidence,
            "rule": self.rule,
            "article": article.iri,
            "title": article.title,
            "url": article.url,
            "publisher": article.publisher,
            "published": article.published.isoformat() if article.published else None,
        }


def article_iri(article: str) -> str:
    """The IRI of an article by its id; what is one already stays as it is."""
    return article if _ARTICLE.fullmatch(article) else Article(id=article, text="").iri


def read_article(quads: Iterable[Quad]) -> StoredArticle:
    """The article of a graph from its quads. Raises StoreError where they do not hold a whole article."""
    return _article(_nodes(quads))


def read_claims(quads: Iterable[Quad], actor: Callable[[str], StoredActor]) -> Iterator[StoredClaim]:
    """The claims of an article's graph in the order of the text; `actor` looks one up by its IRI.

    Raises StoreError where a claim is not whole.
    """
    nodes = _nodes(quads)
    article = _article(nodes)
    claims = [iri for iri, node in nodes.items() if kg("Claim") in node.get(TYPE, ())]
    for iri in sorted(claims, key=lambda iri: (_place(nodes[iri]), iri)):
        try:
            yield _claim(iri, nodes, article, actor)
        except (KeyError, ValueError) as error:
            raise StoreError(f"the claim {iri} is not whole ({error}); read article {article.id} again") from error


def _nodes(quads: Iterable[Quad]) -> dict[str, _Node]:
    nodes: dict[str, _Node] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            nodes.setdefault(quad.subject.value, {}).setdefault(quad.predicate, []).append(quad.object)
    return nodes


def _article(nodes: dict[str, _Node]) -> StoredArticle:
    for iri, node in nodes.items():
        if iri.startswith(ARTICLES) and {IDENTIFIER, LANGUAGE, kg("contentHash")} <= node.keys():
            published = _optional(node, PUBLISHED)
            return StoredArticle(
                iri=iri,
                id=_words(node, IDENTIFIER),
                lang=_words(node, LANGUAGE),
                title=_optional(node, TITLE),
                url=_optional(node, URL),
                publisher=_optional(node, PUBLISHER),
                published=date.fromisoformat(published) if published else None,
                content_hash=_words(node, kg("contentHash")),
                claims=sum(kg("Claim") in other.get(TYPE, ()) for other in nodes.values()),
                source=_optional(node, SOURCE),
            )
    raise StoreError("a graph of the store holds no whole article; 'kgraph check' names it")


def _claim(
    iri: str, nodes: dict[str, _Node], article: StoredArticle, actor: Callable[[str], StoredActor]
) -> StoredClaim:
    node = nodes[iri]
    return StoredClaim(
        id=iri,
        article=article,
        sentence=_sentence(nodes, _words(node, DERIVED_FROM)),
        relation=Relation(last_part(_words(node, PREDICATE))),
        trigger=_span(node, "trigger"),
        rule=_words(node, kg("rule")),
        subject=_end(node, "subject", actor(_words(node, SUBJECT))),
        object=_end(node, "object", actor(_words(node, OBJECT))),
        polarity=Polarity(last_part(_words(node, kg("polarity")))),
        modality=Modality(last_part(_words(node, kg("modality")))),
        attribution=_source(node, actor),
        when=_when(node),
        confidence=float(_words(node, kg("confidence"))),
    )


def _sentence(nodes: dict[str, _Node], evidence: str) -> Span:
    selectors = [nodes[part.value] for part in nodes[evidence][HAS_SELECTOR]]
    position = next(node for node in selectors if OA_START in node)
    quote = next(node for node in selectors if OA_EXACT in node)
    return Span(_number(position, OA_START), _number(position, OA_END), _words(quote, OA_EXACT))


def _end(node: _Node, name: str, actor: StoredActor) -> End:
    return End(actor, Via(_words(node, kg(f"{name}Via"))), _span(node, name), _words(node, kg(f"{name}For")))


def _span(node: _Node, name: str) -> Span:
    return Span(_number(node, kg(f"{name}Start")), _number(node, kg(f"{name}End")), _words(node, kg(f"{name}Text")))


def _source(node: _Node, actor: Callable[[str], StoredActor]) -> Source | None:
    words = _optional(node, kg("attributedToText"))
    if words is None:
        return None
    who = _optional(node, kg("attributedTo"))
    span = Span(_number(node, kg("attributionStart")), _number(node, kg("attributionEnd")), words)
    return Source(span, actor(who) if who else None)


def _when(node: _Node) -> When | None:
    first = _optional(node, kg("eventDate"))
    if first is None:
        return None
    last = _optional(node, kg("eventEndDate")) or first
    origin = DateOrigin(last_part(_words(node, kg("dateOrigin"))))
    return When(date.fromisoformat(first), date.fromisoformat(last), origin)


def _words(node: _Node, predicate: NamedNode) -> str:
    return node[predicate][0].value


def _optional(node: _Node, predicate: NamedNode) -> str | None:
    return node[predicate][0].value if predicate in node else None


def _number(node: _Node, predicate: NamedNode) -> int:
    return int(node[predicate][0].value)


def _place(node: _Node) -> int:
    """Where a claim's trigger starts; what is not whole comes first."""
    try:
        return _number(node, kg("triggerStart"))
    except (KeyError, ValueError):
        return -1


def _plain(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}
