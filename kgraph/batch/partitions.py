"""What each worker of Spark does with its part of the archive: frames of pandas in, frames of pandas out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from kgraph.batch.beside import beside
from kgraph.batch.work import Work
from kgraph.errors import ArticleError, MissingExtra
from kgraph.model import Article, digest
from kgraph.read.decode import decode
from kgraph.read.records import Ids, Maker

if TYPE_CHECKING:
    from pandas import DataFrame

Frames = Iterator["DataFrame"]
Batches = Iterator[Any]  # of pyarrow.RecordBatch
Schema = Any  # pyarrow.Schema
LINE, FILE, BLOCK, NUMBER = "_kgraph_line", "_kgraph_file", "_kgraph_block", "_kgraph_number"
COUNTED = f"{FILE} STRING, {BLOCK} BIGINT, {NUMBER} BIGINT, id STRING"
_EXTRACTED = ["article", "claims", "quads", "problems"]
DOT = "\u2024"  # in the names of columns, where Spark takes a dot for its own
NAMELESS = "\ue000"  # stands for the id of an article that has none of its own


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a whole archive before its articles are read.

    `stems` gives for each file what its nameless articles are called after; `before` how many lines of a file stand
    before one of its blocks; `named` the ids of articles, by file and line, whose own was taken already.
    """

    stems: Mapping[str, str]
    before: Mapping[tuple[str, int], int]
    named: Mapping[tuple[str, int], str]


def extract_partitions(work: Work = Work()) -> Callable[[Frames], Frames]:  # noqa: B008 - frozen
    """A function for `DataFrame.mapInPandas`, whose rows are articles and become rows of the table `EXTRACTED`.

    The columns are called as the fields of articles are (`text`, `doc` or `id`, `title`, `date`, `lang`, `url`,
    `publisher`), or as `work.columns` says. An article without id is called after its text, so that its claims do not
    depend on how Spark cuts the table up. Ids must be unique: Spark's workers do not know of each other.

        articles.mapInPandas(extract_partitions(Work(reader="fast")), EXTRACTED)

    What cannot be read is told in the column `problems`. Raises MissingExtra without `kgraph[spark]`.
    """
    _pandas()
    return _Extract(work)


@dataclass(frozen=True, slots=True)
class _Extract:
    work: Work

    def __call__(self, frames: Frames) -> Frames:
        reader = _Reader(self.work)
        for frame in frames:
            rows = [reader.record(row) for row in _records(frame)]
            yield _pandas().DataFrame(rows, columns=_EXTRACTED, dtype=object)


def extract_files(work: Work, plan: Plan, schema: Schema, batches: Batches) -> Batches:
    """The articles of files, lines or records, as rows of the table EXTRACTED."""
    reader = _Reader(work)
    lines = _Lines()
    for batch in batches:
        found = []
        for row in batch.to_pylist():
            file, block, number = lines.place(row)
            line = plan.before.get((file, block), 0) + number
            given = _given(row)
            if not (isinstance(given, bytes) and not given.strip()):
                fallback = f"{plan.stems[file]}:{line}"
                found.append(reader.row(given, f"{file}:{line}", fallback, plan.named.get((file, line))))
        yield type(batch).from_pylist(found, schema)


def count_files(work: Work, schema: Schema, batches: Batches) -> Batches:
    """The place of each row in its file, and the id of its article: NAMELESS, or null where it cannot be read."""
    lines = _Lines()
    make = Maker(work.language, lambda _: None, work.columns, _Agreed())
    for batch in batches:
        found = []
        for row in batch.to_pylist():
            file, block, number = lines.place(row)
            try:
                article = _made(make, _given(row), "", NAMELESS)
            except ArticleError:
                own = None
            else:
                own = article.id
            found.append({FILE: file, BLOCK: block, NUMBER: number, "id": own})
        yield type(batch).from_pylist(found, schema)


def shown(file: str) -> str:
    """What a person calls a file: its path where it is on this machine, its address where it is elsewhere."""
    parts = urlsplit(file)
    return unquote(parts.path) if parts.scheme in ("", "file") else file


class _Lines:
    """Counts rows: Spark says which block of a file a row comes from, and gives the rows of a block in order."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], int] = {}

    def place(self, row: dict[str, Any]) -> tuple[str, int, int]:
        """File, block, and number of a row within it, from 1; these columns are taken out of the row."""
        file, block, number = shown(row.pop(FILE)), int(row.pop(BLOCK)), row.pop(NUMBER)
        if number is None:
            number = self._seen[file, block] = self._seen.get((file, block), 0) + 1
        return file, block, int(number)


class _Agreed(Ids):
    """Gives the ids that were agreed on for the whole archive, where single processes would know those so far."""

    def __init__(self) -> None:
        super().__init__()
        self.agreed: str | None = None

    def take(self, wanted: str, *, folder: str = "") -> str:
        return self.agreed or wanted


class _Reader:
    """Makes articles of rows and has them read; tells what is wrong."""

    def __init__(self, work: Work) -> None:
        self._problems: list[ArticleError] = []
        self._ids = _Agreed()
        self._make = Maker(work.lang, self._problems.append, work.columns, self._ids)
        self._extract = beside(replace(work, columns={}))  # which say how articles are made, not how they are read

    def record(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row of a record whose place in the archive is not known."""
        name = self._make.columns.get("text", "text")
        fallback = f"text-{digest(str(row.get(name)))}"
        return self.row(row, str(row.get("doc") or row.get("id") or fallback), fallback, None)

    def row(self, given: dict[str, Any] | bytes, where: str, fallback: str, agreed: str | None) -> dict[str, Any]:
        """The row of the table EXTRACTED that a line or a record becomes."""
        self._problems.clear()
        self._ids.agreed = agreed
        found: dict[str, Any] = {}
        try:
            article = _made(self._make, given, where, fallback)
            found = self._extract(article)
        except ArticleError as error:
            self._problems.append(error)
        problems = [{"place": each.where, "what": each.what, "skipped": each.skipped} for each in self._problems]
        return {"article": None, "claims": [], "quads": None, **found, "problems": problems}


def _given(row: dict[str, Any]) -> dict[str, Any] | bytes:
    """The line or the record of a row."""
    line = row.get(LINE)
    return line if isinstance(line, bytes) else {name.replace(DOT, "."): value for name, value in row.items()}


def _made(make: Maker, given: dict[str, Any] | bytes, where: str, fallback: str) -> Article:
    if isinstance(given, bytes):
        return make.from_json(decode(given, where), where=where, fallback=fallback)
    return make.from_record(given, where=where, fallback=fallback)


def _records(frame: DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of a frame as mappings, with None for what is missing."""
    pandas = _pandas()
    columns = list(frame.columns)
    for values in frame.itertuples(index=False, name=None):
        yield {
            column: None if pandas.api.types.is_scalar(value) and pandas.isna(value) else value
            for column, value in zip(columns, values, strict=True)
        }


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise MissingExtra("reading archives on Spark", "spark") from error
    return pandas
