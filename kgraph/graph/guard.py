"""What a query may not do, found in its text before it runs: reach out of the store.

Oxigraph follows SERVICE over the network, silently ignores FROM in a union of graphs, and has a switch for neither.
FROM is for graphs of the store, and whoever runs a query has to know of it; other servers may fetch what it names.
The words are therefore looked for in the text, outside of strings, IRIs, names and comments. A grammar-driven parser
needs no space around keywords (`?s ?p trueSERVICE?x{…}`), so they are looked for anywhere in what is left. Where two
readings of the text are possible (`?a<?b&&?c>?d` holds an IRI by the specification, two comparisons for a parser), the
query is refused rather than guessed.
"""

from __future__ import annotations

import re
from contextlib import suppress

from kgraph.errors import QueryError, QueryRefused

_WORDS = {
    "service": "SERVICE would ask another server; the store answers only from what it holds",
    "load": "LOAD would fetch from outside; articles are added with 'kgraph add'",
    "from": "'from' is part of another word here; write FROM with a space before and after it",
}
TOKEN = re.compile(
    r'''(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\')'''
    r"""|(?P<quoted>"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')"""
    r"""|(?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)"""
    r"""|(?P<comment>\#[^\n\r]*)"""
    r"""|(?P<variable>[?$]\w+|@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"""
    r"""|(?P<prefix>[\w-]*+):(?P<local>[\w:%-]*)"""
    r"""|(?P<word>[\w-]+)"""
    r"""|(?P<open>["'])"""
    r"""|(?P<escape>\\.)""",  # names may hold an escaped quote or hash: id:a\'b
    re.DOTALL,
)
_WEB_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_PLAIN_IRI = re.compile(r"<[\w:/.~%@+#-]*>")
_BEFORE_FROM = re.compile(r"(?:^|[\s*)}>])$")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")


class _Unclosed(QueryError):
    """A string begins and does not end."""


def check_query(text: str) -> bool:
    r"""Raise QueryRefused where a query would reach out of the store, QueryError where that cannot be told.

    True where it chooses its graphs by FROM. Escapes such as `\u0053` can be undone before an engine looks for words,
    or only inside tokens: both readings count.
    """
    chooses = _check(text)
    plain = _unescaped(text)
    if plain != text:
        with suppress(_Unclosed):  # whoever reads the text so finds a syntax error, and does nothing
            if _check(plain) != chooses:
                raise QueryRefused("the query is refused: write FROM without escapes")
    return chooses


def check_elsewhere(text: str) -> None:
    """The same for a query or an update that another server carries out, and for updates: these have no FROM."""
    if check_query(text):
        raise QueryRefused(
            "the query is refused: FROM could have a server fetch what it names; choose graphs with GRAPH <…> { … }"
        )


def _check(text: str) -> bool:
    chooses = False
    for token in TOKEN.finditer(text):
        if token["iri"] is not None:
            _check_iri(token["iri"])
        elif token["open"]:
            raise _Unclosed(f"a string is not closed: {text[token.start() : token.start() + 40]}")
        elif (token["word"] or "").lower() == "from" and _BEFORE_FROM.search(text[: token.start()][-1:]):
            chooses = True
        else:
            _refuse(token["word"] or token["prefix"] or "")
    return chooses


def _check_iri(iri: str) -> None:
    """Only `<scheme://` can be nothing but an IRI; another one must hold nothing that could be part of an expression."""
    if _WEB_IRI.match(iri):
        return
    plain = _unescaped(iri)  # no expression has escapes
    if not _PLAIN_IRI.fullmatch(plain):
        raise QueryError(f"'{iri}' can be read as an IRI or as a comparison; write a space after '<'")
    _refuse(plain)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)


def _refuse(words: str) -> None:
    for word, why in _WORDS.items():
        if word in words.lower():
            raise QueryRefused(f"the query is refused: {why}")
