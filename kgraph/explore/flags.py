"""The flags of states and of a few organisations, drawn in the page itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

_BUNDLE = "circle-flags.json"
_KEYS = {"State": "country", "Organisation": "qid"}  # what of an actor names its flag
_FRAMES = {"State": "<circle cx='256' cy='256' r='256'/>", "Organisation": "<rect width='512' height='512' rx='89'/>"}
_PLAIN = "/:=,'();-."  # of a picture's characters those that an address holds as they are


def put_flags(data: dict[str, Any]) -> None:
    """Give the actors of a page's data or of a fragment their flags, and the data the pictures of these.

    A node's `flag` is a key of the data's `flags`, whose values are data: addresses of SVG. States have flags by their
    country code, organisations by their item in Wikidata, if the bundle has exactly this key. Nothing of an actor's
    text gets into a picture.
    """
    flags: dict[str, str] = data.setdefault("flags", {})
    for node in data["nodes"]:
        kind = node.get("type", "")
        key = node.get(_KEYS.get(kind, ""), "")
        if address := _address(kind, key):
            node["flag"] = key
            flags[key] = address


def flag_picture(kind: str, key: str) -> str | None:
    """A flag as SVG, by the type of actor and its country code or its item in Wikidata; None where there is none."""
    if key not in _drawings().get(kind, {}):
        return None
    return (
        "<svg xmlns='http://www.w3.org/2000/svg' width='512' height='512' viewBox='0 0 512 512'>"
        f"<clipPath id='a'>{_FRAMES[kind]}</clipPath><g clip-path='url(#a)'>{_drawings()[kind][key]}</g></svg>"
    )


@cache
def _drawings() -> Mapping[str, Mapping[str, str]]:
    """What is drawn within a square of 512, by the type of actor and the key."""
    text = files("kgraph.explore").joinpath("assets", _BUNDLE).read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


@cache
def _address(kind: str, key: str) -> str | None:
    picture = flag_picture(kind, key)
    return picture and f"data:image/svg+xml,{quote(picture, safe=_PLAIN)}"
