"""Values of Python to RDF terms and back; nothing that a text or a caller holds can leave its term."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from urllib.parse import quote, urlsplit

from pyoxigraph import Literal, NamedNode

from kgraph.graph.vocab import XSD_BOOLEAN, XSD_DATE, XSD_DECIMAL, XSD_INTEGER

Value = str | int | float | bool | date

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_IN_IRI = re.compile(r"""[\x00-\x20\x7f-\x9f<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})""")
_FINEST = Decimal("1e-18")  # the engine's decimals have no more places
_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = frozenset({f"{_XSD}{name}" for name in ("integer", "int", "long", "short", "nonNegativeInteger")})
_NUMBERS = frozenset({f"{_XSD}{name}" for name in ("decimal", "double", "float")})


def text(value: str, lang: str | None = None) -> Literal:
    """A text as a literal, with its language where `lang` is a well-formed tag.

    Half a surrogate pair is no character of RDF: U+FFFD takes its place, so that offsets stay right.
    """
    clean = _SURROGATE.sub("\ufffd", value)
    if lang:
        try:
            return Literal(clean, language=lang.lower())
        except ValueError:
            return Literal(clean)
    return Literal(clean)


def integer(value: int) -> Literal:
    """An integer."""
    return Literal(str(value), datatype=XSD_INTEGER)


def decimal(value: float) -> Literal:
    """A decimal of at most four places, in its canonical form, which is also the form in which stores return it."""
    return Literal(f"{value:.4f}".rstrip("0").rstrip("."), datatype=XSD_DECIMAL)


def threshold(value: float) -> Literal:
    """A number that decimals are compared with: rounded to four places, as by `decimal`, it would let others through."""
    return Literal(f"{Decimal(repr(float(value))).quantize(_FINEST, ROUND_CEILING):f}", datatype=XSD_DECIMAL)


def day(value: date) -> Literal:
    """A day."""
    return Literal(value.isoformat(), datatype=XSD_DATE)


def boolean(*, value: bool) -> Literal:
    """A truth value."""
    return Literal("true" if value else "false", datatype=XSD_BOOLEAN)


def web_address(url: str) -> NamedNode | Literal:
    """An article's address: an IRI where it is a proper one of the web, percent-encoded; otherwise a plain literal."""
    address = url.strip()
    try:
        parts = urlsplit(address)
        if parts.scheme.lower() in {"http", "https"} and parts.hostname and not _SURROGATE.search(address):
            return NamedNode(_NOT_IN_IRI.sub(lambda found: quote(found[0], safe=""), address))
    except ValueError:  # no valid host or port, or not an IRI even when encoded: then it is just a text
        return text(url)
    return text(url)


def from_value(value: Value) -> Literal:
    """A value of Python as a literal; a float becomes a decimal."""
    if isinstance(value, bool):
        return boolean(value=value)
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, float):
        return decimal(value)
    if isinstance(value, datetime):
        return day(value.date())
    if isinstance(value, date):
        return day(value)
    return text(value)


def to_value(literal: Literal) -> Value:
    """A literal as a value of Python; one whose words do not fit its type, or of a type not known, stays a text."""
    kind, words = literal.datatype.value, literal.value
    try:
        if kind in _INTEGERS:
            return int(words)
        if kind in _NUMBERS:
            return float(Decimal(words))
        if kind == XSD_BOOLEAN.value:
            return words in {"true", "1"}
        if kind == XSD_DATE.value:
            return date.fromisoformat(words[:10])
    except (ValueError, InvalidOperation):
        return words
    return words
