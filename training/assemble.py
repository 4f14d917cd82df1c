"""Put a language's spaCy pipeline folder together from the parser's exported files.

    python training/assemble.py de PACKED kgraph/lang/de/pipeline

PACKED holds parser.int8.onnx, emb.npz, head.npz, labels.json and tokenizer.json as the export writes them.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import tomllib
from pathlib import Path

import spacy

from kgraph.parse import component, sentences  # noqa: F401  (register the factories)

RENAMED = {
    "parser.int8.onnx": "parser.onnx",
    "emb.npz": "embeddings.npz",
    "head.npz": "labels.npz",
    "labels.json": "labels.json",
    "tokenizer.json": "tokenizer.json",
}


def assemble(lang: str, packed: Path, target: Path) -> None:
    """Write the pipeline folder; what else lies in it (model card, licence) stays."""
    words = tomllib.loads((target.parent / "sentences.toml").read_text(encoding="utf-8"))
    nlp = spacy.blank(lang)
    nlp.add_pipe("kgraph_sentences", config={"abbreviations": words["abbreviations"], "starters": words["starters"]})
    nlp.add_pipe("kgraph_number_stops")
    reader = nlp.add_pipe("kgraph_tree_reader")
    with tempfile.TemporaryDirectory() as folder:
        for old, new in RENAMED.items():
            shutil.copy(packed / old, Path(folder) / new)
        reader.from_disk(Path(folder))  # type: ignore[attr-defined]
        nlp.meta.update(
            name="kgraph", version="0.1.0", description="Universal Dependencies, news", license="CC BY-SA 4.0"
        )
        nlp.to_disk(target)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("lang")
    arguments.add_argument("packed", type=Path)
    arguments.add_argument("target", type=Path)
    options = arguments.parse_args()
    assemble(options.lang, options.packed, options.target)
