"""Reading articles that somebody sends, in a process that keeps the pipeline loaded and holds nobody up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.requests import HTTPConnection

from kgraph.errors import ArticleError
from kgraph.graph import Store
from kgraph.model import Extraction
from kgraph.pipeline import DEFAULT_LANGUAGE, Pipeline
from kgraph.read import read
from kgraph.serve.access import Access
from kgraph.serve.pool import Pool
from kgraph.serve.worker import Setup, Task

KINDS = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".json", ".jsonl", ".csv", ".xml")
_SECONDS = 300.0
_MEMORY = 4 << 30


@dataclass(frozen=True, slots=True)
class Given:
    """A text or a file that somebody gives, as bytes; `suffix` is the kind, the fields what is known of the article."""

    name: str
    suffix: str
    content: bytes
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was read: extractions without their trees, and what could not be read."""

    extractions: tuple[Extraction, ...]
    problems: tuple[str, ...]


class Reading:
    """Reads in a process of its own."""

    def __init__(self, access: Access) -> None:
        self._access = access
        settings = access.settings
        self._pool = Pool(Setup(settings.lang, settings.actors, _MEMORY, read_only=True), size=1, waiting=4)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Have the process ended at the end."""
        try:
            yield
        finally:
            await self._pool.close()

    async def add(self, given: Given) -> tuple[Found, list[bool]]:
        """Read what is given and store it; also tells of each article whether the graph changed."""
        async with self._access.snapshot() as snapshot:
            task = Task(snapshot.folder, extract, (given, self._access.settings.actors))
            found: Found = await self._pool.carry_out(task, _SECONDS)
        changed = await self._access.write(store_all, _SECONDS, found.extractions) if found.extractions else []
        return found, changed


def reading_of(connection: HTTPConnection) -> Reading:
    """What reads for the application that a request came to."""
    reading: Reading = connection.app.state.reading
    return reading


def extract(_: Store, given: Given, actors: tuple[Path, ...]) -> Found:
    """Read the articles in what is given, in a worker; nothing is fetched from anywhere."""
    problems: list[str] = []

    def report(error: ArticleError) -> None:
        problems.append(f"{given.name}: {error.what}")

    with TemporaryDirectory(prefix="kgraph-") as folder:
        file = Path(folder) / f"given{given.suffix}"
        file.write_bytes(given.content)
        found = []
        for number, article in enumerate(read(file, on_problem=report)):
            known = {name: getattr(given, name) for name in ("title", "publisher", "published", "url")}
            article = replace(article, source=given.name, **{name: value for name, value in known.items() if value})
            if article.id.partition(":")[0] == "given":
                article = replace(article, id=given.name if not number else f"{given.name}:{number + 1}")
            found.append(article)
    extractions = []
    for extraction in _pipeline(actors).run(found):
        if extraction.problems and not extraction.sentences:
            problems += [f"{problem.where}: {problem.what}" for problem in extraction.problems]
        else:
            extractions.append(replace(extraction, sentences=()))
    return Found(tuple(extractions), tuple(problems))


def store_all(store: Store, extractions: tuple[Extraction, ...]) -> list[bool]:
    """Store extractions, in the writing worker; True for each that changed the graph."""
    return list(_written(store, extractions))


def _written(store: Store, extractions: tuple[Extraction, ...]) -> Iterator[bool]:
    for extraction in extractions:
        yield store.write(extraction)


@cache
def _pipeline(actors: tuple[Path, ...]) -> Pipeline:
    pipeline = Pipeline.load(DEFAULT_LANGUAGE)
    if actors:
        from kgraph.actors import load_registry
        from kgraph.link import Linker

        pipeline.linker = Linker.load(DEFAULT_LANGUAGE, load_registry(DEFAULT_LANGUAGE, actors))
    return pipeline
