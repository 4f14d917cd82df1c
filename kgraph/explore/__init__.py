"""The graph to look at: one self-contained HTML page."""

from __future__ import annotations

from kgraph.explore.data import fragment
from kgraph.explore.page import page_policy, render_page, write_page

__all__ = ["fragment", "page_policy", "render_page", "write_page"]
