"""What makes a record show itself: as a line where it is printed, as a card in a notebook. Loads nothing until it does."""

from __future__ import annotations


class ShownClaim:
    """A claim that shows itself, just read or stored."""

    __slots__ = ()

    def __repr__(self) -> str:
        from kgraph.display.records import claim_line

        return claim_line(self)

    def _repr_html_(self) -> str:
        from kgraph.display.records import claim

        return claim(self)


class ShownExtraction:
    """An extraction that shows itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        from kgraph.display.records import extraction_line

        return extraction_line(self)

    def _repr_html_(self) -> str:
        from kgraph.display.records import extraction

        return extraction(self)
