"""Work in a process of its own: what crashes, hangs or eats memory there does not end the program here.

A child is a bare Python that loads one function and calls it for each request. Requests and answers are pickled, one at
a time, over pipes. It stands in a process group of its own, so that Ctrl-C is not for it, and ends with its parent,
whatever the parent dies of. A time limit is kept by the kernel: a function that never comes back to Python is ended, too.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from kgraph.errors import KgraphError

Function = Callable[[Any], Any]
MEMORY = 4 << 30  # bytes of data that a child may have

_START = "import sys; sys.path.insert(0, sys.argv[1]); from kgraph.apart import main; main()"
_ROOT = str(Path(__file__).resolve().parents[1])
_DYING = 10.0  # seconds
_ALARM = getattr(signal, "SIGALRM", None)
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Ended(Exception):
    """The child is no more: it crashed, was killed, or took too long (`late`); its text says which."""

    def __init__(self, how: str, *, late: bool = False) -> None:
        super().__init__(how)
        self.late = late


class Failed(Exception):
    """The function raised what is no error of kgraph; the text says what. The child can go on, unless it is `spent`."""

    def __init__(self, what: str, *, spent: bool = False) -> None:
        super().__init__(what)
        self.spent = spent


class Child:
    """A process that answers requests with a function.

    `load` is called in the child and gives the function; it must be known by its module and name, or be a partial of
    such a function. The first answer, which is None, says that it is loaded.
    """

    def __init__(self, load: Callable[[], Function], *, memory: int = MEMORY) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, _ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ONE_THREAD},
            process_group=None if sys.platform == "win32" else 0,
        )
        self._requests: Any = self._process.stdin
        self._answers: Any = self._process.stdout
        self._seconds: float | None = None
        self._write(pickle.dumps((sys.path, memory)) + pickle.dumps(load))

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def fileno(self) -> int:
        """What can be waited for: it is readable when there is an answer, or the child has ended."""
        number: int = self._answers.fileno()
        return number

    def send(self, request: object, *, seconds: float | None = None) -> None:
        """Ask for an answer, to be had within so many seconds. To be called when the last answer is here.

        A child that has ended already says so when its answer is asked for.
        """
        self._seconds = seconds
        self._write(pickle.dumps((request, seconds)))

    def answer(self) -> Any:
        """Wait for the answer to the last request.

        Raises Ended where there will be none, Failed or an error of kgraph where the function raised it.
        """
        try:
            answer, error = pickle.load(self._answers)  # from our own child
        except (EOFError, OSError, pickle.UnpicklingError) as cut:
            raise self._end() from cut
        if error is not None:
            raise error
        return answer

    def close(self) -> None:
        """End the child at once."""
        self._process.kill()
        self._process.wait()
        for stream in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                stream.close()

    def _write(self, data: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._requests.write(data)
            self._requests.flush()

    def _end(self) -> Ended:
        try:
            status = self._process.wait(_DYING)
        except subprocess.TimeoutExpired:  # it has closed its end, and lives
            self._process.kill()
            status = self._process.wait()
        if _ALARM is not None and status == -_ALARM and self._seconds is not None:
            return Ended(f"took longer than {self._seconds:g} seconds", late=True)
        if status < 0:
            return Ended(f"was ended by {_signal(-status)}")
        return Ended(f"ended with status {status}")


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_running(number: str) -> bool:
    """True where a process of that number is still there; what is no number is none. Never where that cannot be asked."""
    if not (number.isascii() and number.isdecimal()) or sys.platform == "win32":  # os.kill would end it there
        return False
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def main() -> None:
    """Answer requests from the standard input on the standard output, until there are no more; run in the child."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    threading.Thread(target=_end_with_parent, args=(requests.fileno(),), daemon=True).start()
    sys.path[:], memory = pickle.load(requests)
    function, error = _called(_loaded, requests)
    _limit_memory(memory)
    _reply(answers, None, error)
    while function is not None:
        try:
            request, seconds = pickle.load(requests)
        except EOFError:
            return
        _reply(answers, *_called(function, request, seconds))


def _loaded(requests: BinaryIO) -> Function:
    function: Function = pickle.load(requests)()
    return function


def _called(function: Function, request: Any, seconds: float | None = None) -> tuple[Any, Exception | None]:
    """What a function gives or raises, within a time limit that ends the process."""
    _alarm(seconds or 0)
    try:
        return function(request), None
    except KgraphError as error:
        return None, error
    except MemoryError:
        return None, Failed("needs more memory than it may have", spent=True)
    except Exception as error:  # noqa: BLE001 (it is told in the parent)
        return None, Failed(f"{type(error).__name__}: {error}"[:500])
    finally:
        _alarm(0)


def _reply(answers: BinaryIO, answer: Any, error: Exception | None) -> None:
    answers.write(pickle.dumps((answer, error)))
    answers.flush()


def _alarm(seconds: float) -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM is not handled: it ends the process


def _limit_memory(size: int) -> None:
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force, or the system knows none
            resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _end_with_parent(requests: int) -> None:
    """Wait until nobody can send requests any more, in the midst of work, too."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(requests, 0)
        poll.poll()
        os._exit(1)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
