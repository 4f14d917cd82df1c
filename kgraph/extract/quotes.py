"""Direct speech: which stretches of an article stand between quotation marks, also over several sentences."""

from __future__ import annotations

import re

from kgraph.model import Article

_PAIRS = {"„": '“”"', "»": "«", "«": "»", "“": "”", '"': '"'}
_MARK = re.compile('[„“”»«"]')
_PARAGRAPH = re.compile(r"\n\s*\n")
_LONGEST = 3000  # a mark that was never closed must not swallow the rest of an article


def quoted_regions(article: Article) -> list[tuple[int, int]]:
    """The quoted stretches of the article's text in order, marks excluded; they never overlap.

    A stretch that is not closed ends with its paragraph, unless a closing mark comes later and nothing is opened before.
    """
    text = article.text
    marks = [match.start() for match in _MARK.finditer(text)]
    ends = sorted(
        {match.start() for match in _PARAGRAPH.finditer(text)} | {b.end for b in article.blocks} | {len(text)}
    )
    regions: list[tuple[int, int]] = []
    past = -1
    for k, at in enumerate(marks):
        if at <= past or not _opens(text, at):
            continue
        paragraph = next(end for end in ends if end >= at)
        closing = _closing(text, at, marks[k + 1 :], paragraph)
        past = paragraph if closing is None else closing
        if closing is None and k + 1 < len(marks) and marks[k + 1] < paragraph:
            past = marks[k + 1] - 1  # a new quotation opens before this one closed
        regions.append((at + 1, past))
    return regions


def _opens(text: str, at: int) -> bool:
    """True for a mark at the beginning of a word."""
    mark = text[at]
    if mark == "„":
        return True
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return mark != "”" and (before.isspace() or before in "([–-/:") and not after.isspace()


def _closing(text: str, at: int, later: list[int], paragraph: int) -> int | None:
    """Where the quotation that opens at `at` closes; None where another opens first or nothing closes it."""
    for k in later:
        if k - at > _LONGEST or (text[at] == '"' and k > paragraph):
            return None
        if text[k] in _PAIRS[text[at]]:
            return k
        if text[k] in "„»" and text[k] == text[at]:
            return None
    return None
