"""Article -> Sentence: tokens, sentences, lemmas and trees in Universal Dependencies terms."""

from __future__ import annotations

from kgraph.parse.parser import Parser

__all__ = ["Parser"]
