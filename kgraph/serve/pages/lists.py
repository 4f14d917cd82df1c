"""Lists: actors, articles, relations, conflicts, and the timeline of all claims."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import UnknownActor
from kgraph.graph import Store
from kgraph.graph.crosswalk import goldstein
from kgraph.model import ActorType, Modality, Polarity, Quad, Relation
from kgraph.serve import charts, forms
from kgraph.serve.forms import Form
from kgraph.serve.index import ask, counts, schema
from kgraph.serve.index.ask import Filter
from kgraph.serve.index.folding import plain
from kgraph.serve.index.rows import Lang
from kgraph.serve.pages.common import View, answer, choice_of, day_of, first_of, look, share_of, text_of

_SIZE = 50
_CLAIMS = 25
_FORMS = (Form.HTML, Form.JSON)


async def actors(request: Request) -> Response:
    """Answer with a list of actors."""
    form = forms.wanted(request, request.path_params["form"], _FORMS)
    kind, name = choice_of(request, "type", ActorType), text_of(request, "name")
    view = await look(request, _actors, kind, name, first_of(request, _SIZE), day_of(request, "as_of"))
    return answer(request, "actors.html", {**view, "kind": kind, "name": name, "kinds": list(ActorType)}, form)


async def articles(request: Request) -> Response:
    """Answer with a list of articles."""
    form = forms.wanted(request, request.path_params["form"], _FORMS)
    publisher = text_of(request, "publisher")
    view = await look(request, _articles, publisher, first_of(request, _SIZE), day_of(request, "as_of"))
    return answer(request, "articles.html", {**view, "publisher": publisher}, form)


async def relations(request: Request) -> Response:
    """Answer with the list of relations."""
    form = forms.wanted(request, request.path_params["form"], _FORMS)
    return answer(request, "relations.html", await look(request, _relations, day_of(request, "as_of")), form)


async def conflicts(request: Request) -> Response:
    """Answer with the list of conflicts."""
    form = forms.wanted(request, request.path_params["form"], _FORMS)
    return answer(request, "conflicts.html", await look(request, _conflicts, day_of(request, "as_of")), form)


async def timeline(request: Request) -> Response:
    """Answer with claims, newest first, and how they spread over time."""
    form = forms.wanted(request, request.path_params["form"], _FORMS)
    asked = {name: text_of(request, name) for name in ("actor", "other")}
    wanted = Filter(
        relation=choice_of(request, "relation", Relation),
        quad=choice_of(request, "quad", Quad),
        polarity=choice_of(request, "polarity", Polarity),
        modality=choice_of(request, "modality", Modality),
        since=day_of(request, "since"),
        until=day_of(request, "until"),
        publisher=text_of(request, "publisher"),
        min_confidence=share_of(request, "min_confidence"),
        copies=text_of(request, "copies") in {"1", "on", "true"},
    )
    view = await look(request, _timeline, wanted, asked, first_of(request, _CLAIMS), day_of(request, "as_of"))
    choices = {
        "relations": list(Relation),
        "quads": list(Quad),
        "modalities": list(Modality),
        "polarities": list(Polarity),
    }
    return answer(request, "timeline.html", {**view, "asked": asked, "choices": choices}, form, json_view=view)


def _actors(_: Store, path: Path, lang: Lang, kind: str, name: str, first: int, as_of: str) -> View:
    with schema.reading(path, as_of) as database:
        return {"actors": ask.actors(database, lang, kind=kind, name=plain(name), first=first, size=_SIZE)}


def _articles(_: Store, path: Path, lang: Lang, publisher: str, first: int, as_of: str) -> View:
    with schema.reading(path, as_of) as database:
        found = ask.articles(database, publisher=publisher, first=first, size=_SIZE)
        return {"articles": found, "publishers": ask.publishers(database)}


def _relations(_: Store, path: Path, lang: Lang, as_of: str) -> View:
    with schema.reading(path, as_of) as database:
        found = counts.relations(database)
    values = goldstein()
    return {
        "quads": {
            quad.value: [
                {
                    "relation": relation.value,
                    "claims": found.get(relation.value, (0, 0))[0],
                    "facts": found.get(relation.value, (0, 0))[1],
                    "goldstein": values.get(relation),
                }
                for relation in Relation
                if relation.quad is quad
            ]
            for quad in Quad
        }
    }


def _conflicts(_: Store, path: Path, lang: Lang, as_of: str) -> View:
    with schema.reading(path, as_of) as database:
        return {
            "named": ask.actors(database, lang, kind=ActorType.CONFLICT.value, size=200),
            "enmities": counts.enmities(database, lang, 50),
        }


def _timeline(
    store: Store, path: Path, lang: Lang, wanted: Filter, asked: dict[str, str], first: int, as_of: str
) -> View:
    wanted = ask.between(wanted, *(_known(store, asked[name]) for name in ("actor", "other")))
    with schema.reading(path, as_of) as database:
        return {
            "filter": wanted,
            "claims": ask.claims(database, lang, wanted, first=first, size=_CLAIMS),
            "chart": charts.chart(counts.by_month(database, wanted)),
        }


def _known(store: Store, name: str) -> str | None:
    """The IRI of an actor that a form names. Raises UnknownActor."""
    if not name:
        return None
    try:
        return store.resolve(name)
    except UnknownActor:
        if name.startswith(("http://", "https://", "urn:")):  # of an actor that neither lists nor texts describe
            return name
        raise
