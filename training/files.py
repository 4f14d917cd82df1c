"""The files of the corpora: text, packed or not, and named entities. Needs no PyTorch."""

from __future__ import annotations

import lzma
from pathlib import Path

ENTITIES = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")


def read_entities(path: Path) -> list[tuple[list[tuple[str, bool]], list[str]]]:
    """Sentences of GermEval 2014 (.tsv) or Universal NER (.iob2): words, and tags of PER, LOC and ORG."""
    column = 2
    sentences: list[tuple[list[tuple[str, bool]], list[str]]] = []
    forms: list[str] = []
    tags: list[str] = []
    for line in [*text(path).split("\n"), ""]:
        cells = line.split("\t")
        if line.startswith("#") or "-" in cells[0]:
            continue
        if line.strip():
            forms.append(cells[1])
            tags.append(cells[column] if cells[column] in ENTITIES else "O")
        elif forms:
            sentences.append((list(zip(forms, _spaces(forms), strict=True)), _repaired(tags)))
            forms, tags = [], []
    return sentences


def text(path: Path) -> str:
    """The text of a file, unpacked where it ends in .xz."""
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as file:
            return file.read()
    return path.read_text(encoding="utf-8")


def _repaired(tags: list[str]) -> list[str]:
    """Tags in which no entity begins with I-."""
    return [
        f"B-{tag[2:]}" if tag[0] == "I" and (k == 0 or tags[k - 1][2:] != tag[2:]) else tag
        for k, tag in enumerate(tags)
    ]


def _spaces(forms: list[str]) -> list[bool]:
    """Guess which words a space follows in a text that was cut into words."""
    spaces = [True] * len(forms)
    quoted = False
    for k, form in enumerate(forms):
        if k and form in set(",.;:!?)]%»“"):
            spaces[k - 1] = False
        if form in {"(", "[", "«", "„"}:
            spaces[k] = False
        if form == '"':
            spaces[k - 1 if quoted and k else k] = False
            quoted = not quoted
    return spaces
