"""Values in the place of variables in the text of a query, for engines that take no values beside it.

The terms are written by the engine's own serializer, so that nothing in a value can leave its term. A variable of the
SELECT clause stays a column; BOUND of it becomes true.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kgraph.errors import QueryError
from kgraph.graph.guard import TOKEN
from kgraph.graph.queries import Bindings
from kgraph.graph.vocab import XSD_DECIMAL

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
    number: int  # of the clause


def substituted(text: str, bindings: Bindings, *, hidden: Collection[str] = ()) -> str:
    """A query with terms in the place of variables; `check_query` must have passed it.

    Variables of the outermost SELECT that are `hidden` are no columns any more.
    Raises QueryError where the query itself gives one of the variables a value.
    """
    values = {variable.value: _written(term) for variable, term in bindings.items()}
    if not values:
        return text
    places = list(_places(text))
    grouped = [place for place in places if place.clause == "group" and place.depth == 0]
    kept = any(place.name not in values for place in grouped)
    others = {place.number for place in places if place.name not in values}
    result, done = [], 0
    for place in places:
        if place.name not in values:
            continue
        before, word = text[done : place.start], values[place.name]
        after = place.end
        if _AS.search(text[: place.start]):
            raise QueryError(f"the query gives ?{place.name} a value itself; leave that out, or do not give it another")
        if place.depth == 0 and place.clause == "select":
            word = _column(place, word, alone=place.number not in others, hidden=hidden)
        elif place.depth == 0 and place.clause == "group":
            word = "" if kept else f"({word})"
        elif place.depth == 0 and place.clause == "order":
            word = f"({word})"
        elif bound := _BOUND.search(before):
            before, word, after = before[: bound.start()], "(true", place.end
        result += [before, word]
        done = after
    return "".join([*result, text[done:]])


def _column(place: _Place, word: str, *, alone: bool, hidden: Collection[str]) -> str:
    """What stands for a variable in a SELECT clause. That of an inner query would clash with the outer one's."""
    if place.inner:
        return f"({word} AS ?given_{place.name})" if alone else ""
    return "" if place.name in hidden and not alone else f"({word} AS ?{place.name})"


def _written(term: NamedNode | Literal) -> str:
    """A term as text; a decimal without the zeros at its end, which make it too long for some engines."""
    if isinstance(term, Literal) and term.datatype == XSD_DECIMAL and "." in term.value:
        return str(Literal(term.value.rstrip("0").rstrip("."), datatype=XSD_DECIMAL))
    return str(term)


def _places(text: str) -> Iterator[_Place]:
    clause, depth, level, number = "", 0, 0, 0
    for kind, start, end in _tokens(text):
        word = text[start:end]
        if kind == "variable" and word[0] in "?$":
            yield _Place(start, end, word[1:], clause, depth, level > 0, number)
        elif kind == "mark":
            if word in "{}":
                clause, depth, level, number = "", 0, level + (1 if word == "{" else -1), number + 1
            else:
                depth += 1 if word == "(" else -1
        elif kind == "word" and depth == 0:
            lower = word.lower()
            if lower in {"select", "group", "order"}:
                clause, number = lower, number + 1
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
