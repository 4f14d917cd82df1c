"""The outside world becomes articles: files, folders, standard input and JSON Lines."""

from __future__ import annotations

from kgraph.read.layout import Layout, segment
from kgraph.read.sources import read

__all__ = ["Layout", "read", "segment"]
