"""What the store reads out of the engine: records and rows made of query results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypedDict

import pyoxigraph
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    RdfFormat,
    Variable,
)

from kgraph.errors import QueryError
from kgraph.graph import terms
from kgraph.graph.cells import Cell, Ref, Row, Rows, last_part
from kgraph.graph.engine import Engine, query_errors
from kgraph.graph.queries import relation_of
from kgraph.graph.stored import StoredArticle, StoredClaim
from kgraph.graph.vocab import ARTICLES, PREFIXES, kg
from kgraph.graph.worker import Result
from kgraph.model import Modality, Polarity, Relation, checked_confidence

_ROW_TYPES = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
_TRIPLE_TYPES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}
_ARTICLES = """
SELECT ?article ?id ?lang ?title ?url ?publisher ?published ?hash ?source (COUNT(?claim) AS ?claims) WHERE {
  GRAPH ?article {
    ?article a kg:Article ; dcterms:identifier ?id ; dcterms:language ?lang ; kg:contentHash ?hash .
    OPTIONAL { ?article dcterms:title ?title }
    OPTIONAL { ?article schema:url ?url }
    OPTIONAL { ?article dcterms:publisher ?publisher }
    OPTIONAL { ?article schema:datePublished ?published }
    OPTIONAL { ?article dcterms:source ?source }
    OPTIONAL { ?claim a kg:Claim }
  }
} GROUP BY ?article ?id ?lang ?title ?url ?publisher ?published ?hash ?source ORDER BY ?published ?id
"""
_ACTORS = """
SELECT ?actor (COUNT(?claim) AS ?claims) WHERE {
  { ?claim rdf:subject ?actor } UNION { ?claim rdf:object ?actor }
} GROUP BY ?actor ORDER BY DESC(?claims) ?actor
"""
_GRAPHS_OF = "SELECT DISTINCT ?article ?actor WHERE { GRAPH ?article { ?claim kg:involves ?actor } } ORDER BY ?article"
_EDGES = """
SELECT ?actor ?claim ?subject ?relation ?object ?subject_for ?object_for ?polarity ?modality ?confidence ?words ?speaker
  ?article ?published ?day ?last ?place
WHERE {
  GRAPH ?article {
    ?claim rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ;
      kg:subjectFor ?subject_for ; kg:objectFor ?object_for ; kg:polarity ?polarity ; kg:modality ?modality ;
      kg:confidence ?confidence ; kg:triggerStart ?place .
    OPTIONAL { ?claim kg:attributedToText ?words OPTIONAL { ?claim kg:attributedTo ?speaker } }
    OPTIONAL { ?claim kg:eventDate ?day OPTIONAL { ?claim kg:eventEndDate ?last } }
    OPTIONAL { ?article schema:datePublished ?published }
    #actor
  }
  #copies
}
"""
_OF_ACTOR = "?claim kg:involves ?actor ."
_ONCE = "FILTER NOT EXISTS { ?claim kg:repeats ?earlier }"
_IN_ORDER = "ORDER BY COALESCE(?day, ?published) ?article ?place ?claim"
_COUNTS = (
    "SELECT (COUNT(*) AS ?n) { ?article a kg:Article }",
    "SELECT (COUNT(*) AS ?n) { ?claim a kg:Claim }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?claim kg:polarity kg:affirmed ; kg:modality kg:actual } }",
    "SELECT (COUNT(DISTINCT ?actor) AS ?n) { { ?claim rdf:subject ?actor } UNION { ?claim rdf:object ?actor } }",
)


class Selection(TypedDict, total=False):
    """Which claims: all of them, but for what is given.

    `actor` is a name as for `Store.resolve`, and stands for persons who acted for it, too; `facts` leaves out what is
    denied, planned, alleged or hypothetical; `since` and `until` are days, compared with the claim's date, else with the
    article's, and both included; `min_confidence` (0 to 1) leaves out claims below it; `as_of` leaves out what was not
    published by that day, or on no day that is known; `copies` counts what a copy of an article says again as well.
    """

    actor: str | None
    relation: str | Relation | None
    facts: bool
    since: date | None
    until: date | None
    min_confidence: float
    as_of: date | None
    copies: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims are wanted; what is None does not matter."""

    actor: str | None = None
    relation: Relation | None = None
    facts: bool = False
    since: date | None = None
    until: date | None = None
    min_confidence: float = 0.0
    as_of: date | None = None
    copies: bool = True

    def fits(self, claim: StoredClaim) -> bool:
        """True where the claim is a wanted one."""
        published = claim.article.published
        first, last = (claim.when.start, claim.when.end) if claim.when else (published, published)
        ends = (claim.subject.actor.iri, claim.subject.on_behalf_of, claim.object.actor.iri, claim.object.on_behalf_of)
        return self._fits(
            ends, claim.relation, claim.confidence,
            fact=claim.is_fact, first=_iso(first), last=_iso(last), published=_iso(published),
        )  # fmt: skip

    def fits_edge(self, edge: Edge) -> bool:
        """True where the claim of an edge is a wanted one."""
        ends = (edge.subject, edge.subject_for, edge.object, edge.object_for)
        return self._fits(
            ends, edge.relation, edge.confidence,
            fact=edge.is_fact, first=edge.first, last=edge.last, published=edge.published,
        )  # fmt: skip

    def _fits(
        self, ends: Iterable[str], relation: Relation, confidence: float, *,
        fact: bool, first: str | None, last: str | None, published: str | None,
    ) -> bool:  # fmt: skip
        return (
            (self.actor is None or self.actor in ends)
            and (self.relation is None or relation is self.relation)
            and (fact or not self.facts)
            and confidence >= self.min_confidence
            and (self.since is None or (last is not None and last >= self.since.isoformat()))
            and (self.until is None or (first is not None and first <= self.until.isoformat()))
            and (self.as_of is None or (published is not None and published <= self.as_of.isoformat()))
        )


@dataclass(frozen=True, slots=True)
class Edge:
    """A claim without its sentence: what it adds to a graph. All but the enums are IRIs, numbers and texts.

    `subject_for` and `object_for` are whom a person at that end acted for, else the end itself; `words` name the source
    that the text gives, `speaker` is the actor they name. `first` and `last` are the days it is dated to in ISO form,
    else the day of publication; `place` is where its trigger starts in the article, in code points.
    """

    claim: str
    subject: str
    relation: Relation
    object: str
    subject_for: str
    object_for: str
    polarity: Polarity
    modality: Modality
    confidence: float
    words: str | None
    speaker: str | None
    article: str
    published: str | None
    first: str | None
    last: str | None
    place: int

    @property
    def is_fact(self) -> bool:
        """True where the text affirms the relation as actual."""
        return self.polarity is Polarity.AFFIRMED and self.modality is Modality.ACTUAL


def wanted(selection: Selection, resolve: Callable[[str], str]) -> Wanted:
    """What a selection means; `resolve` makes the IRI of an actor of a name. Raises UsageError, QueryError."""
    actor, relation = selection.get("actor"), selection.get("relation")
    return Wanted(
        actor=resolve(actor) if actor is not None else None,
        relation=relation_of(relation) if relation is not None else None,
        facts=selection.get("facts", False),
        since=selection.get("since"),
        until=selection.get("until"),
        min_confidence=checked_confidence(selection.get("min_confidence", 0.0)),
        as_of=selection.get("as_of"),
        copies=selection.get("copies", True),
    )


def rows(
    result: QuerySolutions, label: Callable[[str], str], *, limit: int | None, hidden: Set[str], query: str
) -> Rows:
    """The solutions of a query as rows, without the hidden columns."""
    columns = [variable.value for variable in result.variables if variable.value not in hidden]
    with query_errors(query):
        solutions = list(result if limit is None else islice(result, limit + 1))
    kept = solutions if limit is None else solutions[:limit]
    made = [Row({column: _cell(solution[column], label) for column in columns}) for solution in kept]
    return Rows(columns, made, truncated=len(kept) < len(solutions))


def body(result: Result, query: str, media_type: str | None) -> tuple[str, bytes]:
    """A result in a media type of the SPARQL protocol."""
    types = _ROW_TYPES if isinstance(result, QuerySolutions | QueryBoolean) else _TRIPLE_TYPES
    chosen = media_type or next(iter(types))
    if chosen not in types:
        raise QueryError(f"this query cannot be answered as {chosen}; choose one of {', '.join(types)}")
    with query_errors(query):
        if isinstance(result, QuerySolutions | QueryBoolean):
            return chosen, result.serialize(format=_ROW_TYPES[chosen]) or b""
        return chosen, pyoxigraph.serialize(result, format=_TRIPLE_TYPES[chosen], prefixes=PREFIXES) or b""


def articles(engine: Engine) -> Iterator[StoredArticle]:
    """All articles, by date of publication, then id."""
    for row in _solve(engine, _ARTICLES):
        published = _text(row, "published")
        yield StoredArticle(
            iri=_need(row, "article"),
            id=_need(row, "id"),
            lang=_need(row, "lang"),
            title=_text(row, "title"),
            url=_text(row, "url"),
            publisher=_text(row, "publisher"),
            published=date.fromisoformat(published) if published else None,
            content_hash=_need(row, "hash"),
            claims=int(_need(row, "claims")),
            source=_text(row, "source"),
        )


def actors(engine: Engine) -> list[tuple[str, int]]:
    """The IRIs of all ends of claims with their numbers of claims, most first."""
    return [(_need(row, "actor"), int(_need(row, "claims"))) for row in _solve(engine, _ACTORS)]


def counts(engine: Engine) -> list[int]:
    """How many articles, claims, facts and actors there are."""
    return [int(_need(row, "n")) for query in _COUNTS for row in _solve(engine, query)]


def graphs(engine: Engine, actor: str | None) -> list[NamedNode]:
    """The graphs of articles, of all or of those with a claim about an actor, in order."""
    if actor is None:
        return [
            graph for graph in all_graphs(engine) if isinstance(graph, NamedNode) and graph.value.startswith(ARTICLES)
        ]
    return [NamedNode(_need(row, "article")) for row in _solve(engine, _GRAPHS_OF, actor=NamedNode(actor))]


def all_graphs(engine: Engine) -> list[NamedNode | DefaultGraph]:
    """All graphs in order; the default graph, in which only users can have put anything, first."""
    named = [graph for graph in engine.quads.named_graphs() if isinstance(graph, NamedNode)]
    return [DefaultGraph(), *sorted(named, key=lambda graph: graph.value)]


def edges(engine: Engine, wanted: Wanted, *, ordered: bool = False) -> Iterator[Edge]:
    """The wanted claims as edges; `ordered` by day (those without one first), article and place, else as they come."""
    text, bound = _edge_query(wanted)
    for row in _solve(engine, f"{text}{_IN_ORDER if ordered else ''}", **bound):
        published = _text(row, "published")
        first = _text(row, "day") or published
        edge = Edge(
            claim=_need(row, "claim"),
            subject=_need(row, "subject"),
            relation=Relation(last_part(_need(row, "relation"))),
            object=_need(row, "object"),
            subject_for=_need(row, "subject_for"),
            object_for=_need(row, "object_for"),
            polarity=Polarity(last_part(_need(row, "polarity"))),
            modality=Modality(last_part(_need(row, "modality"))),
            confidence=float(_need(row, "confidence")),
            words=_text(row, "words"),
            speaker=_text(row, "speaker"),
            article=_need(row, "article"),
            published=published,
            first=first,
            last=_text(row, "last") or first,
            place=int(_need(row, "place")),
        )
        if wanted.fits_edge(edge):
            yield edge


def repeated(engine: Engine) -> set[str]:
    """The IRIs of the claims in copies of articles that say again what an earlier article of the group says."""
    return {_need(row, "claim") for row in _solve(engine, "SELECT ?claim { ?claim kg:repeats ?earlier }")}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _edge_query(wanted: Wanted) -> tuple[str, dict[str, NamedNode]]:
    """The query for edges with what the engine itself can leave out, and its bindings."""
    text, bound = _EDGES, dict[str, NamedNode]()
    if wanted.actor:
        text, bound["actor"] = text.replace("#actor", _OF_ACTOR), NamedNode(wanted.actor)
    if not wanted.copies:
        text = text.replace("#copies", _ONCE)
    if wanted.relation:
        bound["relation"] = kg(wanted.relation.value)
    if wanted.facts:
        bound |= {"polarity": kg(Polarity.AFFIRMED), "modality": kg(Modality.ACTUAL)}
    return text, bound


def _solve(engine: Engine, query: str, **bindings: NamedNode) -> Iterable[QuerySolution]:
    result = engine.query(query, {Variable(name): term for name, term in bindings.items()})
    if not isinstance(result, QuerySolutions):
        raise TypeError("only SELECT queries are solved")
    return result


def _cell(term: object, label: Callable[[str], str]) -> Cell:
    if isinstance(term, NamedNode):
        return Ref(term.value, label(term.value))
    if isinstance(term, Literal):
        return terms.to_value(term)
    return None if term is None else str(term)


def _text(row: QuerySolution, name: str) -> str | None:
    term = row[name]
    return term.value if isinstance(term, NamedNode | Literal) else None


def _need(row: QuerySolution, name: str) -> str:
    value = _text(row, name)
    if value is None:
        raise QueryError(f"a result lacks '{name}'; the store may be damaged: run 'kgraph check'")
    return value
