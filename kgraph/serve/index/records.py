"""What the index answers with; labels are in the language that was asked for, days in ISO form or empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ActorRow:
    """An actor; `claims` counts those that it is an end of."""

    iri: str
    label: str
    type: str
    country: str | None
    claims: int


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article with the number of its claims."""

    iri: str
    name: str
    title: str | None
    publisher: str | None
    published: str
    url: str | None
    lang: str
    claims: int
    source: str | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with its sentence, which starts at `start` in the article.

    `marks` are the half-open offsets in the sentence of subject, trigger, object and, where `said` is given, of whom the
    text names as its source: start, end, start, end …, in code points.
    """

    iri: str
    subject: ActorRow
    relation: str
    object: ActorRow
    polarity: str
    modality: str
    confidence: float
    said: str | None
    speaker: ActorRow | None
    day: str
    last: str
    sentence: str
    start: int
    marks: tuple[int, ...]
    article: ArticleRow
    repeats: bool

    @property
    def is_fact(self) -> bool:
        """True where the text affirms the relation as actual."""
        return self.polarity == "affirmed" and self.modality == "actual"


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A part of a list: so many from the place `first` (from 0), of `total`."""

    rows: tuple[T, ...]
    first: int
    size: int
    total: int

    @property
    def number(self) -> int:
        """The number of this page, from 1."""
        return self.first // self.size + 1

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many claims of a relation there are in a month (YYYY-MM, or empty), that are affirmed and actual, and others."""

    month: str
    relation: str
    facts: int
    others: int


@dataclass(frozen=True, slots=True)
class Tie:
    """Two actors, a relation, and how many claims affirm it and deny it, from the first day to the last."""

    subject: ActorRow
    relation: str
    object: ActorRow
    claims: int
    affirmed: int
    denied: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another actor, with the claims that it shares with one, and the sum of their values on Goldstein's scale."""

    actor: ActorRow
    claims: int
    cooperation: int
    conflict: int
    goldstein: float
    last: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is."""

    articles: int
    claims: int
    facts: int
    actors: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence or, without claims of its own, a title that was found; `places` are the words that were looked for."""

    words: str
    places: tuple[tuple[int, int], ...]
    is_title: bool
    article: ArticleRow
    claims: tuple[ClaimRow, ...] = field(default=())
