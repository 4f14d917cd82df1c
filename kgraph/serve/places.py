"""Where on this server what has an IRI is to be found, and back."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from kgraph.model import DATA, NAMESPACE

_BETWEEN = "/-/"


def path_of(iri: str) -> str:
    """The path of the page about an IRI: /id/Q159 for one of kgraph's, with the whole IRI behind /id/ for another."""
    if iri.startswith(NAMESPACE):
        return f"/relation/{quote(iri.removeprefix(NAMESPACE), safe='')}"
    return f"/id/{name_of(iri)}"


def name_of(iri: str) -> str:
    """The part of the path that names an IRI, percent-encoded."""
    return quote(iri.removeprefix(DATA)) if iri.startswith(DATA) else quote(iri, safe="")


def iri_of(name: str) -> str:
    """The IRI that a part of a path names, decoded."""
    return name if name.startswith(("http:", "https:", "urn:")) else DATA + name


def pair_path(one: str, other: str) -> str:
    """The path of the page about two actors, the same whichever comes first."""
    return "/pair/" + _BETWEEN.join(name_of(iri) for iri in sorted([one, other]))


def web_address(url: str | None) -> str | None:
    """An address that may be linked to: of the web, and of nothing else."""
    try:
        parts = urlsplit((url or "").strip())
        return parts.geturl() if parts.scheme in {"http", "https"} and parts.hostname else None
    except ValueError:
        return None
