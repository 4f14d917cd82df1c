"""Articles made by hand that say what they shall, for the tests of views."""

from __future__ import annotations

from datetime import date

from kgraph.model import (
    DATA,
    Actor,
    ActorType,
    Article,
    Attribution,
    Claim,
    Extraction,
    Mention,
    Modality,
    Polarity,
    Relation,
    Span,
    Via,
)

USA = Actor(f"{DATA}Q30", ActorType.STATE, "USA", "USA")
IRAN = Actor(f"{DATA}Q794", ActorType.STATE, "Iran", "IRN")
RUSSIA = Actor(f"{DATA}Q159", ActorType.STATE, "Russland", "RUS")
QATAR = Actor(f"{DATA}Q846", ActorType.STATE, "Katar", "QAT")
PERSON = Actor(f"{DATA}person/ion-testescu", ActorType.PERSON, "Ion Testescu", "USA")
PLANNED, DENIED = (Polarity.AFFIRMED, Modality.PLANNED), (Polarity.NEGATED, Modality.ACTUAL)
FACT = (Polarity.AFFIRMED, Modality.ACTUAL)

# What each article says: subject, relation, object, polarity and modality, confidence.
_Said = tuple[Actor, Relation, Actor, tuple[Polarity, Modality], float]
SAID: dict[tuple[str, date | None, str], list[_Said]] = {
    ("a1", date(2026, 1, 5), "Musterblatt"): [
        (USA, Relation.ATTACKS, IRAN, FACT, 0.9),
        (RUSSIA, Relation.MEETS, IRAN, FACT, 0.8),
        (RUSSIA, Relation.ALLY, IRAN, FACT, 0.95),
    ],
    ("a2", date(2026, 1, 20), "Beispielpost"): [
        (USA, Relation.ATTACKS, IRAN, FACT, 0.7),
        (IRAN, Relation.MEETS, RUSSIA, FACT, 0.9),
        (QATAR, Relation.AIDS, IRAN, PLANNED, 0.9),
    ],
    ("a3", date(2026, 2, 2), "Musterblatt"): [
        (USA, Relation.ATTACKS, IRAN, DENIED, 0.8),
        (PERSON, Relation.CRITICIZES, RUSSIA, FACT, 0.6),
        (PERSON, Relation.OFFICIAL_OF, USA, FACT, 0.9),
        (USA, Relation.AIDS, IRAN, FACT, 0.9),
    ],
    ("a4", None, "Beispielpost"): [(QATAR, Relation.MEDIATES, IRAN, FACT, 0.85)],
}


def extraction(article: str, published: date | None, publisher: str, said: list[_Said]) -> Extraction:
    """An article that says what it shall, one sentence for each claim."""
    text, claims = "", []
    for subject, relation, object_, (polarity, modality), confidence in said:
        start, words = len(text), f"{subject.label} tut etwas mit {object_.label}."
        text += words + "\n"
        ends = []
        for actor, at in ((subject, start), (object_, start + len(words) - len(object_.label) - 1)):
            ends.append(Mention(actor, Via.NAME, 0, 0, (0,), at, at + len(actor.label), actor.label))
        verb = start + words.index("tut")
        source = Attribution(Span(start, start + len(subject.label), subject.label), subject)
        claims.append(
            Claim(article, Span(start, start + len(words), words), relation, Span(verb, verb + 3, "tut"), "de/tun.verb",
                  *ends, polarity, modality, source if polarity is Polarity.NEGATED else None, None, confidence)
        )  # fmt: skip
    made = Article(article, text, title=f"Titel {article}", publisher=publisher, published=published)
    return Extraction(made, (), (), tuple(claims))
