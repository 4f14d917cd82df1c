"""The outside world becomes articles: files, folders, standard input, archives, and pages on the web."""

from __future__ import annotations

from kgraph.read.language import detect
from kgraph.read.layout import Layout, segment
from kgraph.read.settings import Web
from kgraph.read.sources import read

__all__ = ["Layout", "Web", "detect", "read", "segment"]
