"""How fast a run is and how long it still takes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_WINDOW = 60.0  # seconds; what was long ago says little of what is to come
_SOON = 5.0


class Pace:
    """Counts articles and the bytes of their sources; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._read = self._unchanged = 0
        self._done = self._total = 0
        self._past: deque[tuple[float, int, int]] = deque([(clock(), 0, 0)])

    def sources(self, done: int, total: int) -> None:
        """So many bytes of the sources are behind us; a total of 0 is one that nobody knows."""
        self._done, self._total = done, total

    def read(self) -> None:
        """An article was read."""
        self._read += 1
        self._note()

    def unchanged(self) -> None:
        """An article needed no reading."""
        self._unchanged += 1
        self._note()

    @property
    def rate(self) -> float:
        """Articles read in a second, of late."""
        start, read, _ = self._past[0]
        passed = self._clock() - start
        return (self._read - read) / passed if passed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the rest of the sources takes at the pace of late; None where nobody knows."""
        start, _, done = self._past[0]
        passed = self._clock() - start
        if not self._total or self._done <= done or passed < _SOON:
            return None
        return (self._total - self._done) * passed / (self._done - done)

    def words(self) -> str:
        """The state of the run in words: "1,234 articles, 56 unchanged, 4.2 a second, 45 %, 12 minutes left"."""
        said = [f"{self._read:,} article{'' if self._read == 1 else 's'}"]
        if self._unchanged:
            said.append(f"{self._unchanged:,} unchanged")
        said.append(f"{self.rate:.1f} a second")
        if self._total:
            said.append(f"{min(100, 100 * self._done // self._total)} %")
        if (left := self.left) is not None:
            said.append(f"{_span(left)} left")
        return ", ".join(said)

    def _note(self) -> None:
        now = self._clock()
        if now - self._past[-1][0] >= 1:
            self._past.append((now, self._read, self._done))
        while now - self._past[0][0] > _WINDOW and len(self._past) > 1:
            self._past.popleft()


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
