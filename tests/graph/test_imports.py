from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import kgraph.graph", set()),
        ("import kgraph.graph.views", {"networkx"}),
        ("import kgraph.graph.check", {"rdflib", "oxrdflib", "pyshacl"}),
    ],
)
def test_what_is_heavy_is_loaded_only_where_it_is_needed(code: str, allowed: set[str]) -> None:
    heavy = {"spacy", "onnxruntime", "networkx", "rdflib", "oxrdflib", "pyshacl", "pyvis", "click", "rich"} - allowed
    found = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(*({heavy} & set(sys.modules)))"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == ""
