"""Sentence -> Mention: names, adjectives, capitals, offices, compounds and pronouns become actors."""

from __future__ import annotations

from kgraph.link.linker import Linker

__all__ = ["Linker"]
