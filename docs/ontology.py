"""Writes the ontology as an HTML page: python docs/ontology.py build/ontology.html.

The page is pyLODE's, with what pyLODE leaves out put before its end: the concepts, the codes of the relations in other
codebooks, and how our terms relate to those of others. It loads nothing from anywhere.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from pylode.profiles.ontpub import OntPub
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from kgraph.model import NAMESPACE, Relation
from kgraph.resources import ontology_dir

KG = Namespace(NAMESPACE)
MATCHES = {
    RDFS.subClassOf: "is a kind of",
    SKOS.closeMatch: "much the same as",
    SKOS.broadMatch: "narrower than",
    SKOS.relatedMatch: "related to",
}
SECTIONS = {"concepts": "Concepts", "codes": "Codes in other codebooks", "alignments": "Terms of others"}


def page() -> str:
    """The page as HTML."""
    ontology = Graph().parse(ontology_dir() / "kgraph.ttl")
    others = Graph().parse(ontology_dir() / "crosswalk.ttl").parse(ontology_dir() / "alignments.ttl")
    for prefix, name in others.namespaces():
        ontology.bind(prefix, name)
    sections = [concepts(ontology), codes(ontology, others), alignments(ontology, others)]
    html = _anchored(OntPub(ontology=_one_title(ontology)).make_html())
    listed = "".join(f'<li><h4><a href="#{key}">{escape(title)}</a></h4></li>' for key, title in SECTIONS.items())
    html, placed = re.subn(r'(<li>\s*<h4>\s*<a href="#namespaces">)', lambda found: listed + found[1], html, count=1)
    before, mark, after = html.partition('<div id="namespaces">')
    if not (mark and placed):
        raise SystemExit("pyLODE's page has no list of namespaces any more: see docs/ontology.py")
    return before + "".join(sections) + mark + after


def concepts(ontology: Graph) -> str:
    """The individuals of the ontology, by class."""
    rows = []
    for node in sorted(
        set(ontology.subjects(RDF.type, OWL.NamedIndividual)), key=lambda node: (kind(ontology, node), node)
    ):
        about = [text for lang in ("en", "de") for text in _texts(ontology, node, SKOS.definition, lang)]
        rows.append((f"kg:{name(node)}", f"kg:{kind(ontology, node)}", label(ontology, node), " – ".join(about)))
    return _section("concepts", ("term", "class", "label", "definition"), rows)


def codes(ontology: Graph, others: Graph) -> str:
    """The codes of the relations in PLOVER, CAMEO and on Goldstein's scale."""
    rows = []
    for relation in Relation:
        node = KG[relation.value]
        found = [
            sorted(str(value) for value in others.objects(node, KG[key])) for key in ("plover", "cameo", "goldstein")
        ]
        rows.append(
            (f"kg:{relation}", label(ontology, node), relation.quad.value, *(", ".join(part) for part in found))
        )
    return _section("codes", ("relation", "label", "quad class", "PLOVER", "CAMEO", "Goldstein"), rows)


def alignments(ontology: Graph, others: Graph) -> str:
    """How terms relate to those of SEM, PROV-O, schema.org and Wikidata."""
    rows = [
        (f"kg:{name(subject)}", MATCHES[match], other.n3(ontology.namespace_manager))
        for match in MATCHES
        for subject, other in sorted(others.subject_objects(match))
    ]
    return _section("alignments", ("term", "relation", "their term"), sorted(rows))


def label(ontology: Graph, node: URIRef) -> str:
    """English and German label."""
    return " · ".join(text for lang in ("en", "de") for text in _texts(ontology, node, RDFS.label, lang))


def kind(ontology: Graph, node: URIRef) -> str:
    """The class of ours that an individual has."""
    return next(name(found) for found in ontology.objects(node, RDF.type) if found.startswith(NAMESPACE))


def name(node: URIRef) -> str:
    """The last part of an IRI of ours."""
    return str(node).removeprefix(NAMESPACE)


def _anchored(html: str) -> str:
    """The page with the last part of a term's IRI as its anchor, in the place of its label without spaces."""
    entities = re.findall(rf'id="([^"]+)">(?:(?!<div).)*?<code>{re.escape(NAMESPACE)}(\w+)</code>', html, re.DOTALL)
    anchors = {title: term for title, term in entities if title != "metadata"}
    return re.sub(r'(id="|href="#)([^"]+)"', lambda found: f'{found[1]}{anchors.get(found[2], found[2])}"', html)


def _one_title(ontology: Graph) -> Graph:
    """Give each term one label in both languages: pyLODE would set them one after another without a gap."""
    for subject in list(dict.fromkeys(ontology.subjects(RDFS.label))):
        both = label(ontology, subject)
        ontology.remove((subject, RDFS.label, None))
        ontology.add((subject, RDFS.label, Literal(both, lang="en")))
    return ontology


def _texts(graph: Graph, node: URIRef, predicate: URIRef, lang: str) -> Iterator[str]:
    return (str(text) for text in graph.objects(node, predicate) if text.language == lang)


def _section(key: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    return f'<div class="section" id="{key}"><h2>{SECTIONS[key]}</h2><table style="table-layout:auto;width:100%"><tr>{top}</tr>{cells}</table></div>'


def main() -> None:
    """Write the page to the file named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit("name the file to write: python docs/ontology.py build/ontology.html")
    logging.getLogger().setLevel(logging.WARNING)  # pyLODE logs what it loads
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    html = page()
    if outside := re.findall(r"""(?:src|url\(|@import)\s*=?\s*["'(]?(?:https?:)?//[^"')\s]+""", html):
        raise SystemExit(f"the page would load {', '.join(outside)}; take it out in docs/ontology.py")
    target.write_text(html, encoding="utf-8")


if __name__ == "__main__":
    main()
