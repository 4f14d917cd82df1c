"""The entries that CONTRIBUTING.md shows are entries that load."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pyoxigraph
import pytest

from kgraph.actors import load_registry
from kgraph.graph import named_queries
from kgraph.lexicon import KINDS, build_lexicon
from kgraph.resources import lang_dir

CONTRIBUTING = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", CONTRIBUTING, re.DOTALL | re.MULTILINE)


def test_the_frames(tmp_path: Path) -> None:
    path = tmp_path / "relations.toml"
    path.write_text("\n".join(BLOCKS[:-1]), encoding="utf-8")
    lexicon = build_lexicon("de", [path], lang_dir("de") / "cues.toml")
    assert [frame.lemma for frame in lexicon] == ["bombardieren", "Angriff", "Sanktion", "Verbündeter", "verbündet"]
    assert {frame.kind for frame in lexicon} == set(KINDS)


def test_the_actors(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(BLOCKS[-1], encoding="utf-8")
    registry = load_registry("de", (tmp_path,))
    for name in ("BR", "Beispielmiliz", "Beispielkrieg", "Maskat"):
        assert registry.resolve(name)
    [office] = registry.resolve("Erika Muster").offices
    assert office.start == date(2024, 1, 15)


def test_the_named_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [text] = re.findall(r"^```sparql\n(.*?)^```", CONTRIBUTING, re.DOTALL | re.MULTILINE)
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "mine.rq").write_text(text, encoding="utf-8")
    monkeypatch.setattr("kgraph.graph.queries.ontology_dir", lambda: tmp_path)
    named_queries.cache_clear()
    try:
        [query] = named_queries()
    finally:
        named_queries.cache_clear()
    assert (query.usage, query.title["de"]) == ("mine [a]", "Sanktionen")
    store = pyoxigraph.Store()
    for names, alive, fallen in (((), False, False), (("a",), True, False), (("copies",), False, True)):
        run = query.text_for(names)
        assert isinstance(store.query(run), pyoxigraph.QuerySolutions)
        assert ("  FILTER(?object = ?a)" in run, "repeats" not in run) == (alive, fallen)
