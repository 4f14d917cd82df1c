"""Archives of articles on Apache Spark: the pipeline of a single process over many machines, with the same claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgraph.batch.tables import CLAIM, EXTRACTED, PROBLEM
from kgraph.batch.work import Work

if TYPE_CHECKING:
    from kgraph.batch.job import Result, problems, run
    from kgraph.batch.partitions import extract_partitions
    from kgraph.batch.spark import session

__all__ = ["CLAIM", "EXTRACTED", "PROBLEM", "Result", "Work", "extract_partitions", "problems", "run", "session"]
_HOME = {
    "Result": "kgraph.batch.job",
    "problems": "kgraph.batch.job",
    "run": "kgraph.batch.job",
    "extract_partitions": "kgraph.batch.partitions",
    "session": "kgraph.batch.spark",
}


def __getattr__(name: str) -> Any:
    """Import what needs Spark or pandas on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'kgraph.batch' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)
