"""Values in the place of variables in the text of a query, for engines that take no values beside it.

The terms are written by the engine's own serializer, so that nothing in a value can leave its term. A variable of the
SELECT clause stays a column; BOUND of it becomes true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.errors import QueryError
from kgraph.graph.guard import TOKEN
from kgraph.graph.queries import Bindings

_MARK = re.compile(r"[{}()]")
_ENDS_GROUPING = frozenset({"having", "order", "limit", "offset", "values"})
_BOUND = re.compile(r"\bBOUND\s*\(\s*$", re.IGNORECASE)
_AS = re.compile(r"\bAS\s*$", re.IGNORECASE)


@dataclass(slots=True)
class _Place:
    """A variable of the text: where it stands, and in which clause at which depth of brackets, in an inner query."""

    start: int
    end: int
    name: str
    clause: str
    depth: int
    inner: bool


def substituted(text: str, bindings: Bindings) -> str:
    """A query with terms in the place of variables; `check_query` must have passed it.

    Raises QueryError where the query itself gives one of the variables a value.
    """
    values = {variable.value: str(term) for variable, term in bindings.items()}
    if not values:
        return text
    places = list(_places(text))
    grouped = [place for place in places if place.clause == "group" and place.depth == 0]
    kept = any(place.name not in values for place in grouped)
    result, done = [], 0
    for place in places:
        if place.name not in values:
            continue
        before, word = text[done : place.start], values[place.name]
        after = place.end
        if _AS.search(text[: place.start]):
            raise QueryError(f"the query gives ?{place.name} a value itself; leave that out, or do not give it another")
        if place.depth == 0 and place.clause == "select":
            word = f"({word} AS ?{'given_' * place.inner}{place.name})"  # out of an inner query it would clash
        elif place.depth == 0 and place.clause == "group":
            word = "" if kept else f"({word})"
        elif place.depth == 0 and place.clause == "order":
            word = f"({word})"
        elif bound := _BOUND.search(before):
            before, word, after = before[: bound.start()], "(true", place.end
        result += [before, word]
        done = after
    return "".join([*result, text[done:]])


def _places(text: str) -> Iterator[_Place]:
    clause, depth, level = "", 0, 0
    for kind, start, end in _tokens(text):
        word = text[start:end]
        if kind == "variable" and word[0] in "?$":
            yield _Place(start, end, word[1:], clause, depth, level > 0)
        elif kind == "mark":
            if word in "{}":
                clause, depth, level = "", 0, level + (1 if word == "{" else -1)
            else:
                depth += 1 if word == "(" else -1
        elif kind == "word" and depth == 0:
            lower = word.lower()
            if lower in {"select", "group", "order"}:
                clause = lower
            elif lower == "where" or (lower in _ENDS_GROUPING):
                clause = ""


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The tokens that matter, in order; what stands between those of the grammar is looked through for brackets."""
    done = 0
    for token in TOKEN.finditer(text):
        for mark in _MARK.finditer(text, done, token.start()):
            yield "mark", mark.start(), mark.end()
        done = token.end()
        if token.lastgroup in {"variable", "word"}:
            yield token.lastgroup, token.start(), token.end()
    for mark in _MARK.finditer(text, done):
        yield "mark", mark.start(), mark.end()
