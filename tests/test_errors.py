"""Errors go from one process to another as they are."""

from __future__ import annotations

import pickle

import pytest

from kgraph.errors import ArticleError, DataError, KgraphError, MissingExtra, UnknownActor, UsageError


@pytest.mark.parametrize(
    "error",
    [
        ArticleError("a.txt:3", "is empty", skipped=False),
        DataError([f"a.toml:{number}: no" for number in range(60)]),
        MissingExtra("reading PDF files", "documents"),
        UnknownActor("nobody is called that"),
        UsageError("no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_pickling(error: KgraphError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.__dict__) == (str(error), error.__dict__)
