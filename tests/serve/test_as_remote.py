"""A store on a server, where the server is kgraph's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kgraph.errors import QueryError, QueryStopped, StoreError
from kgraph.graph import open_store
from kgraph.graph.endpoint import Endpoint


def test_what_is_served_can_be_opened_from_elsewhere(server: Any) -> None:
    with (
        open_store(f"{server.address}sparql", read_only=True) as there,
        open_store(server.store, read_only=True) as here,
    ):
        assert there.counts() == here.counts()
        assert [claim.as_dict() for claim in there.claims()] == [claim.as_dict() for claim in here.claims()]
        assert list(there.select("articles")) == list(here.select("articles"))
    with pytest.raises(StoreError, match="refuses"):
        open_store(f"{server.address}sparql")


def test_a_query_that_the_server_stops_is_not_asked_again(start: Callable[..., Any]) -> None:
    narrow, hasty = start("--max-rows", "1000"), start("--timeout", "2")
    apart = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(5))
    words = ", ".join(f"STR(?a{i})" for i in range(5))
    with open_store(f"{narrow.address}sparql", read_only=True) as there:
        with pytest.raises(QueryError, match="more than 1,000 rows"):
            there.select("SELECT ?s { ?s ?p ?o } LIMIT 1001")
        assert there.counts().articles == 2
    endpoint = Endpoint(f"{hasty.address}sparql", None)
    with pytest.raises(QueryStopped, match="longer than 2 s") as stopped:
        endpoint.query(f"ASK {{ {apart} FILTER(STRLEN(CONCAT({words})) = 1) }}", "application/json", {})
    endpoint.close()
    assert stopped.value.too_slow


def test_articles_are_added_from_elsewhere_with_the_token(
    serve: Callable[..., Any], made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = serve("--write", token="s3cret")
    monkeypatch.setenv("KGRAPH_STORE_TOKEN", "s3cret")
    with open_store(f"{running.address}sparql") as there:
        assert there.write(made.attack("another")) is True
        assert there.write(made.attack("another")) is False
        assert there.counts().articles == 3
        assert there.remove("a1") is True
        assert there.check().faults == ()
    with open_store(running.store, read_only=True) as here:
        assert sorted(article.id for article in here.articles()) == ["a2", "another"]
