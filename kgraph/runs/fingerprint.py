"""A hash of what reads articles and of an article as it was given: where both are the same, so is what is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import kgraph.resources
from kgraph.graph.actor_graph import actors_digest
from kgraph.model import Article
from kgraph.resources import lang_dir, ontology_dir, reader_dir
from kgraph.runs.setup import Setup

_ELSEWHERE = {"batch", "cli", "display", "explore", "read", "runs", "serve", "views"}  # these have no part in reading
_DATA = {"lang", "ontology", "seeds", "__pycache__"}
_LIBRARIES = ("kgraph", "spacy", "HanTa", "simplemma", "tokenizers", "onnxruntime")


def reading_digest(setup: Setup) -> str:
    """The hash of the program, the reader, the lexicon, the lists of actors and the options."""
    checksum = hashlib.sha256()
    options = [setup.lang, setup.reader, repr(float(setup.min_confidence))]
    for part in (*options, *(f"{name} {_version(name)}" for name in _LIBRARIES)):
        checksum.update(f"{part}\x1f".encode())
    checksum.update(actors_digest((ontology_dir() / "actors", *setup.actors)).encode())
    for path in _files(setup):
        content = path.read_bytes()
        checksum.update(f"\x1f{path.name}\x1f{len(content)}\x1f".encode())
        checksum.update(content)
    return checksum.hexdigest()


def article_digest(reading: str, article: Article) -> str:
    """The hash of an article together with that of what reads it; where the article came from has no part in it."""
    blocks = [(block.kind.value, block.start, block.end) for block in article.blocks]
    about = (article.id, article.lang, article.title, article.url, article.publisher, article.published, blocks)
    checksum = hashlib.sha256(f"{reading}\x1f{about!r}\x1f".encode())
    checksum.update(article.text.encode("utf-8", "surrogatepass"))
    return f"sha256:{checksum.hexdigest()}"


def _files(setup: Setup) -> Iterator[Path]:
    """The files of the package that have a part in reading, in an order that is always the same."""
    package = Path(kgraph.resources.__file__).parent
    yield from sorted(package.glob("*.py"))
    for folder in sorted(package.iterdir()):
        if folder.is_dir() and folder.name not in _ELSEWHERE | _DATA:
            yield from sorted(folder.rglob("*.py"))
    reader = reader_dir()
    for folder in (lang_dir(setup.lang), reader / setup.reader):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
    yield from sorted(path for path in reader.iterdir() if path.is_file())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # a checkout that is not installed
        return ""
