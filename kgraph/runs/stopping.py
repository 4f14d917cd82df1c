"""Ctrl-C and SIGTERM end a run at once, but never in the midst of what must be whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """The run is to stop; `status` is the exit status that tells which signal it was."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number


class Stop:
    """Takes the wish to stop; see `stoppable`."""

    def __init__(self) -> None:
        self._holding = False
        self._wanted = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is done in this block is done whole; a signal that came in the meantime takes effect at its end."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        if self._wanted:
            raise Interrupted(self._wanted)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Take a signal. A second one is not waited with."""
        if self._holding and not self._wanted:
            self._wanted = number
            return
        signal.signal(signal.SIGINT, signal.default_int_handler)
        raise Interrupted(number)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Within this block Ctrl-C and SIGTERM raise Interrupted, where `Stop.held` does not hold them up.

    In another thread than the main one, where there are no signals, it changes nothing.
    """
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
