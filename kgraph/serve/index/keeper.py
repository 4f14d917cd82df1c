"""Keeping the index of a served store up to date, beside the answering of questions."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import HTTPConnection

from kgraph.errors import KgraphError
from kgraph.serve.access import Access
from kgraph.serve.index import build, schema
from kgraph.serve.pool import Broken, Busy, Pool
from kgraph.serve.snapshots import Snapshot
from kgraph.serve.worker import Setup, Task

log = logging.getLogger("kgraph.serve")
_PATIENCE = 2.0  # seconds that a page waits for the index before it is answered from the last state
_FIRST = 10.0  # the same while there is no state at all
_LONGEST = 3600.0  # seconds that a step may take
_SHORT = 1.0  # seconds that a thorough look may take to be taken at every change
_REST = 3  # times as long as a thorough look takes, the store rests before the next


@dataclass(frozen=True, slots=True)
class Index:
    """Where the index is; `fresh` is False where the store has changed since."""

    path: Path
    fresh: bool


class Keeper:
    """Brings the index up to date when the store changes, in a process of its own."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._path = schema.place(access.path)
        settings = access.settings
        setup = Setup(settings.lang, settings.actors, settings.memory, read_only=True)
        self._pool = Pool(setup, size=1, waiting=1)
        self._version = ""  # that the index is of
        self._looked = ""  # that was looked at thoroughly
        self._seconds = 0.0  # that this took
        self._begun = False
        self._lagging: float | None = None  # since when somebody has waited for the newest state
        self._news = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._trouble: KgraphError | None = None

    async def index(self) -> Index:
        """The index, of the newest state of the store if that takes no more than a moment.

        Raises Busy while there is nothing in it yet, and what went wrong where it cannot be made.
        """
        async with self._access.snapshot() as snapshot:
            version = snapshot.version
        if self._version != version:
            if not self._work or self._work.done():
                self._trouble = None
                self._work = asyncio.create_task(self._follow())
            self._news.clear()
            if self._lagging is None:
                self._lagging = time.monotonic()
            left = self._lagging + (_PATIENCE if self._begun else _FIRST) - time.monotonic()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(left, 0)):
                    while self._version != version and not self._trouble and not self._work.done():
                        await self._news.wait()
                        self._news.clear()
        if not self._begun:
            raise self._trouble or Busy("the pages of this store are being made ready; try again in a moment")
        return Index(self._path, self._version == version)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Begin with what an earlier server left, and bring it up to date; at the end what is done is kept."""
        self._version = await asyncio.to_thread(build.version_of, self._path)
        self._begun = bool(self._version)
        self._work = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work
            await self._pool.close()

    async def _follow(self) -> None:
        """Follow the store until the index is of its newest state, looked at thoroughly."""
        try:
            while await self._catch_up():
                pass
        except KgraphError as error:
            self._trouble = error
            log.error("the index cannot be made: %s", error)
        except Broken as error:
            self._trouble = KgraphError("the index of this store cannot be made; the server's log says why")
            log.error("the index cannot be made: %s", error)
        finally:
            self._news.set()

    async def _catch_up(self) -> bool:
        """Bring the index to the newest state; False where it is there already.

        A thorough look that takes long is taken when the store has rested.
        """
        async with self._access.snapshot() as snapshot:
            if self._version != snapshot.version:
                await self._step(snapshot, thorough=self._seconds < _SHORT)
            elif self._looked != snapshot.version:
                await self._step(snapshot, thorough=True)
            else:
                return False
            self._version, self._trouble, self._lagging = snapshot.version, None, None
            self._news.set()
        if self._looked != self._version:
            await asyncio.sleep(_REST * self._seconds)
        return True

    async def _step(self, snapshot: Snapshot, *, thorough: bool) -> None:
        started, left = time.monotonic(), 1
        while left:
            task = Task(snapshot.folder, build.update, (self._path, snapshot.version), {"thorough": thorough})
            step: build.Step = await self._pool.carry_out(task, _LONGEST)
            left = step.left
            self._begun = True
        if thorough:
            self._looked = snapshot.version
            self._seconds = time.monotonic() - started


def keeper_of(connection: HTTPConnection) -> Keeper:
    """The keeper of the index of the application that a request came to."""
    keeper: Keeper = connection.app.state.keeper
    return keeper
