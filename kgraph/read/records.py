"""Texts become articles: a plain file, a Markdown file, a line of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kgraph.errors import ArticleError
from kgraph.model import Article
from kgraph.read.dates import parse_date
from kgraph.read.decode import check_text
from kgraph.read.language import DEFAULT, detect
from kgraph.read.layout import Layout, segment
from kgraph.read.markdown import segment_markdown

_NAMES = {"id": ("doc", "id"), "date": ("date", "published"), "lang": ("lang", "language")}


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes articles; `lang` is what the caller says of all of them, `report` takes what is odd but no obstacle."""

    lang: str | None
    report: Callable[[ArticleError], None]

    def from_text(self, article_id: str, text: str) -> Article:
        """An article from plain copy."""
        return self._article(article_id, text, segment(text), {}, article_id)

    def from_markdown(self, article_id: str, text: str) -> Article:
        """An article from Markdown, with what its front matter says."""
        layout, fields = segment_markdown(text)
        return self._article(article_id, text, layout, fields, article_id)

    def from_json(self, line: str, *, where: str, fallback: str) -> Article:
        """An article from a line of JSON Lines; `fallback` is its id where it has none.

        Raises ArticleError for a line that is no object with a text.
        """
        record = _record(line, where)
        text = record.get("text")
        if not isinstance(text, str):
            raise ArticleError(where, 'has no "text"; each line is an object like {"doc": "a1", "text": "…"}')
        check_text(text, where)
        fields = {name: _field(record, name, where) for name in ("id", "title", "url", "publisher", "lang", "date")}
        given = {name: value for name, value in fields.items() if value is not None}
        return self._article(given.get("id", fallback), text, segment(text), given, where)

    def _article(self, article_id: str, text: str, layout: Layout, fields: dict[str, str], where: str) -> Article:
        article = Article(
            id=article_id,
            text=text,
            lang=_language(self.lang or fields.get("lang") or fields.get("language") or "", text),
            title=fields.get("title") or layout.title,
            url=fields.get("url"),
            publisher=fields.get("publisher"),
            published=layout.published,
            blocks=layout.blocks,
        )
        return replace(article, published=self._date(fields.get("date"), where) or layout.published)

    def _date(self, value: str | None, where: str) -> date | None:
        if not value:
            return None
        day = parse_date(value)
        if day is None:
            self.report(ArticleError(where, f"has a date that is none: {value!r}; write it like 2026-03-02"))
        return day


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ArticleError(where, f"is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise ArticleError(where, 'is not an object; each line is an object like {"doc": "a1", "text": "…"}')
    return record


def _field(record: dict[str, Any], name: str, where: str) -> str | None:
    """The value of a field under any of its names, as text; numbers are taken for ids."""
    for key in _NAMES.get(name, (name,)):
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            try:
                value.encode("utf-8")
            except UnicodeEncodeError as error:
                raise ArticleError(where, f"has half a character (a lone surrogate) in {key!r}") from error
            return value.strip() if key != "title" else " ".join(value.split())
        if name == "id" and isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is not None and not isinstance(value, str):
            raise ArticleError(where, f"has a {key!r} that is no text: {value!r}")
    return None


def _language(given: str, text: str) -> str:
    """The primary language code: "de" for "de-AT"; detected where none is given."""
    code = given.strip().lower().replace("_", "-").split("-")[0]
    return code or detect(text) or DEFAULT
