"""The flags of states and of a few organisations, as pictures of their own beside the names on the pages."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgraph.explore import flag_picture
from kgraph.model import DATA
from kgraph.serve.index.records import ActorRow

_KEPT = {"Cache-Control": "public, max-age=604800"}  # a week


def flag_path(actor: ActorRow) -> str | None:
    """The path of an actor's flag: by a state's country code, by an organisation's item in Wikidata."""
    key = actor.country if actor.type == "State" else actor.iri.removeprefix(DATA)
    return f"/flag/{actor.type}/{key}.svg" if key and flag_picture(actor.type, key) else None


def routes() -> list[Route]:
    """The one route, by the type of actor and the key."""
    return [Route("/flag/{kind}/{key}.svg", _picture)]


async def _picture(request: Request) -> Response:
    picture = flag_picture(request.path_params["kind"], request.path_params["key"])
    if picture is None:
        raise HTTPException(404, "there is no such flag")
    return Response(picture, media_type="image/svg+xml", headers=_KEPT)
