"""The words of the pages, in German and English."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, cast

from kgraph.errors import DataError

Lang = Literal["de", "en"]
LANGUAGES: tuple[Lang, ...] = ("de", "en")
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_FILE = Path(__file__).parent / "words.toml"


class Words:
    """The words of one language; calling it gives those of a name, with values put in."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._words = _own()
        self._shared = _shared()[lang]

    def __call__(self, key: str, number: int | None = None, **values: object) -> str:
        """The words of a name; `number` chooses between the form for one and that for several, and stands for {n}."""
        words = self._words[key][self.lang]
        if number is not None:
            values["n"] = self.number(number)
        if isinstance(words, list):
            words = words[0 if number == 1 else 1]
        return str(words.format(**values) if values else words)

    def relation(self, name: str) -> str:
        """The name of a relation between its ends."""
        return str(self._shared["relation"].get(name, name))

    def kind(self, name: str) -> str:
        """The name of a type of actors."""
        return str(self._shared["types"].get(name, name))

    def quad(self, name: str) -> str:
        """The name of a quad class."""
        return str(self._shared["quads"].get(name, name))

    def modality(self, name: str) -> str:
        """The name of a modality."""
        return str(self._shared["modalities"].get(name, name))

    def polarity(self, name: str) -> str:
        """The name of a polarity."""
        return str(self._shared["polarities"].get(name, name))

    def origin(self, name: str) -> str:
        """Where a date comes from."""
        return str(self._shared["origins"].get(name, name))

    def number(self, value: float) -> str:
        """A number with the signs of the language; real ones with one place."""
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
        text = text.replace("-", "\u2212")
        return text.translate(str.maketrans(",.", ".,")) if self.lang == "de" else text

    def share(self, value: float) -> str:
        """A number from 0 to 1 with two places."""
        return f"{value:.2f}".replace(".", "," if self.lang == "de" else ".")

    def day(self, iso: str) -> str:
        """A day in ISO form as people write it; a month where it is one, the text itself where it is neither."""
        try:
            if len(iso) == 7:
                return self.month(iso)
            day = date.fromisoformat(iso)
        except ValueError:
            return iso
        month = _MONTHS[self.lang][day.month - 1]
        return f"{day.day}. {month} {day.year}" if self.lang == "de" else f"{day.day} {month} {day.year}"

    def month(self, iso: str) -> str:
        """A month in ISO form as people write it."""
        year, _, month = iso.partition("-")
        return f"{_MONTHS[self.lang][int(month) - 1]} {year}"

    def days(self, first: str, last: str) -> str:
        """A day, or the first and the last of several."""
        if not first:
            return self("undated")
        if not last or last == first:
            return self.day(first)
        return self("from_to", first=self.day(first), last=self.day(last))


@cache
def words(lang: Lang) -> Words:
    """The words of a language."""
    return Words(lang)


def best_language(accepted: str, default: Lang) -> Lang:
    """The language of ours that an Accept-Language header likes best."""
    best, most = default, 0.0
    for part in accepted.split(","):
        tag, _, weight = part.strip().partition(";")
        lang = tag.strip().lower().partition("-")[0]
        try:
            liked = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            continue
        if lang in LANGUAGES and liked > most:
            best, most = lang, liked
    return best


@cache
def _own() -> Mapping[str, Mapping[str, Any]]:
    content: dict[str, dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    faults = [f"{_FILE.name}: '{key}' lacks a language" for key, words in content.items() if set(words) != {"de", "en"}]
    if faults:
        raise DataError(faults)
    return content


@cache
def _shared() -> Mapping[str, Mapping[str, Any]]:
    """The names that the explorer's page has, too."""
    text = files("kgraph.explore").joinpath("assets", "words.json").read_text(encoding="utf-8")
    return cast(Mapping[str, Mapping[str, Any]], json.loads(text))
