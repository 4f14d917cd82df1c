"""The house's rules: who imports whom, which library belongs where, what is public, what loads when."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kgraph
from kgraph.cli import cli

PACKAGE = Path(kgraph.__file__).parent
STAGES = {"read", "parse", "link", "extract"}
ROWS: list[set[str]] = [
    {"errors", "display"},
    {"model"},
    {"resources", "lexicon", "actors", "actor_files", "actor_rows", "interchange", "grammar", "apart"},
    STAGES,
    {"pipeline", "graph", "explain"},
    {"explore", "evaluate", "batch", "runs", "views"},
    {"serve"},
    {"cli", "__main__", "__init__"},
]
SIDE_BY_SIDE = [ROWS[2], ROWS[-1]]  # in these rows modules may use each other
OWNERS = {
    "spacy": {"parse"},
    "onnxruntime": {"parse"},
    "threadpoolctl": {"parse"},
    "tokenizers": {"parse"},
    "HanTa": {"parse"},
    "simplemma": {"parse"},
    "py3langid": {"read"},
    "trafilatura": {"read"},
    "lxml": {"read"},
    "feedparser": {"read"},
    "defusedxml": {"read"},
    "httpx2": {"read", "graph"},
    "httpcore2": {"read"},
    "protego": {"read"},
    "pypdf": {"read"},
    "docx": {"read"},
    "warcio": {"read"},
    "pyarrow": {"read", "views"},
    "pandas": {"batch", "views"},
    "pyspark": {"batch"},
    "py4j": {"batch"},
    "backports": {"read"},
    "pyoxigraph": {"graph"},
    "oxrdflib": {"graph"},
    "rdflib": {"graph"},
    "pyshacl": {"graph"},
    "networkx": {"graph", "explore", "views"},
    "pyvis": {"explore"},
    "numpy": {"parse", "explore"},
    "starlette": {"serve"},
    "uvicorn": {"serve"},
    "jinja2": {"serve"},
    "click": {"cli"},
    "rich": {"cli"},
}
HEAVY = [*(OWNERS.keys() - {"click"}), "httpx", "requests", "urllib3", "IPython"]
SOURCES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES, MAX_FUNCTION = 400, 60


def part_of(path: Path) -> str:
    """The name of a module at the top of the package, or of the folder it is in."""
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every imported module with its line, wherever in the file it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            if module == "kgraph":
                yield from ((node.lineno, f"kgraph.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_rows_above(path: Path) -> None:
    rank = {name: number for number, row in enumerate(ROWS) for name in row}
    here = part_of(path)
    assert here in rank, f"{here} has no row"
    for line, module in imports(path):
        top, _, rest = module.partition(".")
        there = rest.split(".")[0]
        if top != "kgraph" or there == here:
            continue
        assert there in rank, f"{path}:{line}: imports the package itself"
        beside = any(here in row and there in row for row in SIDE_BY_SIDE)
        assert rank[there] < rank[here] or beside, f"{path}:{line}: {here} may not import {there}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_library_has_one_owner(path: Path) -> None:
    for line, module in imports(path):
        owners = OWNERS.get(module.split(".")[0])
        assert owners is None or part_of(path) in owners, f"{path}:{line}: {module} belongs to {owners}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_and_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MAX_LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            assert node.end_lineno - node.lineno < MAX_FUNCTION, f"{path}:{node.lineno}: {node.name} is too long"


def test_the_public_list_is_true() -> None:
    assert list(kgraph.__all__) == sorted(kgraph.__all__, key=lambda name: (name[0].islower(), name))
    for name in kgraph.__all__:
        assert getattr(kgraph, name).__doc__, name
    assert set(dir(kgraph)) == {*kgraph.__all__, "__version__"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kgraph.nothing  # type: ignore[attr-defined]


def test_type_checkers_see_the_public_list() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        f"{node.module}.{alias.name}" for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert seen == {f"{module}.{name}" for name, module in kgraph._HOME.items()}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, env=environment, check=False)


@pytest.mark.parametrize(
    "code",
    [
        "import kgraph; kgraph.Claim, kgraph.read, kgraph.KgraphError",
        "from kgraph.cli import cli; cli(['--help'], standalone_mode=False)",
        *[f"from kgraph.cli import cli; cli(['{verb}', '--help'], standalone_mode=False)" for verb in cli.commands],
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(code: str) -> None:
    done = run("-c", f"{code}\nimport sys; print('loaded:', *sorted(set(sys.modules) & set({HEAVY!r})))")
    assert done.stdout.endswith("loaded:\n"), done.stdout + done.stderr
