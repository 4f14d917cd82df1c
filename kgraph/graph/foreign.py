"""RDF files from elsewhere, read in a process of their own: what breaks a parser breaks nothing else.

A hostile file can make Oxigraph's parsers take all memory, or nest so deeply that they crash. The process has therefore
a limit of memory; JSON is looked through for its depth first. What it reads it writes as N-Quads without blank nodes to
another file, and says on its standard output, as a line of JSON, what it left out.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple

from kgraph.errors import StoreError, UsageError
from kgraph.graph.disk import disk_full
from kgraph.graph.rdf_files import NAMES, format_of, opened
from kgraph.graph.vocab import ACTORS_GRAPH, ARTICLES, COPIES_GRAPH, ONTOLOGY_GRAPH
from kgraph.graph.worker import limit_memory

_UNGRAPHED = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES)
_BACKGROUND = {ACTORS_GRAPH, COPIES_GRAPH, ONTOLOGY_GRAPH}
_DEPTH = 30  # of JSON: exports have a depth of 5
_CHUNK = 50_000  # quads
_NAMED = 50  # graphs that are named one by one
_PARSE, _FULL = 3, 4  # exit statuses
_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_START = "import sys; sys.path.insert(0, sys.argv[1]); from kgraph.graph.foreign import main; main()"


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a file holds.

    `ungraphed` is True where its triples have no graphs; `others` are the graphs that are no articles, with the numbers
    of their quads; `strange` are the graphs of articles that hold what kgraph never writes.
    """

    ungraphed: bool
    others: dict[str, int]
    strange: tuple[str, ...]


def rdf_format(path: Path) -> RdfFormat:
    """The format that a file's name stands for. Raises UsageError where that is none."""
    form = format_of(path)
    if form is None:
        raise UsageError(f"{path}: the name must end in one of {NAMES}; 'kgraph export' writes such files")
    return form


def read_foreign(path: Path, output: Path) -> Foreign:
    """Read an RDF file, and write the quads of articles in it to another file as N-Quads.

    Raises StoreError with the line where it is broken, and where it makes the parser crash or take too much memory.
    """
    form = rdf_format(path)
    task = {"path": str(path), "format": form.file_extension, "output": str(output)}
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", _START, root], input=json.dumps(task).encode(), capture_output=True, check=False
    )
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode == _FULL:
        raise disk_full(output.parent)
    if done.returncode == _PARSE:
        raise StoreError(f"{said}; nothing was imported")
    if done.returncode:
        raise StoreError(f"{path}: nests too deeply or needs too much memory to be read; nothing was imported")
    found: dict[str, Any] = json.loads(done.stdout)
    return Foreign(form in _UNGRAPHED, found["others"], tuple(found["strange"]))


def main() -> None:
    """Read the one file that the standard input names."""
    task = json.load(sys.stdin)
    limit_memory()
    form = RdfFormat.from_extension(task["format"])
    path = Path(task["path"])
    try:
        others, strange = _convert(path, form, Path(task["output"])) if form else (Counter(), set())
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        sys.stderr.write(f"{path}{line}: {error.msg}")
        sys.exit(_PARSE)
    except (ValueError, MemoryError) as error:
        sys.stderr.write(f"{path}: cannot be read: {error}")
        sys.exit(_PARSE)
    except OSError as error:
        sys.stderr.write(f"{path}: cannot be read: {error.strerror or error}")
        sys.exit(_PARSE if error.filename == str(path) else _FULL)
    sys.stdout.write(json.dumps({"others": dict(others.most_common(_NAMED)), "strange": sorted(strange)}))


def _convert(path: Path, form: RdfFormat, output: Path) -> tuple[Counter[str], set[str]]:
    others: Counter[str] = Counter()
    strange: set[str] = set()
    if form == RdfFormat.JSON_LD:
        _check_depth(path)
    with opened(path) as content, output.open("wb") as file:
        for chunk in _chunks(pyoxigraph.parse(content, form)):
            kept = []
            for quad in chunk:
                graph = quad.graph_name
                if form not in _UNGRAPHED and not _of_article(graph):
                    if graph not in _BACKGROUND and len(others) < 100 * _NAMED:
                        others["the default graph" if isinstance(graph, DefaultGraph) else str(graph)] += 1
                elif isinstance(quad.subject, NamedNode) and not isinstance(quad.object, BlankNode | Triple):
                    kept.append(quad)
                else:
                    strange.add(str(graph))
            pyoxigraph.serialize(kept, file, RdfFormat.N_QUADS)
    return others, strange


def _of_article(graph: object) -> bool:
    return isinstance(graph, NamedNode) and graph.value.startswith(ARTICLES)


def _chunks(quads: Iterator[Quad]) -> Iterator[list[Quad]]:
    chunk = []
    for quad in quads:
        chunk.append(quad)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _check_depth(path: Path) -> None:
    """Raise ValueError where JSON is nested more deeply than any export is."""
    depth = 0
    with opened(path) as content:
        text = content.read()
    for found in _BRACKET.finditer(text):
        bracket = found[0][:1]
        depth += (bracket in b"[{") - (bracket in b"]}")
        if depth > _DEPTH:
            raise ValueError(f"it is nested more than {_DEPTH} deep")
