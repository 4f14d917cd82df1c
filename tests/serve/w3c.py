"""Run the W3C's SPARQL test suite against a running `kgraph serve`, and write the score: `just w3c`.

The suite's folder (with sparql10/ and sparql11/, or with these in sparql/) is given by KGRAPH_W3C. Every test goes over HTTP; the data of each is
a graph of the store, chosen by the parameters default-graph-uri and named-graph-uri.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pyoxigraph
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
)
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection

from kgraph.graph import open_store

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
ROOT = Path(__file__).resolve().parents[2]
NOTHING = "urn:kgraph:empty"
NOT_OURS = {"entailment", "service", "syntax-fed"}  # reasoning; queries that ask other servers
UPDATES = {"delete-insert", "syntax-update-1", "syntax-update-2"}
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
}
RESULTS = {".srx": QueryResultsFormat.XML, ".srj": QueryResultsFormat.JSON, ".tsv": QueryResultsFormat.TSV}
NUMBERS = {f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float")}
TOKEN = "w3c"


@dataclass
class Test:
    """A test of a manifest; `group` is its folder."""

    graph: Graph
    node: URIRef
    kind: str
    group: str

    @property
    def name(self) -> str:
        return str(self.graph.value(self.node, MF.name) or self.node)


def tests(folder: Path) -> Iterator[Test]:
    """All tests of the suite that are about queries or the protocol."""
    for path in sorted(folder.glob("sparql1*/*/manifest.ttl")):
        group = f"{path.parent.parent.name}/{path.parent.name}"
        if path.parent.name in NOT_OURS | UPDATES:
            continue
        graph = Graph().parse(path, publicID=path.as_uri())
        for entries in graph.objects(URIRef(path.as_uri()), MF.entries):
            for node in Collection(graph, entries):
                kinds = [str(kind).rpartition("#")[2] for kind in graph.objects(node, RDF.type)]
                if kinds:
                    yield Test(graph, node, kinds[0], group)  # type: ignore[arg-type]


def local(iri: Any) -> Path:
    """The file of an IRI of the suite."""
    return Path(urlsplit(str(iri)).path)


def data_of(test: Test) -> tuple[list[URIRef], list[URIRef]]:
    """The default and the named graphs of a query test."""
    action = test.graph.value(test.node, MF.action)
    named = []
    for node in test.graph.objects(action, QT.graphData):
        named.append(test.graph.value(node, QT.graph) or node)
    return list(test.graph.objects(action, QT.data)), named  # type: ignore[arg-type, return-value]


def graphs_of(query: Path) -> list[Path]:
    """The files that a query names by FROM."""
    text = re.sub(r"#[^>\n]*\n", "\n", query.read_text(encoding="utf-8"))
    return [query.parent / name for name in re.findall(r"\bFROM\s+(?:NAMED\s+)?<([^>:]+)>", text)]


def quads_of(path: Path, name: str) -> Iterator[Quad]:
    """A file as the quads of a graph."""
    for triple in pyoxigraph.parse(
        path.read_bytes(), FORMATS[path.suffix], base_iri=path.as_uri(), rename_blank_nodes=True
    ):
        yield Quad(triple.subject, triple.predicate, triple.object, NamedNode(name))


def fill(store: Path, found: list[Test]) -> None:
    """A store with the data of all tests, each file in the graph of its own name."""
    open_store(store).close()
    quads = pyoxigraph.Store(str(store / "quads"))
    files: dict[str, Path] = {}
    for test in found:
        if test.kind == "ProtocolTest":
            for node in test.graph.objects(test.node, UT.graphData):
                files[str(test.graph.value(node, RDFS.label))] = local(test.graph.value(node, UT.graph))
        elif test.kind in {"QueryEvaluationTest", "CSVResultFormatTest"}:
            for iri in [part for parts in data_of(test) for part in parts]:
                files[str(iri)] = local(iri)
            query = test.graph.value(test.graph.value(test.node, MF.action), QT.query)
            files |= {path.as_uri(): path for path in graphs_of(local(query))}
    for name, path in files.items():
        quads.bulk_extend(quads_of(path, name))
    quads.flush()


class Failed(Exception):
    """A test that did not pass; the text says why."""


def run_query(test: Test, client: httpx2.Client) -> None:
    """A query with its data gives the expected result."""
    action = test.graph.value(test.node, MF.action)
    query = local(test.graph.value(action, QT.query))
    expected = local(test.graph.value(test.node, MF.result))
    default, named = data_of(test)
    parameters = {"default-graph-uri": [*map(str, default)] or [NOTHING], "named-graph-uri": [*map(str, named)]}
    if graphs_of(query):
        parameters = {}
    text = f"BASE <{query.as_uri()}>\n{query.read_text(encoding='utf-8')}"
    accept = "text/csv" if expected.suffix == ".csv" else "application/sparql-results+json, application/n-triples"
    answer = client.post("/sparql", data={**parameters, "query": text}, headers={"Accept": accept})
    if answer.status_code != 200:
        raise Failed(f"{answer.status_code} {answer.text.strip()[:160]}")
    ordered = re.search(r"\bORDER\s+BY\b", text, re.IGNORECASE) is not None
    if expected.suffix == ".csv":
        same = table(answer.text) == table(expected.read_text(encoding="utf-8"))
    elif "n-triples" in answer.headers["content-type"]:
        same = canonical(pyoxigraph.parse(answer.content, RdfFormat.N_TRIPLES)) == canonical(
            quads_of(expected, "urn:g")
        )
    else:
        same = alike(rows_of(expected), rows(answer.content, QueryResultsFormat.JSON), ordered=ordered)
    if not same:
        raise Failed("another result")


def run_syntax(test: Test, client: httpx2.Client) -> None:
    """A query is accepted or refused."""
    query = local(test.graph.value(test.node, MF.action))
    text = f"BASE <{query.as_uri()}>\n{query.read_bytes().decode('utf-8', 'replace')}"
    answer = client.post("/sparql", data={"query": text, "default-graph-uri": NOTHING})
    wanted = 200 if test.kind.startswith("Positive") else 400
    if answer.status_code != wanted:
        raise Failed(f"{answer.status_code} {answer.text.strip()[:160] if wanted == 200 else 'is accepted'}")


def run_protocol(test: Test, client: httpx2.Client) -> None:
    """Requests are answered with the expected status, kind and truth."""
    connection = test.graph.value(test.node, MF.action)
    for request in Collection(test.graph, test.graph.value(connection, HT.requests)):  # type: ignore[arg-type]
        path = str(test.graph.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        if listed := test.graph.value(request, HT.headers):
            for header in Collection(test.graph, listed):
                headers[str(test.graph.value(header, HT.fieldName))] = str(test.graph.value(header, HT.fieldValue))
        body = test.graph.value(request, HT.body)
        encoding = str(test.graph.value(body, CNT.characterEncoding) or "utf-8")
        content = str(test.graph.value(body, CNT.chars) or "").encode(encoding)
        answer = client.request(str(test.graph.value(request, HT.methodName)), path, content=content, headers=headers)
        expected = test.graph.value(request, HT.resp)
        codes = [str(code)[-3:] for code in test.graph.objects(expected, MF.expectedStatus)]
        if str(answer.status_code)[0] not in {code[0] for code in codes}:
            raise Failed(f"{answer.status_code} {answer.text.strip()[:160]}")
        truth = test.graph.value(expected, MF.expectedBoolean)
        if truth is not None and answer.json().get("boolean") is not truth.toPython():  # type: ignore[attr-defined]
            raise Failed(f"{answer.text} instead of {truth}")
        form = str(test.graph.value(expected, MF.expectedFormat) or "")
        kind = answer.headers.get("content-type", "")
        if (form == "RDF" and "turtle" not in kind) or (form in {"tabular", "boolean"} and "results+json" not in kind):
            raise Failed(f"{kind} for {form}")


def rows(content: bytes, form: QueryResultsFormat) -> Any:
    """A result as a truth value, or its rows."""
    result = pyoxigraph.parse_query_results(content, form)
    if isinstance(result, pyoxigraph.QueryBoolean):
        return bool(result)
    assert isinstance(result, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return [{name: solution[name] for name in names if solution[name] is not None} for solution in result]


def rows_of(path: Path) -> Any:
    """An expected result."""
    if path.suffix in RESULTS:
        return rows(path.read_bytes(), RESULTS[path.suffix])
    graph = Graph().parse(path, publicID=path.as_uri())
    [result] = graph.subjects(RDF.type, RS.ResultSet)
    if (truth := graph.value(result, RS.boolean)) is not None:
        return truth.toPython()  # type: ignore[attr-defined]
    found = []
    solutions = sorted(
        graph.objects(result, RS.solution), key=lambda node: int(str(graph.value(node, RS["index"]) or 0))
    )
    for solution in solutions:
        pairs = ((graph.value(b, RS.variable), graph.value(b, RS.value)) for b in graph.objects(solution, RS.binding))
        found.append({str(name): term(value) for name, value in pairs})
    return found


def term(node: Any) -> Any:
    """A term of rdflib as one of Oxigraph."""
    [triple] = pyoxigraph.parse(f"<urn:s> <urn:p> {node.n3()} .", RdfFormat.TURTLE)
    return triple.object


def canonical(triples: Any) -> set[str]:
    """Triples with canonical names for their blank nodes."""
    dataset = Dataset(Quad(triple.subject, triple.predicate, plain(triple.object)) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


def alike(expected: Any, found: Any, *, ordered: bool) -> bool:
    """True where two results are the same but for the names of blank nodes, and the spelling of numbers."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if ordered and not any(isinstance(cell, BlankNode) for row in expected for cell in row.values()):
        return [shown(row) for row in expected] == [shown(row) for row in found]
    return len(expected) == len(found) and canonical(graph_of(expected)) == canonical(graph_of(found))


def graph_of(rows: list[dict[str, Any]]) -> Iterator[pyoxigraph.Triple]:
    for row in rows:
        node = BlankNode()
        yield pyoxigraph.Triple(node, NamedNode("urn:row"), NamedNode("urn:row"))
        for name, cell in row.items():
            yield pyoxigraph.Triple(node, NamedNode(f"urn:{name}"), cell)


def shown(row: dict[str, Any]) -> list[str]:
    return sorted(f"{name}={plain(cell)}" for name, cell in row.items())


def plain(node: Any) -> Any:
    """A number in one spelling."""
    if isinstance(node, Literal) and node.datatype.value in NUMBERS:
        try:
            value = Decimal(node.value) if "E" not in node.value.upper() else Decimal(repr(float(node.value)))
        except (InvalidOperation, ValueError):
            return node
        return Literal(f"{float(value):.12g}", datatype=node.datatype)
    return node


def table(text: str) -> list[list[tuple[str, str]]]:
    """CSV as rows, whatever the order of the columns and the names of blank nodes."""
    found = csv.DictReader(io.StringIO(text))
    return sorted(sorted((name, re.sub(r"^_:.*", "_:", cell)) for name, cell in row.items()) for row in found)


RUN = {
    "QueryEvaluationTest": run_query,
    "CSVResultFormatTest": run_query,
    "PositiveSyntaxTest11": run_syntax,
    "NegativeSyntaxTest11": run_syntax,
    "PositiveSyntaxTest": run_syntax,
    "NegativeSyntaxTest": run_syntax,
    "ProtocolTest": run_protocol,
}


def score(folder: Path) -> tuple[dict[str, Counter[str]], list[str]]:
    """How many tests of each group pass, and what the others give."""
    found = [test for test in tests(folder) if test.kind in RUN]
    groups: dict[str, Counter[str]] = {}
    failures = []
    with tempfile.TemporaryDirectory() as place:
        store = Path(place) / "store"
        fill(store, found)
        process = subprocess.Popen(
            [sys.executable, "-m", "kgraph", "serve", "--store", store, "--port", "0", "--write"],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "KGRAPH_TOKEN": TOKEN},
        )
        assert process.stderr
        try:
            said = process.stderr.readline()
            address = re.search(r"http://[^ ]+/", said)
            if not address:
                raise SystemExit(said)
            with httpx2.Client(base_url=address[0], timeout=120, trust_env=False) as client:
                for test in sorted(found, key=lambda test: test.kind == "ProtocolTest"):  # it empties the store
                    count = groups.setdefault(test.group, Counter())
                    try:
                        RUN[test.kind](test, client)
                        count["passed"] += 1
                    except Failed as failure:
                        count["failed"] += 1
                        failures.append(f"{test.group}: {test.name}: {' '.join(str(failure).split())}")
        finally:
            process.terminate()
            process.wait()
            process.stderr.close()
    return groups, failures


def main() -> None:
    """Print the score as a table in Markdown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=os.environ.get("KGRAPH_W3C", "../shared/w3c/sparql"))
    folder = Path(options.parse_args().folder).resolve()
    if not folder.is_dir():
        raise SystemExit(f"{folder} is no folder; KGRAPH_W3C names that of the W3C's SPARQL tests")
    groups, failures = score(folder / "sparql" if (folder / "sparql").is_dir() else folder)
    if not groups:
        raise SystemExit(f"{folder} has no tests; KGRAPH_W3C names a folder with sparql10/ and sparql11/")
    lines = ["| tests | passed | of |", "|---|---|---|"]
    for group, count in sorted(groups.items()):
        lines.append(f"| {group} | {count['passed']} | {count.total()} |")
    for version in ("sparql10", "sparql11", ""):
        counts = [count for group, count in groups.items() if group.startswith(version)]
        passed, total = sum(count["passed"] for count in counts), sum(count.total() for count in counts)
        lines.append(f"| **{version or 'all'}** | {passed} | {total} |")
    lines += ["", "Not passed:", "", *(f"- {failure}" for failure in sorted(failures))]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
