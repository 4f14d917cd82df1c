"""Texts become articles: a plain file, a Markdown file, a record with fields, the pieces of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from kgraph.errors import ArticleError, UsageError
from kgraph.model import Article, digest
from kgraph.read.compose import Draft, compose
from kgraph.read.dates import parse_date
from kgraph.read.decode import check_text
from kgraph.read.language import DEFAULT, detect
from kgraph.read.layout import Layout, segment
from kgraph.read.markdown import segment_markdown

FIELDS = ("id", "text", "title", "date", "lang", "url", "publisher")
_NAMES = {"id": ("doc", "id"), "date": ("date", "published"), "lang": ("lang", "language")}
_FIRST_NEWSPAPER = date(1605, 1, 1)
_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_CODE = re.compile(r"[a-z]{2,3}")
_MAX_FIELD = 1000
_MAX_URL = 4096
_AHEAD = timedelta(days=2)  # somewhere it is tomorrow already, and papers print the day they are sold


class Ids:
    """The ids of the articles so far: no two articles have the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str, *, folder: str = "") -> str:
        """The id itself if it is free, else one with its folder's name, else one with a number."""
        names = [wanted, f"{folder}/{wanted}"] if folder else [wanted]
        number = 2
        while not self.free(names[0]):
            names.pop(0)
            if not names:
                names.append(f"{wanted}-{number}")
                number += 1
        self._taken.add(names[0])
        return names[0]

    def free(self, name: str) -> bool:
        """True for an id that no article has."""
        return name not in self._taken


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes articles, each under an id of its own.

    `lang` is what the caller says of all of them, `columns` how records call their fields; `report` takes what is odd
    but no obstacle.
    """

    lang: str | None
    report: Callable[[ArticleError], None]
    columns: Mapping[str, str] = field(default_factory=dict)
    ids: Ids = field(default_factory=Ids)

    def __post_init__(self) -> None:
        if unknown := [name for name in self.columns if name not in FIELDS]:
            raise UsageError(f"articles have no field {unknown[0]!r}; they have: {', '.join(FIELDS)}")

    def names(self) -> list[str]:
        """All names that records may have for the fields of articles."""
        return [name for field in FIELDS for name in (self.columns.get(field, field), *_NAMES.get(field, ()))]

    def from_text(
        self, article_id: str, text: str, where: str, *, folder: str = "", fields: Mapping[str, str] | None = None
    ) -> Article:
        """An article from plain copy, with what else is known of it."""
        return self._article(article_id, text, segment(text), fields or {}, where, folder)

    def from_markdown(
        self, article_id: str, text: str, where: str, *, folder: str = "", fields: Mapping[str, str] | None = None
    ) -> Article:
        """An article from Markdown, with what its front matter says and what else is known: where it is, that is known best."""
        layout, said = segment_markdown(text)
        known = fields or {}
        found = {name: value for name, value in known.items() if name == "url"}
        return self._article(article_id, text, layout, {**known, **said, **found}, where, folder)

    def from_draft(self, article_id: str, draft: Draft, where: str, *, folder: str = "") -> Article:
        """An article from the pieces of a page, a document or a message. Raises ArticleError where they are empty."""
        text, layout = compose(draft.pieces)
        check_text(text, where)
        return self._article(article_id, text, layout, draft.fields, where, folder)

    def from_json(self, line: str, *, where: str, fallback: str) -> Article:
        """An article from an object of JSON; `fallback` is its id where it has none.

        Raises ArticleError for what is no object with a text.
        """
        return self.from_record(parse_json(line, where), where=where, fallback=fallback)

    def from_record(self, record: Any, *, where: str, fallback: str) -> Article:
        """An article from a mapping of names to values. Raises ArticleError where it has no text."""
        if not isinstance(record, dict):
            raise ArticleError(where, 'is not an object; each article is an object like {"doc": "a1", "text": "…"}')
        name = self.columns.get("text", "text")
        text = _lookup(record, name)
        if not isinstance(text, str):
            hint = "say with --columns text=NAME where it is" if "text" not in self.columns else "see --columns"
            raise ArticleError(
                where, f'has no "{name}"; each article is an object like {{"doc": "a1", "text": "…"}}; {hint}'
            )
        check_text(text, where)
        fields = {name: self._field(record, name, where) for name in FIELDS if name != "text"}
        given = {name: value for name, value in fields.items() if value is not None}
        return self._article(given.get("id", fallback), text, segment(text), given, where, "")

    def _article(
        self, article_id: str, text: str, layout: Layout, fields: Mapping[str, str], where: str, folder: str
    ) -> Article:
        lang = self.lang or fields.get("lang") or fields.get("language") or ""
        article = Article(
            id=self._id(article_id, where, folder),
            text=text,
            lang=_language(lang, text, declared=fields.get("declared")),
            title=_line(fields.get("title") or layout.title),
            url=self._url(fields.get("url"), where),
            publisher=_line(fields.get("publisher") or fields.get("site")),
            published=layout.published,
            blocks=layout.blocks,
            source=where,
        )
        published = self._date(fields.get("date"), where) or layout.published or parse_date(fields.get("created", ""))
        return replace(article, published=self._possible(published, where))

    def _id(self, given: str, where: str, folder: str) -> str:
        wanted = _line(given) or "article"
        if len(given) > _MAX_FIELD:
            wanted = f"{wanted[:100]}…{digest(given)}"
        if wanted != given:
            self._note(where, f"has an id that does not fit on a line; this article is {wanted!r}")
        taken = self.ids.take(wanted, folder=folder)
        if taken != wanted:
            self._note(where, f"another article is called {wanted!r} already; this one is {taken!r}")
        return taken

    def _url(self, url: str | None, where: str) -> str | None:
        if url and (len(url) > _MAX_URL or _NO_LINE.search(url)):
            self._note(where, f"has an address that does not fit on a line: {url[:80]!r}; it is left out")
            return None
        return url

    def _field(self, record: dict[str, Any], name: str, where: str) -> str | None:
        """The value of a field under any of its names, as text; numbers are taken for ids."""
        names = (self.columns[name],) if name in self.columns else _NAMES.get(name, (name,))
        for key in names:
            value = _lookup(record, key)
            if isinstance(value, date | datetime):
                return value.isoformat()
            if isinstance(value, str) and value.strip():
                try:
                    value.encode("utf-8")
                except UnicodeEncodeError as error:
                    raise ArticleError(where, f"has half a character (a lone surrogate) in {key!r}") from error
                return value.strip() if name != "title" else " ".join(value.split())
            if name == "id" and isinstance(value, int) and not isinstance(value, bool):
                return str(value)
            if value is not None and not isinstance(value, str):
                raise ArticleError(where, f"has a {key!r} that is no text: {str(value)[:80]!r}")
        return None

    def _date(self, value: str | None, where: str) -> date | None:
        if not value:
            return None
        day = parse_date(value)
        if day is None:
            self._note(where, f"has a date that is none: {value[:80]!r}; write it like 2026-03-02")
        return day

    def _possible(self, day: date | None, where: str) -> date | None:
        """The day if an article can be of it: no earlier than newspapers, no later than tomorrow."""
        if day is None or _FIRST_NEWSPAPER <= day <= date.today() + _AHEAD:
            return day
        when = "in the future" if day > _FIRST_NEWSPAPER else "before there were newspapers"
        self._note(where, f"has a date {when}: {day.isoformat()}; it is read as an article without one")
        return None

    def _note(self, where: str, what: str) -> None:
        self.report(ArticleError(where, what, skipped=False))


def parse_json(text: str, where: str) -> Any:
    """The value that a text of JSON stands for. Raises ArticleError."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ArticleError(where, f"is not JSON: {error.msg} (at character {error.pos + 1})") from error
    except (ValueError, RecursionError) as error:  # ValueError: also numbers with more digits than Python reads
        raise ArticleError(where, f"is not JSON: {error}") from error


def _lookup(record: dict[str, Any], name: str) -> Any:
    """The value under a name; `a.b` also finds b in the object a."""
    if name in record:
        return record[name]
    value: Any = record
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _line(text: str | None) -> str | None:
    """The text on one line of bounded length; None where nothing is left of it."""
    return _NO_LINE.sub(" ", text).strip()[:_MAX_FIELD].strip() or None if text else None


def _language(given: str, text: str, *, declared: str | None = None) -> str:
    """The primary language code: "de" for "de-AT"; detected where none is given, `declared` where that is unsure."""
    code = given.strip().lower().replace("_", "-").split("-")[0]
    if _CODE.fullmatch(code):
        return code
    unsure = (declared or DEFAULT).lower()
    return detect(text, unsure=unsure if _CODE.fullmatch(unsure) else DEFAULT)
