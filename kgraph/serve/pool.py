"""Worker processes: as many as may work at once, each killed when its time is over and replaced by a new one."""

from __future__ import annotations

import asyncio
import pickle
import sys
from asyncio import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from kgraph.errors import KgraphError, QueryStopped
from kgraph.serve.worker import LENGTH, Reply, Setup, Task, packed

_START = "import sys; sys.path.insert(0, sys.argv[1]); from kgraph.serve.worker import main; main()"
_ROOT = str(Path(__file__).resolve().parents[2])


class Busy(KgraphError):
    """More is asked of the server at once than it may do."""


class Broken(Exception):
    """A task failed in a way that nobody foresaw; the text is its trace."""


class Worker:
    """A process that carries out one task at a time. Made by `start`; ended where a task is not answered in time."""

    def __init__(self, process: subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, setup: Setup) -> Worker:
        """Start a process."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _START, _ROOT),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the server, which then ends its workers
            limit=1 << 20,
        )
        worker = cls(process)
        with suppress(ConnectionError):
            await worker._send(setup)
        return worker

    @property
    def alive(self) -> bool:
        """True until the process has ended."""
        return self._process.returncode is None

    async def carry_out(self, task: Task, seconds: float) -> Any:
        """What the task gives. Kills the process where the task takes longer, dies, or nobody waits for it any more.

        Raises the task's own error, QueryStopped where it took too much time or memory, Broken for anything else.
        """
        try:
            async with asyncio.timeout(seconds):
                reply = await self._exchange(task)
        except TimeoutError:
            await self.kill()
            words = f"this took longer than {seconds:g} s and was stopped; ask for less"
            raise QueryStopped(words, too_slow=True) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            await self.kill()
            raise QueryStopped("this was stopped because it needs too much memory; ask for less") from None
        except BaseException:
            await self.kill()
            raise
        if reply.error:
            raise reply.error
        if reply.trace:
            raise Broken(reply.trace)
        return reply.value

    async def kill(self) -> None:
        """End the process at once."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._process.wait())

    async def _exchange(self, task: Task) -> Reply:
        await self._send(task)
        output = self._process.stdout
        assert output is not None
        [size] = LENGTH.unpack(await output.readexactly(LENGTH.size))
        reply: Reply = pickle.loads(await output.readexactly(size))
        return reply

    async def _send(self, message: object) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(packed(message))
        await pipe.drain()


class Pool:
    """At most `size` workers; `waiting` more tasks may wait for one, each as long as it may take."""

    def __init__(self, setup: Setup, *, size: int, waiting: int) -> None:
        self._setup = setup
        self._free = asyncio.Semaphore(size)
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._places = size + waiting
        self._taken = 0
        self._closed = False

    async def carry_out(self, task: Task, seconds: float) -> Any:
        """What a task gives, of the first worker that is free. Raises Busy, and what the worker raises."""
        async with self._worker(seconds) as worker:
            return await worker.carry_out(task, seconds)

    async def close(self) -> None:
        """End all workers, at once."""
        self._closed = True
        self._idle.clear()
        await asyncio.gather(*(worker.kill() for worker in list(self._all)))

    @asynccontextmanager
    async def _worker(self, seconds: float) -> AsyncIterator[Worker]:
        if self._taken >= self._places:
            raise Busy("the server has too much to do; try again in a moment")
        self._taken += 1
        try:
            await self._wait(seconds)
            try:
                worker = await self._next()
                try:
                    yield worker
                finally:
                    if worker.alive and not self._closed:
                        self._idle.append(worker)
                    else:
                        self._all.discard(worker)
            finally:
                self._free.release()
        finally:
            self._taken -= 1

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
        except TimeoutError:
            raise Busy(f"the server had no time for this in {seconds:g} s; try again in a moment") from None

    async def _next(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            self._all.discard(worker)
        if self._closed:
            raise Busy("the server is stopping")
        worker = await Worker.start(self._setup)
        self._all.add(worker)
        return worker
