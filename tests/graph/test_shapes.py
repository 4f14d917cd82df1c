"""Every constraint of every shape finds what breaks it. The constraints are read from the shapes, so that none is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kgraph.graph.bridge import graph_of
from kgraph.graph.rdf import article_quads
from kgraph.model import NAMESPACE, DateOrigin, Modality, Relation, When
from kgraph.resources import ontology_dir

KG = Namespace(NAMESPACE)
SHAPES = Graph().parse(ontology_dir() / "shapes.ttl")
NOT_CONSTRAINTS = {SH.path, SH.message, SH.property, SH.targetClass, SH.targetSubjectsOf, RDF.type}
LATE, EARLY = Literal("9998-12-31", datatype=XSD.date), Literal("1900-01-01", datatype=XSD.date)


@dataclass(frozen=True)
class Constraint:
    """One parameter of a shape, of the node itself where the path is empty; `source` is the shape that has it."""

    shape: URIRef
    source: Node
    path: tuple[URIRef, ...]
    parameter: URIRef
    value: Node

    def __str__(self) -> str:
        names = [self.shape, *self.path, self.parameter]
        return " ".join(str(name).replace("#", "/").rpartition("/")[2] for name in names)

    @property
    def component(self) -> URIRef:
        """What a report calls it: sh:MinCountConstraintComponent for sh:minCount."""
        name = str(self.parameter).removeprefix(str(SH))
        return SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]


def steps(graph: Graph, path: Node | None) -> tuple[Any, ...]:
    """The properties of a path: none, one, or a list of them."""
    if isinstance(path, BNode):
        return tuple(Collection(graph, path))
    return () if path is None else (path,)


def constraints() -> Iterator[Constraint]:
    for shape in sorted({*SHAPES.subjects(SH.targetClass), *SHAPES.subjects(SH.targetSubjectsOf)}):
        for source in (shape, *SHAPES.objects(shape, SH.property)):
            path = steps(SHAPES, SHAPES.value(source, SH.path))
            for parameter, value in SHAPES.predicate_objects(source):
                if parameter not in NOT_CONSTRAINTS:
                    yield Constraint(shape, source, path, parameter, value)  # type: ignore[arg-type]


ALL = sorted(constraints(), key=str)


@pytest.fixture(scope="module")
def example(made: Any) -> Graph:
    """An article that has everything a shape speaks of, with the classes of the ontology."""
    when = When(date(2026, 2, 1), date(2026, 2, 3), DateOrigin.EXPLICIT)
    text = made.Text("all", title="Titel", publisher="Blatt", url="https://news.example/1")
    text.claim(
        "Regierungschef Ion Testescu soll nach Angaben Russlands am Wochenende die USA getroffen haben.",
        (made.UNKNOWN, "Ion Testescu"), Relation.MEETS, "getroffen", (made.USA, "USA"),
        modality=Modality.ALLEGED, source=(made.RUSSIA, "Russlands"), when=when, role=("Regierungschef", made.MOLDOVA, False),
    ).claim(
        "Ion Testescu führt die Regierung der Moldau.", (made.UNKNOWN, "Ion Testescu"), Relation.OFFICIAL_OF, "führt",
        (made.MOLDOVA, "Moldau"),
    ).claim(
        "Die USA haben den Iran bombardiert.", (made.USA, "USA"), Relation.ATTACKS, "bombardiert", (made.IRAN, "Iran")
    )  # fmt: skip
    text.text += "Das wird in der Hauptstadt seit Tagen erwartet. " * 9
    extraction = text.done()
    article = replace(extraction.article, source="news/all.txt")
    graph = graph_of(article_quads(replace(extraction, article=article, reading="abc")))
    office = graph.value(predicate=RDF.type, object=KG.Office)
    graph.add((office, KG["from"], EARLY))
    graph.add((office, KG["to"], LATE))
    ontology = Graph().parse(ontology_dir() / "kgraph.ttl")
    graph += graph_of(article_quads(made.attack("first")))
    graph.add((URIRef(article.iri), KG.copyOf, URIRef(made.attack("first").article.iri)))
    graph.add((URIRef(extraction.claims[-1].id), KG.repeats, URIRef(made.attack("first").claims[0].id)))
    for triple in ontology.triples((None, RDFS.subClassOf, None)):
        graph.add(triple)
    return graph


def validate(graph: Graph, *shapes: URIRef) -> Graph:
    used = [
        *shapes,
        *(part for shape in shapes for part in SHAPES.objects(shape, SH.property) if isinstance(part, URIRef)),
    ]
    _, report, _ = pyshacl.validate(graph, shacl_graph=SHAPES, inference="none", use_shapes=used or None)
    assert isinstance(report, Graph)
    return report


def targets(graph: Graph, shape: URIRef) -> list[Node]:
    kinds = set(SHAPES.objects(shape, SH.targetClass))
    found = {node for kind in kinds for node in graph.subjects(RDF.type, kind)}
    found |= {node for path in SHAPES.objects(shape, SH.targetSubjectsOf) for node in graph.subjects(path)}
    return sorted(found, key=lambda node: (-len(list(graph.objects(node))), node))  # who has most first


def broken(graph: Graph, constraint: Constraint) -> tuple[Graph, Node]:
    """The graph with the constraint broken at one node, and that node."""
    copy = Graph() + graph
    if not constraint.path:
        return copy, _break_node(copy, targets(copy, constraint.shape)[0], constraint)
    if len(constraint.path) > 1:
        return copy, _break_way(copy, targets(copy, constraint.shape)[0], constraint)
    [path] = constraint.path
    holders = [node for node in targets(copy, constraint.shape) if copy.value(node, path) is not None]
    assert holders, f"the example has no {path}: give it one"
    node = holders[0]
    values = list(copy.objects(node, path))
    if constraint.parameter == SH.maxCount:
        for number in range(int(str(constraint.value)) + 1 - len(values)):
            copy.add((node, path, _another(values[0], number)))
        return copy, node
    copy.remove((node, path, None))
    if constraint.parameter == SH.hasValue:
        copy += [(node, path, value) for value in values if value != constraint.value]
    elif constraint.parameter != SH.minCount:
        copy.add((node, path, _wrong(copy, node, values[0], constraint)))
    return copy, node


def _break_node(graph: Graph, node: Node, constraint: Constraint) -> Node:
    if constraint.parameter == SH["class"]:
        graph.remove((node, RDF.type, constraint.value))
        return node
    assert (constraint.parameter, constraint.value) == (SH.nodeKind, SH.IRI)
    blank = BNode()
    for subject, predicate, value in list(graph):
        if node in (subject, value):
            graph.remove((subject, predicate, value))
            graph.add((blank if subject == node else subject, predicate, blank if value == node else value))
    return blank


def _break_way(graph: Graph, node: Node, constraint: Constraint) -> Node:
    """Break what is asked of the end of several steps: at the last of them."""
    *first, last = constraint.path
    end: Any = node
    for step in first:
        end = graph.value(end, step)
        assert end is not None, f"the example has no {step}: give it one"
    if constraint.parameter == SH.maxCount:
        assert int(str(constraint.value)) == 0
        graph.add((end, last, URIRef("urn:another")))
        return node
    assert constraint.parameter in {SH.minCount, SH.equals}
    graph.remove((end, last, None))
    if constraint.parameter == SH.equals:
        graph.add((end, last, URIRef("urn:another")))
    return node


def _another(value: Node, number: int) -> Node:
    if not isinstance(value, Literal):
        return URIRef(f"urn:another:{number}")
    if value.datatype == XSD.date:
        return Literal(f"2001-01-{number + 1:02}", datatype=XSD.date)
    if value.datatype in (XSD.integer, XSD.decimal):
        return Literal(int(float(value)) + 1 + number, datatype=value.datatype)
    return Literal(f"{value} {number}", lang=value.language, datatype=value.datatype)


def _wrong(graph: Graph, node: Node, value: Node, constraint: Constraint) -> Node:
    limit: Any = constraint.value
    kind = value.datatype if isinstance(value, Literal) else None
    parameter = str(constraint.parameter).removeprefix(str(SH))
    step = int(float(limit)) if parameter in {"minInclusive", "maxInclusive"} else 0
    if parameter == "in":
        return Literal("other") if isinstance(value, Literal) else URIRef("urn:other")
    if parameter == "lessThan":  # no less where they are the same
        return next(graph.objects(node, limit))
    wrong: dict[str, Node] = {
        "datatype": Literal("x", datatype=XSD.anyURI),
        "pattern": Literal("!"),
        "minLength": Literal(""),
        "minInclusive": Literal(step - 1, datatype=kind),
        "maxInclusive": Literal(step + 1, datatype=kind),
        "lessThanOrEquals": Literal("9999-01-01", datatype=XSD.date),
        "class": URIRef("urn:nobody"),
        "or": URIRef("urn:nobody"),
        "nodeKind": Literal("nobody"),
    }
    if parameter in wrong:
        return wrong[parameter]
    raise AssertionError(f"a new kind of constraint, {constraint}: teach this test how to break it")


def test_the_example_conforms(example: Graph) -> None:
    report = validate(example)
    assert list(report.objects(predicate=SH.resultMessage)) == []


def test_every_shape_has_something_to_look_at(example: Graph) -> None:
    shapes = set(SHAPES.subjects(RDF.type, SH.NodeShape))
    assert shapes == {constraint.shape for constraint in ALL}
    assert all(targets(example, shape) for shape in shapes)  # type: ignore[arg-type]
    assert set(SHAPES.subjects(SH.path)) == {constraint.source for constraint in ALL if constraint.path}


@pytest.mark.parametrize("constraint", ALL, ids=str)
def test_a_broken_constraint_is_found(example: Graph, constraint: Constraint) -> None:
    graph, node = broken(example, constraint)
    report = validate(graph, constraint.shape)
    found = {
        (
            report.value(result, SH.focusNode),
            steps(report, report.value(result, SH.resultPath)),
            report.value(result, SH.sourceConstraintComponent),
        ): str(report.value(result, SH.resultMessage))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }
    key = (node, constraint.path, constraint.component)
    assert key in found, sorted(map(str, found))
    message = SHAPES.value(constraint.source, SH.message)
    assert message is None or found[key] == str(message)
