from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kgraph.graph import PREFIXES, named_queries, open_store
from kgraph.serve.editor import gathered

ASSETS = Path(__file__).resolve().parents[2] / "kgraph" / "serve" / "assets"


def test_every_named_query_is_an_example_that_runs(template: Path) -> None:
    with open_store(template, read_only=True) as store:
        examples, terms = gathered(store)
        assert [example.name for example in examples] == [query.name for query in named_queries()]
        for example in examples:
            assert store.select(example.text).columns
        assert len(store.select(next(each.text for each in examples if each.name == "neighbours"))) > 0
    known = {term["term"].removeprefix(PREFIXES["kg"]) for term in terms}
    assert {"attacks", "Claim", "confidence", "State", "planned"} <= known
    assert all(term["about_de"] and term["about_en"] and term["label_de"] for term in terms)


def test_an_empty_store_has_examples(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        examples, _ = gathered(store)
        assert all(store.select(example.text).columns for example in examples)


def test_the_licence_lies_beside_the_bundle() -> None:
    assert "MIT licence" in (ASSETS / "yasgui" / "LICENSE.txt").read_text(encoding="utf-8")
    assert "sourceMappingURL" not in (ASSETS / "yasgui" / "yasgui.min.js").read_text(encoding="utf-8")


@pytest.fixture
def page(chromium: Any, server: Any) -> Iterator[Any]:
    """The editor in a browser that may ask this server only, and logs nothing."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="de-DE")
    tab = context.new_page()
    elsewhere: list[str] = []
    errors: list[str] = []

    def guard(route: Any) -> None:
        if route.request.url.startswith((server.address, "data:", "blob:")):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    tab.on("console", lambda said: errors.append(said.text) if said.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(f"{server.address}sparql")
    tab.locator(".yasgui .CodeMirror").first.wait_for()
    yield tab
    context.close()
    assert elsewhere == []
    assert [error for error in errors if "status of 403" not in error] == []  # what one of the tests asks for


@pytest.mark.browser
def test_a_named_query_runs_and_shows_its_rows(page: Any) -> None:
    page.get_by_role("button", name="Artikel", exact=True).click()
    table = page.locator(".yasr_results table").last
    table.wait_for()
    assert "Luftangriffe" in table.inner_text()
    assert "Gespräche" in table.inner_text()


@pytest.mark.browser
def test_the_terms_of_the_ontology_are_completed_with_their_definitions(page: Any) -> None:
    page.evaluate(
        """() => {
            const yasqe = kgraph.yasgui.getTab().getYasqe();
            yasqe.setValue("PREFIX kg: <https://w3id.org/kgraph/ns#>\\nSELECT * WHERE { ?a kg:att");
            yasqe.focus();
            yasqe.setCursor(yasqe.lineCount(), 99);
        }"""
    )
    page.keyboard.press("Control+Space")
    hints = page.locator(".CodeMirror-hints")
    hints.wait_for()
    assert "kg:attacks" in hints.inner_text()
    assert "Angriff" in hints.inner_text() or "greift" in hints.inner_text()
    page.keyboard.press("Enter")
    assert "kg:attacks" in page.evaluate("kgraph.yasgui.getTab().getYasqe().getValue()")


@pytest.mark.browser
def test_a_broken_query_shows_what_the_server_says(page: Any, server: Any) -> None:
    page.evaluate(
        "kgraph.yasgui.getTab().getYasqe().setValue('SELECT * WHERE { SERVICE <http://192.0.2.1/> { ?s ?p ?o } }')"
    )
    with page.expect_response("**/sparql") as answered:
        page.evaluate("kgraph.yasgui.getTab().query().catch(() => null)")
    assert answered.value.status == 403
    page.get_by_text("SERVICE would ask another server").wait_for()
