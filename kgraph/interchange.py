"""Claims as JSON and as rows of a table; trees as CoNLL-U, written after parsing and read before linking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kgraph.errors import DataError
from kgraph.model import Article, Attribution, BlockKind, Claim, Mention, Sentence, Span, Token

COLUMNS = ("date", "subject", "relation", "object", "said", "article", "sentence")
_ESCAPES = {" ": "\\s", "\n": "\\n", "\r": "\\r", "\t": "\\t", "|": "\\p", "\\": "\\\\"}
_UNESCAPES = {escape: char for char, escape in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\u[0-9A-F]{4}|\\.")
_COMMENT = re.compile(r"#\s*+(?P<name>\w++(?: ++\w++)*+)\s*+=\s*+(?P<value>.*)")
_WORD_ID = re.compile(r"[1-9]\d{0,8}")
_RANGE = re.compile(r"(?P<first>[1-9]\d{0,8})-(?P<last>[1-9]\d{0,8})")
_COLUMNS = 10
_MAX_OFFSET = 8 * 2**20  # no article is longer


def claim_to_dict(claim: Claim) -> dict[str, Any]:
    """The claim in the interchange format: one JSON object a line, offsets in code points of the article's text."""
    when = claim.when
    return {
        "id": claim.id,
        "doc": claim.article_id,
        "sentence": _span(claim.sentence),
        "trigger": _span(claim.trigger),
        "subject": _end(claim.subject),
        "relation": claim.relation.value,
        "object": _end(claim.object),
        "polarity": claim.polarity.value,
        "modality": claim.modality.value,
        "attributed_to": _attribution(claim.attribution),
        "date": when.start.isoformat() if when else None,
        "date_end": when.end.isoformat() if when else None,
        "date_origin": when.origin.value if when else None,
        "confidence": round(claim.confidence, 3),
        "rule": claim.rule,
    }


def claim_to_row(claim: Claim) -> tuple[str, ...]:
    """The claim as the cells of a table, in the order of `COLUMNS`; `said` is empty for plain facts."""
    said = (
        [] if claim.is_fact else [word for word in (claim.polarity.value, claim.modality.value) if word not in _PLAIN]
    )
    return (
        claim.when.start.isoformat() if claim.when else "",
        claim.subject.actor.label,
        claim.relation.value,
        claim.object.actor.label,
        ", ".join(said),
        claim.article_id,
        " ".join(claim.sentence.text.split()),
    )


def write_conllu(article: Article, sentences: Iterable[Sentence]) -> str:
    """The sentences of an article as CoNLL-U.

    What CoNLL-U has no column for stands in comments (`start`, `block`) and in MISC (`NER`, `Verb`, and `SpacesAfter`
    as in UD), so that reading gives the same sentences back.
    """
    head = [f"# newdoc id = {article.id}", f"# lang = {article.lang}"]
    for name in ("title", "published", "url", "publisher"):
        value = getattr(article, name)
        if value is not None:
            head.append(f"# {name} = {' '.join(str(value).split())}")
    parts: list[str] = []
    for sentence in sentences:
        parts.append("\n".join([*head, *_sentence_lines(sentence), "", ""]))
        head = []
    return "".join(parts)


def read_conllu(text: str, *, name: str = "CoNLL-U") -> Iterator[tuple[Article, tuple[Sentence, ...]]]:
    """Articles and their sentences from CoNLL-U, ours or a treebank's.

    The article's text is rebuilt from the sentences, with spaces where nothing is known; where sentences have no
    offsets they follow each other with a space between. `name` stands for the file in messages.

    Raises DataError with every fault of the file.
    """
    faults: list[str] = []
    document = _Document(f"{name}:1", {})
    documents = [document]
    for number, lines in _paragraphs(text):
        comments = dict(_comments(lines))
        if "newdoc id" in comments or "newdoc" in comments:
            document = _Document(f"{name}:{number}", comments)
            documents.append(document)
        try:
            document.add(comments, _read_tokens(lines, number, name), f"{name}:{number}")
        except DataError as error:
            faults.extend(error.faults)
    if faults:
        raise DataError(faults)
    yield from (document.article() for document in documents if document.sentences)


_PLAIN = ("affirmed", "actual")


def _span(span: Span | Mention) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}


def _end(mention: Mention) -> dict[str, Any]:
    actor = mention.actor
    return {
        "id": actor.id,
        "label": actor.label,
        "type": actor.type.value,
        "country": actor.country,
        "mention": _span(mention),
    }


def _attribution(attribution: Attribution | None) -> dict[str, Any] | None:
    if attribution is None:
        return None
    actor = attribution.actor
    return {
        "id": actor.id if actor else None,
        "label": actor.label if actor else None,
        "mention": _span(attribution.span),
    }


def _sentence_lines(sentence: Sentence) -> Iterator[str]:
    yield f"# sent_id = {sentence.article_id}-{sentence.index}"
    yield f"# text = {' '.join(sentence.text.split())}"
    yield f"# start = {sentence.start}"
    yield f"# block = {sentence.block.value}"
    tokens = sentence.tokens
    for token in tokens:
        shares = token.i > 0 and tokens[token.i - 1].start == token.start
        last = token.i
        while last + 1 < len(tokens) and tokens[last + 1].start == token.start:
            last += 1
        following = tokens[last + 1].start if last + 1 < len(tokens) else sentence.end
        gap = sentence.text[token.end - sentence.start : following - sentence.start]
        before = sentence.text[: token.start - sentence.start] if token.i == 0 else ""
        spaces = [] if shares else _spaces(before, gap, last=last + 1 == len(tokens))
        if last > token.i and not shares:  # a contraction: several words, one place in the text
            surface = sentence.text[token.start - sentence.start : token.end - sentence.start]
            yield "\t".join([f"{token.i + 1}-{last + 1}", surface, *["_"] * 7, "|".join(spaces) or "_"])
            spaces = []
        yield _word_line(token, spaces)


def _word_line(token: Token, spaces: Sequence[str]) -> str:
    named = [f"NER={_escape(token.entity)}"] if token.entity else []
    verb = [f"Verb={_escape(token.verb)}"] if token.verb else []
    return "\t".join(
        [
            str(token.i + 1),
            token.form,
            token.lemma or "_",
            token.upos or "_",
            "_",
            "|".join(f"{key}={value}" for key, value in token.feats) or "_",
            "0" if token.head == token.i else str(token.head + 1),
            token.deprel or "_",
            "_",
            "|".join([*named, *verb, *spaces]) or "_",
        ]
    )


def _spaces(before: str, gap: str, *, last: bool) -> list[str]:
    parts = [f"SpacesBefore={_escape(before)}"] if before else []
    if gap == "":
        return [*parts, "SpaceAfter=No"]
    return [*parts, f"SpacesAfter={_escape(gap)}"] if gap != " " or last else parts


def _escape(text: str) -> str:
    return "".join(_ESCAPES.get(char) or (f"\\u{ord(char):04X}" if char.isspace() else char) for char in text)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    escape = found[0]
    if len(escape) > 2:
        code = int(escape[2:], 16)
        return escape if 0xD800 <= code <= 0xDFFF else chr(code)  # half a character is none
    return _UNESCAPES.get(escape, escape)


@dataclass(slots=True)
class _Document:
    """An article that is being read: its comments and its sentences so far."""

    where: str
    comments: dict[str, str]
    sentences: list[Sentence] = field(default_factory=list)

    def add(self, comments: dict[str, str], rows: list[_Row], where: str) -> None:
        if not rows:
            return
        previous = self.sentences[-1].end + 1 if self.sentences else 0
        start = _number(comments.get("start"), previous, where)
        if start < previous - 1:
            raise DataError([f"{where}: the sentence starts at {start}, inside the one before; sort the sentences"])
        text, tokens = _place(rows, start)
        block = comments.get("block", BlockKind.PARAGRAPH.value)
        if block not in set(BlockKind):
            raise DataError([f"{where}: there is no block {block!r}; one of {', '.join(BlockKind)}"])
        self.sentences.append(
            Sentence(self._id(), len(self.sentences), start, start + len(text), text, tokens, BlockKind(block))
        )

    def article(self) -> tuple[Article, tuple[Sentence, ...]]:
        text = ""
        for sentence in self.sentences:
            text = text.ljust(sentence.start) + sentence.text
        published = self.comments.get("published")
        try:
            day = date.fromisoformat(published) if published else None
        except ValueError as error:
            raise DataError([f"{self.where}: published = {published} is no date; write it like 2026-03-02"]) from error
        article = Article(
            id=self._id(),
            text=text,
            lang=self.comments.get("lang", "de"),
            title=self.comments.get("title"),
            url=self.comments.get("url"),
            publisher=self.comments.get("publisher"),
            published=day,
        )
        return article, tuple(self.sentences)

    def _id(self) -> str:
        return self.comments.get("newdoc id") or "conllu"


@dataclass(frozen=True, slots=True)
class _Row:
    """A word of a tree before it has a place in the text.

    `gap` is None where the file says nothing of the white space after it. `surface` is the contraction that the word
    is the first of, or empty where it is a later word of one.
    """

    form: str
    lemma: str
    upos: str
    feats: tuple[tuple[str, str], ...]
    head: int
    deprel: str
    entity: str
    verb: str
    before: str
    gap: str | None
    surface: str | None = None


def _place(rows: Sequence[_Row], start: int) -> tuple[str, tuple[Token, ...]]:
    """The sentence's text and its tokens with offsets; the words of a contraction share those of the contraction."""
    text = ""
    tokens: list[Token] = []
    begin = end = start
    for i, row in enumerate(rows):
        if row.surface != "":
            text += row.before
            begin = start + len(text)
            text += row.surface if row.surface is not None else row.form
            end = start + len(text)
            text += " " if row.gap is None else row.gap
        tokens.append(
            Token(i, row.form, row.lemma, row.upos, row.deprel, row.head, begin, end, row.feats, row.verb, row.entity)
        )
    if rows[-1].gap is None:  # the space between two sentences belongs to neither
        text = text[: end - start]
    return text, tuple(tokens)


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """The sentences' lines with the number of the first."""
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            lines.append(line.rstrip("\r"))
        elif lines:
            yield number - len(lines), lines
            lines = []


def _comments(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        found = _COMMENT.fullmatch(line)
        if found:
            yield found["name"], found["value"].strip()
        elif line.strip("# ") == "newdoc":
            yield "newdoc", ""


def _read_tokens(lines: list[str], first: int, name: str) -> list[_Row]:
    rows: list[_Row] = []
    faults: list[str] = []
    spread = (0, 0, [""] * _COLUMNS)  # the contraction that the words belong to: first, last, its cells
    words = [(first + i, line.split("\t")) for i, line in enumerate(lines) if not line.startswith("#")]
    for number, cells in words:
        contraction = _RANGE.fullmatch(cells[0])
        if len(cells) != _COLUMNS:
            faults.append(f"{name}:{number}: has {len(cells)} columns; CoNLL-U has {_COLUMNS}, with tabs between them")
        elif contraction:
            spread = (int(contraction["first"]), int(contraction["last"]), cells)
        elif _WORD_ID.fullmatch(cells[0]):
            try:
                rows.append(_row(cells, len(rows), spread))
            except ValueError as error:
                faults.append(f"{name}:{number}: {error}")
    if spread[1] > len(rows) or spread[0] == spread[1] > 0:
        faults.append(f"{name}:{first}: the contraction {spread[0]}-{spread[1]} holds words that are not there")
    faults.extend(
        f"{name}:{first}: word {i} hangs on word {row.head + 1}, which is not there"
        for i, row in enumerate(rows, 1)
        if row.head >= len(rows)
    )
    if not faults and (word := _in_a_circle(rows)):
        faults.append(f"{name}:{first}: the heads of word {word} go round in a circle; give each sentence a root")
    if faults:
        raise DataError(faults)
    return rows


def _in_a_circle(rows: list[_Row]) -> int:
    """The number of a word whose heads never reach a root; 0 where there is none."""
    settled: set[int] = set()
    for start in range(len(rows)):
        path: set[int] = set()
        i = start
        while i not in settled and rows[i].head != i:
            if i in path:
                return i + 1
            path.add(i)
            i = rows[i].head
        settled |= {*path, i}
    return 0


def _row(cells: list[str], i: int, spread: tuple[int, int, list[str]]) -> _Row:
    number, form, lemma, upos, _, feats, head, deprel, _, misc = cells
    if int(number) != i + 1:
        raise ValueError(f"word {number} stands where word {i + 1} should; number the words without gaps")
    if not form:
        raise ValueError(f"word {number} has no form")
    if not head.isdecimal():
        raise ValueError(f"word {number} has the head {head!r}; write the number of a word, or 0 for the root")
    surface = None
    fields = _fields(misc)
    first, last, contraction = spread
    if first <= i + 1 <= last:
        surface = contraction[1] if i + 1 == first else ""
        spaces = _fields(contraction[9]) if i + 1 == first else {}
        fields = {"NER": fields.get("NER", ""), "Verb": fields.get("Verb", ""), **spaces}
    return _Row(
        form=form,
        lemma="" if lemma == "_" and form != "_" else lemma,
        upos="" if upos == "_" else upos,
        feats=tuple(_feature(part) for part in feats.split("|")) if feats != "_" else (),
        head=int(head) - 1 if int(head) else i,
        deprel="" if deprel == "_" else deprel,
        entity=fields.get("NER", ""),
        verb=fields.get("Verb", ""),
        before=fields.get("SpacesBefore", ""),
        gap="" if fields.get("SpaceAfter") == "No" else fields.get("SpacesAfter"),
        surface=surface,
    )


def _fields(misc: str) -> dict[str, str]:
    return {name: _unescape(value) for name, _, value in (part.partition("=") for part in misc.split("|"))}


def _feature(part: str) -> tuple[str, str]:
    key, equals, value = part.partition("=")
    if not equals:
        raise ValueError(f"the feature {part!r} has no value; write it like Case=Gen")
    return key, value


def _number(value: str | None, otherwise: int, where: str) -> int:
    if value is None:
        return otherwise
    if not value.isdecimal():
        raise DataError([f"{where}: start = {value} is no offset; write a number from 0"])
    if len(value) > len(str(_MAX_OFFSET)) or int(value) > _MAX_OFFSET:
        raise DataError([f"{where}: start = {value[:20]} is further than any article is long"])
    return int(value)
