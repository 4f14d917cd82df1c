"""What is read, what is left as it was, and what the store has afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import kgraph
from kgraph.graph import Store, open_store
from kgraph.model import (
    Actor,
    ActorType,
    Article,
    Block,
    BlockKind,
    Claim,
    Extraction,
    Mention,
    Relation,
    Sentence,
    Span,
    Via,
)
from kgraph.runs import fingerprint
from kgraph.runs.adding import Adding
from kgraph.runs.fingerprint import article_digest, reading_digest
from kgraph.runs.setup import Setup, when_needed

TEXT = "Die USA greifen den Iran an."
ARTICLE = Article("a", TEXT, published=date(2026, 3, 2))


class Heard:
    """What became of articles, by their ids."""

    def __init__(self) -> None:
        self.extracted: list[str] = []
        self.unchanged: list[str] = []
        self.problems: list[str] = []

    def read(self, extraction: Extraction) -> None:
        if extraction.problems:
            self.problems += [f"{problem.where}: {problem.what}" for problem in extraction.problems]
        else:
            self.extracted.append(extraction.article.id)

    def leave(self, article: Article) -> None:
        self.unchanged.append(article.id)


def extract(articles: Iterable[Article]) -> Iterator[Extraction]:
    for article in articles:
        yield Extraction(article, (Sentence(article.id, 0, 0, len(article.text), article.text, ()),))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("adding") / "store") as opened:
        yield opened


def add(store: Store, *articles: Article, setup: Setup = Setup(), again: bool = False) -> Heard:  # noqa: B008
    heard = Heard()
    Adding(store, extract, setup, heard, again=again).add(articles)
    return heard


def test_what_has_not_changed_is_not_read_again(store: Store) -> None:
    assert add(store, ARTICLE).extracted == ["a"]
    heard = add(store, ARTICLE, replace(ARTICLE, source="elsewhere.txt"), replace(ARTICLE, id="b"))
    assert (heard.unchanged, heard.extracted) == (["a", "a"], ["b"])
    assert add(store, ARTICLE, again=True).extracted == ["a"]


@pytest.mark.parametrize(
    "change",
    [
        {"text": TEXT + " "},
        {"title": "Angriff"},
        {"published": None},
        {"published": date(2026, 3, 3)},
        {"url": "https://example.org/"},
        {"publisher": "Blatt"},
        {"blocks": (Block(BlockKind.TITLE, 0, len(TEXT)),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_has_changed_is_read_again(store: Store, change: dict[str, object]) -> None:
    add(store, ARTICLE)
    changed = replace(ARTICLE, **change)  # type: ignore[arg-type]
    assert add(store, changed).extracted == ["a"]
    assert add(store, changed).unchanged == ["a"]
    assert add(store, ARTICLE).extracted == ["a"]


def test_another_reading_reads_again(store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[[state]]\nname = { de = "Atlantis" }\n', encoding="utf-8")
    other = replace(ARTICLE, id="other")
    setups = [
        Setup(),
        Setup(reader="fast"),
        Setup(min_confidence=0.5),
        Setup(actors=(tmp_path,)),
    ]
    assert len({reading_digest(setup) for setup in setups}) == len(setups)
    assert reading_digest(Setup(threads=2)) == reading_digest(Setup())
    for setup in setups:
        assert add(store, other, setup=setup).extracted == ["other"]
        assert add(store, other, setup=setup).unchanged == ["other"]
    (tmp_path / "mine.toml").write_text('[[state]]\nname = { de = "Utopia" }\n', encoding="utf-8")
    assert add(store, other, setup=setups[-1]).extracted == ["other"]


def test_every_part_of_the_package_is_in_the_hash_or_known_to_have_no_part_in_reading() -> None:
    package = Path(kgraph.__file__).parent
    hashed = {path.relative_to(package).parts[0] for path in fingerprint._files(Setup())}
    folders = {path.name for path in package.iterdir() if path.is_dir()}
    assert {"parse", "link", "extract", "graph", "lang", "model.py", "lexicon.py"} <= hashed
    assert folders - hashed == folders & (fingerprint._ELSEWHERE | fingerprint._DATA - {"lang"})


def test_the_hash_of_an_article_takes_any_text() -> None:
    assert article_digest("r", Article("\ud800", "\ud800\0")) != article_digest("r", Article("\ud800", "\ud801\0"))


def test_what_cannot_be_read_or_stored_is_told_and_the_rest_goes_on(store: Store) -> None:
    nobody = Actor("no iri", ActorType.STATE, "Nirgendwo")
    span = Span(0, len(TEXT), TEXT)

    def failing(articles: Iterable[Article]) -> Iterator[Extraction]:
        for extraction in extract(articles):
            ends = [Mention(nobody, Via.NAME, 0, 0, (0,), 0, 3, "Die") for _ in "ab"]
            claim = Claim(extraction.article.id, span, Relation.ATTACKS, span, "rule", ends[0], ends[1])
            yield replace(extraction, claims=(claim,)) if extraction.article.id == "bad" else extraction

    heard = Heard()
    Adding(store, failing, Setup(), heard).add(
        [
            replace(ARTICLE, id="bad"),
            replace(ARTICLE, id="english", lang="en"),
            replace(ARTICLE, id="long", text="x" * 2_000_001),
            replace(ARTICLE, id="good"),
        ]
    )
    assert heard.extracted == ["good"]
    ids = [problem.split(":")[0] for problem in heard.problems]
    assert sorted(ids) == ["bad", "english", "long"]
    assert store.reading_of("bad") is None


def test_what_an_article_had_stays_where_it_can_no_longer_be_read(store: Store) -> None:
    add(store, replace(ARTICLE, id="kept"))
    before = store.reading_of("kept")
    add(store, replace(ARTICLE, id="kept", lang="en"))
    assert store.reading_of("kept") == before is not None


def test_a_pipeline_is_loaded_for_an_article_and_for_nothing_else() -> None:
    class Fake:
        run = staticmethod(extract)

    loaded: list[Fake] = []

    def load() -> Fake:
        loaded.append(Fake())
        return loaded[-1]

    assert list(when_needed(load, [])) == []  # type: ignore[arg-type]
    assert loaded == []
    assert len(list(when_needed(load, [ARTICLE, ARTICLE]))) == 2  # type: ignore[arg-type]
    assert len(loaded) == 1
