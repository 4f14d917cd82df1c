"""Queries in a process of their own: Oxigraph cannot be interrupted, a process can be killed.

The caller writes the task as JSON to the standard input and reads the result from the standard output, SELECT and ASK as
SPARQL JSON, CONSTRUCT and DESCRIBE as N-Triples. On the standard error stands why a query failed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    Variable,
)

from kgraph.errors import QueryError, QueryStopped
from kgraph.graph.vocab import PREFIXES

Result = QuerySolutions | QueryBoolean | Iterator[Triple]

_FAILED, _MALFORMED = 3, 4
_MEMORY = 4 << 30  # bytes of address space
_START = "import sys; sys.path.insert(0, sys.argv[1]); from kgraph.graph.worker import main; main()"


def run(
    path: Path, text: str, bindings: Mapping[Variable, NamedNode | Literal], seconds: float, *, union: bool = True
) -> Result:
    """The result of a query over the store in a folder that nobody writes; over the union of its graphs, or as FROM says.

    Raises QueryError where the query fails, SyntaxError where it is none, as the engine does, QueryStopped where it takes
    longer or needs more than 4 GiB.
    """
    values = {name.value: _pack(term) for name, term in bindings.items()}
    task = {"path": str(path), "text": text, "bindings": values, "union": union}
    root = str(Path(__file__).resolve().parents[2])
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START, root],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise QueryStopped(
            f"the query took longer than {seconds:g} s and was stopped; ask for less", too_slow=True
        ) from error
    if done.returncode in {_FAILED, _MALFORMED}:
        words = done.stderr.decode("utf-8", "replace").strip()
        raise SyntaxError(words) if done.returncode == _MALFORMED else QueryError(words)
    if done.returncode:
        raise QueryStopped("the query was stopped because it needs too much memory; ask for less")
    kind, _, body = done.stdout.partition(b"\n")
    if kind == b"triples":
        return (_triple(quad) for quad in pyoxigraph.parse(body, RdfFormat.N_TRIPLES))
    return pyoxigraph.parse_query_results(body, QueryResultsFormat.JSON)


def main() -> None:
    """Answer the one query of the standard input."""
    task = json.load(sys.stdin)
    limit_memory()
    store = pyoxigraph.Store.read_only(task["path"])
    try:
        _answer(store, task)
    except SyntaxError as error:
        sys.stderr.write(str(error))
        sys.exit(_MALFORMED)
    except (RuntimeError, ValueError, OSError) as error:
        sys.stderr.write(f"the query cannot be answered: {error}")
        sys.exit(_FAILED)


def _answer(store: pyoxigraph.Store, task: dict[str, Any]) -> None:
    result = store.query(
        task["text"],
        prefixes=PREFIXES,
        use_default_graph_as_union=task["union"],
        substitutions={Variable(name): _unpack(*term) for name, term in task["bindings"].items()} or None,
    )
    out = sys.stdout.buffer
    if isinstance(result, QueryTriples):
        out.write(b"triples\n")
        result.serialize(out, RdfFormat.N_TRIPLES)
    else:
        out.write(b"rows\n")
        result.serialize(out, QueryResultsFormat.JSON)


def limit_memory() -> None:
    """Have this process fail before it takes the whole machine down."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _pack(term: NamedNode | Literal) -> list[str | None]:
    if isinstance(term, NamedNode):
        return [term.value]
    return [term.value, term.language, term.datatype.value]


def _unpack(value: str, language: str | None = None, datatype: str | None = None) -> NamedNode | Literal:
    if datatype is None:
        return NamedNode(value)
    return Literal(value, language=language) if language else Literal(value, datatype=NamedNode(datatype))


def _triple(quad: pyoxigraph.Quad) -> Triple:
    return Triple(quad.subject, quad.predicate, quad.object)
