"""The page of two actors, and that of a relation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgraph.errors import UnknownActor
from kgraph.graph import Ref, Store
from kgraph.graph.crosswalk import goldstein
from kgraph.model import NAMESPACE, Relation
from kgraph.serve import charts, forms, places
from kgraph.serve.access import access_of
from kgraph.serve.forms import Form
from kgraph.serve.index import ask, counts, schema
from kgraph.serve.index.ask import Filter
from kgraph.serve.index.records import ActorRow
from kgraph.serve.index.rows import Lang
from kgraph.serve.pages.common import View, answer, day_of, first_of, look, text_of, turtle

_CLAIMS = 25
_IN_TURTLE = 300  # claims
_MEANING = """
SELECT ?relation ?meaning ?lang WHERE { ?relation skos:definition ?meaning BIND(LANG(?meaning) AS ?lang) }
"""
_CODES = "SELECT ?relation ?plover ?cameo WHERE { OPTIONAL { ?relation kg:plover ?plover } OPTIONAL { ?relation kg:cameo ?cameo } }"


async def choose(request: Request) -> Response:
    """Lead from the names of two actors to their page."""
    one, other = text_of(request, "a"), text_of(request, "b")
    if not one or not other:
        return RedirectResponse("/actors", 303)
    iris = await access_of(request).read(resolved, (one, other))
    day = day_of(request, "as_of")
    return RedirectResponse(places.pair_path(*iris) + (f"?as_of={day}" if day else ""), 303)


async def pair(request: Request) -> Response:
    """Answer with what happens between two actors; one address for both orders."""
    name, suffix = forms.split(request.path_params["other"])
    form = forms.wanted(request, suffix)
    given = [places.iri_of(request.path_params["one"]), places.iri_of(name)]
    iris = sorted(given)
    place = places.pair_path(*iris)
    if iris[0] == iris[1]:
        return RedirectResponse(places.path_of(iris[0]), 303)
    if given != iris:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{place}{f'.{suffix}' if suffix else ''}{query}", 301)
    view = await look(request, between, iris[0], iris[1], first_of(request, _CLAIMS), day_of(request, "as_of"))
    if form is Form.TURTLE:
        return await turtle(request, view["iris"] or iris, place)
    del view["iris"]
    return answer(request, "pair.html", view, form, place=place, offered=tuple(Form))


async def relation(request: Request) -> Response:
    """Answer with what a relation means and who has it with whom."""
    name, suffix = forms.split(request.path_params["name"])
    form = forms.wanted(request, suffix)
    if name not in set(Relation):
        raise HTTPException(404, f"there is no relation '{name}'; /relations lists them all")
    place = f"/relation/{name}"
    if form is Form.TURTLE:
        return await turtle(request, [NAMESPACE + name], place)
    view = await look(request, meaning, name, first_of(request, _CLAIMS), day_of(request, "as_of"))
    return answer(request, "relation.html", view, form, place=place, offered=tuple(Form))


def resolved(store: Store, names: tuple[str, str]) -> list[str]:
    """The IRIs of two actors by their names, in a worker. Raises UnknownActor."""
    return [store.resolve(name) for name in names]


def between(store: Store, path: Path, lang: Lang, one: str, other: str, first: int, as_of: str) -> View:
    """What the index knows of two actors, as of a day unless that is empty. Raises UnknownActor for one that is in neither index nor lists."""
    wanted = Filter(actor=one, other=other)
    with schema.reading(path, as_of) as database:
        tallies = counts.by_month(database, wanted)
        rows: dict[str, list[int]] = {}
        for tally in tallies:
            row = rows.setdefault(tally.relation, [0, 0])
            row[0], row[1] = row[0] + tally.facts, row[1] + tally.others
        return {
            "one": _end(store, database, one, lang),
            "other": _end(store, database, other, lang),
            "chart": charts.chart(tallies),
            "relations": sorted(
                ((name, *row) for name, row in rows.items()), key=lambda row: (-row[1], -row[2], row[0])
            ),
            "claims": ask.claims(database, lang, wanted, first=first, size=_CLAIMS),
            "iris": [row.iri for row in ask.claims(database, lang, wanted, size=_IN_TURTLE).rows],
        }


def meaning(store: Store, path: Path, lang: Lang, name: str, first: int, as_of: str) -> View:
    """What the ontology and the index know of a relation, the latter as of a day unless that is empty."""
    ref = Ref(NAMESPACE + name, "")
    codes = next(iter(store.select(_CODES, relation=ref)), None)
    wanted = Filter(relation=name)
    kind = Relation(name)
    with schema.reading(path, as_of) as database:
        return {
            "relation": name,
            "iri": ref.iri,
            "quad": kind.quad.value,
            "symmetric": kind.symmetric,
            "goldstein": goldstein().get(kind),
            "plover": str(codes["plover"]) if codes and codes["plover"] else None,
            "cameo": str(codes["cameo"]) if codes and codes["cameo"] else None,
            "meaning": _meaning(store, ref, lang),
            "ties": counts.ties(database, lang, relation=name, most=20),
            "chart": charts.chart(counts.by_month(database, wanted)),
            "claims": ask.claims(database, lang, wanted, first=first, size=_CLAIMS),
        }


def _meaning(store: Store, relation: Ref, lang: Lang) -> str:
    """The definition of the ontology in a language."""
    return next((str(row.meaning) for row in store.select(_MEANING, relation=relation) if row.lang == lang), "")


def _end(store: Store, database: Any, iri: str, lang: Lang) -> ActorRow:
    row = ask.actor(database, iri, lang)
    if row:
        return row
    known = store.actor(iri)
    if known.type is None:
        raise UnknownActor(f"the graph has no actor {iri}")
    return ActorRow(iri, store.label(iri, lang), known.type.value, known.country, 0)
