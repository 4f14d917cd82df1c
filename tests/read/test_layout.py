"""Copy is taken apart into blocks whose offsets fit the text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.model import Block
from kgraph.read import segment
from kgraph.read.markdown import segment_markdown

COPY = """ date 2026-04-09 Krise am Golf

Oman lädt beide Seiten ein

Im Streit um die Wasserstraße bietet sich ein Nachbar als Vermittler an. Beide Seiten zögern.

Der Außenminister empfängt die Gäste in Maskat. (Archivbild) Foto: Erika Muster/dpa
Maskat (dpa) - Oman will zwischen den Anrainern vermitteln. «Wir reden mit allen», sagte der Minister.

Ein Gast sagt ab: «Kein guter Tag»

Der Nachbar lehnte die Einladung ab. (dpa/AFP)

© dpa-infocom, dpa:260409-930-000000/1
"""


def parts(text: str) -> list[tuple[str, str]]:
    return [(block.kind.value, text[block.start : block.end]) for block in segment(text).blocks]


def test_agency_copy() -> None:
    layout = segment(COPY)
    assert parts(COPY) == [
        ("meta", "date 2026-04-09"),
        ("kicker", "Krise am Golf"),
        ("title", "Oman lädt beide Seiten ein"),
        ("paragraph", "Im Streit um die Wasserstraße bietet sich ein Nachbar als Vermittler an. Beide Seiten zögern."),
        ("caption", "Der Außenminister empfängt die Gäste in Maskat."),
        ("credit", "(Archivbild) Foto: Erika Muster/dpa"),
        ("dateline", "Maskat (dpa) -"),
        ("paragraph", "Oman will zwischen den Anrainern vermitteln. «Wir reden mit allen», sagte der Minister."),
        ("heading", "Ein Gast sagt ab: «Kein guter Tag»"),
        ("paragraph", "Der Nachbar lehnte die Einladung ab."),
        ("credit", "(dpa/AFP)"),
        ("credit", "© dpa-infocom, dpa:260409-930-000000/1"),
    ]
    assert layout.title == "Oman lädt beide Seiten ein"
    assert layout.published == date(2026, 4, 9)


def test_copy_on_one_line() -> None:
    text = "Oman lädt beide Seiten ein. Maskat – Oman will vermitteln. Der Nachbar sagte ab.  (APA, 9.4.2026)"
    assert parts(text) == [
        ("title", "Oman lädt beide Seiten ein."),
        ("dateline", "Maskat –"),
        ("paragraph", "Oman will vermitteln. Der Nachbar sagte ab."),
        ("credit", "(APA, 9.4.2026)"),
    ]
    assert segment(text).published == date(2026, 4, 9)


def test_a_credit_within_a_line() -> None:
    text = "Der Minister kommt an. (Archivbild) Foto: Erika Muster/dpa Maskat (dpa) - Oman will vermitteln."
    assert parts(text) == [
        ("caption", "Der Minister kommt an."),
        ("credit", "(Archivbild) Foto: Erika Muster/dpa"),
        ("dateline", "Maskat (dpa) -"),
        ("paragraph", "Oman will vermitteln."),
    ]


def test_text_without_line_ends_is_one_paragraph() -> None:
    assert parts("Oman will vermitteln. Der Nachbar sagt ab.") == [
        ("paragraph", "Oman will vermitteln. Der Nachbar sagt ab.")
    ]
    assert parts("Oman will vermitteln") == [("paragraph", "Oman will vermitteln")]


def test_a_paragraph_on_each_line() -> None:
    text = "Oman lädt ein\nOman will am Golf vermitteln.\nDer Nachbar sagte ab.\nZweifel bleiben\nDie Gespräche ruhen."
    assert [kind for kind, _ in parts(text)] == ["title", "paragraph", "paragraph", "heading", "paragraph"]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "Oman lädt ein\n\n"
        "Oman will zwischen den Anrainern des Golfs vermitteln und lädt\n"
        "beide Seiten für die kommende Woche nach Maskat ein, wie Kreise\n"
        "Diplomaten zitieren. Der Nachbar hat bisher nicht geantwortet,\n"
        "will aber bald entscheiden.\n"
        "Am Freitag tagt der Sicherheitsrat.\n"
    )
    assert [kind for kind, _ in parts(text)] == ["title", "paragraph", "paragraph"]
    assert parts(text)[1][1].startswith("Oman will")
    assert parts(text)[1][1].endswith("entscheiden.")


def test_kicker_above_the_title() -> None:
    text = "Krise am Golf:\nOman lädt beide Seiten nach Maskat ein\n\nOman will vermitteln. Der Nachbar sagte ab."
    assert [kind for kind, _ in parts(text)] == ["kicker", "title", "paragraph"]


def test_dashes_and_windows_line_ends() -> None:
    text = COPY.replace("\n", "\r\n")
    assert [kind for kind, _ in parts(text)] == [kind for kind, _ in parts(COPY)]


@pytest.mark.parametrize(
    ("first", "published", "kinds"),
    [
        ("2026-04-09", date(2026, 4, 9), ["meta", "title", "paragraph"]),
        ("Datum: 09.04.2026", date(2026, 4, 9), ["meta", "title", "paragraph"]),
        ("Donnerstag, 9. April 2026, 14:05 Uhr", date(2026, 4, 9), ["meta", "title", "paragraph"]),
        ("April 9, 2026", date(2026, 4, 9), ["meta", "title", "paragraph"]),
        ("Stand: 9. April 2026 | Golf", date(2026, 4, 9), ["meta", "kicker", "title", "paragraph"]),
        ("9. April 2026 ist der Tag der Wahl", None, ["kicker", "title", "paragraph"]),
        ("2026-02-30", None, ["meta", "title", "paragraph"]),
    ],
)
def test_date_line(first: str, published: date | None, kinds: list[str]) -> None:
    layout = segment(f"{first}\n\nOman lädt beide Seiten zu Gesprächen ein\n\nOman will vermitteln.")
    assert (layout.published, [block.kind.value for block in layout.blocks]) == (published, kinds)


MARKDOWN = """---
title: "Oman lädt ein"
date: 2026-04-09
lang: de
---

# Oman lädt *beide* Seiten ein #

**Maskat (dpa)** – Oman will [vermitteln](https://example.org/a).
Der Nachbar sagt ab.

## Zweifel

- Ein Punkt ohne Ende
- Noch ein Punkt.

> Wir reden mit allen.

Der Rat
-------

![Bild](a.png)

```
kein Text
```
Am Freitag tagt der Rat.
"""


def test_markdown() -> None:
    layout, fields = segment_markdown(MARKDOWN)
    assert [(b.kind.value, MARKDOWN[b.start : b.end]) for b in layout.blocks[1:]] == [
        ("title", "Oman lädt *beide* Seiten ein"),
        ("dateline", "Maskat (dpa)** –"),
        ("paragraph", "Oman will [vermitteln](https://example.org/a).\nDer Nachbar sagt ab."),
        ("heading", "Zweifel"),
        ("paragraph", "Ein Punkt ohne Ende"),
        ("paragraph", "Noch ein Punkt."),
        ("paragraph", "Wir reden mit allen."),
        ("heading", "Der Rat"),
        ("meta", "![Bild](a.png)"),
        ("meta", "```"),
        ("meta", "kein Text"),
        ("meta", "```"),
        ("paragraph", "Am Freitag tagt der Rat."),
    ]
    assert (layout.title, layout.published, fields["lang"]) == ("Oman lädt ein", date(2026, 4, 9), "de")


COPY_WORDS = st.sampled_from(
    [
        "Moskau",
        "(dpa)",
        " - ",
        "–",
        "\n",
        "\n\n",
        "\r\n",
        ". ",
        "Foto: A B/dpa",
        "(Archivbild)",
        "# ",
        "---\n",
        "2026-04-09",
        "Iran",
        " ",
        "«x»",
        "* ",
        "date ",
    ]
)


def check(text: str, blocks: tuple[Block, ...]) -> None:
    end = 0
    for block in blocks:
        assert end <= block.start < block.end <= len(text)
        words = text[block.start : block.end]
        assert words == words.strip()
        end = block.end


@given(st.one_of(st.text(), st.lists(st.one_of(COPY_WORDS, st.text(max_size=5)), max_size=30).map("".join)))
def test_blocks_are_in_order_inside_the_text_and_lose_no_letter(text: str) -> None:
    blocks = segment(text).blocks
    check(text, blocks)
    inside = "".join(text[block.start : block.end] for block in blocks)
    assert [char for char in inside if char.isalnum()] == [char for char in text if char.isalnum()]


@given(st.one_of(st.text(), st.lists(st.one_of(COPY_WORDS, st.text(max_size=5)), max_size=30).map("".join)))
def test_blocks_of_markdown_are_in_order_inside_the_text(text: str) -> None:
    check(text, segment_markdown(text)[0].blocks)
