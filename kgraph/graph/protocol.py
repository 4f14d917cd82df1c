"""What the SPARQL protocol and the Graph Store Protocol ask of a store: answers as bytes in a media type, within limits."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
)

from kgraph.errors import ArticleError, QueryError, QueryStopped, UsageError
from kgraph.graph.engine import query_errors, shown_fault
from kgraph.graph.guard import TOKEN, check_elsewhere, check_query
from kgraph.graph.vocab import ARTICLES, PREFIXES

if TYPE_CHECKING:
    from kgraph.graph.store import Store

ROWS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
    "application/json": QueryResultsFormat.JSON,
    "application/xml": QueryResultsFormat.XML,
}
TRIPLES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
    "text/plain": RdfFormat.N_TRIPLES,
}
QUADS = {
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/ld+json": RdfFormat.JSON_LD,
}
Choose = Callable[[Sequence[str]], str]  # the best of some media types for whoever asks
_Statement = TypeVar("_Statement", bound=Triple | Quad)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows or triples and how many bytes an answer may have."""

    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Graphs:
    """The dataset of a query by the IRIs of its graphs, in place of what its FROM says.

    Without either it is the union of all graphs, and all by name.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


EVERYTHING = Graphs()


def answer(
    store: Store, query: str, graphs: Graphs, choose: Choose, limits: Limits, *, base: str | None = None
) -> tuple[str, bytes]:
    """The media type and the body of the answer to a query; its relative IRIs are meant from `base`.

    Raises QueryRefused and QueryError as `Store.select`, QueryStopped beyond the limits, and what `choose` raises.
    """
    chosen = check_query(query)
    given = bool(graphs.default or graphs.named)
    default: list[NamedNode | BlankNode | DefaultGraph] = [*_nodes(graphs.default)]
    named: list[NamedNode | BlankNode] = [*_nodes(graphs.named)]
    with query_errors(query):
        result = store._engine.quads.query(
            query,
            base_iri=base,
            prefixes=PREFIXES,
            use_default_graph_as_union=not given and not chosen,
            default_graph=default if given else None,
            named_graphs=named if given else None,
        )
        rows = isinstance(result, QuerySolutions | QueryBoolean)
        media_type = choose(tuple(ROWS if rows else TRIPLES))
        if isinstance(result, QuerySolutions):
            output = _Counting(limits, _COUNTERS[ROWS[media_type]]())
            result.serialize(output, ROWS[media_type])
            return media_type, output.getvalue()
        if isinstance(result, QueryBoolean):
            return media_type, result.serialize(format=ROWS[media_type]) or b""
        return media_type, _written(result, TRIPLES[media_type], limits)


def update(store: Store, text: str, graphs: Graphs = EVERYTHING, *, base: str | None = None) -> None:
    """Carry out a SPARQL update, whole or not at all; `graphs` are what its WHERE clauses see.

    Without them these see the default graph, in which kgraph keeps nothing, and all graphs by name. Nothing checks what it does to articles and claims; `Store.check` does so afterwards. Raises QueryRefused for LOAD
    and SERVICE, QueryError where it is malformed.
    """
    check_elsewhere(text)
    try:
        store._engine.quads.update(_using(text, graphs), base_iri=base, prefixes=PREFIXES)
    except SyntaxError as error:
        raise QueryError(f"the update is not SPARQL: {shown_fault(error, text)}") from error
    except (RuntimeError, ValueError) as error:
        raise QueryError(f"the update cannot be carried out: {error}") from error
    store._directory.forget()
    store.flush()


def _using(text: str, graphs: Graphs) -> str:
    """An update with USING clauses for graphs. Raises QueryError where it has such clauses itself, or no place for them."""
    named = [f"USING NAMED {node} " for node in _nodes(graphs.named)]
    clauses = "".join([*(f"USING {node} " for node in _nodes(graphs.default)), *named])
    if not clauses:
        return text
    words = [token for token in TOKEN.finditer(text) if token["word"]]
    said = [token["word"].lower() for token in words]
    if {"using", "with"} & {*said} or ("delete", "where") in pairwise(said):
        raise QueryError(
            "the update names its graphs itself: leave USING, WITH and DELETE WHERE out, or the parameters"
        )
    for token in reversed(words):
        if token["word"].lower() == "where":
            text = f"{text[: token.start()]}{clauses}{text[token.start() :]}"
    return text


def graph(store: Store, name: str | None, choose: Choose, limits: Limits) -> tuple[str, bytes] | None:
    """A graph of the store in a media type, or with None the union of all graphs; None where there is no such graph."""
    quads = store._engine.quads
    if name is None:
        media_type = choose(tuple(TRIPLES))
        union = quads.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", use_default_graph_as_union=True)
        assert isinstance(union, pyoxigraph.QueryTriples)
        return media_type, _written(union, TRIPLES[media_type], limits)
    [node] = _nodes((name,))
    if not quads.contains_named_graph(node):
        return None
    media_type = choose(tuple(TRIPLES))
    found = quads.quads_for_pattern(None, None, None, node)
    triples = (Triple(quad.subject, quad.predicate, quad.object) for quad in found)
    return media_type, _written(triples, TRIPLES[media_type], limits)


def dataset(store: Store, choose: Choose, limits: Limits) -> tuple[str, bytes]:
    """All graphs of the store with their names."""
    media_type = choose(tuple(QUADS))
    return media_type, _written(iter(store._engine.quads), QUADS[media_type], limits)


def put_graph(store: Store, name: str | None, body: bytes, media_type: str) -> bool:
    """Put what is sent in the place of an article's graph, or with None take all articles of a dataset.

    True where the graph is new. Each article is checked as by `Store.import_file`; one that does not pass is left out.
    Raises UsageError for what is not RDF or no article, with all that is wrong.
    """
    graph = _nodes((name,))[0] if name is not None else None
    there = graph is not None and store._engine.quads.contains_named_graph(graph)
    try:
        quads = list(pyoxigraph.parse(body, {**TRIPLES, **QUADS}[media_type], base_iri=name))
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"this is not {media_type}: {error}") from error
    if graph is not None:
        quads = [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]
    problems: list[ArticleError] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sent.nq"
        pyoxigraph.serialize(quads, str(file), RdfFormat.N_QUADS)
        found = store.import_file(file, on_problem=problems.append)
    if problems or not found.articles:
        words = [str(problem).removeprefix(f"{file}: ") for problem in problems]
        raise UsageError("\n".join(words) or "there is no article in this")
    return graph is not None and not there


def remove_graph(store: Store, name: str) -> bool:
    """Remove the graph of an article; False where there is none. Raises QueryError for another graph."""
    [node] = _nodes((name,))
    if not node.value.startswith(ARTICLES):
        raise QueryError(f"{name} is no article's graph; only these can be removed")
    return store.remove(node.value)


def _nodes(names: Iterable[str]) -> list[NamedNode]:
    try:
        return [NamedNode(name) for name in names]
    except ValueError as error:
        raise QueryError(f"the name of a graph is no IRI: {error}") from error


def _written(statements: Iterable[_Statement], form: RdfFormat, limits: Limits) -> bytes:
    output = _Counting(limits, None)
    kept: Any = _at_most(statements, limits.rows)  # triples or quads, one kind of them
    pyoxigraph.serialize(kept, output, form, prefixes=PREFIXES)
    return output.getvalue()


def _at_most(statements: Iterable[_Statement], most: int) -> Iterator[_Statement]:
    for number, statement in enumerate(statements):
        if number == most:
            raise _too_much(f"{most:,} triples")
        yield statement


def _too_much(what: str) -> QueryStopped:
    return QueryStopped(f"the answer has more than {what} and was stopped; ask for less, or page by LIMIT and OFFSET")


class _Counting(io.BytesIO):
    """Bytes that stop whoever writes more of them, or of the rows in them, than there may be."""

    def __init__(self, limits: Limits, rows: Callable[[bytes], int] | None) -> None:
        super().__init__()
        self._limits = limits
        self._rows = rows
        self._counted = 0

    def write(self, chunk: bytes, /) -> int:  # type: ignore[override]  # only ever bytes
        if self.tell() + len(chunk) > self._limits.size:
            raise _too_much(f"{self._limits.size:,} bytes")
        if self._rows:
            self._counted += self._rows(chunk)
            if self._counted > self._limits.rows:
                raise _too_much(f"{self._limits.rows:,} rows")
        return super().write(chunk)


class _JsonRows:
    """Counts the rows in chunks of SPARQL JSON: the objects that begin a list or follow another object."""

    def __init__(self) -> None:
        self._rest = b""
        self._in_string = False
        self._last = b""

    def __call__(self, chunk: bytes) -> int:
        text = self._rest + chunk
        self._rest = b"\\" if (len(text) - len(text.rstrip(b"\\"))) % 2 else b""
        text = text[: len(text) - len(self._rest)]
        parts = text.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        outside = self._last + b'"'.join(parts[self._in_string :: 2])
        self._in_string ^= len(parts) % 2 == 0
        self._last = b'"' if self._in_string else outside[-1:]
        return outside.count(b"[{") + outside.count(b",{")


class _XmlRows:
    """Counts the rows in chunks of SPARQL XML; `<` stands nowhere but in tags."""

    _TAG = b"<result>"

    def __init__(self) -> None:
        self._rest = b""

    def __call__(self, chunk: bytes) -> int:
        text = self._rest + chunk
        self._rest = text[-len(self._TAG) + 1 :]
        return text.count(self._TAG)


class _CsvRows:
    """Counts the rows in chunks of CSV: line ends outside of quotes, the header's not."""

    def __init__(self) -> None:
        self._in_quotes = False
        self._header = 1

    def __call__(self, chunk: bytes) -> int:
        parts = chunk.split(b'"')
        lines = sum(part.count(b"\n") for part in parts[self._in_quotes :: 2])
        self._in_quotes ^= len(parts) % 2 == 0
        rows, self._header = max(lines - self._header, 0), max(self._header - lines, 0)
        return rows


class _TsvRows:
    """Counts the rows in chunks of TSV, where every line end ends a row."""

    def __init__(self) -> None:
        self._header = 1

    def __call__(self, chunk: bytes) -> int:
        lines = chunk.count(b"\n")
        rows, self._header = max(lines - self._header, 0), max(self._header - lines, 0)
        return rows


_COUNTERS: dict[QueryResultsFormat, Callable[[], Callable[[bytes], int]]] = {
    QueryResultsFormat.JSON: _JsonRows,
    QueryResultsFormat.XML: _XmlRows,
    QueryResultsFormat.CSV: _CsvRows,
    QueryResultsFormat.TSV: _TsvRows,
}
