from __future__ import annotations

import re
from pathlib import Path

import pytest

from kgraph.serve import words as module
from kgraph.serve.words import LANGUAGES, best_language, words

TEMPLATES = Path(module.__file__).parent / "templates"
USED = re.compile(r"""\bt\(['"](\w+)['"](?! ~)""")
PLACE = re.compile(r"\{(\w+)\}")


def test_every_word_that_a_page_uses_is_there_and_none_is_left_over() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("*.html"))]
    texts += [path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.parent.rglob("*.py"))]
    used = {name for text in texts for name in USED.findall(text)}
    known = set(module._own())
    assert used <= known
    made = re.compile("|".join(("via_", "short_", "step_")))
    named = {name for text in texts for name in known if re.search(rf"""['"]{name}['"]""", text)}
    assert {name for name in known - named if not made.match(name)} == set()


def test_both_languages_have_the_same_places_for_values() -> None:
    for name, forms in module._own().items():
        places = [
            [set(PLACE.findall(form)) for form in (forms[lang] if isinstance(forms[lang], list) else [forms[lang]])]
            for lang in LANGUAGES
        ]
        assert places[0] == places[1], name


def test_numbers_and_days_follow_the_language() -> None:
    german, english = words("de"), words("en")
    assert (german.number(12345), english.number(12345)) == ("12.345", "12,345")
    assert (german.number(-1234.5), english.number(-1234.5)) == ("−1.234,5", "−1,234.5")
    assert (german.day("2026-03-02"), english.day("2026-03-02")) == ("2. März 2026", "2 March 2026")
    assert (german.days("2026-03-01", "2026-03-02"), english.days("", "")) == (
        "1. März 2026 bis 2. März 2026",
        "undated",
    )
    assert (german("n_claims", 1), english("n_claims", 2000)) == ("1 Aussage", "2,000 claims")


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "de"),
        ("en", "en"),
        ("fr, en-US;q=0.3, de;q=0.2", "en"),
        ("de;q=0.1, en;q=x", "de"),
        ("en;q=0", "de"),
        (";;,", "de"),
    ],
)
def test_the_language_is_the_one_that_is_liked_best(header: str, lang: str) -> None:
    assert best_language(header, "de") == lang
