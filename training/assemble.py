"""Step 8: put the readers' files and the languages' spaCy pipelines where the package has them.

    python -m training.assemble --accurate work/accurate --fast work/fast

Without folders only the pipelines are written anew: do that after a change in kgraph/lang/*/sentences.toml.
"""

from __future__ import annotations

import argparse
import shutil
import tomllib
from pathlib import Path

import spacy

from kgraph.resources import lang_dir, reader_dir

SHARED = ("pieces.npy", "scales.npy", "tokenizer.json")
OWN = ("reader.onnx", "labels.npz", "labels.json")
TREEBANKS = {"de": "gsd", "en": "en"}
VERSION = "0.2.0"


def main() -> None:
    """Run the step."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--accurate", type=Path)
    arguments.add_argument("--fast", type=Path)
    options = arguments.parse_args()
    for reader in ("accurate", "fast"):
        if folder := getattr(options, reader):
            place(folder, reader_dir() / reader)
    for lang, treebank in TREEBANKS.items():
        write_pipeline(lang, treebank)


def place(exported: Path, target: Path) -> None:
    """Copy the files of step 7 into the package; those that all readers share go one folder up."""
    target.mkdir(parents=True, exist_ok=True)
    for name in OWN:
        shutil.copy(exported / name, target / name)
    for name in SHARED:
        shutil.copy(exported / name, target.parent / name)


def write_pipeline(lang: str, treebank: str) -> None:
    """Write the pipeline folder of a language."""
    from kgraph.parse import component, sentences  # noqa: F401  (register the factories)

    words = tomllib.loads((lang_dir(lang) / "sentences.toml").read_text(encoding="utf-8"))
    nlp = spacy.blank(lang)
    nlp.add_pipe("kgraph_sentences", config={"abbreviations": words["abbreviations"], "starters": words["starters"]})
    nlp.add_pipe("kgraph_number_stops")
    nlp.add_pipe("kgraph_tree_reader", config={"treebank": treebank})
    nlp.meta.update(
        name="kgraph",
        version=VERSION,
        description="Universal Dependencies and entities of news",
        license="CC BY-SA 4.0",
    )
    nlp.to_disk(lang_dir(lang) / "pipeline")


if __name__ == "__main__":
    main()
