"""In which form somebody wants a page: as HTML, as JSON, as Turtle."""

from __future__ import annotations

from enum import StrEnum

from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request


class Form(StrEnum):
    """The forms of a page; each is the suffix of an address."""

    HTML = "html"
    JSON = "json"
    TURTLE = "ttl"

    @property
    def media_type(self) -> str:
        """The media type of the form."""
        return {"html": "text/html", "json": "application/json", "ttl": "text/turtle"}[self.value]


class _Suffix(Convertor[str]):
    regex = r"(?:\.html|\.json|\.ttl)?"

    def convert(self, value: str) -> str:
        return value.removeprefix(".")

    def to_string(self, value: str) -> str:
        return f".{value}" if value else ""


register_url_convertor("form", _Suffix())


def split(name: str) -> tuple[str, str]:
    """A name without and with its suffix: "Q159.ttl" is "Q159" and "ttl"."""
    bare, _, suffix = name.rpartition(".")
    return (bare, suffix) if bare and suffix in set(Form) else (name, "")


def wanted(request: Request, suffix: str = "", offered: tuple[Form, ...] = tuple(Form)) -> Form:
    """The form that an address names by its suffix, or that the request likes best; HTML where it does not care.

    Raises a 404 for a suffix, a 406 for media types that are not offered.
    """
    if suffix:
        if suffix not in offered:
            raise HTTPException(404, f"there is no .{suffix} of this page, but {_listed(offered)}")
        return Form(suffix)
    header = request.headers.get("accept", "")
    if not header.strip():
        return Form.HTML
    liked = {form: _weight(header, form.media_type) for form in offered}
    best = max(offered, key=lambda form: liked[form])
    if not liked[best]:
        raise HTTPException(406, f"this page comes as {', '.join(form.media_type for form in offered)}")
    return best


def _weight(header: str, media_type: str) -> float:
    """How much an Accept header likes a media type, from 0 to 1: by the part of it that fits most closely."""
    weights: dict[int, float] = {}
    for part in header.split(","):
        name, _, rest = part.strip().partition(";")
        name = name.strip().lower()
        patterns = {media_type: 3, f"{media_type.partition('/')[0]}/*": 2, "*/*": 1}
        if name in patterns:
            weights[patterns[name]] = max(weights.get(patterns[name], 0.0), _quality(rest))
    return weights[max(weights)] if weights else 0.0


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _listed(offered: tuple[Form, ...]) -> str:
    return ", ".join(f".{form.value}" for form in offered)
