"""For all tests: property tests are judged by what they find, not by how long a busy machine takes."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("kgraph", deadline=None)
settings.load_profile("kgraph")
