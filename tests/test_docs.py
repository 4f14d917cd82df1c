"""The page of the ontology: made without a network, complete, and asking for nothing when it is opened."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph

import kgraph
from kgraph.model import NAMESPACE, Relation
from kgraph.resources import ontology_dir

ROOT = Path(__file__).parents[1]
# Runs a script in a process that cannot open a connection.
OFFLINE = """
import runpy, socket, sys
def refuse(*_, **__):
    raise OSError("there is no network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("docs") / "new" / "ontology.html"
    environment = {**os.environ, "PYTHONPATH": str(Path(kgraph.__file__).parents[1])}
    command = [sys.executable, "-c", OFFLINE, str(ROOT / "docs" / "ontology.py"), str(target)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def test_every_term_has_its_place(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    ontology = Graph().parse(ontology_dir() / "kgraph.ttl")
    for term in ontology.subjects(RDF.type):
        if term == next(ontology.subjects(RDF.type, OWL.Ontology)):
            continue
        name = str(term).removeprefix(NAMESPACE)
        concept = (term, RDF.type, OWL.NamedIndividual) in ontology
        assert (f"<td>kg:{name}</td>" if concept else f'id="{name}"') in html, name
        for text in ontology.objects(term, RDFS.label | SKOS.definition):
            assert str(text).replace("&", "&amp;") in html, text


def test_codes_and_alignments_are_there(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    for relation in Relation:
        assert f"<td>kg:{relation}</td>" in html
    for words in ("COERCE, SANCTION", "<td>-8.0</td>", "wd:P463", "sem:accordingTo", "prov:Person", "schema:memberOf"):
        assert words in html


def test_links_within_the_page_lead_somewhere(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    anchors = re.findall(r'\bid="([^"]+)"', html)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(anchors)


def test_the_page_asks_for_nothing(page: Path, chromium: Any) -> None:
    opened = chromium.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(page.as_uri())
    assert opened.locator("h2").count() >= 8
    assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()]
    opened.close()


def test_a_file_has_to_be_named() -> None:
    done = subprocess.run([sys.executable, ROOT / "docs" / "ontology.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "name the file" in done.stderr
