"""Answering a named query: the text for what is given, its rows, and what kgraph goes on to do with them."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import QuerySolutions

from kgraph.errors import QueryError
from kgraph.graph import answers
from kgraph.graph.cells import Rows
from kgraph.graph.directory import Directory
from kgraph.graph.engine import Engine
from kgraph.graph.queries import NamedQuery, named_query


def answer(
    query: NamedQuery,
    values: Mapping[str, object],
    engine: Engine,
    directory: Directory,
    *,
    limit: int | None = None,
    timeout: float | None = None,
) -> Rows:
    """The rows of a named query; `limit` takes the place of its own, `timeout` is in seconds.

    Raises QueryError and UnknownActor as `NamedQuery.bind`, and QueryError where the query is too slow.
    """
    bindings = query.bind(values, directory.resolve)
    most = query.limit if limit is None else limit
    text = query.text_for({variable.value for variable in bindings}, limit=None if most is None else most + 1)
    result = engine.query(text, query.variables(bindings), timeout=timeout)
    if not isinstance(result, QuerySolutions):
        raise QueryError(f"the query '{query.name}' is no SELECT; mend its file")
    if query.then != "chain":
        return answers.rows(result, directory.label, limit=most, hidden=query.hidden, query=text)
    from kgraph.graph.chains import chains

    ends = [str(bindings[variable].value) for variable in bindings if variable.value in {"a", "b"}]
    kept = {name: value for name, value in values.items() if name not in {"a", "b"}}
    step = named_query("relations")

    def relations(one: str, other: str) -> Rows:
        both = {"a": directory.ref(one), "b": directory.ref(other)}
        return answer(step, {**kept, **both}, engine, directory, timeout=timeout)

    return chains(result, ends, relations, limit=limit)
