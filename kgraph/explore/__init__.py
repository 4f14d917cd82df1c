"""The graph to look at: one self-contained HTML page."""

from __future__ import annotations

from kgraph.explore.data import fragment
from kgraph.explore.flags import flag_picture, put_flags
from kgraph.explore.page import page_policy, render_page, write_page
from kgraph.explore.rows import introduce

__all__ = ["flag_picture", "fragment", "introduce", "page_policy", "put_flags", "render_page", "write_page"]
