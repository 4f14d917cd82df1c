"""Which media type to answer in: what RFC 9110 says of the Accept header."""

from __future__ import annotations

from collections.abc import Sequence

from kgraph.errors import KgraphError


class NotAcceptable(KgraphError):
    """Nothing on offer is what the Accept header asks for."""


def best(accept: str, offered: Sequence[str]) -> str:
    """The media type on offer with the highest quality; the first of several. Raises NotAcceptable.

    The most specific range of the header counts for each type; a header that names nothing accepts everything.
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    quality = {media_type: _quality(media_type, ranges) for media_type in offered}
    chosen = max(offered, key=lambda media_type: quality[media_type])
    if not quality[chosen]:
        raise NotAcceptable(f"there is no answer as {accept}; ask for one of {', '.join(offered)}")
    return chosen


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    for wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        found = [quality for pattern, quality in ranges if pattern == wanted]
        if found:
            return max(found)
    return 0.0


def _range(part: str) -> tuple[str, float]:
    pattern, *parameters = (word.strip().lower() for word in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return pattern, quality
