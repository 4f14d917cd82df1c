"""How a server is set up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server may do, and for whom.

    `write` lets those who send `token` change the store; with `private`, reading needs the token, too. `hosts` are the
    names that a browser may call the server by beside those of this machine, `origins` the sites whose pages may ask it
    ("*" for all). A query may run for `timeout` seconds, give `max_rows` rows or triples and `max_bytes` bytes, in one
    of `workers` processes of at most `memory` bytes each; `waiting` more requests wait for one. A request's body may
    have `max_body` bytes. `lang` and `actors` are as for `open_store`.
    """

    lang: str = "de"
    actors: tuple[Path, ...] = ()
    write: bool = False
    token: str | None = None
    private: bool = False
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    timeout: float = 30.0
    max_rows: int = 100_000
    max_bytes: int = 256 << 20
    max_body: int = 16 << 20
    workers: int = 4
    waiting: int = 32
    memory: int = 2 << 30


DEFAULTS = Settings()
