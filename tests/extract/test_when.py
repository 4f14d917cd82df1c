from __future__ import annotations

from datetime import date

import pytest

from kgraph.extract.when import date_of
from kgraph.model import DateOrigin, Sentence

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
