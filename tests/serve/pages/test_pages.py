"""What stands on the pages, and in which forms they come."""

from __future__ import annotations

from typing import Any

import pytest
from rdflib import Graph, URIRef

from kgraph.model import DATA

RUSSIA, USA, IRAN = "/id/Q159", "/id/Q30", "/id/Q794"
PAIR = "/pair/Q30/-/Q794"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def article_of(server: Any, title: str) -> str:
    rows = server.get("/articles.json").json()["articles"]["rows"]
    return str(next(row["page"] for row in rows if row["title"] == title))


def claims(server: Any, **wanted: str) -> list[dict[str, Any]]:
    return list(server.get("/timeline.json", params=wanted).json()["claims"]["rows"])


def test_the_front_page_has_what_there_is_most_of(server: Any) -> None:
    found = server.get("/index.json").json()
    assert found["totals"] == {
        "articles": 2, "claims": 5, "facts": 3, "actors": 4, "first": "2026-03-01", "last": "2026-04-01",
    }  # fmt: skip
    assert [(row["label"], row["claims"]) for row in found["actors"]["rows"]] == [
        ("USA", 4), ("Iran", 3), ("Russland", 2), ("Ion Testescu", 1),
    ]  # fmt: skip
    assert [row["title"] for row in found["articles"]["rows"]] == ["Gespräche", "Luftangriffe"]
    page = server.get("/").text
    assert "1 Fakt<" in page  # of a relation: what is denied or alleged does not count
    assert 'href="/id/Q30"' in page
    assert 'href="/pair/Q30/-/Q794"' in page


def test_an_actor_has_a_page_with_its_neighbours_and_sentences(server: Any) -> None:
    found = server.get(f"{USA}.json").json()
    assert (found["actor"]["iri"], found["actor"]["label"], found["actor"]["type"]) == (f"{DATA}Q30", "USA", "State")
    neighbours = {row["actor"]["label"]: row for row in found["neighbours"]}
    assert (neighbours["Iran"]["conflict"], neighbours["Iran"]["goldstein"]) == (1, -10.0)
    assert (neighbours["Moldau"]["cooperation"], neighbours["Moldau"]["goldstein"]) == (1, 1.0)
    assert found["wikidata"] == "https://www.wikidata.org/wiki/Q30"
    page = server.get(USA).text
    for words in ("<bdi>USA</bdi></h1>", "bombardiert", "Angriff auf", "Zahlen als Tabelle", 'role="img"'):
        assert words in page


def test_states_fly_their_flags_and_nobody_else(server: Any) -> None:
    flag = '<img class="flag" src="/flag/State/USA.svg" alt="" width="16" height="16"><bdi>USA</bdi>'
    assert f"<h1>{flag}</h1>" in server.get(USA).text
    assert f'<a class="actor" href="{USA}">{flag}</a>' in server.get("/").text
    assert "<h1><bdi>Ion Testescu</bdi></h1>" in server.get("/id/person/ion-testescu").text
    picture = server.get("/flag/State/USA.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.text.startswith("<svg ")
    for path in ("State/XXX", "Person/USA", "State/Q458", "State/..%2F..%2Fsite", "State/%00"):
        assert server.get(f"/flag/{path}.svg").status_code == 404, path


def test_people_stand_with_whom_they_act_for(server: Any) -> None:
    moldova = server.get("/id/Q217.json").json()
    assert [row["label"] for row, _ in moldova["officials"]] == ["Ion Testescu"]
    person = server.get("/id/person/ion-testescu.json").json()
    assert [(office["title"], office["of"]["label"]) for office in person["offices"]] == [("Regierungschef", "Moldau")]


def test_an_actor_that_no_claim_names_has_a_page_and_a_stranger_has_none(server: Any) -> None:
    assert "in keiner Aussage" in server.get("/id/Q183", headers=HTML).text
    for path in ("/id/Q999999999", "/id/", "/id/http://[", "/id/person/nobody", "/id/%00", "/id/a%20b"):
        answer = server.get(path, headers=HTML)
        assert answer.status_code == 404, path
        assert "Unter dieser Adresse steht nichts" in answer.text
        assert server.get(f"{path}.ttl").status_code == 404


def test_two_actors_have_one_page(server: Any) -> None:
    assert server.get("/pair/Q794/-/Q30").headers["location"] == PAIR
    assert server.get("/pair/Q794/-/Q30.ttl").headers["location"] == f"{PAIR}.ttl"
    assert server.get("/pair", params={"a": "Vereinigte Staaten", "b": "Iran"}).headers["location"] == PAIR
    assert server.get("/pair", params={"a": "Atlantis", "b": "Iran"}).status_code == 404
    found = server.get(f"{PAIR}.json").json()
    assert (found["one"]["label"], found["other"]["label"]) == ("USA", "Iran")
    assert found["relations"] == [["attacks", 1, 0], ["sanctions", 0, 1]]
    [march, april] = [column for column in found["chart"]["columns"] if column["conflict"] or column["others"]]
    assert (march["key"], march["conflict"], march["down"]) == ("2026-03", 1, -10.0)
    assert (april["key"], april["conflict"], april["others"]) == ("2026-04", 0, 1)


def test_two_actors_as_of_a_day(server: Any) -> None:
    found = server.get(f"{PAIR}.json", params={"as_of": "2026-03-02"}).json()
    assert found["relations"] == [["attacks", 1, 0]]  # what was announced for April came the day after
    page = server.get(PAIR, params={"as_of": "2026-03-02"}).text
    assert '<input type="date" name="as_of" value="2026-03-02">' in page
    assert "as_of=2026-03-02" in server.get("/pair/Q794/-/Q30?as_of=2026-03-02").headers["location"]
    assert server.get(f"{PAIR}?as_of=gestern").status_code == 400


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/index", lambda found: found["totals"]["claims"]),
        ("/actors", lambda found: sum(row["claims"] for row in found["actors"]["rows"]) / 2),
        ("/relations", lambda found: sum(row["claims"] for rows in found["quads"].values() for row in rows)),
        ("/relation/attacks", lambda found: found["claims"]["total"]),
        ("/id/Q30", lambda found: found["claims"]["total"]),
        ("/conflicts", lambda found: sum(row[2] for row in found["enmities"])),
        ("/articles", lambda found: found["articles"]["total"]),
        ("/timeline", lambda found: found["claims"]["total"]),
    ],
)
def test_pages_as_of_a_day(server: Any, path: str, count: Any) -> None:
    def counted(day: str) -> float:
        return count(server.get(f"{path}.json", params={"as_of": day}).json())

    then, later, now = (counted(day) for day in ("2026-03-02", "2026-03-03", ""))
    assert counted("2026-03-01") == 0 <= then <= later <= now
    assert now > 0
    assert then < now or path == "/conflicts"
    page = server.get(path.removesuffix("index"), params={"as_of": "2026-03-02"}, headers=HTML).text
    assert "Stand vom 2. März 2026" in page
    assert '<a href="/actors?as_of=2026-03-02">' in page.replace(' aria-current="page"', "")
    assert server.get(path.removesuffix("index"), params={"as_of": "gestern"}, headers=HTML).status_code == 400


def test_what_is_searched_and_said_of_persons_is_as_of_the_day_too(server: Any) -> None:
    def hits(day: str) -> int:
        return int(server.get("/search.json", params={"q": "Gespräche", "as_of": day}).json()["hits"]["total"])

    assert hits("2026-03-01") == hits("2026-03-02") == 0 < hits("2026-03-03") == hits("")
    assert (
        "as_of=2026-03-02"
        in server.get("/pair", params={"a": "USA", "b": "Iran", "as_of": "2026-03-02"}).headers["location"]
    )
    assert "Stand vom" not in server.get(article_of(server, "Luftangriffe") + "?as_of=2026-03-02").text


def test_the_pair_is_drawn_and_written_down(server: Any) -> None:
    page = server.get(PAIR).text
    assert '<rect class="conflict"' in page
    assert "<title>März 2026: −10,0</title>" in page
    assert '<th scope="row">März 2026</th><td>0</td><td>1</td>' in page


def test_an_article_shows_its_sentences_with_their_words_marked(server: Any) -> None:
    page = server.get(article_of(server, "Luftangriffe")).text
    assert '<mark class="subject">USA<sub title="Subjekt von Aussage 1">S1</sub></mark>' in page
    assert '<mark class="trigger">bombardiert<sub title="Auslöser von Aussage 1">A1</sub></mark>' in page
    assert 'href="https://news.example/1?a=b" rel="noopener nofollow noreferrer"' in page
    denied = server.get(article_of(server, "Gespräche")).text
    for words in ("verneint", "behauptet", "geplant", "nach eigenen Angaben</mark>"):
        assert words in denied.replace("<sub", "</mark><sub")


def test_a_claim_tells_who_says_so_and_how_it_was_read(server: Any) -> None:
    [denied] = claims(server, polarity="negated")
    page = server.get(denied["page"]).text
    for words in ("nach eigenen Angaben", "verneint", "behauptet", "de/angegriffen.verb", "0,75", denied["iri"]):
        assert words in page
    found = server.get(f"{denied['page']}.json").json()
    assert (found["id"], found["polarity"], found["rule"]) == (denied["iri"], "negated", "de/angegriffen.verb")


def test_the_timeline_can_be_filtered(server: Any) -> None:
    def number(**wanted: str) -> int:
        return len(claims(server, **wanted))

    assert number() == 5
    assert number(actor="Iran") == 3
    assert number(actor="Russland", other="USA") == 1
    assert number(relation="attacks") == 2
    assert number(quad="material conflict") == 3
    assert number(modality="planned", polarity="affirmed") == 1
    assert number(since="2026-03-03") == 2
    assert number(until="2026-03-01") == 1
    assert number(publisher="Musterblatt") == 2
    assert [number(as_of=day) for day in ("2026-03-01", "2026-03-02", "2026-03-03")] == [0, 2, 5]
    assert number(as_of="2026-03-02", publisher="Beispielpost") == 0
    assert number(min_confidence="0.8") == 0
    assert [row["day"] for row in claims(server)] == [
        "2026-04-01",
        "2026-03-03",
        "2026-03-02",
        "2026-03-02",
        "2026-03-01",
    ]


@pytest.mark.parametrize(
    "query",
    ["relation=loves", "quad=x", "modality=x", "since=tomorrow", "as_of=today", "min_confidence=2", "page=0", "page=x", "page=²",
     "page=99999999999999999999"],
)  # fmt: skip
def test_a_wrong_filter_is_named(server: Any, query: str) -> None:
    answer = server.get(f"/timeline?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in answer.text


def test_a_relation_is_explained(server: Any) -> None:
    found = server.get("/relation/attacks.json").json()
    assert (found["goldstein"], found["cameo"], found["symmetric"]) == (-10.0, "19", False)
    assert [(tie["subject"]["label"], tie["object"]["label"]) for tie in found["ties"]] == [("USA", "Iran")]
    assert found["claims"]["total"] == 2
    assert found["meaning"] in server.get("/relation/attacks").text
    assert server.get("/relation/loves").status_code == 404
    quads = server.get("/relations.json").json()["quads"]
    assert sum(row["claims"] for rows in quads.values() for row in rows) == 5


def test_conflicts_are_listed(server: Any) -> None:
    [[one, other, count, _]] = server.get("/conflicts.json").json()["enmities"]
    assert ({one["label"], other["label"]}, count) == ({"USA", "Iran"}, 1)
    war = server.get("/id/Q15860072.json").json()
    assert {row["label"] for row in war["conflict"]["parties"]} == {"Russland", "Ukraine"}


def test_things_come_as_turtle(server: Any) -> None:
    [attack] = claims(server, relation="attacks", polarity="affirmed")
    for path, iri in (
        (f"{RUSSIA}.ttl", f"{DATA}Q159"),
        (f"{attack['page']}.ttl", attack["iri"]),
        (f"{article_of(server, 'Gespräche')}.ttl", None),
        ("/relation/attacks.ttl", "https://w3id.org/kgraph/ns#attacks"),
        (f"{PAIR}.ttl", attack["iri"]),
    ):
        answer = server.get(path)
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
        graph = Graph().parse(data=answer.text, format="turtle")
        assert len(graph) > 5
        assert iri is None or any(graph.triples((URIRef(iri), None, None)))
    sentence = Graph().parse(data=server.get(f"{attack['page']}.ttl").text, format="turtle")
    assert "Die USA haben den Iran bombardiert." in {str(value) for value in sentence.objects()}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/html"),
        ("text/html", "text/html"),
        ("application/json", "application/json"),
        ("text/turtle", "text/turtle"),
        ("text/turtle;q=0.4, application/json;q=0.6", "application/json"),
        ("text/*;q=0.3, text/turtle", "text/turtle"),
    ],
)
def test_a_thing_comes_in_the_form_that_is_asked_for(server: Any, accept: str, media_type: str) -> None:
    answer = server.get(RUSSIA, headers={"Accept": accept})
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert answer.headers["content-location"] == f"{RUSSIA}.{media_type.rpartition('/')[2].replace('turtle', 'ttl')}"
    assert "Accept" in answer.headers["vary"]


def test_a_form_that_there_is_not_is_refused(server: Any) -> None:
    assert server.get(RUSSIA, headers={"Accept": "image/png"}).status_code == 406
    assert server.get("/actors.ttl").status_code == 404
    assert server.get("/actors", headers={"Accept": "text/turtle"}).status_code == 406


def test_an_iri_of_evidence_leads_to_the_place_in_the_article(server: Any) -> None:
    [attack] = claims(server, relation="attacks", polarity="affirmed")
    graph = Graph().parse(data=server.get(f"{attack['page']}.ttl").text, format="turtle")
    [evidence] = [str(s) for s in graph.subjects() if "/evidence/" in str(s) and str(s).count("/") == 6][:1]
    answer = server.get("/id/" + evidence.removeprefix(DATA))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{attack['article']['page']}#at-0")


def test_the_pages_speak_two_languages(server: Any) -> None:
    german, english = (server.get(USA, headers={"Accept-Language": lang}) for lang in ("de-AT, en;q=0.5", "fr, en-GB"))
    assert '<html lang="de">' in german.text
    assert "Mit wem, gegen wen" in german.text
    assert '<html lang="en">' in english.text
    assert "United States" in english.text
    assert english.headers["content-language"] == "en"
    chosen = server.get(f"{USA}?lang=en", headers={"Accept-Language": "de"})
    assert "United States" in chosen.text
    cookie = chosen.headers["set-cookie"]
    assert "SameSite=lax" in cookie
    server.client.cookies.clear()
    kept = server.get(USA, headers={"Accept-Language": "de", "Cookie": cookie.partition(";")[0]})
    assert "United States" in kept.text
    assert '<html lang="de">' in server.get(f"{USA}?lang=xx", headers={"Accept-Language": "xx, q=;;"}).text


def test_lists_come_page_by_page(hostile: Any) -> None:
    seen: list[str] = []
    path = "/articles"
    for number in (1, 2):
        found = hostile.get(f"{path}.json?page={number}").json()["articles"]
        seen += [row["iri"] for row in found["rows"]]
        assert found["total"] == 67
    assert len(seen) == len(set(seen)) == 67
    first, last = hostile.get(path).text, hostile.get(f"{path}?page=2").text
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'href="?page=1"' in last
    assert hostile.get(f"{path}.json?page=9").json()["articles"]["rows"] == []
    days = [
        row["day"]
        for n in (1, 2, 3)
        for row in hostile.get(f"/timeline.json?copies=1&page={n}").json()["claims"]["rows"]
    ]
    assert len(days) == 75
    assert days == sorted(days, reverse=True)


def test_what_is_added_meanwhile_is_found(serve: Any, made: Any, eventually: Any) -> None:
    from kgraph.graph import open_store

    running = serve()
    assert running.get("/search.json?q=testescu").json()["hits"]["total"] == 1
    with open_store(running.store) as store:
        store.remove("a2")
        store.write(made.Text("another", title="Rüstungsgipfel").done())
    assert eventually(lambda: running.get("/search.json?q=ruestung").json()["hits"]["total"] == 1)
    assert running.get("/search.json?q=testescu").json()["hits"]["total"] == 0
    assert [row["label"] for row in running.get("/actors.json").json()["actors"]["rows"]] == ["USA", "Russland", "Iran"]
