"""What handlers ask the store through: functions that run in a worker process, on a snapshot of the store.

    def neighbours(store: Store, name: str) -> list[tuple[str, int]]: ...      # in a module, not in another function
    rows = await access_of(request).read(neighbours, "Russland")

The function and its arguments are pickled to the worker, what it returns is pickled back. Everything that one function
reads is of one moment; two calls can see two.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from starlette.requests import HTTPConnection

from kgraph.errors import StoreError
from kgraph.graph import Store
from kgraph.serve.pool import Pool
from kgraph.serve.settings import Settings
from kgraph.serve.snapshots import Snapshot, Snapshots
from kgraph.serve.worker import Setup, Task

_P = ParamSpec("_P")
_Result = TypeVar("_Result")
_OPENING = 60.0  # seconds
_PAGE = 30.0  # seconds that a page may take at least: its queries are ours
_FOR_PAGES = 2  # workers that queries of others cannot keep from their work


class Access:
    """The store of a running server."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path.resolve()
        self.settings = settings
        self._snapshots = Snapshots(self.path)
        setup = Setup(settings.lang, settings.actors, settings.memory, read_only=True)
        self._readers = Pool(setup, size=_FOR_PAGES, waiting=settings.waiting)
        self._askers = Pool(setup, size=settings.workers, waiting=settings.waiting)
        setup = Setup(settings.lang, settings.actors, 2 * settings.memory, read_only=False)
        self._writer = Pool(setup, size=1, waiting=settings.waiting)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Keep the store open; with `write`, for writing. Raises StoreError, with `write` StoreLocked."""
        try:
            if self.settings.write:
                await self._writer.carry_out(Task(self.path, None), _OPENING)
            await self._snapshots.open()
            async with self.snapshot() as snapshot:
                for pool in (self._readers, self._askers):  # so that the first request need not wait for a process
                    await pool.carry_out(Task(snapshot.folder, None), _OPENING)
            yield
        finally:
            await self._readers.close()
            await self._askers.close()
            await self._writer.close()
            await self._snapshots.close()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """The newest state of the store, with its version and time, to be given to `read_at`."""
        async with self._snapshots.newest() as snapshot:
            yield snapshot

    async def read(
        self, function: Callable[Concatenate[Store, _P], _Result], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> _Result:
        """What a function of a module returns for the store, read in a worker process.

        Raises what the function raises, where that is an error of kgraph; QueryStopped where it takes longer or needs
        more memory than a query may; Busy where there are too many requests.
        """
        async with self.snapshot() as snapshot:
            return await self.read_at(snapshot, function, *args, **kwargs)

    async def read_at(
        self,
        snapshot: Snapshot,
        function: Callable[Concatenate[Store, _P], _Result],
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _Result:
        """The same, of a snapshot that the caller holds."""
        task = Task(snapshot.folder, function, args, kwargs)
        result: _Result = await self._readers.carry_out(task, max(self.settings.timeout, _PAGE))
        return result

    async def ask_at(
        self,
        snapshot: Snapshot,
        function: Callable[Concatenate[Store, _P], _Result],
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _Result:
        """The same for a query that somebody else wrote: all workers for these can be busy, and pages go on."""
        task = Task(snapshot.folder, function, args, kwargs)
        result: _Result = await self._askers.carry_out(task, self.settings.timeout)
        return result

    async def write(
        self,
        function: Callable[Concatenate[Store, _P], _Result],
        seconds: float,
        /,
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _Result:
        """The same with the store open for writing, one after another; readers see the change before this returns.

        A function that takes longer than so many seconds is killed; of the change that it was making, nothing is kept.
        Raises StoreError where the server does not write.
        """
        if not self.settings.write:
            raise StoreError("this server only reads; start it with --write and a token")
        try:
            result: _Result = await self._writer.carry_out(Task(self.path, function, args, kwargs), seconds)
        finally:
            await self._snapshots.renew()
        return result


def access_of(connection: HTTPConnection) -> Access:
    """The store of the application that a request came to."""
    access: Access = connection.app.state.access
    return access
