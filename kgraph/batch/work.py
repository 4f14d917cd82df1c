"""What a run is to do: the same for every process of every machine, and sent to each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kgraph.errors import UsageError
from kgraph.model import checked_confidence
from kgraph.pipeline import DEFAULT_LANGUAGE, DEFAULT_READER, LANGUAGES

MAKER = "kgraph.batch.reading:Reading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How articles are read and what is kept of it.

    `lang` is the language of all articles (None: as they say, or as detected); `reader` draws the trees; claims below
    `min_confidence` (0 to 1) are left out. `columns` maps the fields of articles to the names that tables have for them;
    `actors` names folders with actors of the user's own, which every machine must have at the same place. An article
    that takes longer than `patience` seconds is set aside. `maker` is what reads an article, as `module:name`.

    Raises UsageError for what cannot be done.
    """

    lang: str | None = None
    reader: str = DEFAULT_READER
    min_confidence: float = 0.0
    columns: Mapping[str, str] = field(default_factory=dict)
    actors: tuple[Path, ...] = ()
    patience: float = 300.0
    maker: str = MAKER

    def __post_init__(self) -> None:
        checked_confidence(self.min_confidence)
        if self.lang is not None and self.lang not in LANGUAGES:
            raise UsageError(f"kgraph cannot read the language {self.lang!r} yet; it reads: {', '.join(LANGUAGES)}")
        if not self.patience > 0:
            raise UsageError(f"an article is given {self.patience:g} seconds; give it more than none")

    @property
    def language(self) -> str:
        """The language of the pipeline."""
        return self.lang or DEFAULT_LANGUAGE
