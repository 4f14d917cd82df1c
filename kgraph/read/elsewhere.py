"""Parsers of pages, documents and feeds run in a process of their own.

They are large libraries for formats that anybody can bend: one that takes minutes, fills the memory or crashes costs the
file that it was given, and not the run.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import count, islice
from typing import Any, TypeVar

from kgraph.apart import Child, Ended, Failed
from kgraph.errors import ArticleError, KgraphError

_Result = TypeVar("_Result")
LIMIT = 120.0  # seconds for a file
_MEMORY = 2 << 30
_TRIES = 2


def elsewhere(function: Callable[..., _Result], *args: object, where: str, limit: float = LIMIT) -> _Result:
    """What a function gives for arguments, called in a process of its own; both must be known there by name, or plain.

    Raises ArticleError for `where` if it takes longer than `limit` seconds, needs more than 2 GB or crashes, and what it
    raises itself.
    """
    with _lock:
        return _asked(function, args, where, limit)


def each_elsewhere(function: Callable[..., Iterable[_Result]], *args: object, where: str) -> Iterator[_Result]:
    """What a generator gives, run as by `elsewhere`; an error that ends it comes after what it gave before."""
    found, error = elsewhere(_all, function, args, where=where)
    yield from found
    if error is not None:
        raise error


def parts_elsewhere(function: Callable[..., Iterable[_Result]], *args: object, where: str) -> Iterator[_Result]:
    """What a generator gives, run as by `elsewhere`, but one by one: for what is more than memory should hold at once."""
    number = next(_numbers)
    try:
        for place in count():
            found, error = elsewhere(_part, number, place, function, args, where=where)
            if error is not None:
                raise error
            if not found:
                return
            yield found[0]
    finally:
        if _child is not None:
            with suppress(ArticleError):
                elsewhere(_begun.pop, number, None, where=where)


def _asked(function: Callable[..., _Result], args: tuple[object, ...], where: str, limit: float) -> _Result:
    how = ""
    for _ in range(_TRIES):
        try:
            child = _running()
            child.send((function, args), seconds=limit)
            answer: _Result = child.answer()
        except Ended as error:
            _stop()
            how = str(error)
            if error.late:
                raise ArticleError(where, f"{how} to be taken apart; it is left alone") from error
        except Failed as error:
            if error.spent:
                _stop()
                raise ArticleError(where, "needs more memory to be taken apart than it may have") from error
            raise ArticleError(where, f"cannot be taken apart: {error}") from error
        except KgraphError:
            raise
        except BaseException:  # Ctrl-C: its answer would be taken for one to the next request
            _stop()
            raise
        else:
            return answer
    raise ArticleError(where, f"crashes what takes it apart: the process {how}")


def _running() -> Child:
    """The process, started when it is first needed; one that was forked off has to start its own."""
    global _child, _owner
    if _child is None or _owner != os.getpid():
        _child, _owner = Child(_caller, memory=_MEMORY), os.getpid()
        atexit.register(_stop)
        _child.answer()
    return _child


def _stop() -> None:
    global _child
    if _child is not None and _owner == os.getpid():
        _child.close()
    _child = None


def _all(
    function: Callable[..., Iterable[_Result]], args: tuple[object, ...]
) -> tuple[list[_Result], KgraphError | None]:
    found: list[_Result] = []
    try:
        found.extend(function(*args))  # what came before a fault stays in it
    except KgraphError as error:
        return found, error
    return found, None


def _part(
    number: int, place: int, function: Callable[..., Iterable[_Result]], args: tuple[object, ...]
) -> tuple[list[_Result], KgraphError | None]:
    """What the generator of a number gives at a place, in a list; empty at its end. Begun anew in a new process."""
    if number not in _begun:
        _begun[number] = islice(function(*args), place, None)
    try:
        return list(islice(_begun[number], 1)), None
    except KgraphError as error:
        return [], error


def _caller() -> Callable[[tuple[Callable[..., Any], tuple[object, ...]]], Any]:
    return _call


def _call(task: tuple[Callable[..., Any], tuple[object, ...]]) -> Any:
    function, args = task
    return function(*args)


_begun: dict[int, Iterator[Any]] = {}  # in the child: the generators that are not at their ends
_numbers = count()
_child: Child | None = None
_owner = 0
_lock = threading.Lock()
