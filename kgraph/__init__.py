"""A knowledge graph of geopolitical relations, read from German news.

What is public is the list below and nothing else. Names are imported on first use, so that `import kgraph` loads
no parser, no store and no drawing library.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# The one name that is also a folder: bound here at once, or importing the folder later would hide the function.
from kgraph.read import read

if TYPE_CHECKING:
    from kgraph.actors import Registry, load_registry
    from kgraph.errors import (
        ArticleError,
        BatchError,
        DataError,
        KgraphError,
        MissingExtra,
        QueryError,
        QueryRefused,
        QueryStopped,
        StoreError,
        StoreLocked,
        UnknownActor,
        UsageError,
    )
    from kgraph.evaluate import Score, score
    from kgraph.explore import write_page
    from kgraph.graph import Store, open_store
    from kgraph.interchange import claim_to_dict, read_conllu, write_conllu
    from kgraph.model import (
        Actor,
        ActorType,
        Article,
        Attribution,
        Block,
        BlockKind,
        Claim,
        DateOrigin,
        Extraction,
        Mention,
        Modality,
        Polarity,
        Problem,
        Quad,
        Relation,
        Role,
        Sentence,
        Span,
        Token,
        Via,
        When,
    )
    from kgraph.pipeline import Pipeline

_PUBLIC = {
    "kgraph.actors": "Registry load_registry",
    "kgraph.errors": (
        "ArticleError BatchError DataError KgraphError MissingExtra QueryError QueryRefused QueryStopped StoreError "
        "StoreLocked UnknownActor UsageError"
    ),
    "kgraph.evaluate": "Score score",
    "kgraph.explore": "write_page",
    "kgraph.graph": "Store open_store",
    "kgraph.interchange": "claim_to_dict read_conllu write_conllu",
    "kgraph.model": (
        "Actor ActorType Article Attribution Block BlockKind Claim DateOrigin Extraction Mention Modality Polarity "
        "Problem Quad Relation Role Sentence Span Token Via When"
    ),
    "kgraph.pipeline": "Pipeline",
}
_HOME = {name: module for module, names in _PUBLIC.items() for name in names.split()}

__all__ = [
    "Actor",
    "ActorType",
    "Article",
    "ArticleError",
    "Attribution",
    "BatchError",
    "Block",
    "BlockKind",
    "Claim",
    "DataError",
    "DateOrigin",
    "Extraction",
    "KgraphError",
    "Mention",
    "MissingExtra",
    "Modality",
    "Pipeline",
    "Polarity",
    "Problem",
    "Quad",
    "QueryError",
    "QueryRefused",
    "QueryStopped",
    "Registry",
    "Relation",
    "Role",
    "Score",
    "Sentence",
    "Span",
    "Store",
    "StoreError",
    "StoreLocked",
    "Token",
    "UnknownActor",
    "UsageError",
    "Via",
    "When",
    "claim_to_dict",
    "load_registry",
    "open_store",
    "read",
    "read_conllu",
    "score",
    "write_conllu",
    "write_page",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use; `__version__` is read from the installed package."""
    if name == "__version__":
        value: Any = importlib.import_module("importlib.metadata").version("kgraph")
    elif name in _HOME:
        value = getattr(importlib.import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'kgraph' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
