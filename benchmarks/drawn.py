"""Extractions drawn by lot: actors of the lists and relations of the ontology, so that a store has the size of years of news.

The same seed always draws the same. What is drawn looks like what the pipeline gives: few actors and pairs are in most
claims, most claims are affirmed and actual, persons act for states, some claims name their source and their day.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from kgraph.actors import Entry, load_registry
from kgraph.model import (
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
    Span,
    Via,
    When,
)

FIRST, DAYS = date(2024, 1, 1), 730
PUBLISHERS = [f"Zeitung {number}" for number in range(1, 41)]
PAIRS, STORIES = 3000, 0.8  # pairs that are in the news again and again, and their share of the articles
CLAIMS = [1, 2, 3, 4, 5, 6]  # claims of an article, three on average
OFTEN = [22, 22, 20, 16, 12, 8]
MODALITIES = [Modality.ACTUAL, Modality.PLANNED, Modality.ALLEGED, Modality.HYPOTHETICAL]


def extractions(claims: int, *, seed: int = 1) -> Iterator[Extraction]:
    """Articles with that many claims in all, in the order of their days of publication.

    Memory is bounded by one article.
    """
    lot = _Lot(seed)
    left, number = claims, 0
    while left > 0:
        count = min(left, lot.random.choices(CLAIMS, OFTEN)[0])
        number += 1
        yield lot.article(f"drawn-{seed}-{number}", FIRST + timedelta(days=(claims - left) * DAYS // claims), count)
        left -= count


class _Lot:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        registry = load_registry("de")
        self.actors = [
            *self._shuffled(registry.entries("state")),
            *self._shuffled(registry.entries("organisation")),
            *self._shuffled(registry.entries("group")),
            *self._shuffled(registry.entries("person"))[:200],
        ]
        self.actors.sort(key=lambda actor: self.random.random() * (1 if actor.type is ActorType.STATE else 3))
        self.conflicts = [entry.actor for entry in registry.entries("conflict")]
        self.weights = list(accumulate(1 / (place + 3) for place in range(len(self.actors))))
        self.pairs = [self._two() for _ in range(PAIRS)]
        self.known = list(accumulate(1 / (place + 5) for place in range(PAIRS)))
        self.relations = self._shuffled(relation for relation in Relation if relation is not Relation.OFFICIAL_OF)
        self.often = list(accumulate(1 / (place + 4) for place in range(len(self.relations))))
        self.usual: dict[tuple[str, str], list[Relation]] = {}

    def _shuffled(self, items: object) -> list:
        found = [item.actor if isinstance(item, Entry) else item for item in items]
        self.random.shuffle(found)
        return found

    def article(self, id: str, published: date, count: int) -> Extraction:  # noqa: A002
        text, claims = "", []
        pairs = [self._pair()]
        for _ in range(count):
            if self.random.random() < 0.6:
                pairs.append(self._pair())
            claims.append(self._claim(id, len(text), published, *pairs[-1]))
            text += claims[-1].sentence.text + "\n"
        publisher = self.random.choice(PUBLISHERS)
        article = Article(
            id, text, title=f"Meldung {id}", url=f"https://news.example/{id}", publisher=publisher, published=published
        )
        return Extraction(article, (), (), tuple(claims))

    def _pair(self) -> tuple[Actor, Actor]:
        """Two actors: mostly a pair that the news knows, now and then one that chance brings together."""
        if self.random.random() < STORIES:
            return self.random.choices(self.pairs, cum_weights=self.known)[0]
        return self._two()

    def _two(self) -> tuple[Actor, Actor]:
        one, other = self.random.choices(self.actors, cum_weights=self.weights, k=2)
        while other is one:
            other = self.random.choices(self.actors, cum_weights=self.weights)[0]
        return one, other

    def _claim(self, id: str, start: int, published: date, one: Actor, other: Actor) -> Claim:  # noqa: A002
        lot = self.random
        relation = self._relation(one, other)
        if relation is Relation.MEDIATES:
            other = lot.choice(self.conflicts)
        if lot.random() < 0.3:
            one, other = (other, one) if relation is not Relation.MEDIATES else (one, other)
        speaker = lot.choices(self.actors, cum_weights=self.weights)[0] if lot.random() < 0.25 else None
        said = f", so {speaker.label}" if speaker else ""
        words = f"{one.label} {relation.value} {other.label}{said}."
        sentence = Span(start, start + len(words), words)
        verb, at = start + len(one.label) + 1, start + len(one.label) + len(relation.value) + 2
        source = None
        if speaker:
            begin = start + len(words) - len(speaker.label) - 1
            source = Attribution(Span(begin, begin + len(speaker.label), speaker.label), speaker)
        return Claim(
            id,
            sentence,
            relation,
            Span(verb, verb + len(relation.value), relation.value),
            f"de/{relation.value}.verb",
            Mention(one, Via.NAME, 0, 0, (0,), start, start + len(one.label), one.label),
            Mention(other, Via.NAME, 0, 2, (2,), at, at + len(other.label), other.label),
            Polarity.NEGATED if lot.random() < 0.07 else Polarity.AFFIRMED,
            lot.choices(MODALITIES, [80, 9, 7, 4])[0],
            source,
            self._when(published),
            round(lot.uniform(0.3, 0.99), 2),
        )

    def _relation(self, one: Actor, other: Actor) -> Relation:
        """One of the three relations that are usual between two actors, or any."""
        usual = self.usual.setdefault(
            (one.id, other.id), self.random.choices(self.relations, cum_weights=self.often, k=3)
        )
        return self.random.choice(usual if self.random.random() < 0.7 else self.relations)

    def _when(self, published: date) -> When | None:
        drawn = self.random.random()
        if drawn < 0.4:
            return None
        first = published - timedelta(days=self.random.choice([0, 0, 1, 1, 1, 2, 3, 7, 30]))
        last = first if drawn < 0.9 else first + timedelta(days=self.random.randint(1, 20))
        return When(first, last, DateOrigin.RELATIVE)
