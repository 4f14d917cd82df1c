"""The graph to look at: one self-contained HTML page."""

from __future__ import annotations

from kgraph.explore.page import render_page, write_page

__all__ = ["render_page", "write_page"]
