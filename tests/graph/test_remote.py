"""A store on a server: the tests of the embedded store, and what only a server can do wrong.

Oxigraph's server is always asked; Virtuoso where KGRAPH_VIRTUOSO names its endpoint (`just test-virtuoso`).
"""

from __future__ import annotations

import base64
import hashlib
import http.server
import importlib.util
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from query_examples import example

from kgraph import views
from kgraph.cli import cli
from kgraph.errors import QueryError, QueryRefused, QueryStopped, StoreError
from kgraph.graph import Store, named_queries, open_store
from kgraph.model import Relation

HERE = Path(__file__).parent
FOREVER = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g))) = 1) }"
)
SAME = (
    "test_rereading_replaces_the_article_whole",
    "test_removing_leaves_no_triple_of_the_article",
    "test_two_articles_may_say_the_same_and_one_may_go",
    "test_hostile_words_survive_replacement",
    "test_claims_can_be_chosen",
    "test_claims_are_fit_for_json",
)


def _tests_of_the_store() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("tests_of_the_store", HERE / "test_store.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return {name: getattr(module, name) for name in SAME}


globals().update(_tests_of_the_store())


class Oxigraph:
    """Oxigraph's own server over a folder, which can be ended and started again in the same place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/query"
        self.start()

    def start(self) -> None:
        program = Path(sys.executable).with_name("oxigraph")
        self.process = subprocess.Popen(
            [program, "serve", "--location", self.folder, "--bind", f"127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}?query=ASK%7B%7D", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("oxigraph does not answer")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oxigraph]:
    running = Oxigraph(tmp_path_factory.mktemp("oxigraph") / "data")
    open_store(running.url).close()
    yield running
    running.kill()


@pytest.fixture(params=["oxigraph", "virtuoso"])
def url(request: pytest.FixtureRequest, oxigraph: Oxigraph) -> str:
    """The endpoint of a server."""
    if request.param == "oxigraph":
        return oxigraph.url
    if "KGRAPH_VIRTUOSO" not in os.environ:
        pytest.skip("no Virtuoso; 'just test-virtuoso' starts one")
    return os.environ["KGRAPH_VIRTUOSO"]


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store on a server, without articles."""
    with open_store(url) as opened:
        for article in list(opened.articles()):
            opened.remove(article.id)
        yield opened


@pytest.fixture
def shared(store: Store, made: Any) -> Store:
    """The same, with both articles."""
    store.write(made.attack())
    store.write(made.full())
    return store


filled = shared


@pytest.fixture(scope="module")
def embedded(template: Path, tmp_path_factory: pytest.TempPathFactory, made: Any) -> Iterator[Store]:
    """The embedded store with the same articles."""
    with open_store(shutil.copytree(template, tmp_path_factory.mktemp("embedded") / "store")) as opened:
        opened.write(made.attack())
        opened.write(made.full())
        yield opened


def exported(store: Store, form: str) -> bytes:
    output = io.BytesIO()
    store.export(output, form)
    return output.getvalue()


def test_the_same_articles_give_the_same_store(shared: Store, embedded: Store, url: str) -> None:
    assert shared.canonical_hash() == embedded.canonical_hash()
    assert shared.counts() == embedded.counts()
    if url != os.environ.get("KGRAPH_VIRTUOSO"):  # which counts the claims of some articles wrongly
        assert [each.as_dict() for each in shared.articles()] == [each.as_dict() for each in embedded.articles()]
    assert [each.as_dict() for each in shared.claims()] == [each.as_dict() for each in embedded.claims()]
    assert shared.actors() == embedded.actors()
    assert exported(shared, "trig") == exported(embedded, "trig")
    assert exported(shared, "csv") == exported(embedded, "csv")
    assert dict(shared.to_networkx().edges) == dict(embedded.to_networkx().edges)
    assert shared.check().faults == ()


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("query", named_queries(), ids=lambda query: query.name)
def test_named_queries_give_the_same(shared: Store, embedded: Store, query: Any, every: bool) -> None:
    values = example(query, every=every)
    found, expected = shared.select(query.name, **values), embedded.select(query.name, **values)
    assert found.columns == expected.columns
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


def test_views_give_the_same(shared: Store, embedded: Store) -> None:
    for options in (
        {},
        {"facts": False, "copies": True},
        {"actor": "USA"},
        {"relation": "attacks"},
        {"acting_for": True},
    ):
        for view in (views.timeline, views.monthly):
            assert list(view(shared, **options)) == list(view(embedded, **options)), options
        for network in (views.entities, views.signed, views.articles):
            one, other = network(shared, **options), network(embedded, **options)
            assert list(one.nodes(data=True)) == list(other.nodes(data=True)), options
            assert list(one.edges(data=True)) == list(other.edges(data=True)), options
    assert list(views.ego(shared, "USA").edges) == list(views.ego(embedded, "USA").edges)
    assert [claim.id for claim in shared.claims(copies=False)] == [claim.id for claim in embedded.claims(copies=False)]


def test_a_large_article_is_written_whole(store: Store, template: Path, tmp_path: Path, made: Any) -> None:
    text = made.Text("large")
    for number in range(100):
        text.claim(
            f"Die USA bombardierten den Iran zum {number}. Mal.",
            (made.USA, "USA"),
            Relation.ATTACKS,
            "bombardierten",
            (made.IRAN, "Iran"),
        )
    extraction = text.done()
    assert store.write(extraction) is True
    assert store.write(extraction) is False
    assert store.counts().claims == 100
    with open_store(shutil.copytree(template, tmp_path / "store")) as other:
        other.write(extraction)
        [graph] = [NamedNode(article.iri) for article in store.articles()]
        assert store._engine.graph(graph) == other._engine.graph(graph)
    assert store.remove("large") is True
    assert store.counts().claims == 0


def test_many_articles_at_once(store: Store, made: Any) -> None:
    assert store.load(made.attack(f"a{number}") for number in range(30)) == 30
    assert store.load(made.attack(f"a{number}") for number in range(31)) == 1
    assert store.counts().articles == 31


def test_values_stay_values(shared: Store) -> None:
    @settings(max_examples=25)
    @given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40))
    def check(words: str) -> None:
        text = f"x {words}"  # what looks like an IRI is one
        [row] = shared.select("SELECT ?x (COUNT(?c) AS ?n) { ?c a kg:Claim FILTER(STRLEN(?x) > 0) }", x=text)
        assert row["x"] == text
        assert row["n"] == 5

    check()


def test_asking_and_constructing(shared: Store) -> None:
    assert shared.ask("ASK { id:Q30 kg:attacks id:Q794 }") is True
    assert shared.ask("ASK { id:Q30 kg:aids id:Q794 }") is False
    media_type, body = shared.sparql(
        "CONSTRUCT { ?a kg:attacks ?b } { ?a kg:attacks ?b }", media_type="application/n-triples"
    )
    assert (media_type, body.count(b"\n")) == ("application/n-triples", 1)
    with pytest.raises(QueryError):
        shared.select("SELECT * { ?s ?p }")
    for text in (
        "SELECT * { SERVICE <http://192.0.2.1/> { ?s ?p ?o } }",
        "CLEAR ALL",
        "# a comment\nPREFIX select: <urn:x> DELETE { ?s ?p ?o } WHERE { { SELECT * { ?s ?p ?o } } }",
        "DEFINE input:inference 'x' SELECT * { ?s ?p ?o }",
    ):
        with pytest.raises(QueryRefused):
            shared.select(text)
    assert shared.counts().claims == 5


def test_what_needs_a_folder_says_so(shared: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kgraph export"):
        shared.backup(tmp_path / "copy")
    with pytest.raises(StoreError, match="kgraph export"):
        _ = shared.dataset


def test_a_slow_query_is_given_up(oxigraph: Oxigraph) -> None:
    with open_store(oxigraph.url, read_only=True) as store:
        with pytest.raises(QueryStopped, match="longer than 1 s"):
            store.select(FOREVER, timeout=1)
        assert store.ask("ASK {}") is True
    oxigraph.kill()  # it would go on computing
    oxigraph.start()


def test_a_failed_update_does_no_harm_to_the_next(
    oxigraph: Oxigraph, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kgraph.graph.endpoint._PAUSES", (0.01,))
    with open_store(oxigraph.url) as store:
        store.remove("a1")
        store.write(made.full())
        oxigraph.kill()
        with pytest.raises(StoreError, match="does not answer"):
            store.write(made.attack())
        oxigraph.start()
        assert store.counts().articles == 1
        assert store.write(made.attack()) is True
        assert store.counts().claims == 5
        assert store.check().faults == ()


def test_a_server_that_is_back_in_time_is_asked_again(oxigraph: Oxigraph) -> None:
    with open_store(oxigraph.url, read_only=True) as store:
        oxigraph.kill()
        again = threading.Timer(0.3, oxigraph.start)
        again.start()
        assert store.ask("ASK {}") is True
        again.join()


def test_a_closed_store_on_a_server_says_so(oxigraph: Oxigraph) -> None:
    store = open_store(oxigraph.url, read_only=True)
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.counts()


def test_reading_writes_nothing(tmp_path: Path) -> None:
    running = Oxigraph(tmp_path / "data")
    try:
        with pytest.raises(StoreError, match="holds no store"):
            open_store(running.url, read_only=True)
    finally:
        running.kill()


@pytest.mark.parametrize(
    "address", ["http://", "https:///sparql", "http://user:s3cret@[::1/x", "http://127.0.0.1:99999/"]
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(address)
    assert "s3cret" not in str(caught.value)


def test_the_command_line_takes_an_address(oxigraph: Oxigraph, made: Any) -> None:
    with open_store(oxigraph.url) as store:
        store.write(made.attack())
    done = CliRunner().invoke(cli, ["query", "--store", oxigraph.url, "who-attacks", "--json"])
    assert done.exit_code == 0, done.output
    assert "Q794" in done.output
    assert CliRunner().invoke(cli, ["check", "--store", oxigraph.url]).exit_code == 0
    done = CliRunner().invoke(cli, ["serve", "--store", oxigraph.url])
    assert done.exit_code == 2
    assert "needs a folder" in done.output
    assert CliRunner().invoke(cli, ["restore", __file__, "--store", oxigraph.url]).exit_code == 2


class Guarded(http.server.BaseHTTPRequestHandler):
    """Passes requests on to a server where they bring what it asks for; knows Basic and Digest."""

    protocol_version = "HTTP/1.1"
    kind, behind = "basic", ""
    refused = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._may():
            type(self).refused += 1
            asked = (
                'Digest realm="r", nonce="n0", qop="auth", algorithm=MD5'
                if self.kind == "digest"
                else 'Basic realm="r"'
            )
            self._answer(401, b"who are you?", {"WWW-Authenticate": asked})
            return
        headers = {name: self.headers[name] for name in ("Content-Type", "Accept") if self.headers[name]}
        request = urllib.request.Request(f"{self.behind}{self.path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                self._answer(reply.status, reply.read(), {"Content-Type": reply.headers.get("Content-Type", "")})
        except urllib.error.HTTPError as error:
            self._answer(error.code, error.read(), {})

    def _may(self) -> bool:
        given = self.headers.get("Authorization", "")
        if self.kind == "basic":
            return given == "Basic " + base64.b64encode(b"reader:s3cret").decode()
        said = dict(re.findall(r'(\w+)="?([^",]+)"?', given))
        if not given.startswith("Digest ") or said["nonce"] != "n0":
            return False
        one, two = (hashlib.md5(part.encode()).hexdigest() for part in ("reader:r:s3cret", f"POST:{said['uri']}"))
        whole = f"{one}:n0:{said['nc']}:{said['cnonce']}:auth:{two}"
        return said["response"] == hashlib.md5(whole.encode()).hexdigest()

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def guarded(oxigraph: Oxigraph) -> Iterator[Callable[[str], str]]:
    """Start a guard of a kind before Oxigraph's server; gives the endpoint."""
    running: list[http.server.ThreadingHTTPServer] = []

    def started(kind: str) -> str:
        handler = type(
            "Handler", (Guarded,), {"kind": kind, "behind": oxigraph.url.removesuffix("/query"), "refused": 0}
        )
        running.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
        running[-1].daemon_threads = True
        threading.Thread(target=running[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{running[-1].server_port}/query"

    yield started
    for each in running:
        each.shutdown()
        each.server_close()


@pytest.mark.parametrize("kind", ["basic", "digest"])
@pytest.mark.parametrize("how", ["environment", "address", "netrc"])
def test_a_server_may_want_a_password(
    guarded: Callable[[str], str], made: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, how: str
) -> None:
    address = guarded(kind)
    with pytest.raises(StoreError, match="KGRAPH_STORE_PASSWORD"):
        open_store(address)
    if how == "environment":
        monkeypatch.setenv("KGRAPH_STORE_USER", "reader")
        monkeypatch.setenv("KGRAPH_STORE_PASSWORD", "s3cret")
    elif how == "address":
        address = address.replace("//", "//reader:s3cret@")
    else:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login reader password s3cret\n")
        (tmp_path / "netrc").chmod(0o600)
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with open_store(address) as store:
        store.write(made.attack())
        assert store.ask("ASK { id:Q30 kg:attacks id:Q794 }") is True
        assert "s3cret" not in repr(store)
        with pytest.raises(StoreError) as caught:
            store._engine.change([], drop=type("Bad", (), {"__str__": lambda self: "<no iri>"})())
        assert "s3cret" not in str(caught.value)


def test_a_wrong_password_is_said_and_not_repeated(
    guarded: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGRAPH_STORE_USER", "reader")
    monkeypatch.setenv("KGRAPH_STORE_PASSWORD", "wr0ng")
    with pytest.raises(StoreError, match="refuses") as caught:
        open_store(guarded("basic"))
    assert "wr0ng" not in str(caught.value)
