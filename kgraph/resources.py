"""Where the package's data lies, and reading TOML data so that a fault can be shown with its line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent


def ontology_dir() -> Path:
    """The folder `ontology/`: inside the package when installed, beside it in a checkout."""
    inside = _PACKAGE / "ontology"
    return inside if inside.is_dir() else _PACKAGE.parent / "ontology"


def seeds_dir() -> Path:
    """The folder `seeds/`: inside the package when installed, beside it in a checkout."""
    inside = _PACKAGE / "seeds"
    return inside if inside.is_dir() else _PACKAGE.parent / "seeds"


def lang_dir(lang: str) -> Path:
    """The folder of a language's data; it need not exist."""
    return _PACKAGE / "lang" / lang


def reader_dir() -> Path:
    """The folder of the networks that read trees, shared by all languages."""
    return _PACKAGE / "lang" / "reader"


class DataFile:
    """A TOML file whose arrays of tables remember on which line each entry starts.

    Raises tomllib.TOMLDecodeError or OSError as they come: the loader of each kind of data translates them.
    """

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self.path = path
        try:
            self.tables: dict[str, Any] = tomllib.loads(text)
        except RecursionError as error:
            raise tomllib.TOMLDecodeError("it is nested too deep") from error
        self._lines: dict[str, list[int]] = {}
        for number, line in enumerate(text.splitlines(), 1):
            header = re.match(r"\s*\[\[\s*([\w.-]+)\s*\]\]", line)
            if header:
                self._lines.setdefault(header[1], []).append(number)

    def entries(self, table: str) -> list[tuple[str, dict[str, Any]]]:
        """The entries of `[[table]]` as pairs of `file:line` and content."""
        lines = self._lines.get(table, [])
        rows = self.tables.get(table, [])
        return [(f"{self.path.name}:{line}", row) for line, row in zip(lines, rows, strict=True)]
