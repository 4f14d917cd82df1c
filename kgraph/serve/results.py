"""The answer to a SPARQL query as a page, for those who ask with a form: its rows as a table, its triples as Turtle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kgraph.graph import PREFIXES, Store
from kgraph.model import DATA, NAMESPACE, Relation
from kgraph.serve import places
from kgraph.serve.access import access_of
from kgraph.serve.rendering import language, render

ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"  # what such a page is made of
_MOST = 500  # rows or lines in the page


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row: what is written, the page about it if there is one, and its IRI in short where that is not written."""

    text: str
    path: str | None = None
    short: str = ""


async def page(request: Request, query: str, media_type: str, body: bytes, headers: Mapping[str, str]) -> Response:
    """Answer with what the store answered, in a media type of ACCEPT; what has a page goes by its name."""
    if media_type == "text/turtle":
        lines = body.decode().splitlines()
        found = {"turtle": "\n".join(lines[:_MOST]), "cut": len(lines) > _MOST}
    else:
        answer = json.loads(body)
        shown = [term for row in _bindings(answer)[:_MOST] for term in row.values() if term["type"] == "uri"]
        known = list(dict.fromkeys(term["value"] for term in shown if _path(term["value"])))
        found = _table(answer, await access_of(request).read(_labels, known, language(request)) if known else {})
    return render(request, "answer.html", headers=headers, query_text=query, most=_MOST, **_EMPTY | found)


_EMPTY: dict[str, Any] = {"names": [], "rows": [], "total": 0, "turtle": None, "truth": None, "cut": False}


def _labels(store: Store, iris: list[str], lang: str) -> dict[str, str]:
    """The names of things that have one, in a language, in a worker."""
    return {iri: label for iri in iris if (label := store.label(iri, lang)) and not iri.endswith(label)}


def _bindings(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return list(answer["results"]["bindings"]) if "results" in answer else []


def _table(answer: dict[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    if "boolean" in answer:
        return {"truth": "true" if answer["boolean"] else "false"}
    names, bindings = answer["head"]["vars"], _bindings(answer)
    rows = [[_cell(row.get(name), labels) for name in names] for row in bindings[:_MOST]]
    return {"names": names, "rows": rows, "total": len(bindings), "cut": len(bindings) > _MOST}


def _cell(term: dict[str, Any] | None, labels: Mapping[str, str]) -> Cell:
    if term is None:
        return Cell("")
    if term["type"] == "uri":
        iri = term["value"]
        return Cell(labels.get(iri) or _short(iri), _path(iri), _short(iri) if iri in labels else "")
    if term["type"] == "triple":
        return Cell(" ".join(_cell(term["value"][part], {}).text for part in ("subject", "predicate", "object")))
    return Cell(f"_:{term['value']}" if term["type"] == "bnode" else str(term["value"]))


def _short(iri: str) -> str:
    bases = [(len(base), prefix, base) for prefix, base in PREFIXES.items() if iri.startswith(base) and iri != base]
    return f"{max(bases)[1]}:{iri.removeprefix(max(bases)[2])}" if bases else iri


def _path(iri: str) -> str | None:
    known = iri.startswith(DATA) or iri in {NAMESPACE + relation for relation in Relation}
    return places.path_of(iri) if known else None
