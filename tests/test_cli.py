"""Every verb of the command line: what it prints where, and its exit status.

The pipeline is replaced by one that finds an attack wherever an article names the USA and Iran: what is read from
sentences is tested elsewhere.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kgraph import cli
from kgraph.cli import asking, jobs
from kgraph.graph import FORMATS, open_store
from kgraph.model import (
    DATA,
    Actor,
    ActorType,
    Article,
    Claim,
    DateOrigin,
    Extraction,
    Mention,
    Problem,
    Relation,
    Sentence,
    Span,
    Token,
    Via,
    When,
)

ROOT = Path(__file__).resolve().parents[1]
APART = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(5))
FOREVER = (
    f"SELECT (COUNT(*) AS ?n) {{ {APART} FILTER(STRLEN(CONCAT({', '.join(f'STR(?a{i})' for i in range(5))})) = 1) }}"
)
TEXT = "Die USA greifen den Iran an."
USA = Actor(f"{DATA}Q30", ActorType.STATE, "USA", "USA")
IRAN = Actor(f"{DATA}Q794", ActorType.STATE, "Iran", "IRN")
VERBS = [
    "demo",
    "add",
    "watch",
    "extract",
    "batch",
    "query",
    "explore",
    "export",
    "serve",
    "remove",
    "actors",
    "evaluate",
    "check",
    "backup",
    "restore",
    "import",
]


class FakePipeline:
    def run(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        for article in articles:
            if article.lang != "de":
                yield Extraction(article, problems=(Problem(article.id, "is not in German"),))
            else:
                words = article.text.split()
                tokens, start = [], 0
                for i, word in enumerate(words):
                    start = article.text.index(word, start)
                    tokens.append(Token(i, word, word, "X", "dep" if i else "root", 0, start, start + len(word)))
                    start += len(word)
                first, last = tokens[0].start, tokens[-1].end
                tree = Sentence(article.id, 0, first, last, article.text[first:last], tuple(tokens))
                yield self.extract_parsed(article, (tree,))

    def extract_parsed(self, article: Article, sentences: tuple[Sentence, ...]) -> Extraction:
        if not {"USA", "Iran", "greifen"} <= set(article.text.replace(".", "").split()):
            return Extraction(article, sentences)
        ends = [mention(actor, article.text) for actor in (USA, IRAN)]
        sentence = Span(sentences[0].start, sentences[0].end, sentences[0].text)
        start = article.text.index("greifen")
        claim = Claim(
            article_id=article.id,
            sentence=sentence,
            relation=Relation.ATTACKS,
            trigger=Span(start, start + 7, "greifen"),
            rule="de/angreifen.verb",
            subject=ends[0],
            object=ends[1],
            when=When(article.published, article.published, DateOrigin.PUBLISHED) if article.published else None,
            confidence=0.9,
        )
        return Extraction(article, sentences, tuple(ends), (claim,))


def mention(actor: Actor, text: str) -> Mention:
    start = text.index(actor.label)
    return Mention(actor, Via.NAME, 0, 1, (1,), start, start + len(actor.label), actor.label)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KGRAPH_STORE", raising=False)
    monkeypatch.setattr(jobs, "load_pipeline", lambda lang=None: FakePipeline())
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(*words: str, status: int = 0, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(cli.cli, words, input=stdin, prog_name="kgraph")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result


@pytest.mark.parametrize("verb", VERBS)
def test_every_help_has_an_example(verb: str) -> None:
    assert f"Example:\n    kgraph {verb}" in run(verb, "--help").stdout


def test_the_verbs_are_these() -> None:
    assert list(cli.cli.commands) == VERBS


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the article of `folder`; made once, because it also holds the ontology and all actors."""
    path = tmp_path_factory.mktemp("stores") / "kgraph-store"
    [extraction] = FakePipeline().run([Article("a", TEXT)])
    with open_store(path) as store:
        store.write(extraction)
    return path


@pytest.fixture
def stored(filled: Path, folder: Path) -> Path:
    """The folder with its article in the store."""
    shutil.copytree(filled, folder / "kgraph-store")
    return folder


def test_add_and_query() -> None:
    added = run("add", "news")
    assert added.stdout == ""
    assert "1 article with 1 claim; 1 new or changed" in added.stderr
    assert "0 new or changed" in run("add", "news").stderr
    result = run("query", "SELECT ?b WHERE { id:Q30 kg:attacks ?b }", "--json")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [{"b": {"id": IRAN.id, "label": "Iran"}}]
    assert "1 row" in result.stderr


@pytest.mark.parametrize("values", [("USA", "Iran"), ("b=Q794", "a=United States"), ("US", "b=IRN")])
def test_named_queries_take_values_in_order_or_by_name(stored: Path, values: tuple[str, ...]) -> None:
    [row] = csv.DictReader(io.StringIO(run("query", "between", *values, "--csv").stdout))
    assert {"USA", "Iran"} <= set(row.values())


def test_a_query_as_a_table(stored: Path) -> None:
    table = run("query", "who-attacks").stdout
    assert "USA" in table
    assert "Iran" in table


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("query", "between", "Atlantis", "Iran"), 1, "Atlantis"),
        (("query", "between", "USA", "Iran", "Irak"), 2, "no parameter for the value 'Irak'"),
        (("query", "SELECT nothing"), 1, "kgraph: "),
        (("query",), 2, "--list"),
        (("query", "who-attacks", "--json", "--csv"), 2, "exclude each other"),
        (("query", "who-attacks", "--limit", "0"), 2, "--limit"),
        (("add",), 2, "SOURCE"),
        (("nonsense",), 2, "nonsense"),
        (("remove", "none"), 1, "there is no such article"),
        (("actors", "Atlantis"), 1, "Atlantis"),
    ],
)
def test_what_is_wrong_is_said_on_standard_error(
    stored: Path, words: tuple[str, ...], status: int, message: str
) -> None:
    result = run(*words, status=status)
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_store_that_is_not_there(folder: Path) -> None:
    assert "nowhere" in run("query", "who-attacks", "--store", "nowhere", status=1).stderr
    assert not (folder / "nowhere").exists()


def test_the_store_can_be_named_in_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGRAPH_STORE", "elsewhere")
    run("add", "news")
    assert (folder / "elsewhere").is_dir()


def test_queries_are_listed_without_a_store() -> None:
    rows = [json.loads(line) for line in run("query", "--list", "--json").stdout.splitlines()]
    assert {"between", "timeline", "who-attacks", "disputed"} <= {row["name"] for row in rows}
    assert next(row["values"] for row in rows if row["name"] == "between") == "a b"


def test_a_query_says_what_it_needs() -> None:
    result = run("query", "--list", "timeline", "--json", "--lang", "en")
    rows = {row["value"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert [*rows] == ["a", "b", "min_confidence", "as_of", "copies"]
    assert (rows["a"]["is"], rows["a"]["needed"], rows["b"]["needed"]) == ("actor", "yes", "no")
    assert "All claims about an actor" in result.stderr
    assert "Alle Aussagen" in run("query", "--list", "timeline").stderr
    assert "did you mean timeline" in run("query", "--list", "timelin", status=1).stderr


def test_a_query_that_takes_too_long_is_stopped(stored: Path) -> None:
    assert "longer than 1 s" in run("query", FOREVER, "--timeout", "1", status=1).stderr


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at processes as Linux shows them")
def test_a_query_can_be_interrupted(stored: Path) -> None:
    command = [sys.executable, "-m", "kgraph", "query", FOREVER]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE) as asking:
        while not (found := _readers_below(asking.pid)) and asking.poll() is None:
            time.sleep(0.1)
        asking.send_signal(signal.SIGINT)
        assert asking.wait(120) != 0  # it would go on for days
    assert found
    assert not any(Path(f"/proc/{pid}/exe").exists() for pid in found)


def test_what_the_engine_is_at_ends_with_ctrl_c() -> None:
    script = """
import pyoxigraph
from kgraph.cli import terminal
store = pyoxigraph.Store()
store.load("".join(f"<urn:{n}> <urn:p> <urn:o> .\\n" for n in range(2000)).encode(), pyoxigraph.RdfFormat.N_TRIPLES)
with terminal.ended_at_once():
    print("ready", flush=True)
    list(store.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"))
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE) as asking:
        assert asking.stdout
        assert asking.stdout.readline().strip() == b"ready"
        asking.send_signal(signal.SIGINT)
        assert asking.wait(120) == -signal.SIGINT  # it would go on for days


def _readers_below(pid: int) -> list[str]:
    """The children of a process that have the files of a store open."""
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [
            child
            for child in children
            if any("/readers/" in str(file.readlink()) for file in Path(f"/proc/{child}/fd").iterdir())
        ]
    return []


def test_sparql_from_a_file_and_other_forms(stored: Path) -> None:
    (stored / "q.rq").write_text("# whom?\nSELECT ?b WHERE { id:Q30 kg:attacks ?b }", encoding="utf-8")
    assert "Iran" in run("query", "--file", "q.rq").stdout
    assert "true" in run("query", "ASK { id:Q30 kg:attacks id:Q794 }").stdout
    construct = "PREFIX x: <http://x/>\nCONSTRUCT { ?a x:hits ?b } WHERE { ?a kg:attacks ?b }"
    assert "x/hits" in run("query", "--file", "-", stdin=construct).stdout


def test_extract_in_every_format(folder: Path) -> None:
    [line] = run("extract", "news", "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["relation"] == "attacks"
    assert "attacks" in run("extract", "news").stdout
    assert "Q794" in run("extract", "news", "--format", "trig").stdout
    trees = run("extract", "news", "--format", "conllu").stdout
    assert "3\tgreifen" in trees
    (folder / "a.conllu").write_text(trees, encoding="utf-8")
    assert run("extract", "a.conllu", "--format", "jsonl").stdout.splitlines() == [line]


def test_extract_explains_each_sentence(folder: Path) -> None:
    shown = run("extract", "news", "--explain").stdout
    assert TEXT in shown
    assert "3  greifen" in shown
    assert "USA (2): USA (State), name" in shown
    [line] = run("extract", "news", "--explain", "--json").stdout.splitlines()
    assert json.loads(line)["sentence"]["text"] == TEXT
    assert "--json goes with --explain" in run("extract", "news", "--json", status=2).stderr


def test_problems_are_told_at_the_end_and_the_rest_is_done(folder: Path) -> None:
    (folder / "news" / "empty.txt").write_text("", encoding="utf-8")
    (folder / "news" / "lines.jsonl").write_text(
        json.dumps({"doc": "e", "text": TEXT, "lang": "en"}) + "\n{\n", encoding="utf-8"
    )
    result = run("extract", "news", "none.txt", "x.conllu", "--format", "jsonl", status=1)
    assert len(result.stdout.splitlines()) == 1
    for words in (
        "5 problems:",
        "empty.txt: is empty",
        "lines.jsonl:2: is not JSON",
        "e: is not in German",
        "none.txt",
    ):
        assert words in result.stderr


def test_a_skipped_article_stays_in_the_graph_as_it_was() -> None:
    run("add", "-", stdin=json.dumps({"doc": "a", "text": TEXT, "lang": "de"}))
    run("add", "-", stdin=json.dumps({"doc": "a", "text": TEXT, "lang": "en"}), status=1)
    assert "true" in run("query", "ASK { id:Q30 kg:attacks id:Q794 }").stdout


def test_remove(stored: Path) -> None:
    assert "removed a" in run("remove", "a").stderr
    assert "false" in run("query", "ASK { id:Q30 kg:attacks id:Q794 }").stdout


def test_the_page(stored: Path) -> None:
    assert run("explore", "--output", "page.html").stdout == "page.html\n"
    assert "Iran" in (stored / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", asking.EXPORT_FORMATS)
def test_exports(stored: Path, form: str) -> None:
    run("export", "--format", form, "--output", "out")
    assert (stored / "out").stat().st_size > 0


def test_an_export_is_packed_where_its_name_says_so(stored: Path) -> None:
    for name in ("one.nq.gz", "two.nq.gz"):
        run("export", "--format", "nquads", "--output", name)
    plain = run("export", "--format", "nquads").stdout
    assert gzip.decompress((stored / "one.nq.gz").read_bytes()).decode() == plain
    assert (stored / "one.nq.gz").stat().st_size < len(plain) / 4
    run("import", "one.nq.gz", "--store", "again")
    assert run("export", "--format", "nquads", "--store", "again").stdout == plain
    assert run("check", "two.nq.gz").stderr.startswith("two.nq.gz is in order")


def test_export_formats_are_those_of_the_library(stored: Path) -> None:
    assert sorted(asking.EXPORT_FORMATS) == sorted(FORMATS)
    assert "Q794" in run("export", "--format", "nquads").stdout


def test_actors(folder: Path) -> None:
    [row] = [json.loads(line) for line in run("actors", "Kreml", "--json").stdout.splitlines()]
    assert (row["code"], row["wikidata"], row["kind"]) == ("RUS", "Q159", "state")
    assert "Russia" in run("actors", "RUS", "--lang", "en").stdout
    own = folder / "own"
    own.mkdir()
    (own / "mine.toml").write_text('[[state]]\nname = { de = "Atlantis" }\n', encoding="utf-8")
    assert "mine.toml:1" in run("--actors", "own", "actors", status=1).stderr
    entry = '[[group]]\ntype = "ArmedGroup"\nslug = "grauwölfe"\nname = { de = "Grauwolfmiliz" }\n'
    (own / "mine.toml").write_text(entry.replace("ö", "oe"), encoding="utf-8")
    assert "Grauwolfmiliz" in run("--actors", "own", "actors", "Grauwolfmiliz", "--csv").stdout


def test_check(stored: Path) -> None:
    assert "is in order: 1 article, 1 claim" in run("check").stderr


def test_backup_and_restore(stored: Path) -> None:
    assert "graph.tar.gz: 1 article" in run("backup", "graph.tar.gz").stderr
    assert "there already" in run("backup", "graph.tar.gz", status=2).stderr
    run("remove", "a")
    assert "--force" in run("restore", "graph.tar.gz", status=2).stderr
    assert "1 article restored" in run("restore", "graph.tar.gz", "--force").stderr
    assert "true" in run("query", "ASK { id:Q30 kg:attacks id:Q794 }").stdout
    (stored / "graph.tar").write_text("no backup")
    assert "graph.tar is no backup" in run("restore", "graph.tar", "--store", "other", status=1).stderr


def test_import(stored: Path) -> None:
    run("export", "--format", "nquads", "--output", "graph.nq")
    (stored / "broken.nq").write_text("<urn:a> <urn:b> .\n")
    (stored / "foreign.nq").write_text("<urn:a> <urn:b> <urn:c> <urn:d> .\n")
    result = run("import", "broken.nq", "graph.nq", "foreign.nq", "--store", "other", status=1)
    for words in ("broken.nq:1: ", "graph.nq: 1 article\n", "foreign.nq: 0 articles\n", "<urn:d> is no article"):
        assert words in result.stderr
    assert "graph.nq: 1 article, 0 of them new or changed" in run("import", "graph.nq", "--store", "other").stderr
    assert "true" in run("query", "ASK { id:Q30 kg:attacks id:Q794 }", "--store", "other").stdout
    assert "must end in" in run("import", "graph.xml", status=2).stderr


def test_check_of_files(stored: Path, tmp_path: Path) -> None:
    good, bad, other = (tmp_path / name for name in ("good.trig", "bad.nq", "other.ttl"))
    run("export", "--format", "trig", "--output", str(good))
    bad.write_text("<urn:a> <urn:b> <urn:c> <urn:d> .\n")
    other.write_text("nonsense")
    assert f"{good} is in order: 1 article, 1 claim" in run("check", str(good)).stderr
    result = run("check", str(good), str(other), str(bad), "--json", status=1)
    assert [json.loads(line)["where"] for line in result.stdout.splitlines()] == ["urn:d"]
    for words in ("is in order", f"{other}:1: is no Turtle", f"{bad}: 1 fault in the graph"):
        assert words in result.stderr
    assert "and not both" in run("check", str(good), "--store", str(stored), status=2).stderr


def test_evaluate(folder: Path) -> None:
    docs = {"doc": "g", "text": TEXT, "sents": [{"i": 0, "b": 0, "e": len(TEXT)}]}
    edges = [{"s": "USA", "r": "attacks", "o": "IRN", "pol": "aff", "mod": "actual"}]
    edges.append({"s": "IRN", "r": "threatens", "o": "USA", "pol": "aff", "mod": "actual"})
    (folder / "g.docs.jsonl").write_text(json.dumps(docs), encoding="utf-8")
    (folder / "g.gold.jsonl").write_text(json.dumps({"doc": "g", "sent": 0, "edges": edges}), encoding="utf-8")
    result = run("evaluate", "g.gold.jsonl", "--errors", "5")
    assert "MISSED   IRN threatens USA" in result.stdout
    assert "modality right on 1 of 1 found edges" in result.stdout
    (folder / "claims.jsonl").write_text(run("extract", "g.docs.jsonl", "--format", "jsonl").stdout, encoding="utf-8")
    again = run("evaluate", "g.gold.jsonl", "--claims", "claims.jsonl", "--json").stdout
    assert json.loads(again)["strict"] == {
        "found": 1,
        "missed": 1,
        "spurious": 0,
        "precision": 1.0,
        "recall": 0.5,
        "f1": 0.667,
    }


def test_demo(folder: Path) -> None:
    result = run("demo")
    assert "Who attacks whom?" in result.stdout
    assert (folder / "kgraph.html").stat().st_size > 0
    assert (folder / "kgraph-store").is_dir()


def test_hostile_text_cannot_drive_the_terminal(folder: Path) -> None:
    (folder / "news" / "b.txt").write_text(f"{TEXT} \x1b[31mrot [bold]fett[/bold]", encoding="utf-8")
    shown = run("extract", "news/b.txt").stdout
    assert "\x1b" not in shown
    assert "[bold]fett[/bold]" in shown
