"""Step 3: draw trees over raw text, for a smaller network to learn from.

    python -m training.silver work/accurate.pt --encoder work/encoder --texts FILE… --words 800000 --target work/drawn.jsonl

Several networks vote. Texts are paragraphs, one a line, or entity files (.tsv, .iob2) for their sentences; packed with
xz or not. Sentences of paragraphs come from the rules of kgraph's own pipeline. Only sentences of 4 to 60 words in which the networks are sure enough are written.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import spacy
import torch

from kgraph.parse import sentences  # noqa: F401  (registers the factories)
from kgraph.parse.pieces import WordPieces
from kgraph.resources import lang_dir
from training.data import Encoder
from training.files import read_entities, text
from training.network import load
from training.score import predict

TREEBANKS = {"de": "gsd", "en": "en"}
_SHORTEST, _LONGEST = 4, 60
_CHUNK = 2000


def main() -> None:
    """Run the step."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("networks", type=Path, nargs="+")
    arguments.add_argument("--encoder", type=Path, required=True)
    arguments.add_argument("--texts", type=Path, nargs="+", required=True)
    arguments.add_argument("--lang", default="de")
    arguments.add_argument("--words", type=int, default=800_000)
    arguments.add_argument("--sure", type=float, default=0.8, help="mean probability of the arcs with their labels")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--target", type=Path, required=True)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    paragraphs = [line for path in options.texts for line in lines(path) if line.strip()]
    random.Random(options.seed).shuffle(paragraphs)
    loaded = [load(path) for path in options.networks]
    networks, maps = [network for network, _ in loaded], loaded[0][1]
    encoder = Encoder(WordPieces(options.encoder / "tokenizer.json"), maps)
    embeddings = torch.from_numpy(np.load(options.encoder / "embeddings.npy"))
    treebank, written, seen = TREEBANKS[options.lang], 0, 0
    with options.target.open("w", encoding="utf-8") as out:
        for chunk in _chunks(split(paragraphs, options.lang)):
            pairs = [(words, e) for words in chunk if (e := encoder.words(words, treebank)) is not None]
            said = predict(networks, embeddings, [example for _, example in pairs])
            for (words, _), tree in zip(pairs, said, strict=True):
                seen += len(words)
                if np.mean(tree.sure) < options.sure:
                    continue
                row = {"treebank": treebank, "words": words} | {
                    name: getattr(tree, name)
                    for name in ("heads", "deprels", "upos", "xpos", "feats", "sure", "entities")
                }
                out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
                written += len(words)
            print(f"{written:,} of {seen:,} words written", flush=True)  # noqa: T201
            if written >= options.words:
                return


def lines(path: Path) -> list[str]:
    """The paragraphs of a text, or the sentences of an entity file."""
    if ".tsv" not in path.suffixes and ".iob2" not in path.suffixes:
        return text(path).split("\n")
    return ["".join(form + " " * spaced for form, spaced in words).strip() for words, _ in read_entities(path)]


def split(paragraphs: Iterable[str], lang: str) -> Iterator[list[tuple[str, bool]]]:
    """The sentences of paragraphs as (form, is followed by a space) pairs."""
    nlp = spacy.load(lang_dir(lang) / "pipeline", exclude=["kgraph_tree_reader"])
    for doc in nlp.pipe(paragraphs):
        for sentence in doc.sents:
            words = [(token.text, bool(token.whitespace_)) for token in sentence if not token.is_space]
            if _SHORTEST <= len(words) <= _LONGEST:
                yield words


def _chunks(items: Iterable[list[tuple[str, bool]]]) -> Iterator[list[list[tuple[str, bool]]]]:
    chunk: list[list[tuple[str, bool]]] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


if __name__ == "__main__":
    main()
