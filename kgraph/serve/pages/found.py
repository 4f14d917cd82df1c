"""Full-text search in sentences and titles, with the claims of each sentence, and the actors of that name."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from kgraph.graph import Store
from kgraph.serve import forms
from kgraph.serve.forms import Form
from kgraph.serve.index import ask, schema, search
from kgraph.serve.index.folding import plain, wanted
from kgraph.serve.index.records import Part
from kgraph.serve.index.rows import Lang
from kgraph.serve.pages.common import View, answer, day_of, first_of, look, text_of

_SIZE = 20
_ACTORS = 6


async def page(request: Request) -> Response:
    """Answer with what was found."""
    form = forms.wanted(request, request.path_params["form"], (Form.HTML, Form.JSON))
    words, newest = text_of(request, "q"), text_of(request, "order") == "new"
    days = day_of(request, "since"), day_of(request, "until")
    view = await look(request, find, words, newest, *days, first_of(request, _SIZE), day_of(request, "as_of"))
    return answer(request, "search.html", {**view, "q": words, "newest": newest}, form)


def find(
    _: Store, path: Path, lang: Lang, words: str, newest: bool, since: str, until: str, first: int, as_of: str
) -> View:
    """Sentences, titles and actors, in a worker."""
    with schema.reading(path, as_of) as database:
        actors = ask.actors(database, lang, name=plain(words), size=_ACTORS) if words else Part((), 0, _ACTORS, 0)
        return {
            "hits": search.search(
                database, lang, wanted(words), newest=newest, since=since, until=until, first=first, size=_SIZE
            ),
            "actors": actors.rows,
        }
