"""The errors that kgraph raises, all under one root.

KgraphError
├── UsageError           the call is wrong: an unknown name, option or combination
│   └── MissingExtra     an optional part is not installed; the message names the pip command
├── ArticleError         one article cannot be read or processed; the others go on
├── DataError            a lexicon, an actor file or a CoNLL-U file has faults; all are listed
├── BatchError           an archive cannot be read on Spark
├── StoreError           the store cannot be opened, read or written
│   └── StoreLocked      another process has the store open for writing
└── QueryError           a query is malformed, refused, or took too long
    ├── QueryRefused     a query would reach out of the store, or change it
    ├── QueryStopped     a query needs more time, memory or rows than it may have
    └── UnknownActor     a name that no actor has, or several have
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_SHOWN = 50


class KgraphError(Exception):
    """Root of all errors that kgraph raises on purpose; its text says what, which value, what to do.

    Errors travel between processes as they are.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args, dict(self.__dict__))


class UsageError(KgraphError):
    """A call that cannot be carried out as it stands."""


class MissingExtra(UsageError):
    """An optional dependency is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional part that is not installed: pip install 'kgraph[{extra}]'")


class ArticleError(KgraphError):
    """One article cannot be read or processed.

    `where` is what a person would look up: a path, a path with a line number, or an article's id. `skipped` is False
    where the article is read all the same, without what is odd about it.
    """

    def __init__(self, where: str, what: str, *, skipped: bool = True) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what
        self.skipped = skipped


class DataError(KgraphError):
    """A data file is faulty; `faults` lists every fault as `file:line: what, and what to do`."""

    def __init__(self, faults: Sequence[str]) -> None:
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        shown = [*faults[:_SHOWN], *([f"… and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else [])]
        super().__init__(f"{count} in the data:\n" + "\n".join(shown))
        self.faults = tuple(faults)


class BatchError(KgraphError):
    """An archive of articles cannot be read on Spark, or what was found cannot be written."""


class StoreError(KgraphError):
    """The store cannot be opened, read or written."""


class StoreLocked(StoreError):
    """Another process has the store open for writing."""


class QueryError(KgraphError):
    """A query is malformed, refused, or took too long."""


class QueryRefused(QueryError):
    """A query that would reach out of the store, or change it."""


class QueryStopped(QueryError):
    """A query that needs more time, memory or rows than it may have; `too_slow` tells which of them it was."""

    def __init__(self, words: str, *, too_slow: bool = False) -> None:
        super().__init__(words)
        self.too_slow = too_slow


class UnknownActor(QueryError):
    """A name that stands for no actor, or for several."""


def _again(kind: type[KgraphError], args: tuple[object, ...], fields: dict[str, Any]) -> KgraphError:
    """An error from its parts, without the words being put together a second time."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(fields)
    return error
