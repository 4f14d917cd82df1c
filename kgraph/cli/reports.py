"""What became of every article: counted for people, and written line by line for machines."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kgraph.cli import terminal
from kgraph.errors import ArticleError, KgraphError, UsageError
from kgraph.model import Extraction

_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d.,]*|https?://\S+")
_SHOWN = 100
_REASONS = 10


class Stopped(KgraphError):
    """The first problem, where the user wants to stop at it."""


class Report(terminal.Problems):
    """Counts what was read, extracted and skipped; with `strict` the first problem is raised as Stopped.

    `file` takes a line of JSON for each article and each problem, and a summary at the end. Its `status` is
    "extracted", "skipped", "odd" (read all the same) or "summary".
    """

    def __init__(self, *, strict: bool = False, file: IO[str] | None = None) -> None:
        super().__init__()
        self._strict, self._file = strict, file
        self._why: Counter[str] = Counter()
        self.extracted = self.skipped = self.claims = 0

    def add(self, problem: object) -> None:
        """Remember a problem. Raises Stopped where there must be none."""
        where, what = (problem.where, problem.what) if isinstance(problem, ArticleError) else (None, str(problem))
        skipped = not isinstance(problem, ArticleError) or problem.skipped
        if skipped:
            self.skipped += 1
            self._why[_kind(what)] += 1
        self._line({"status": "skipped" if skipped else "odd", "where": where, "what": what})
        if self._strict:
            raise Stopped(str(problem))
        super().add(problem)

    def read(self, extraction: Extraction) -> None:
        """Count an article that was read; what was odd about it is a problem, and so is one that gave no sentence."""
        whole = not extraction.problems or bool(extraction.sentences)
        for problem in extraction.problems:
            self.add(ArticleError(problem.where, problem.what, skipped=not whole))
        if whole:
            self.extracted += 1
            self.claims += len(extraction.claims)
            counts = {"sentences": len(extraction.sentences), "claims": len(extraction.claims)}
            article = extraction.article
            self._line(
                {"status": "extracted", "article": article.id, "url": article.url, "lang": article.lang, **counts}
            )

    def tell(self) -> None:
        """List the problems, the first hundred of them, and sum up, on standard error and in the file."""
        summary = {"read": self.extracted + self.skipped, "extracted": self.extracted, "skipped": self.skipped}
        self._line({"status": "summary", **summary, "claims": self.claims, "why": dict(self._why.most_common())})
        more = self.found[_SHOWN:]
        del self.found[_SHOWN:]
        super().tell()
        if more:
            terminal.words(f"  … and {len(more):,} more; --report FILE has them all")
        if self.found:
            said = ", ".join(f"{number:,} {name}" for name, number in summary.items())
            terminal.words(said + (":" if self._why else ""))
        for what, number in self._why.most_common(_REASONS):
            terminal.words(f"  {number:,} × {what}")

    def _line(self, record: dict[str, Any]) -> None:
        if self._file:
            self._file.write(json.dumps(record, ensure_ascii=False) + "\n")


@contextmanager
def reporting(*, strict: bool = False, path: Path | None = None) -> Iterator[Report]:
    """A report that is told at the end, when the exit status is 1 if there were problems. Raises UsageError."""
    file = None
    try:
        file = path.open("w", encoding="utf-8", errors="backslashreplace", buffering=1) if path else None
    except OSError as error:
        raise UsageError(f"{path}: the report cannot be written there: {error.strerror or error}") from error
    try:
        report = Report(strict=strict, file=file)
        with terminal.problems(report):
            yield report
    finally:
        if file:
            file.close()


def _kind(what: str) -> str:
    """What several problems have in common: their words without what is particular to each."""
    return _PARTICULAR.sub("…", re.split(r"[;:(]\s|\s\(", what, maxsplit=1)[0]).strip()
