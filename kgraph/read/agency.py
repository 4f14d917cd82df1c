"""What is no prose in agency copy: datelines, photo credits, signatures and bylines.

Each function looks at one paragraph and answers with offsets into the text it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kgraph.read.dates import MONTH

_AGENCIES = (
    "afp|ag|anadolu|ansa|anp|ap|apa|belga|bloomberg|cnn|ctk|čtk|dapd|ddp|dj|dow jones|dpa|dpa-afx|dpa-infocom|dts|efe|epa|epd|"
    "getty|getty images|imago|interfax|keystone|keystone-sda|kna|kyodo|lusa|mti|nd|ntb|ots|pa|pap|picture alliance|"
    "picture-alliance|red|redaktion|reuters|ritzau|rtr|rtrs|sda|sid|sputnik|stt|taz|tass|tt|ukrinform|upi|xinhua|yonhap"
)
# Alternatives that repeat are atomic, (?>…): what could be read in two ways at each of n places would be tried in 2ⁿ ways.
_AGENCY = "(?:" + "|".join(sorted(_AGENCIES.split("|"), key=len, reverse=True)) + ")"
_WORD = r"(?-i:[A-ZÄÖÜÀ-ÞČŁŞŠŽ][\w'’]*(?:-[\w'’]+)*)"
_NAME = rf"(?:(?-i:D\.C\.|St\.|Sankt)|{_WORD})"
_LINK = r"(?-i:al|am|an der|auf|bei|de|del|den|der|el|esch|im|in|la|ob der|of)"
_PLACE = rf"{_NAME}(?:[ \xa0](?:{_LINK}[ \xa0])?{_NAME}){{0,3}}"
_PLACES = rf"(?!(?-i:A|Am|An|Bei|Das|Dem|Der|Die|Ein|Eine|Im|In|Mit|Nach|The|Von|Vor)\s){_PLACE}(?:(?:\s?/\s?|,\s|\sund\s|\sand\s){_PLACE}){{0,3}}"
_DAY = rf"(?:,?\s(?:\d{{1,2}}\.\s?(?:{MONTH}|\d{{1,2}}\.)|\d{{1,2}}\s{MONTH}|{MONTH}\s\d{{1,2}})(?:,?\s?\d{{4}})?)?"
_DASH = r"[*_]{0,3}\s*(?:--|[-‐–—―])[*_]{0,3}(?=\s)"
_OPENING = r"(?-i:[A-ZÄÖÜÀ-Þ0-9„“\"»«‚‘'›‹(\[])"

# "Moskau (dpa) - ", "Washington, 3. März (Reuters) – ", "BERLIN afp | "
_WITH_AGENCY = re.compile(
    rf"(?:(?P<places>{_PLACES}){_DAY}\s*\((?P<source>[^()\n]{{2,40}})\){_DAY}(?:{_DASH}|[*_]{{0,3}}\s?[.:][*_]{{0,3}}(?=\s))?"
    rf"|{_PLACES}\s(?-i:[a-z]{{2,8}}(?:/[a-z]{{2,8}})*)\s*\|)\s*(?={_OPENING})",
    re.IGNORECASE,
)
# "Belgrad– ", "Wien/Berlin – ", "Kiew (Ukraine), 3. März – "
_WITH_DASH = re.compile(rf"{_PLACES}(?:\s\([^()\n]{{2,30}}\))?{_DAY}{_DASH}\s*(?={_OPENING})", re.IGNORECASE)
_DASH_AGAIN = re.compile(r"([^.!?:;\n]{1,70})\s[-–—](?=[\s,.;])")
_PARENTHESIS_WORDS = 6
_MIN_HEADLINE = 20

_ARCHIVE = r"\((?:Archiv|Symbol|Illustration|Screenshot|Handout|undatiert|(?-i:file|archive|undated)\b)[^()\n]{0,40}\)"
_PHOTO = r"(?:Fotos?|Bild(?:er|quelle)?|Bildnachweis|Photos?|Grafik|Illustration|Image|Picture|Credit|Quelle)\s?:\s?"
# Names, agencies and the words between them: "der Bild: Wir verhandeln weiter" is speech and no credit.
_CREDIT_WORD = (
    r"(?>(?-i:[A-ZÄÖÜÀ-Þ0-9][\w'’.&-]*)|\w+\.(?:at|ch|com|de|net|org)\b"
    rf"|{_AGENCY}(?![\w-])|(?-i:alliance|and|für|handout|images?|of|picture|pool|press|privat|the|und|via|von)\b|-{{1,3}}(?=/))"
)
_CREDIT_WORDS = rf"{_CREDIT_WORD}(?:(?:\s*[/,|+]\s*|\s+){_CREDIT_WORD}){{0,11}}"
_CREDIT = rf"(?:{_PHOTO}|©\s?|\(c\)\s?){_CREDIT_WORDS}"
_TRAILING_CREDIT = re.compile(
    rf"(?:(?:^|(?<=\s)|(?<=[.!?)“”\"»«])){_CREDIT}|\({_CREDIT}\)|{_ARCHIVE}(?:\s*(?:\({_CREDIT}\)|{_CREDIT}))?)[.\s]*$",
    re.IGNORECASE,
)
_NAMES = rf"{_NAME}(?:\s(?:van\s|von\s|de\s)?{_NAME}){{0,4}}"
_FULL_NAME = rf"{_NAME}(?:\s(?:van\s|von\s|de\s)?{_NAME}){{1,4}}"
# A credit that gives an agency behind a slash is one wherever it stands.
_INNER_CREDIT = re.compile(
    rf"(?:{_ARCHIVE}\s*)?(?-i:Fotos?|Bild|Photo)\s?:\s?(?>{_NAMES}\s?/\s?)+(?:{_AGENCY}\b|(?-i:[A-Z]{{2,}}\b))",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"\((?P<inside>[^()\n]{2,70})\)[\s.]*$")
_SIGNATURE_PART = re.compile(
    rf"(?:\d{{1,2}}\.(?:\d{{1,2}}\.)?(?:\d{{2,4}})?|\d{{1,4}}|{MONTH}|(?-i:[a-zäöü]{{2,4}}|[A-Z]{{2,3}}))",
    re.IGNORECASE,
)
_WHOLE_AGENCY = re.compile(_AGENCY, re.IGNORECASE)
_LINE = re.compile(
    rf"(?:\(?{_CREDIT}\)?|{_ARCHIVE}|\(?{_AGENCY}(?:\s?[/,]\s?(?>{_AGENCY}(?![\w-])|(?-i:[a-z]{{2,4}})))*\)?"
    rf"|dpa-infocom[^.!?]*+|(?:©|\(c\))[^!?\n]{{2,80}}"
    rf"|(?:mit (?:material|informationen)|quelle|source|with material)[: ](?:von |der |from )?.{{0,30}}\b{_AGENCY}\b.{{0,40}}"
    rf"|(?:Von|By)\s(?:(?>{_FULL_NAME})(?:(?:,\s|\sund\s|\sand\s)(?>{_FULL_NAME}))*|{_NAMES}(?=,\s?{_AGENCY}\b|\s\())"
    rf"(?:,\s?{_AGENCY}|\s?\({_AGENCY}\))?)[.\s]*",
    re.IGNORECASE,
)


def dateline(text: str, *, bare: bool) -> int:
    """Where the dateline that a paragraph starts with ends, or 0 where it starts with none.

    `bare` also takes one that names no agency; it is wise only where a dateline is to be expected.
    """
    found = _WITH_AGENCY.match(text)
    if found and (found["source"] is None or is_signature(found["source"])):
        return len(found[0].rstrip())
    if not bare:
        return 0
    found = _WITH_DASH.match(text)
    if found and not _is_parenthesis(text[found.end() :]):
        return len(found[0].rstrip())
    return 0


def inner_dateline(text: str, limit: int) -> tuple[int, int] | None:
    """The dateline that follows a headline on the same line: between the first `limit` characters of the text."""
    for gap in re.finditer(r"\s+", text[:limit]):
        rest = text[gap.end() : gap.end() + 300]
        after_sentence = text[: gap.start()].endswith((".", "!", "?", "…", "“", "”", '"', "»", "«"))
        length = dateline(rest, bare=after_sentence)
        headline = gap.start() >= _MIN_HEADLINE and re.match(rf"{_WORD}(?:/{_WORD})*\s?\(", rest)
        if length and (after_sentence or headline):
            return gap.end(), gap.end() + length
    return None


def trailing_credit(text: str) -> int:
    """Where the photo credit that a caption ends with starts; the text's length where there is none."""
    found = _TRAILING_CREDIT.search(text)
    return found.start() if found else len(text)


def inner_credits(text: str) -> Iterator[tuple[int, int]]:
    """The photo credits with their agencies anywhere in a paragraph, in order."""
    return (found.span() for found in _INNER_CREDIT.finditer(text))


def trailing_signature(text: str) -> int:
    """Where the agencies in brackets that a paragraph ends with start; the text's length where there are none."""
    found = _SIGNATURE.search(text)
    return found.start() if found and is_signature(found["inside"]) else len(text)


def is_credit_line(text: str) -> bool:
    """True for a line that is nothing but a credit, a signature or a byline."""
    return bool(_LINE.fullmatch(text)) or trailing_signature(text) == 0


def is_signature(inside: str) -> bool:
    """True where the words are agencies, initials of editors and a date, with at least one agency."""
    if _WHOLE_AGENCY.fullmatch(inside.strip()):
        return True
    parts = [part for part in re.split(r"[\s,/;·|+]+", inside) if part and part not in {"und", "and", "mit", "via"}]
    agencies = [part for part in parts if _WHOLE_AGENCY.fullmatch(part.rstrip("."))]
    return bool(agencies) and all(part in agencies or _SIGNATURE_PART.fullmatch(part) for part in parts)


def _is_parenthesis(rest: str) -> bool:
    """True where a second dash soon closes what the first opened: "Putin – Präsident seit 2012 – sagte"."""
    again = _DASH_AGAIN.match(rest)
    return again is not None and len(again[1].split()) <= _PARENTHESIS_WORDS
