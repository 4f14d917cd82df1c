from __future__ import annotations

from datetime import date

import pytest

from kgraph.extract.when import date_of
from kgraph.model import DateOrigin, Sentence, Token

MONDAY = date(2026, 3, 2)


def sentence(text: str) -> Sentence:
    return Sentence("a", 0, 0, len(text), text, ())


@pytest.mark.parametrize(
    ("text", "first", "last", "origin"),
    [
        ("Der Angriff begann am 24. Februar 2022.", (2022, 2, 24), (2022, 2, 24), "explicit"),
        ("Das Treffen ist für den 9. März angesetzt.", (2026, 3, 9), (2026, 3, 9), "explicit"),
        ("Am 30. Dezember flog er ab.", (2025, 12, 30), (2025, 12, 30), "explicit"),
        ("Unterzeichnet wurde am 03.04.2019.", (2019, 4, 3), (2019, 4, 3), "explicit"),
        ("Im November 2024 trafen sie sich.", (2024, 11, 1), (2024, 11, 30), "explicit"),
        ("Seit 2014 ist die Halbinsel besetzt.", (2014, 1, 1), (2014, 12, 31), "explicit"),
        ("Ende 2023 brach der Streit aus.", (2023, 9, 1), (2023, 12, 31), "explicit"),
        ("Anfang des Jahres 2024 kam es zum Streit.", (2024, 1, 1), (2024, 4, 30), "explicit"),
        ("Mitte Januar verhandelten sie.", (2026, 1, 11), (2026, 1, 20), "explicit"),
        ("Ende Februar 2025 griffen sie an.", (2025, 2, 21), (2025, 2, 28), "explicit"),
        ("Vom 3. bis 5. Mai 2025 tagten sie.", (2025, 5, 3), (2025, 5, 5), "explicit"),
        ("Bis 2030 sollen die Truppen abziehen.", (2026, 3, 2), (2030, 12, 31), "explicit"),
        ("Bis zum 15. März sollen sie antworten.", (2026, 3, 2), (2026, 3, 15), "explicit"),
        ("Seit dem 1. Februar 2026 wird verhandelt.", (2026, 2, 1), (2026, 3, 2), "explicit"),
        ("Im Sommer 2021 zogen sie ab.", (2021, 6, 1), (2021, 8, 31), "explicit"),
        ("Der Krieg von 1998 bis 2000 war blutig.", (1998, 1, 1), (2000, 12, 31), "explicit"),
        ("Am 7. Jänner 2025 flog er nach Kairo.", (2025, 1, 7), (2025, 1, 7), "explicit"),
        ("Die Erklärung vom 2024-05-06 gilt.", (2024, 5, 6), (2024, 5, 6), "explicit"),
        ("In der Nacht zum Sonntag schlugen Raketen ein.", (2026, 3, 1), (2026, 3, 1), "relative"),
        ("Am Freitagabend sprachen sie.", (2026, 2, 27), (2026, 2, 27), "relative"),
        ("Am Sonnabend sprachen sie.", (2026, 2, 28), (2026, 2, 28), "relative"),
        ("Am vergangenen Montag sprachen sie.", (2026, 2, 23), (2026, 2, 23), "relative"),
        ("Seit Donnerstag sprechen sie.", (2026, 2, 26), (2026, 3, 2), "relative"),
        ("Seit gestern gilt die Sperre.", (2026, 3, 1), (2026, 3, 2), "relative"),
        ("Vor drei Tagen griffen sie an.", (2026, 2, 27), (2026, 2, 27), "relative"),
        ("Vor zwei Wochen griffen sie an.", (2026, 2, 16), (2026, 2, 22), "relative"),
        ("Vor einem Monat griffen sie an.", (2026, 2, 1), (2026, 2, 28), "relative"),
        ("Vor rund zehn Jahren griffen sie an.", (2016, 1, 1), (2016, 12, 31), "relative"),
        ("Seit fünf Jahren verhandeln sie.", (2021, 1, 1), (2026, 3, 2), "relative"),
        ("In zwei Tagen treffen sie sich.", (2026, 3, 4), (2026, 3, 4), "relative"),
        ("Im kommenden Jahr treffen sie sich.", (2027, 1, 1), (2027, 12, 31), "relative"),
        ("Ende dieses Monats treffen sie sich.", (2026, 3, 1), (2026, 3, 31), "relative"),
        ("Am Wochenende trafen sie sich.", (2026, 2, 28), (2026, 3, 1), "relative"),
        ("Am kommenden Wochenende treffen sie sich.", (2026, 3, 7), (2026, 3, 8), "relative"),
        ("Zuletzt wurde wenig verhandelt.", (2026, 1, 30), (2026, 3, 2), "relative"),
        ("In den vergangenen Tagen wurde gekämpft.", (2026, 2, 23), (2026, 3, 2), "relative"),
        ("In der Nacht wurde gekämpft.", (2026, 3, 2), (2026, 3, 2), "relative"),
        ("Übermorgen wollen sie reden.", (2026, 3, 4), (2026, 3, 4), "relative"),
        ("Nicht zuletzt deshalb reden sie.", (2026, 3, 2), (2026, 3, 2), "published"),
        ("Vor 5000 Jahren lebten hier Bauern.", (2026, 3, 2), (2026, 3, 2), "published"),
        ("Am Samstag folgte der Angriff.", (2026, 2, 28), (2026, 2, 28), "relative"),
        ("Am Montag folgte der Angriff.", (2026, 3, 2), (2026, 3, 2), "relative"),
        ("Am kommenden Freitag wird verhandelt.", (2026, 3, 6), (2026, 3, 6), "relative"),
        ("Die Gespräche begannen gestern.", (2026, 3, 1), (2026, 3, 1), "relative"),
        ("In der vergangenen Woche wurde verhandelt.", (2026, 2, 23), (2026, 3, 1), "relative"),
        ("Im vergangenen Jahr gab es Streit.", (2025, 1, 1), (2025, 12, 31), "relative"),
        ("Die Regierung lehnt das ab.", (2026, 3, 2), (2026, 3, 2), "published"),
        ("Am 31. Februar geschah nichts.", (2026, 3, 2), (2026, 3, 2), "published"),
    ],
)
def test_date(text: str, first: tuple[int, int, int], last: tuple[int, int, int], origin: str) -> None:
    when = date_of(sentence(text), 0, MONDAY)
    assert when is not None
    assert (when.start, when.end, when.origin) == (date(*first), date(*last), origin)


def test_the_date_nearest_to_the_word_counts() -> None:
    text = "Am 3. Mai 2020 verhandelten sie, am 7. Juni 2021 griffen sie an."
    when = date_of(sentence(text), text.index("griffen"), MONDAY)
    assert when is not None
    assert when.start == date(2021, 6, 7)


def test_nothing_is_dated_without_a_date_and_a_day_of_publication() -> None:
    assert date_of(sentence("Am Samstag wurde verhandelt."), 0, None) is None


def test_an_explicit_date_needs_no_day_of_publication() -> None:
    when = date_of(sentence("Am 3. Mai 2020 wurde verhandelt."), 0, None)
    assert when is not None
    assert when.origin is DateOrigin.EXPLICIT


def test_a_bare_weekday_lies_ahead_for_what_is_planned() -> None:
    when = date_of(sentence("Am Freitag wollen sie verhandeln."), 0, MONDAY, ahead=True)
    assert when is not None
    assert when.start == date(2026, 3, 6)


def test_the_date_beside_a_verb_of_saying_dates_the_saying() -> None:
    words = [("Er", 1), ("sagte", 1), ("am", 3), ("Montag", 1), (",", 5), ("griffen", 1), ("an", 5)]
    text, tokens = "", []
    for i, (form, head) in enumerate(words):
        text += form + " "
        upos = "VERB" if form in {"sagte", "griffen"} else "NOUN"
        lemma = "sagen" if form == "sagte" else form
        deprel = "case" if form == "am" else "dep"
        tokens.append(Token(i, form, lemma, upos, deprel, head, len(text) - len(form) - 1, len(text) - 1))
    said = Sentence("a", 0, 0, len(text), text, tuple(tokens))
    found = [
        date_of(said, text.index(word), date(2026, 3, 4), saying=frozenset({"sagen"})) for word in ("griffen", "sagte")
    ]
    assert [when and when.origin for when in found] == ["published", "relative"]
