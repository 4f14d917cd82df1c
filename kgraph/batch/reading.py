"""One article is read: what a process beside each worker of Spark does all day."""

from __future__ import annotations

from typing import Any

from kgraph.actors import load_registry
from kgraph.batch.tables import article_row, claim_row
from kgraph.batch.work import Work
from kgraph.graph.actor_graph import ListedActors
from kgraph.graph.rdf import article_graph, distinct
from kgraph.model import Article
from kgraph.pipeline import Pipeline


class Reading:
    """The pipeline of a run, loaded once, and what the actor lists know.

    Raises UsageError or DataError where the work cannot be done with what this machine has.
    """

    def __init__(self, work: Work) -> None:
        self._pipeline = Pipeline.load(
            work.language, reader=work.reader, min_confidence=work.min_confidence, actors=work.actors
        )
        self._known = ListedActors(load_registry(work.language, work.actors))

    def __call__(self, article: Article) -> dict[str, Any]:
        """What was found in an article, as a row of the table EXTRACTED but for problems.

        Raises ArticleError for one that cannot be processed.
        """
        found = self._pipeline.extract(article)
        return {
            "article": article_row(article, len(found.sentences)),
            "claims": [claim_row(claim, article, self._known) for claim in distinct(found.claims)],
            "quads": article_graph(found, self._known).lines.decode("utf-8").rstrip("\n"),
        }
