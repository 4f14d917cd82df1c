"""A process that answers for the server, one task at a time; it can be killed in the middle of any.

Messages are pickles with their length in front: `Setup` once, then `Task`s, each answered by a `Reply`. The process ends
with its standard input, also in the middle of a task: no worker outlives its server.
"""

from __future__ import annotations

import os
import pickle
import queue
import struct
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from kgraph.errors import KgraphError
from kgraph.graph import Store, open_store

LENGTH = struct.Struct("!Q")


@dataclass(frozen=True, slots=True)
class Setup:
    """How a worker opens stores, and how many bytes of memory it may have."""

    lang: str
    actors: tuple[Path, ...]
    memory: int
    read_only: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A function of a module, to be called with the store of a folder and these arguments; None only opens the store."""

    folder: Path
    function: Callable[..., Any] | None
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a task gave: a value, an error of kgraph, or the trace of what broke."""

    value: Any = None
    error: KgraphError | None = None
    trace: str = ""


def packed(message: object) -> bytes:
    """A message as it goes through a pipe."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(content)) + content


def main() -> None:
    """Serve the process that started this one, until it is gone."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand among the replies
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, tasks), daemon=True).start()
    setup: Setup = tasks.get()
    opened: Store | None = None
    limited = False
    while True:
        task: Task = tasks.get()
        try:
            if opened is None or opened.path != task.folder:
                if opened is not None:
                    opened.close()
                    opened = None
                opened = open_store(task.folder, read_only=setup.read_only, lang=setup.lang, actors=setup.actors)
            if not limited:
                limited = True
                _limit_memory(setup.memory)
            content = packed(Reply(task.function(opened, *task.args, **task.kwargs) if task.function else None))
        except KgraphError as error:
            content = packed(Reply(error=error))
        except Exception:  # noqa: BLE001 - whatever it is, the server reports it and the worker goes on
            content = packed(Reply(trace=traceback.format_exc()))
        output.write(content)
        output.flush()


def _listen(pipe: IO[bytes], tasks: queue.SimpleQueue[Any]) -> None:
    while len(head := pipe.read(LENGTH.size)) == LENGTH.size:
        [size] = LENGTH.unpack(head)
        content = pipe.read(size)
        if len(content) < size:
            break
        tasks.put(pickle.loads(content))
    os._exit(0)


def _limit_memory(size: int) -> None:
    """Let the process have so many bytes beside what it has with a store open, most of which is never touched."""
    if sys.platform != "win32":
        import resource

        most = size + _address_space()
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # there is none but on Linux
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
