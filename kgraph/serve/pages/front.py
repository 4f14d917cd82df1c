"""The front page: how much there is, what stands out, and the ways in."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from kgraph.graph import Store
from kgraph.serve import forms
from kgraph.serve.forms import Form
from kgraph.serve.index import ask, counts, schema
from kgraph.serve.index.rows import Lang
from kgraph.serve.pages.common import View, answer, day_of, look


async def page(request: Request) -> Response:
    """Answer with the front page."""
    form = forms.wanted(request, request.path_params.get("form", ""), (Form.HTML, Form.JSON))
    return answer(request, "front.html", await look(request, overview, day_of(request, "as_of")), form, place="/index")


def overview(_: Store, path: Path, lang: Lang, as_of: str) -> View:
    """How much the store holds, and what there is most and newest of."""
    with schema.reading(path, as_of) as database:
        return {
            "totals": ask.totals(database),
            "actors": ask.actors(database, lang, size=12),
            "articles": ask.articles(database, size=8),
            "contested": counts.ties(database, lang, disputed=True, most=6),
            "strongest": counts.ties(database, lang, most=10),
        }
