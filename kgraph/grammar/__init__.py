"""What the grammar of the language says against a parser's tree."""

from kgraph.grammar.repair import repaired

__all__ = ["repaired"]
