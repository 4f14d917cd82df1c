"""The notebooks run from beginning to end in a folder of their own, and show what they are about."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import kgraph

FOLDER = Path(__file__).parents[2] / "notebooks"
FIGURES = {"01_build": 0, "02_ask": 0, "03_networks": 4, "04_sources": 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the notebooks and their articles, away from the checkout; they share what they read."""
    copy = tmp_path_factory.mktemp("notebooks") / "copy"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*-store", ".ipynb_checkpoints"))
    return copy


def outputs(notebook: nbformat.NotebookNode) -> list[Any]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_every_notebook_is_here() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_of_a_run_is_kept(name: str) -> None:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert outputs(notebook) == []
    assert not any(cell.get("execution_count") for cell in notebook.cells)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.filterwarnings("default")  # a kernel's own libraries may warn of what they like
def test_a_notebook_runs(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(kgraph.__file__).parents[1])]))
    monkeypatch.delenv("KGRAPH_STORE", raising=False)
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    found = outputs(notebook)
    assert [output.text for output in found if output.get("name") == "stderr"] == []
    assert sum("image/png" in output.get("data", {}) for output in found) == FIGURES[name]
    pages = [output.data["text/html"] for output in found if "text/html" in output.get("data", {})]
    assert pages
    assert not [page for page in pages if "<script" in page]
    shown = "".join([*pages, *(output.text for output in found if output.output_type == "stream")])
    for words in SHOWN[name]:
        assert words in shown, words


SHOWN = {
    "01_build": ["SUBJECT<", "Pakistan", "10 articles written", "again: False", "id:claim", "<svg"],
    "02_ask": ["Wer wen angreift", "who-attacks", "liefert Waffen an", "Katar vermittelt weiter", "oa:TextPositionSelector", "text/turtle"],
    "03_networks": ["Frankreich", "modularity", "within a bloc", "Polen · Russland · USA", "participation", "2025-05-31:"],
    "04_sources": ["Beispielpost", "USA bombardieren iranische Atomanlagen", "suppliesArms", "denied", "Selenskyj"],
}  # fmt: skip
