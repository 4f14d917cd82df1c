"""--min-confidence on every verb that reads or shows claims: those below it are left out, one that reaches it stays.

The pipeline's stages are replaced by ones that find the same three claims in every article.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kgraph import cli
from kgraph.cli import jobs
from kgraph.errors import DataError, UsageError
from kgraph.evaluate import read_claims
from kgraph.explore import render_page
from kgraph.graph import FORMATS, ParameterKind, Store, named_queries, open_store
from kgraph.interchange import claim_to_dict
from kgraph.model import DATA, Actor, ActorType, Article, Claim, Mention, Relation, Sentence, Span, Token, Via
from kgraph.pipeline import Pipeline

TEXT = "Die USA, Russland und der Iran greifen einander an."
USA, RUSSIA, IRAN = (
    Actor(f"{DATA}{qid}", ActorType.STATE, label, code)
    for qid, label, code in (("Q30", "USA", "USA"), ("Q159", "Russland", "RUS"), ("Q794", "Iran", "IRN"))
)
FOUND = (
    (USA, Relation.ATTACKS, IRAN, 0.9),
    (RUSSIA, Relation.THREATENS, USA, 0.7),
    (IRAN, Relation.KILLS, RUSSIA, 0.699),
)
VERBS = {
    "demo": (),
    "add": ("news.txt",),
    "extract": ("news.txt",),
    "query": ("who-attacks",),
    "explore": (),
    "export": (),
    "evaluate": ("x.gold.jsonl",),
    "watch": ("news.txt",),
    "batch": ("news.jsonl", "result"),
}


class Stages:
    """Parser, linker and extractor at once."""

    lang = "de"

    def parse(self, article: Article) -> tuple[Sentence, ...]:
        end = min(len(article.text), len(TEXT))
        token = Token(0, article.text[:end], "x", "X", "root", 0, 0, end)
        return (Sentence(article.id, 0, 0, end, article.text[:end], (token,)),)

    def pipe(self, articles: Iterable[Article]) -> Iterator[tuple[Sentence, ...]]:
        return map(self.parse, articles)

    def link(self, article: Article, sentences: tuple[Sentence, ...]) -> tuple[Mention, ...]:
        return ()

    def extract(self, article: Article, sentences: tuple[Sentence, ...], mentions: Any) -> list[Claim]:
        whole = Span(sentences[0].start, sentences[0].end, sentences[0].text)
        return [claim(article, whole, number, *said) for number, said in enumerate(FOUND)]


def claim(
    article: Article, whole: Span, at: int, one: Actor, relation: Relation, two: Actor, confidence: float
) -> Claim:
    span = Span(at, at + 3, article.text[at : at + 3])
    ends = [Mention(actor, Via.NAME, 0, 0, (0,), span.start, span.end, span.text) for actor in (one, two)]
    return Claim(article.id, whole, relation, span, "de/x.verb", *ends, confidence=confidence)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def load(
        lang: str = "de", *, reader: str = "accurate", min_confidence: float = 0.0, actors: object = ()
    ) -> Pipeline:
        stages: Any = Stages()
        return Pipeline(stages, stages, stages, min_confidence=min_confidence)

    monkeypatch.chdir(tmp_path)
    for name in ("KGRAPH_STORE", "KGRAPH_MIN_CONFIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Pipeline, "load", load)
    (tmp_path / "news.txt").write_text(TEXT, encoding="utf-8")
    docs = {"doc": "news", "text": TEXT, "sents": [{"b": 0, "e": len(TEXT)}]}
    edges = [{"s": code, "r": "threatens", "o": "USA", "pol": "aff", "mod": "actual"} for code in ("RUS", "IRN")]
    (tmp_path / "x.docs.jsonl").write_text(json.dumps(docs), encoding="utf-8")
    (tmp_path / "x.gold.jsonl").write_text(json.dumps({"doc": "news", "sent": 0, "edges": edges}), encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def store_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("all") / "store"
    stages: Any = Stages()
    with open_store(path) as store:
        store.write(Pipeline(stages, stages, stages).extract(Article("news", TEXT)))
    return path


def run(*words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(cli.cli, words, prog_name="kgraph")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result


def rows() -> list[dict[str, Any]]:
    article, stages = Article("news", TEXT), Stages()
    return [claim_to_dict(found) for found in stages.extract(article, stages.parse(article), ())]


def relations(store: Store) -> list[str]:
    return sorted({claim.relation.value for claim in store.claims()})


@pytest.mark.parametrize(
    ("least", "kept"),
    [
        ("0", ["attacks", "kills", "threatens"]),
        ("0.699", ["attacks", "kills", "threatens"]),
        ("0.7", ["attacks", "threatens"]),
        ("0.9", ["attacks"]),
        ("0.9001", []),
        ("1", []),
    ],
)
def test_add_and_extract_leave_out_what_is_below(least: str, kept: list[str]) -> None:
    lines = run("extract", "news.txt", "--format", "jsonl", "--min-confidence", least).stdout.splitlines()
    assert sorted(json.loads(line)["relation"] for line in lines) == kept
    added = run("add", "news.txt", "--min-confidence", least)
    assert f"1 article with {len(kept)} claim" in added.stderr
    with open_store("kgraph-store", read_only=True) as store:
        assert relations(store) == kept


@pytest.mark.parametrize("form", ["table", "trig"])
def test_extract_leaves_it_out_in_every_format(form: str) -> None:
    shown = run("extract", "news.txt", "--format", form, "--min-confidence", "0.7").stdout
    assert "threatens" in shown
    assert "kills" not in shown
    assert "kills" in run("extract", "news.txt", "--format", form).stdout


def test_trees_are_read_as_they_are_and_their_claims_sifted() -> None:
    trees = run("extract", "news.txt", "--format", "conllu", "--min-confidence", "1").stdout
    Path("news.conllu").write_text(trees, encoding="utf-8")
    lines = run("extract", "news.conllu", "--format", "jsonl", "--min-confidence", "0.7").stdout.splitlines()
    assert [json.loads(line)["relation"] for line in lines] == ["attacks", "threatens"]


def test_explain_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def explain(extraction: object, *, min_confidence: float) -> list[Any]:
        asked.append(min_confidence)
        return []

    monkeypatch.setattr("kgraph.explain.explain", explain)
    run("extract", "news.txt", "--explain", "--min-confidence", "0.7")
    assert asked == [0.7]


def test_evaluate_scores_what_is_left(folder: Path) -> None:
    def strict(*words: str) -> dict[str, Any]:
        return json.loads(run("evaluate", "x.gold.jsonl", "--json", *words).stdout)["strict"]  # type: ignore[no-any-return]

    for words in ((), ("--claims", "claims.jsonl")):
        lines = run("extract", "x.docs.jsonl", "--format", "jsonl").stdout
        (folder / "claims.jsonl").write_text(lines, encoding="utf-8")
        figures = [strict(*words, "--min-confidence", least) for least in ("0", "0.699", "0.7", "0.71")]
        assert [(found["found"], found["spurious"]) for found in figures] == [(1, 2), (1, 2), (1, 1), (0, 1)]
        assert strict(*words) == figures[0]


def test_claims_of_a_file_must_give_the_confidence_that_is_asked_for(folder: Path) -> None:
    claims = rows()
    del claims[1]["confidence"]
    claims[2]["confidence"] = "high"
    path = folder / "claims.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in claims), encoding="utf-8")
    assert len(list(read_claims(path))) == 3
    with pytest.raises(DataError, match=r"claims.jsonl:2: gives no confidence") as caught:
        list(read_claims(path, min_confidence=0.1))
    assert len(caught.value.faults) == 2
    with pytest.raises(UsageError, match="min_confidence"):
        list(read_claims(path, min_confidence=7))


def test_scoring_trees_refuses_it_and_does_not_mind_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored: list[Path] = []
    monkeypatch.setattr(jobs, "score_trees", lambda gold, *_, **__: scored.append(gold))
    words = ("evaluate", "x.gold.jsonl", "--parser")
    assert "--min-confidence are for claims" in run(*words, "--min-confidence", "0.5", status=2).stderr
    monkeypatch.setenv("KGRAPH_MIN_CONFIDENCE", "0.5")
    run(*words)
    assert scored == [Path("x.gold.jsonl")]


def test_demo_reads_answers_and_draws_with_it() -> None:
    result = run("demo", "--min-confidence", "0.7", "--reader", "fast")
    assert "greift an" in result.stdout
    assert "tötet" not in result.stdout
    with open_store("kgraph-store", read_only=True) as store:
        assert relations(store) == ["attacks", "threatens"]
    run("demo")  # now the store holds the others, too
    assert "tötet" in run("demo").stdout
    run("demo", "--min-confidence", "0.7", "--store", "other")
    run("explore", "--store", "other", "--output", "other.html")
    assert '"relation":"kills"' not in Path("other.html").read_text(encoding="utf-8")


def test_demo_shows_nothing_below_of_what_the_store_holds_already(store_of_all: Path, folder: Path) -> None:
    run("add", "news.txt")
    assert "tötet" not in run("demo", "--min-confidence", "0.7").stdout
    page = Path("kgraph.html").read_text(encoding="utf-8")
    assert '"relation":"threatens"' in page
    assert '"relation":"kills"' not in page


def test_the_page(store_of_all: Path) -> None:
    for least, kept in (("0.7", {"attacks", "threatens"}), ("0", {"attacks", "threatens", "kills"})):
        run("explore", "--store", str(store_of_all), "--min-confidence", least)
        page = Path("kgraph.html").read_text(encoding="utf-8")
        assert {name for name in ("attacks", "threatens", "kills") if f'"relation":"{name}"' in page} == kept
    run("explore", "--store", str(store_of_all), "--min-confidence", "1")
    assert '"nodes":[]' in Path("kgraph.html").read_text(encoding="utf-8")


def test_the_page_of_rows() -> None:
    claims = rows()
    assert '"relation":"kills"' in render_page(claims)
    page = render_page(claims, min_confidence=0.7)
    assert '"relation":"threatens"' in page
    assert '"relation":"kills"' not in page
    del claims[0]["confidence"]
    assert '"relation":"attacks"' not in render_page(claims, min_confidence=0.7)
    with pytest.raises(UsageError, match="min_confidence"):
        render_page(claims, min_confidence=-1)


@pytest.mark.parametrize("form", [form for form in FORMATS if not form.endswith("-nodes")])
def test_exports(store_of_all: Path, form: str) -> None:
    words = ("export", "--store", str(store_of_all), "--format", form)
    for least, kept in (("0.699", True), ("0.7", False)):
        shown = run(*words, "--min-confidence", least).stdout
        assert "threatens" in shown.lower()
        assert ("kills" in shown.lower()) == kept
    assert run(*words, "--min-confidence", "0").stdout == run(*words).stdout


def test_an_export_of_actors_counts_what_is_left(store_of_all: Path) -> None:
    def claims(*words: str) -> list[str]:
        lines = run("export", "--store", str(store_of_all), "--format", "csv-nodes", *words).stdout.splitlines()
        return [line.rpartition(",")[2] for line in lines[1:]]

    assert sorted(claims()) == ["2", "2", "2"]
    assert sorted(claims("--min-confidence", "0.7")) == ["1", "1", "2"]
    assert claims("--min-confidence", "1") == []


def test_queries(store_of_all: Path) -> None:
    words = ("query", "--store", str(store_of_all), "--csv")
    for least, kept in (("0", 3), ("0.699", 3), ("0.7", 2), ("0.71", 1), ("1", 0)):
        result = run(*words, "timeline", "USA", "--min-confidence", least)
        assert len(result.stdout.splitlines()) - 1 == len([f for f in FOUND if USA in f and f[3] >= float(least)])
        assert run(*words, "sources", "--min-confidence", least).stdout.splitlines()[1].split(",")[2] == str(kept)
    assert "tötet" in run(*words, "who-attacks").stdout
    assert "tötet" not in run(*words, "who-attacks", "--min-confidence", "0.7").stdout
    assert "tötet" not in run(*words, "who-attacks", "min_confidence=0.7").stdout
    assert "tötet" in run(*words, "who-attacks", "min_confidence=0.1", "--min-confidence", "0.7").stdout


@pytest.mark.parametrize("query", [query.name for query in named_queries() if query.name != "articles"])
def test_every_named_query_about_claims_takes_it(store_of_all: Path, query: str) -> None:
    [named] = [each for each in named_queries() if each.name == query]
    actors = iter(("USA", "Iran"))
    required = [parameter.kind for parameter in named.parameters if parameter.required]
    values = ["2026-03-01" if kind is ParameterKind.DATE else next(actors) for kind in required]
    words = ("query", "--store", str(store_of_all), query, *values, "--csv", "--min-confidence")
    assert run(*words, "1").stdout.count("\n") == (2 if query == "sources" else 1)
    assert "no parameter for the value" in run(*words, "0", "Irak", "0.5", "0.6", "0.7", status=2).stderr


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("SELECT ?b { id:Q30 kg:attacks ?b }", "FILTER(?confidence >= 0.7)"),
        ("ASK { id:Q30 kg:attacks ?b }", "for named queries"),
        ("CONSTRUCT { ?a kg:attacks ?b } WHERE { ?a kg:attacks ?b }", "kg:confidence"),
        ("articles", "'articles' is not about claims"),
    ],
)
def test_a_question_that_it_cannot_sift_is_refused(
    store_of_all: Path, question: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("query", "--store", str(store_of_all), question)
    assert message in run(*words, "--min-confidence", "0.7", status=2).stderr
    run(*words)
    monkeypatch.setenv("KGRAPH_MIN_CONFIDENCE", "0.7")
    assert message in run(*words, status=2).stderr
    run(*words, "--min-confidence", "0")


def test_the_filter_that_the_message_proposes_is_one(store_of_all: Path) -> None:
    question = "SELECT ?claim { ?claim kg:confidence ?confidence FILTER(?confidence >= 0.7) }"
    assert "2 rows" in run("query", "--store", str(store_of_all), question).stderr


def test_a_misspelt_query_gets_suggestions_all_the_same(store_of_all: Path) -> None:
    words = ("query", "--store", str(store_of_all), "who-attack", "--min-confidence", "0.7")
    assert "did you mean who-attacks" in run(*words, status=1).stderr


def test_the_environment_can_say_it(store_of_all: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGRAPH_MIN_CONFIDENCE", "0.7")
    assert len(run("extract", "news.txt", "--format", "jsonl").stdout.splitlines()) == 2
    assert "kills" not in run("export", "--store", str(store_of_all)).stdout
    assert "kills" in run("export", "--store", str(store_of_all), "--min-confidence", "0").stdout
    run("query", "--list")


@pytest.mark.parametrize("wrong", ["-1", "2", "abc", "nan", "1.0000001", ""])
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_no_confidence_is_a_wrong_call(verb: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(verb, *VERBS[verb], "--min-confidence", wrong, status=2)
    assert "'--min-confidence'" in result.stderr
    assert not Path("kgraph-store").exists()
    if wrong:  # an empty variable counts as none
        monkeypatch.setenv("KGRAPH_MIN_CONFIDENCE", wrong)
        assert "KGRAPH_MIN_CONFIDENCE" in run(verb, *VERBS[verb], status=2).stderr


@pytest.mark.parametrize("verb", cli.cli.commands)
def test_the_help_of_every_verb_about_claims_names_it(verb: str) -> None:
    shown = run(verb, "--help").stdout
    assert ("--min-confidence FLOAT" in shown) == (verb in VERBS)
    assert ("KGRAPH_MIN_CONFIDENCE" in shown) == (verb in VERBS)


@pytest.mark.parametrize("wrong", [-0.1, 1.5, float("nan")])
def test_a_pipeline_refuses_what_is_no_confidence(wrong: float) -> None:
    stages: Any = Stages()
    with pytest.raises(UsageError, match="min_confidence"):
        Pipeline(stages, stages, stages, min_confidence=wrong)
