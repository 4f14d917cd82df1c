"""Step 9: measure what lies in the package, on what it was never trained on.

    python -m training.evaluate --corpora ../shared/corpora --card

Prints UPOS, UAS, LAS and lemmas on the test treebanks, entities on the test sets, whether offsets hold on raw text,
load time, memory and speed, for both readers; with --card the figures go into the model card. Each reader is
measured in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kgraph.resources import reader_dir
from training.files import ENTITIES, read_entities, text

LIST = Path(__file__).with_name("corpora.toml")
CARD = reader_dir() / "README.md"
READERS = ("accurate", "fast")
_LANGS = {"gsd": "de", "en": "en"}
_MARKS = ("<!-- figures -->\n", "<!-- end of figures -->\n")


def main() -> None:
    """Run the step."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, required=True)
    arguments.add_argument("--list", type=Path, default=LIST)
    arguments.add_argument("--card", action="store_true", help="write the figures into the model card")
    arguments.add_argument("--reader", choices=READERS, help="measure this one alone, as a line of JSON")
    options = arguments.parse_args()
    if options.reader:
        print(json.dumps(figures(options.reader, options.corpora, options.list)))  # noqa: T201
        return
    said = {}
    for reader in READERS:
        command = [sys.executable, "-m", "training.evaluate", "--corpora", str(options.corpora), "--reader", reader]
        done = subprocess.run([*command, "--list", str(options.list)], check=True, capture_output=True, text=True)
        said[reader] = json.loads(done.stdout.splitlines()[-1])
    table = as_table(said)
    print(table)  # noqa: T201
    if options.card:
        card = CARD.read_text(encoding="utf-8")
        start, end = (re.escape(mark) for mark in _MARKS)
        card = re.sub(f"({start}).*?({end})", lambda found: found[1] + table + found[2], card, flags=re.DOTALL)
        CARD.write_text(card, encoding="utf-8")


def figures(reader: str, corpora: Path, plan: Path) -> dict[str, Any]:
    """All figures of one reader."""
    start = time.perf_counter()
    from kgraph.parse import Parser

    Parser.load("de", reader=reader).nlp("Ein Satz.")
    found: dict[str, Any] = {"load, s": round(time.perf_counter() - start, 1)}
    tests = tomllib.loads(plan.read_text(encoding="utf-8"))
    paragraphs = [line for line in text(corpora / tests["raw"][0]["file"]).split("\n") if line.strip()][:2000]
    found["tokens that quote the text"], found["words/s"] = raw(reader, paragraphs)
    found["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for part in tests["test"]:
        found[part["file"]] = treebank(reader, corpora / part["file"], part)
    for part in tests["entity_test"]:
        found[part["file"] + ", entities"] = entities(reader, corpora / part["file"], part)
    return found


def treebank(reader: str, path: Path, part: dict[str, Any]) -> dict[str, float]:
    """UPOS, UAS, LAS and lemmas on gold tokens, in per cent."""
    from kgraph.parse import Parser
    from kgraph.parse.measure import load_trees, measure

    parser = Parser.load(part["lang"], reader=reader)
    trees = load_trees(path, parser)[part.get("from", 0) : part.get("to")]
    score = measure(parser, trees).as_dict()
    return {name: round(100 * score[name], 1) for name in ("upos", "uas", "las", "lemma")}


def entities(reader: str, path: Path, part: dict[str, Any]) -> dict[str, float]:
    """Precision, recall and F1 of entities on gold tokens and sentences, in per cent."""
    from spacy.tokens import Doc

    from kgraph.parse import Parser

    nlp = Parser.load(_LANGS[part["treebank"]], reader=reader).nlp
    gold = read_entities(path)[part.get("from", 0) : part.get("to")]
    docs = (
        Doc(
            nlp.vocab,
            words=[w for w, _ in words],
            spaces=[s for _, s in words],
            sent_starts=[not i for i in range(len(words))],
        )
        for words, _ in gold
    )
    right = said = wanted = 0
    for doc, (_, tags) in zip(nlp.get_pipe("kgraph_tree_reader").pipe(docs), gold, strict=True):  # type: ignore[attr-defined]
        truth = set(_spans(tags))
        found = {(entity.start, entity.end, entity.label_) for entity in doc.ents}
        right, said, wanted = right + len(truth & found), said + len(found), wanted + len(truth)
    return {
        "P": round(100 * right / max(said, 1), 1),
        "R": round(100 * right / max(wanted, 1), 1),
        "F1": round(200 * right / max(said + wanted, 1), 1),
    }


def _spans(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    assert set(tags) <= set(ENTITIES)
    starts = [k for k, tag in enumerate(tags) if tag[0] == "B"]
    for start in starts:
        end = start + 1
        while end < len(tags) and tags[end][0] == "I":
            end += 1
        yield start, end, tags[start][2:]


def raw(reader: str, paragraphs: list[str]) -> tuple[str, int]:
    """How many tokens' texts equal the text at their offsets, and words read in a second, on raw paragraphs."""
    from kgraph.model import Article
    from kgraph.parse import Parser

    parser = Parser.load("de", reader=reader)
    articles = [Article(str(k), paragraph) for k, paragraph in enumerate(paragraphs)]
    start = time.perf_counter()
    right = total = 0
    for article, sentences in zip(articles, parser.pipe(articles), strict=True):
        for token in (token for sentence in sentences for token in sentence.tokens):
            total += 1
            right += article.text[token.start : token.end] == token.form
    return f"{right:,} of {total:,}", round(total / (time.perf_counter() - start))


def as_table(said: dict[str, dict[str, Any]]) -> str:
    """The figures as a Markdown table, a column for each reader."""
    lines = ["| | " + " | ".join(said) + " |", "|---" * (len(said) + 1) + "|"]
    for name in said[READERS[0]]:
        lines.append(f"| {name} | " + " | ".join(_cell(said[reader][name]) for reader in said) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.upper()} {figure}" for name, figure in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    main()
