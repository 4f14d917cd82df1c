"""Articles that crash, hang or fill the process that reads them; for tests of what becomes of the others."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

from kgraph.errors import ArticleError, UsageError
from kgraph.model import Article, Extraction, Sentence


def load() -> Callable[[Article], Extraction]:
    return read


def load_nothing() -> Callable[[Article], Extraction]:
    raise UsageError("there is no such reader")


def load_and_die() -> Callable[[Article], Extraction]:
    os._exit(7)


def read(article: Article) -> Extraction:
    """Find nothing in an article; its first word may be the name of something bad."""
    word, _, rest = article.text.partition(" ")
    if word == "SEGFAULT":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif word == "EXIT":
        os._exit(3)
    elif word == "HANG":
        re.match(r"(a+)+$", "a" * 64 + "b")  # does not come back to Python for years
    elif word == "MEMORY":
        bytearray(1 << 42)
    elif word == "ERROR":
        raise ValueError("no such luck")
    elif word == "REFUSE":
        raise ArticleError(article.id, "is refused")
    elif word == "ONCE" and not Path(rest).exists():
        Path(rest).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Extraction(article, (Sentence(article.id, 0, 0, len(article.text), article.text, ()),))
