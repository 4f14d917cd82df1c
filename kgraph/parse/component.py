"""The spaCy component that reads trees: it sets UPOS, tags, morphology, heads, deprels, lemmas and entities.

Documents need sentence starts. The weights lie in the package, shared by all languages (see kgraph.parse.network);
a pipeline's folder says only which of them it uses and how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from kgraph.parse.lemmas import Lemmatizer
from kgraph.parse.network import Reading, load_network

_SENTENCES = 40  # in a batch: enough for several threads, and little to be read ahead
_ATTRIBUTES: list[Any] = ["HEAD", "DEP", "POS", "TAG", "MORPH", "LEMMA"]


class TreeReader:
    """Reads trees; a spaCy pipeline component.

    `reader` is "accurate" or "fast"; `treebank` the scheme of annotation: "gsd" for German, "en" for English.
    """

    def __init__(self, nlp: Language, *, reader: str, treebank: str, threads: int = 0) -> None:
        self.network = load_network(reader, threads=threads)
        self.treebank = treebank
        self._lemmatizer = Lemmatizer(nlp.lang or "")

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Annotate documents in batches of so many, or of so many sentences; the order stays.

        Where the network has several threads they read the next batch while the caller works on this one.
        """
        ahead: Iterator[Doc] | None = None
        for docs in _batches(stream, batch_size):
            started = self._start(docs)
            if self.network.threads == 1:
                yield from started
                continue
            if ahead is not None:
                yield from ahead
            ahead = started
        if ahead is not None:
            yield from ahead

    def _start(self, docs: Sequence[Doc]) -> Iterator[Doc]:
        """Have documents read; they are annotated when they are asked for."""
        places = [(k, start, end) for k, doc in enumerate(docs) for start, end in _sentences(doc)]
        words = (
            [(docs[k][i].text, i == start or bool(docs[k][i - 1].whitespace_)) for i in range(start, end)]
            for k, start, end in places
        )
        return self._annotated(docs, places, self.network.read(words, self.treebank))

    def _annotated(
        self, docs: Sequence[Doc], places: Sequence[tuple[int, int, int]], readings: Iterator[Reading]
    ) -> Iterator[Doc]:
        """The documents as soon as all their sentences are read; `places` are those of the readings: document, start, end."""
        waiting = zip(places, readings, strict=True)
        count = Counter(k for k, _, _ in places)
        for k, doc in enumerate(docs):
            self._annotate(doc, [(start, reading) for (_, start, _), reading in islice(waiting, count[k])])
            yield doc
        next(waiting, None)  # the end of the readings

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Write nothing: the weights lie in the package. Called by spaCy."""

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> TreeReader:
        """Read nothing: the weights were loaded from the package. Called by spaCy."""
        return self

    def _annotate(self, doc: Doc, readings: Sequence[tuple[int, Reading]]) -> None:
        if not readings:
            return
        texts = [token.text for token in doc]
        heads, deps, entities = [], [], []
        for start, reading in readings:
            heads += [start + (head - 1 if head else i) for i, head in enumerate(reading.heads)]
            deps += [label if head else "ROOT" for label, head in zip(reading.deprels, reading.heads, strict=True)]
            entities += reading.entities
        upos = [each for _, reading in readings for each in reading.upos]
        xpos = [each for _, reading in readings for each in reading.xpos]
        source = Doc(
            doc.vocab,
            words=texts,
            spaces=[bool(token.whitespace_) for token in doc],
            heads=heads,
            deps=deps,
            pos=upos,
            tags=xpos,
            morphs=[each for _, reading in readings for each in reading.feats],
            lemmas=[self._lemmatizer.lemma(*word) for word in zip(texts, upos, xpos, strict=True)],
        )
        doc.from_array(_ATTRIBUTES, source.to_array(_ATTRIBUTES))  # type: ignore[arg-type]  # spaCy's own output
        doc.set_ents([Span(doc, start, end, label=label) for start, end, label in _spans(entities)])


@Language.factory("kgraph_tree_reader", default_config={"reader": "accurate", "treebank": "gsd", "threads": 0})
def _make(nlp: Language, name: str, reader: str, treebank: str, threads: int) -> TreeReader:
    return TreeReader(nlp, reader=reader, treebank=treebank, threads=threads)


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    """Documents together, up to so many of them and as long as they have few sentences."""
    batch: list[Doc] = []
    sentences = 0
    for doc in stream:
        batch.append(doc)
        sentences += sum(1 for _ in _sentences(doc))
        if len(batch) >= size or sentences >= _SENTENCES:
            yield batch
            batch, sentences = [], 0
    if batch:
        yield batch


def _sentences(doc: Doc) -> Iterator[tuple[int, int]]:
    starts = [token.i for token in doc if token.i == 0 or token.is_sent_start]
    if not starts:
        return
    yield from zip(starts, [*starts[1:], len(doc)], strict=True)


def _spans(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, label) of the entities behind IOB tags; an I- that continues nothing begins one."""
    start, label = -1, ""
    for i, tag in enumerate([*tags, "O"]):
        if label and tag != f"I-{label}":
            yield start, i, label
            label = ""
        if tag != "O" and not label:
            start, label = i, tag[2:]
