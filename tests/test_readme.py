"""What the README shows is run, and what it lists is true."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import kgraph
from kgraph.cli import cli
from kgraph.model import Relation
from kgraph.resources import seeds_dir

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder like a checkout: with the example articles in it and nothing else."""
    shutil.copytree(seeds_dir(), tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KGRAPH_STORE", raising=False)
    return tmp_path


def test_the_commands(folder: Path) -> None:
    [session] = blocks("console")
    for line in session.splitlines():
        prompt, program, *words = shlex.split(line)
        assert (prompt, program) == ("$", "kgraph")
        expanded = [name for word in words for name in (sorted(map(str, Path().glob(word))) if "*" in word else [word])]
        result = CliRunner().invoke(cli, expanded, prog_name="kgraph")
        assert result.exit_code == 0, f"{line}\n{result.output}\n{result.exception!r}"
    assert (folder / "graph.html").stat().st_size > 0
    assert (folder / "graph.graphml").stat().st_size > 0


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.strip().splitlines()[-1])
def test_the_python_examples(folder: Path, code: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(kgraph.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_verbs_and_relations_are_listed() -> None:
    assert re.findall(r"^\| `([a-z]+)` \|", README, re.MULTILINE) == list(cli.commands)
    listed = re.findall(r"^- (?:states|cooperation|conflict)[^:]*: `([^`]+)`", README, re.MULTILINE)
    assert [name for names in listed for name in names.split()] == [relation.value for relation in Relation]


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_first_commands_are_single_lines() -> None:
    assert [block.strip().count("\n") for block in blocks("sh")] == [0, 0]
