"""Extractions made by hand, and stores to put them in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kgraph.graph import Store, open_store
from kgraph.model import (
    DATA,
    Actor,
    ActorType,
    Article,
    Attribution,
    Claim,
    DateOrigin,
    Extraction,
    Mention,
    Modality,
    Polarity,
    Relation,
    Role,
    Span,
    Via,
    When,
)

RUSSIA = Actor(f"{DATA}Q159", ActorType.STATE, "Russland", "RUS")
USA = Actor(f"{DATA}Q30", ActorType.STATE, "USA", "USA")
IRAN = Actor(f"{DATA}Q794", ActorType.STATE, "Iran", "IRN")
MOLDOVA = Actor(f"{DATA}Q217", ActorType.STATE, "Moldau", "MDA")
UNKNOWN = Actor(f"{DATA}person/ion-testescu", ActorType.PERSON, "Ion Testescu", "MDA")


class Text:
    """An article under construction: sentences are added, spans are found by their words."""

    def __init__(self, id: str = "a1", *, published: date | None = date(2026, 3, 2), **fields: str) -> None:  # noqa: A002
        self.id = id
        self.fields = fields
        self.published = published
        self.text = ""
        self.claims: list[Claim] = []
        self.mentions: list[Mention] = []

    def claim(
        self,
        sentence: str,
        subject: tuple[Actor, str],
        relation: Relation,
        trigger: str,
        object_: tuple[Actor, str],
        *,
        polarity: Polarity = Polarity.AFFIRMED,
        modality: Modality = Modality.ACTUAL,
        source: tuple[Actor | None, str] | None = None,
        when: When | None = None,
        confidence: float = 0.75,
        role: tuple[str, Actor, bool] | None = None,
    ) -> Text:
        """Add a claim read from a sentence; `role` gives the subject an office: its words, for whom, former."""
        index = self.text.find(sentence)
        if index < 0:
            index = len(self.text)
            self.text += sentence + "\n"
        whole = Span(index, index + len(sentence), sentence)
        ends = [self._mention(whole, *subject, role=role), self._mention(whole, *object_)]
        said = None if source is None else Attribution(self._span(whole, source[1]), source[0])
        self.mentions += ends
        self.claims.append(
            Claim(
                self.id, whole, relation, self._span(whole, trigger), f"de/{trigger}.verb", *ends,
                polarity, modality, said, when, confidence,
            )
        )  # fmt: skip
        return self

    def done(self) -> Extraction:
        """The extraction of the article as it now stands."""
        article = Article(self.id, self.text, published=self.published, **self.fields)
        return Extraction(article, (), tuple(self.mentions), tuple(self.claims))

    def _mention(
        self, whole: Span, actor: Actor, words: str, *, role: tuple[str, Actor, bool] | None = None
    ) -> Mention:
        span = self._span(whole, words)
        office = None
        if role:
            title = self._span(whole, role[0])
            office = Role(
                title, Mention(role[1], Via.ADJECTIVE, 0, 0, (0,), title.start, title.end, title.text), role[2]
            )
        return Mention(actor, Via.NAME, 0, 0, (0,), span.start, span.end, span.text, office)

    @staticmethod
    def _span(whole: Span, words: str) -> Span:
        start = whole.start + whole.text.index(words)
        return Span(start, start + len(words), words)


def attack(id: str = "a1", **fields: str) -> Extraction:  # noqa: A002
    """An article in which the USA attack Iran, and Russia condemns that."""
    return (
        Text(id, title="Luftangriffe", publisher="Musterblatt", url="https://news.example/1?a=b", **fields)
        .claim("Die USA haben den Iran bombardiert.", (USA, "USA"), Relation.ATTACKS, "bombardiert", (IRAN, "Iran"))
        .claim(
            "Moskau verurteilte die US-Angriffe.", (RUSSIA, "Moskau"), Relation.CRITICIZES, "verurteilte", (USA, "US")
        )
        .done()
    )


def full(id: str = "a2") -> Extraction:  # noqa: A002
    """An article with everything a claim can have: source, dates, denial, plan, unknown person with an office."""
    day = date(2026, 3, 1)
    return (
        Text(id, published=date(2026, 3, 3), title="Gespräche", publisher="Beispielpost")
        .claim(
            "Der moldauische Regierungschef Ion Testescu traf am Sonntag US-Vertreter.",
            (UNKNOWN, "Ion Testescu"), Relation.MEETS, "traf", (USA, "US"),
            when=When(day, day, DateOrigin.RELATIVE), role=("Regierungschef", MOLDOVA, False),
        )
        .claim(
            "Russland hat den Iran nach eigenen Angaben nicht angegriffen.",
            (RUSSIA, "Russland"), Relation.ATTACKS, "angegriffen", (IRAN, "Iran"),
            polarity=Polarity.NEGATED, modality=Modality.ALLEGED, source=(RUSSIA, "nach eigenen Angaben"),
        )
        .claim(
            "Washington will Iran mit Sanktionen belegen.",
            (USA, "Washington"), Relation.SANCTIONS, "belegen", (IRAN, "Iran"),
            modality=Modality.PLANNED, when=When(date(2026, 4, 1), date(2026, 4, 30), DateOrigin.EXPLICIT),
        )
        .done()
    )  # fmt: skip


class Made:
    """Everything above, for tests: they cannot import this file."""

    Text = Text
    RUSSIA, USA, IRAN, MOLDOVA, UNKNOWN = RUSSIA, USA, IRAN, MOLDOVA, UNKNOWN
    attack = staticmethod(attack)
    full = staticmethod(full)


@pytest.fixture(scope="session")
def made() -> type[Made]:
    """Actors, articles and the class to build more."""
    return Made


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the ontology and the actor lists, to be copied: loading them takes a while."""
    path = tmp_path_factory.mktemp("template") / "store"
    open_store(path).close()
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    """The folder of an empty store."""
    return Path(shutil.copytree(template, tmp_path / "store"))


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """An empty store."""
    with open_store(path) as opened:
        yield opened


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with both articles."""
    store.write(attack())
    store.write(full())
    return store


@pytest.fixture(scope="session")
def shared(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same, open for reading, for all tests that only ask."""
    path = Path(shutil.copytree(template, tmp_path_factory.mktemp("shared") / "store"))
    with open_store(path) as writing:
        writing.write(attack())
        writing.write(full())
    with open_store(path, read_only=True) as opened:
        yield opened
