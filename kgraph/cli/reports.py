"""What became of every article: counted for people, and written line by line for machines."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from kgraph.cli import terminal
from kgraph.errors import ArticleError, KgraphError, UsageError
from kgraph.model import Article, Extraction
from kgraph.runs.stopping import Interrupted

_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d.,]*|https?://\S+")
_SHOWN = 100
_REASONS = 10
_KINDS = 1000


class Stopped(KgraphError):
    """The first problem, where the user wants to stop at it."""


class Report(terminal.Problems):
    """Counts what was read, extracted and skipped; with `strict` the first problem is raised as Stopped.

    `file` takes a line of JSON for each article and each problem, and a summary at the end. Its `status` is
    "extracted", "unchanged" (since it was read), "skipped", "odd" (read all the same) or "summary". Only the first
    hundred problems are remembered.
    """

    def __init__(self, *, strict: bool = False, file: IO[str] | None = None) -> None:
        super().__init__()
        self._strict, self._file = strict, file
        self._why: Counter[str] = Counter()
        self.extracted = self.skipped = self.claims = self.unchanged = self.number = 0

    def add(self, problem: object, *, article: Article | None = None) -> None:
        """Remember a problem, that of an article where there is one yet. Raises Stopped where there must be none."""
        where, what = (problem.where, problem.what) if isinstance(problem, ArticleError) else (None, str(problem))
        skipped = not isinstance(problem, ArticleError) or problem.skipped
        if skipped:
            self.skipped += 1
            kind = _kind(what)
            self._why[kind if kind in self._why or len(self._why) < _KINDS else "other reasons"] += 1
        known = {"article": article.id} if article else {}
        self._line({"status": "skipped" if skipped else "odd", "where": where, "what": what, **known})
        if self._strict:
            raise Stopped(str(problem))
        self.number += 1
        if len(self.found) < _SHOWN:
            super().add(problem)

    def read(self, extraction: Extraction) -> None:
        """Count an article that was read; what was odd about it is a problem, and so is one that gave no sentence."""
        whole = not extraction.problems or bool(extraction.sentences)
        for problem in extraction.problems:
            self.add(ArticleError(problem.where, problem.what, skipped=not whole), article=extraction.article)
        if whole:
            self.extracted += 1
            self.claims += len(extraction.claims)
            counts = {"sentences": len(extraction.sentences), "claims": len(extraction.claims)}
            article = extraction.article
            self._line(
                {"status": "extracted", "article": article.id, "url": article.url, "lang": article.lang, **counts}
            )

    def leave(self, article: Article) -> None:
        """Count an article that has not changed since it was read."""
        self.unchanged += 1
        self._line({"status": "unchanged", "article": article.id, "url": article.url})

    def tell(self, *, stopped: str | None = None) -> None:
        """List the problems, the first hundred of them, and sum up, on standard error and in the file.

        `stopped` says what ended the run before its time.
        """
        summary = {"read": self.extracted + self.skipped, "extracted": self.extracted, "skipped": self.skipped}
        left = {"unchanged": self.unchanged} if self.unchanged else {}
        why = dict(self._why.most_common())
        ended = {"stopped": stopped} if stopped else {}
        self._line({"status": "summary", **summary, **left, "claims": self.claims, "why": why, **ended})
        if self.number:
            terminal.words(f"{terminal.plural(self.number, 'problem')}:")
        for problem in self.found:
            terminal.words(f"  {problem}")
        if self.number > len(self.found):
            terminal.words(f"  … and {self.number - len(self.found):,} more; --report FILE has them all")
        if self.number:
            said = ", ".join(f"{number:,} {name}" for name, number in (summary | left).items())
            terminal.words(said + (":" if self._why else ""))
        for what, number in self._why.most_common(_REASONS):
            terminal.words(f"  {number:,} × {what}")

    def _line(self, record: dict[str, Any]) -> None:
        if self._file:
            self._file.write(json.dumps(record, ensure_ascii=False) + "\n")


@contextmanager
def report_file(path: Path | None) -> Iterator[IO[str] | None]:
    """The file of a report, if there is to be one, written line by line. Raises UsageError."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError as error:
        raise UsageError(f"{path}: the report cannot be written there: {error.strerror or error}") from error
    with file:
        yield file


@contextmanager
def reporting(*, strict: bool = False, path: Path | None = None) -> Iterator[Report]:
    """A report that is told at the end, when the exit status is 1 if there were problems, or that of a signal.

    Raises UsageError.
    """
    stopped: Interrupted | None = None
    with report_file(path) as file:
        report = Report(strict=strict, file=file)
        try:
            yield report
        except Interrupted as signal:
            stopped = signal
        finally:
            report.tell(stopped=str(stopped) if stopped else None)
    if stopped:
        terminal.words(f"stopped by {stopped}; what is stored stays, and the same command goes on from here")
        click.get_current_context().exit(stopped.status)
    if report.number:
        click.get_current_context().exit(1)


def _kind(what: str) -> str:
    """What several problems have in common: their words without what is particular to each."""
    return _PARTICULAR.sub("…", re.split(r"[;:(]\s|\s\(", what, maxsplit=1)[0]).strip()
