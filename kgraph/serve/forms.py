"""In which form somebody wants a page: as HTML, as JSON, as Turtle."""

from __future__ import annotations

from enum import StrEnum

from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kgraph.serve.negotiate import best


class Form(StrEnum):
    """The forms of a page; each is the suffix of an address."""

    HTML = "html"
    JSON = "json"
    TURTLE = "ttl"

    @property
    def media_type(self) -> str:
        """The media type of the form."""
        return {"html": "text/html", "json": "application/json", "ttl": "text/turtle"}[self.value]


_FORMS = {form.media_type: form for form in Form}


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

    Raises a 404 for a suffix that is not offered, NotAcceptable for media types that are not.
    """
    if suffix:
        if suffix not in offered:
            raise HTTPException(404, f"there is no .{suffix} of this page, but {_listed(offered)}")
        return Form(suffix)
    return _FORMS[best(request.headers.get("accept", ""), [form.media_type for form in offered])]


def _listed(offered: tuple[Form, ...]) -> str:
    return ", ".join(f".{form.value}" for form in offered)
