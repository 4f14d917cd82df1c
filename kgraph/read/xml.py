"""XML is read without entities, external files and bottomless nesting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgraph.errors import ArticleError, MissingExtra

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAX_DEPTH = 200


def parse_xml(text: str, where: str, *, extra: str = "web") -> Element:
    """The root of a document of XML.

    A declaration of the encoding is not believed, because the text has been decoded. Raises ArticleError, with the
    line, for what is no XML, declares entities, or is nested deeper than any message; MissingExtra.
    """
    try:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import DefusedXMLParser
    except ImportError as error:
        raise MissingExtra("reading XML", extra) from error
    from xml.etree.ElementTree import ParseError, TreeBuilder

    class Shallow(TreeBuilder):
        """Builds a tree, and stops where it gets too deep for code that walks it."""

        depth = 0

        def start(self, tag: str, attrs: dict[Any, Any], /) -> Element:
            self.depth += 1
            if self.depth > _MAX_DEPTH:
                raise ArticleError(where, f"is XML that is nested deeper than {_MAX_DEPTH} elements")
            return super().start(tag, attrs)

        def end(self, tag: str, /) -> Element:
            self.depth -= 1
            return super().end(tag)

    parser = DefusedXMLParser(target=Shallow(), encoding="utf-8", forbid_dtd=False)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        root: Element = parser.close()
    except ParseError as error:
        line = error.position[0]
        raise ArticleError(f"{where}:{line}", f"is not XML: {error}") from error
    except DefusedXmlException as error:
        raise ArticleError(where, "declares entities of its own, which are not read") from error
    return root


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
