"""The entries that CONTRIBUTING.md shows are entries that load."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from kgraph.actors import load_registry
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
