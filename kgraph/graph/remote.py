"""A store on a SPARQL 1.1 server: what the engine and the folder are to a store on this machine.

An article's graph is replaced by one request. Whether others can see it half done is up to the server: the operations of
a request are one transaction in Oxigraph and Jena; Virtuoso commits each by itself. All of our updates can be repeated
without harm, so that a request of unknown fate is simply sent again. Every writer looks for copies among what it finds
when it opens the store: one writer at a time, please, which no server of this kind can enforce.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from kgraph.errors import QueryError, QueryRefused, StoreError
from kgraph.graph.endpoint import Endpoint
from kgraph.graph.engine import Engine
from kgraph.graph.folder import FORMAT, StoreFolder
from kgraph.graph.guard import TOKEN, check_elsewhere
from kgraph.graph.queries import Bindings
from kgraph.graph.substitute import substituted
from kgraph.graph.vocab import ONTOLOGY_GRAPH, PREFIXES
from kgraph.graph.worker import Result
from kgraph.model import DATA

_BATCH = 1000  # triples in an operation: Virtuoso takes no more
_REQUEST = 5000  # triples in a request, unless a graph of an article has more
_MARKER = NamedNode(f"{DATA}graph/marker")
_SAYS = NamedNode("http://purl.org/dc/terms/description")
_PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
_ROWS = "application/sparql-results+json"
_TRIPLES = "application/n-triples, text/turtle;q=0.5"
_UNIONS: tuple[dict[str, str], ...] = ({}, {"union-default-graph": "true"})  # how servers are asked for the union
_Term = NamedNode | Literal
_Node = NamedNode | DefaultGraph


class RemoteEngine(Engine):
    """A SPARQL server as the engine of a store."""

    def __init__(self, endpoint: Endpoint, *, read_only: bool) -> None:
        self._path = Path(endpoint.query_url)  # for messages alone
        self._read_only = read_only
        self._endpoint = endpoint
        self._parameters: dict[str, str] = {}
        self._remote = RemoteQuads(self)

    @property
    def quads(self) -> Any:
        """What the server holds, to be looked through like Oxigraph's own store."""
        return self._remote

    @property
    def local(self) -> pyoxigraph.Store:
        """Not there."""
        raise StoreError("a store on a server has no folder; 'kgraph export' writes all of it into a file")

    @property
    def closed(self) -> bool:
        """True once `close` was called."""
        return self._endpoint.closed

    def find_union(self, triple: str) -> None:
        """Find out how to ask for the union of all graphs, in one of which there is a triple.

        Raises StoreError where the server does not offer it.
        """
        for parameters in _UNIONS:
            self._parameters = parameters
            if self.ask(f"ASK {{ {triple} }}"):
                return
        raise StoreError(
            f"{self._endpoint.query_url}: a query does not see the named graphs; have the server take the union of all "
            "graphs for the default graph (oxigraph serve --union-default-graph, tdb2:unionDefaultGraph true)"
        )

    def graph(self, name: _Node) -> set[Quad]:
        """All quads of a graph."""
        return set(self._remote.quads_for_pattern(None, None, None, name))

    def is_empty(self, name: _Node) -> bool:
        """True where a graph has no quads; what is in the default graph itself is not ours."""
        return isinstance(name, DefaultGraph) or not self._remote.contains_named_graph(name)

    def change(self, add: Collection[Quad], remove: Iterable[Quad] = (), *, drop: NamedNode | None = None) -> None:
        """Drop a graph, remove quads, and add others, in one request."""
        steps = [f"DROP SILENT GRAPH {drop}"] if drop is not None else []
        for verb, quads in (("DELETE", remove), ("INSERT", add)):
            steps += [f"{verb} DATA {{ {_data(batch)} }}" for batch in _batches(quads, _BATCH)]
        if steps:
            self._endpoint.update(" ;\n".join(steps), {})

    def insert(self, lines: bytes) -> None:
        """Add the quads of our own lines of N-Quads in one request."""
        self.change(list(pyoxigraph.parse(lines, RdfFormat.N_QUADS)))

    def load_lines(self, lines: bytes) -> None:
        """Add the quads of our own lines of N-Quads, as `load`."""
        self.load(pyoxigraph.parse(lines, RdfFormat.N_QUADS))

    def load(self, quads: Iterable[Quad]) -> None:
        """Add many quads; those of a graph that come one after another go in one request, where they are not too many."""
        ready: list[Quad] = []
        for quad in quads:
            if len(ready) >= _REQUEST and (quad.graph_name != ready[-1].graph_name or len(ready) >= 4 * _REQUEST):
                self.change(ready)
                ready = []
            ready.append(quad)
        self.change(ready)

    def query(self, text: str, bindings: Bindings | None = None, *, timeout: float | None = None) -> Result:
        """The result of a query over the union of all graphs; a timeout in seconds is for the answer to come."""
        check_elsewhere(text)
        bindings = bindings or {}
        literals = [variable.value for variable, term in bindings.items() if isinstance(term, Literal)]
        text = substituted(text, bindings, hidden=literals if text.startswith("# title:") else ())
        form = _form(text)
        rows = form in {"select", "ask"}
        reply = self._endpoint.query(_PROLOGUE + text, _ROWS if rows else _TRIPLES, self._parameters, timeout=timeout)
        try:
            if not rows:
                triples = list(pyoxigraph.parse(reply.body, RdfFormat.TURTLE))  # N-Triples are Turtle, too
                return (Triple(quad.subject, quad.predicate, quad.object) for quad in triples)
            if reply.most is not None:
                self._check_whole(reply.body, reply.most)
            result = pyoxigraph.parse_query_results(reply.body, QueryResultsFormat.JSON)
            if form == "ask" and isinstance(result, QuerySolutions):  # Virtuoso: a row for yes, none for no
                yes = json.dumps({"head": {}, "boolean": any(True for _ in result)}).encode()
                return pyoxigraph.parse_query_results(yes, QueryResultsFormat.JSON)
            return result
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self._endpoint.query_url} answers with what is not SPARQL: {error}") from error

    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""
        return bool(self.query(text))

    def flush(self) -> None:
        """Nothing: what a server has taken is its own to keep."""

    def close(self) -> None:
        """Let go of the server."""
        self._endpoint.close()

    def _check_whole(self, body: bytes, most: int) -> None:
        """A server that cuts answers off says so in a header alone."""
        result = pyoxigraph.parse_query_results(body, QueryResultsFormat.JSON)
        if isinstance(result, QuerySolutions) and sum(1 for _ in result) >= most:
            raise StoreError(
                f"{self._endpoint.query_url} gives at most {most:,} rows and leaves out the rest; raise that limit in "
                "the server (ResultSetMaxRows in virtuoso.ini), or ask for less"
            )


class RemoteQuads:
    """What a server holds in the graphs of kgraph, by patterns; like `pyoxigraph.Store` as far as a store needs it."""

    def __init__(self, engine: RemoteEngine) -> None:
        self._engine = engine

    def quads_for_pattern(
        self, subject: NamedNode | None, predicate: NamedNode | None, object_: _Term | None, graph: _Node | None = None
    ) -> Iterator[Quad]:
        """The quads of a pattern; None stands for anything. In the default graph itself there is nothing of ours."""
        if isinstance(graph, DefaultGraph):
            return
        given: tuple[_Term | None, ...] = (subject, predicate, object_, graph)
        s, p, o, g = (str(term) if term else f"?{name}" for term, name in zip(given, "spog", strict=True))
        free = [f"?{name}" for term, name in zip(given, "spog", strict=True) if term is None]
        if not free:
            if self._engine.ask(f"ASK {{ GRAPH {g} {{ {s} {p} {o} }} }}"):
                yield Quad(subject, predicate, object_, graph)  # type: ignore[arg-type]  # none of them is None
            return
        for row in self._rows(
            f"SELECT {' '.join(free)} {{ GRAPH {g} {{ {s} {p} {o} }} {_OURS if graph is None else ''} }}"
        ):
            quad: list[Any] = [term or row[name] for term, name in zip(given, "spog", strict=True)]
            yield Quad(*quad)

    def contains_named_graph(self, name: NamedNode) -> bool:
        """True where there is something in a graph."""
        return self._engine.ask(f"ASK {{ GRAPH {name} {{ ?s ?p ?o }} }}")

    def named_graphs(self) -> Iterator[NamedNode]:
        """The graphs of kgraph; a server can hold others, too."""
        for row in self._rows(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} {_OURS} }}"):
            if row["g"] != _MARKER:
                yield row["g"]

    def _rows(self, text: str) -> Iterable[Any]:
        result = self._engine.query(text)
        if not isinstance(result, QuerySolutions):
            raise QueryError("the query is no SELECT")
        return result


_OURS = f'FILTER(STRSTARTS(STR(?g), "{DATA}"))'


class RemoteFolder(StoreFolder):
    """What a store on a server has in place of a folder: a marker in a graph of its own.

    `path` is a folder of this machine that holds, until `release`, what can be made again.
    """

    def __init__(self, engine: RemoteEngine, *, read_only: bool) -> None:
        self.read_only = read_only
        self._engine = engine
        self._view = None
        self._lock = None
        self._place = tempfile.TemporaryDirectory(prefix="kgraph-")
        self.path = Path(self._place.name)
        self.quads = self.path
        try:
            self.marker = self._found()
            if not self.marker and not read_only:
                self.mark()
            if not self.marker and not engine.quads.contains_named_graph(ONTOLOGY_GRAPH):
                raise StoreError("the server holds no store of kgraph; 'kgraph add' makes one")
            engine.find_union(f"{_MARKER} {_SAYS} ?marker" if self.marker else "kg:Claim a owl:Class")
        except BaseException:
            self.release()
            raise

    @property
    def old(self) -> bool:
        """True where an earlier version has written the store."""
        return self.marker.get("format") != FORMAT

    def mark(self, **values: str | None) -> None:
        """Write values into the marker; None removes one."""
        marker = {**self.marker, "format": FORMAT, **values} if hasattr(self, "marker") else {"format": FORMAT}
        self.marker = {key: value for key, value in marker.items() if value is not None}
        words = Literal(json.dumps(self.marker, sort_keys=True))
        self._engine.change([Quad(_MARKER, _SAYS, words, _MARKER)], drop=_MARKER)

    def release(self) -> None:
        """Delete the folder."""
        self._place.cleanup()

    def _found(self) -> dict[str, str | int]:
        try:
            for quad in self._engine.graph(_MARKER):
                if isinstance(quad.object, Literal):
                    return dict(json.loads(quad.object.value))
        except ValueError as error:
            raise StoreError(f"the marker of the store, in the graph {_MARKER}, cannot be read: {error}") from error
        return {}


def _form(text: str) -> str:
    """The form of a query: its first word but for prefixes. Some servers would take an update for a query, too."""
    for token in TOKEN.finditer(text):
        word = (token["word"] or "").lower()
        if word in {"select", "ask", "construct", "describe"}:
            return word
        if word and word not in {"prefix", "base"}:
            break
    raise QueryRefused(
        "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, and cannot change the store; articles are added and "
        "removed with 'kgraph add' and 'kgraph remove'"
    )


def _data(quads: Iterable[Quad]) -> str:
    """Quads as the data of an update, as the engine's own serializer writes them."""
    graphs: dict[Any, list[Triple]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append(Triple(quad.subject, quad.predicate, quad.object))
    parts = []
    for name, triples in graphs.items():
        content = (pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
        parts.append(f"GRAPH {name} {{ {content} }}")
    return " ".join(parts)


def _batches(quads: Iterable[Quad], size: int) -> Iterator[list[Quad]]:
    rest = iter(quads)
    while batch := list(islice(rest, size)):
        yield batch
