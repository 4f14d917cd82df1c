"""Folders and feeds are looked through now and then, and what is new is added, once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kgraph.errors import ArticleError
from kgraph.model import Article
from kgraph.read import Web, read
from kgraph.read.sources import files_of, is_address
from kgraph.runs.watched import Watched

REST = 2.0  # seconds that a file must have stayed as it is: one that is being written is not read half
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Look:
    """How a file looked, and since when."""

    state: str
    since: float


class Watching:
    """Finds what is new in sources: files, folders, patterns, addresses of pages, feeds and site maps.

    `columns` and `lang` are as for `kgraph.read.read`; `rest` is how long a file must have stayed as it is, in seconds.
    What is wrong goes to `on_problem`, once as long as it stays wrong.
    """

    def __init__(
        self,
        sources: Iterable[str],
        watched: Watched,
        on_problem: Callable[[ArticleError], None],
        *,
        lang: str | None = None,
        columns: dict[str, str] | None = None,
        web: Web | None = None,
        rest: float = REST,
        leave_out: Iterable[Path] = (),
    ) -> None:
        given = list(sources)
        self._addresses = [source for source in given if is_address(source)]
        self._places = [source for source in given if not is_address(source)]
        self._watched = watched
        self._on_problem = on_problem
        self._lang, self._columns = lang, columns
        self._web = replace(web or Web(), pages=watched)
        self._rest = rest
        self._leave_out = {path.resolve() for path in leave_out}
        self._looks: dict[Path, Look] = {}
        self._told: set[str] = set()
        self._wrong: set[str] = set()

    @property
    def unsettled(self) -> bool:
        """True while there are files that are not yet read because they may still be written."""
        return bool(self._looks)

    def poll(self, add: Callable[[Iterable[Article]], None]) -> None:
        """Look through all sources once; `add` gets the articles of some of them at a time, and stores them."""
        self._wrong = set()
        files = self._settled()
        for start in range(0, len(files), _CHUNK):
            with self._watched.kept():
                add(self._articles(files[start : start + _CHUNK]))
        for address in self._addresses:
            with self._watched.kept():
                add(self._read(address, address))
        self._told = self._wrong

    def _settled(self) -> list[Path]:
        """The files that are new or changed, and at rest."""
        now = time.monotonic()
        looks: dict[Path, Look] = {}
        settled = []
        for path in dict.fromkeys(path for place in self._places for path in files_of(place, self._tell)):
            state = _state(path)
            if state is None or path.resolve() in self._leave_out or self._watched.unchanged(path.absolute(), state):
                continue
            before = self._looks.get(path)
            look = before if before and before.state == state else Look(state, now)
            if now - look.since >= self._rest:
                settled.append(path)
            else:
                looks[path] = look
        self._looks = looks
        return settled

    def _articles(self, files: list[Path]) -> Iterator[Article]:
        """The articles of files; one that changes while it is read is read again at the next look."""
        for path in files:
            before = _state(path)
            owner = str(path.absolute())
            yield from self._read(str(path), owner)
            if before is not None and _state(path) == before:
                self._watched.note_file(path.absolute(), before)

    def _read(self, source: str, owner: str) -> Iterator[Article]:
        return read(
            source,
            lang=self._lang,
            columns=self._columns,
            web=self._web,
            on_problem=self._tell,
            ids=self._watched.ids_of(owner),
        )

    def _tell(self, error: ArticleError) -> None:
        said = str(error)
        self._wrong.add(said)
        if said not in self._told:
            self._on_problem(error)


def _state(path: Path) -> str | None:
    """The size and the time of the last change; None for a file that is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return f"{found.st_size}:{found.st_mtime_ns}:{found.st_ino}"
