"""Sentence + Mentions -> Claim: frames over trees, then polarity, modality, who says so, and when."""

from __future__ import annotations

from kgraph.extract.extractor import Extractor

__all__ = ["Extractor"]
