"""Fuzzes one reader, guided by what its code does with the bytes: `python tests/fuzz/fuzz.py READER SECONDS [FOLDER]`.

SECONDS are of processor time. In FOLDER (by default `fuzz-READER`) it leaves `status.json` (executions, seconds of the
processor, memory, findings), a file for each kind of finding with its traceback beside it, and the corpus. Needs atheris.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import subprocess
import sys
import time
import traceback
import warnings
from pathlib import Path

_LIBRARIES = [
    "kgraph",
    "feedparser",
    "pypdf",
    "docx",
    "warcio",
    "protego",
    "trafilatura",
    "htmldate",
    "zipfile",
    "tomllib",
]
_SLOW = 2.0  # seconds of the processor that one input of a few kilobytes may take
_GREEDY = 512 * 1024  # kilobytes by which one input may raise the highest use of memory
_MAX_INPUT = 16_384
_HANG = 60


class Watch:
    """Runs inputs one by one and keeps what they break."""

    def __init__(self, name: str, folder: Path, budget: float) -> None:
        self._name, self._folder, self._budget = name, folder, budget
        self._status = folder / "status.json"
        self._before = json.loads(self._status.read_text()) if self._status.exists() else {}
        self._executions, self._findings = 0, dict(self._before.get("findings", {}))
        self._slowest, self._written, self._rss = self._before.get("slowest", 0.0), 0.0, _resident()
        self._run = None

    def load(self) -> None:
        import readers

        self._run = readers.of(self._name).run

    def warm(self, data: bytes) -> None:
        """Run an input without looking at what becomes of it: it is fuzzed with the others."""
        with contextlib.suppress(Exception):
            self._run(data)

    def __call__(self, data: bytes) -> None:
        peak, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        try:
            self._run(data)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is a finding
            self._keep(data, _signature(error), traceback.format_exc())
        taken = time.process_time() - start
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
        self._executions += 1
        self._slowest = max(self._slowest, taken)
        if taken > _SLOW:
            self._keep(data, f"slow-{int(taken)}", f"{taken:.1f} s for {len(data)} bytes")
        if grown > _GREEDY:
            self._keep(data, f"greedy-{grown // _GREEDY}", f"{grown / 1024:.0f} MB more for {len(data)} bytes")
        if time.monotonic() - self._written > 2:
            self.write()
        if self.seconds() >= self._budget:
            self.write()
            os._exit(0)

    def seconds(self) -> float:
        """Seconds of the processor so far, those of earlier processes included."""
        return time.process_time() + _below() + float(self._before.get("seconds", 0.0))

    def write(self) -> None:
        """Leave the figures where they can be read."""
        self._written = time.monotonic()
        figures = {
            "reader": self._name,
            "executions": self._executions + self._before.get("executions", 0),
            "seconds": round(self.seconds(), 1),
            "restarts": self._before.get("restarts", -1) + 1,
            "slowest": round(self._slowest, 2),
            "resident_mb": [round(self._rss), round(_resident())],
            "findings": self._findings,
        }
        draft = self._status.with_suffix(".draft")
        draft.write_text(json.dumps(figures, indent=1))
        draft.replace(self._status)

    def _keep(self, data: bytes, signature: str, told: str) -> None:
        self._findings[signature] = self._findings.get(signature, 0) + 1
        path = self._folder / f"finding-{hashlib.sha256(signature.encode()).hexdigest()[:8]}"
        if not path.exists() or len(data) < path.stat().st_size:
            path.write_bytes(data)
            path.with_suffix(".txt").write_text(f"{signature}\n\n{told}", errors="backslashreplace")


def _signature(error: BaseException) -> str:
    """What makes two errors the same: their kind, and the last place in kgraph that they came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/kgraph/" in frame.filename or "/fuzz/" in frame.filename] or list(frames)
    last = [frame for frame in ours if not frame.filename.endswith("fuzz.py")][-1:] or list(ours[-1:])
    place = f"{Path(last[0].filename).name}:{last[0].lineno}" if last else "?"
    said = str(error).partition(":")[0][:60] if type(error).__name__ == "BrokenPromise" else ""
    return f"{type(error).__name__} {place} {said}".strip()


def _below() -> float:
    """Seconds that the processes below this one have taken: some readers work in one of their own."""
    taken = sum(os.times()[2:4])
    for child in Path("/proc/self/task", str(os.getpid()), "children").read_text().split():
        with contextlib.suppress(OSError):
            fields = Path("/proc", child, "stat").read_text().rpartition(")")[2].split()
            taken += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return taken


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _child(name: str, folder: Path, budget: float) -> None:
    import atheris

    warnings.simplefilter("ignore")
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    watch = Watch(name, folder, budget)
    with atheris.instrument_imports(include=_LIBRARIES):
        watch.load()
        import readers

        for seed in readers.of(name).seeds():
            watch.warm(seed)  # what a reader imports when it is first needed is instrumented, too
    corpus = folder / "corpus"
    words = folder / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in readers.of(name).words))
    options = [
        f"-max_len={_MAX_INPUT}",
        f"-timeout={_HANG}",
        "-rss_limit_mb=4000",
        "-print_final_stats=0",
        "-verbosity=0",
    ]
    arguments = [sys.argv[0], *options, f"-dict={words}", f"-artifact_prefix={folder}/stopped-", str(corpus)]
    atheris.Setup(arguments, watch)
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def main(name: str, budget: float, folder: Path) -> int:
    """Fuzz until the budget is used, in a new process after each that died; 1 where there are findings."""
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    import readers

    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    for seed in readers.of(name).seeds():
        (folder / "corpus" / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    for _ in range(30):
        done = subprocess.run(
            [sys.executable, __file__, "--child", name, str(budget), str(folder)],
            stdout=subprocess.DEVNULL, stderr=(folder / "stderr").open("ab"), check=False,
        )  # fmt: skip
        if done.returncode == 0:
            break
    print((folder / "status.json").read_text())  # noqa: T201
    return int(any(folder.glob("finding-*")) or any(folder.glob("stopped-*")))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2], Path(sys.argv[4]), float(sys.argv[3]))
    elif len(sys.argv) < 3:
        sys.exit(__doc__)
    else:
        sys.exit(main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3] if sys.argv[3:] else f"fuzz-{sys.argv[1]}")))
