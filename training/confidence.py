"""Fit how sure a claim is, on annotated articles, and write how well it holds.

    python -m training.confidence GOLD.gold.jsonl… --fresh FRESH.gold.jsonl --lang de

Needs scikit-learn. Reads X.docs.jsonl beside each X.gold.jsonl, extracts, and calls a claim right where the gold has
it with both ends, relation and polarity; claims that match optional edges only are left out. On articles that the
rules were made with hardly a claim is wrong, so claims on fresh articles count several times. A logistic regression
with a strong prior is fitted on all, and tested on the fresh articles, each fifth with what all others taught.
Writes kgraph/lang/LANG/confidence.toml and the reliability table in docs/confidence.md.
"""

from __future__ import annotations

import argparse
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import GroupKFold

from kgraph.evaluate import Gold, score
from kgraph.extract.confidence import OFFICE, features
from kgraph.interchange import claim_to_dict
from kgraph.model import Claim
from kgraph.pipeline import Pipeline
from kgraph.read import read
from kgraph.resources import lang_dir

PRIOR = 0.5  # the inverse strength of the prior: small, for there are few wrong claims to learn from
FRESH_WEIGHT = 5.0
EDGES = (0.0, 0.8, 0.9, 0.95, 0.97, 1.0)
_MARKS = ("<!-- reliability -->\n", "<!-- end of reliability -->\n")
_PAGE = Path("docs/confidence.md")


@dataclass(frozen=True, slots=True)
class Row:
    """A claim: its document, its features, whether it is right."""

    doc: str
    features: dict[str, float]
    right: bool
    fresh: bool


def main() -> None:
    """Run the fit."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("gold", type=Path, nargs="+")
    arguments.add_argument("--fresh", type=Path, nargs="+", required=True)
    arguments.add_argument("--lang", default="de")
    options = arguments.parse_args()
    pipeline = Pipeline.load(options.lang)
    rows = [row for path in options.gold for row in judged(pipeline, path, fresh=False)]
    rows += [row for path in options.fresh for row in judged(pipeline, path, fresh=True)]
    vectorizer = DictVectorizer(sparse=False)
    x = vectorizer.fit_transform([row.features for row in rows])
    y = np.array([row.right for row in rows])
    weight = np.array([FRESH_WEIGHT if row.fresh else 1.0 for row in rows])
    guesses = np.zeros(len(rows))
    for train, test in GroupKFold(5).split(x, y, [row.doc for row in rows]):
        guesses[test] = _fit(x[train], y[train], weight[train]).predict_proba(x[test])[:, 1]
    model = _fit(x, y, weight)
    fresh = np.array([row.fresh for row in rows])
    weights = dict(zip(vectorizer.feature_names_, model.coef_[0], strict=True)) | {"bias": model.intercept_[0]}
    write_weights(options.lang, weights, len(rows))
    table = reliability(y[fresh], guesses[fresh])
    print(table)  # noqa: T201
    page = _PAGE.read_text(encoding="utf-8")
    start, end = map(re.escape, _MARKS)
    page = re.sub(f"({start}).*?({end})", lambda found: found[1] + table + found[2], page, flags=re.DOTALL)
    _PAGE.write_text(page, encoding="utf-8")


def judged(pipeline: Pipeline, path: Path, *, fresh: bool) -> Iterator[Row]:
    """The claims on the articles of a gold file, right or wrong."""
    docs = path.with_name(path.name.replace(".gold.", ".docs."))
    gold = Gold.load(path, docs)
    for article in read([str(docs)], lang=pipeline.parser.lang):
        sentences = pipeline.parse(article)
        mentions = pipeline.linker.link(article, sentences)
        found: list[tuple[dict[str, float], Claim]] = []
        for step in pipeline.extractor.steps(article, sentences, mentions):
            kept = {claim.id for claim in step.claims}
            for match, claim in step.found:
                if isinstance(claim, Claim) and claim.id in kept:
                    found.append((dict(features(match, claim)), claim))
            found += [({OFFICE: 1.0}, claim) for claim in step.claims if claim.rule.endswith("/office")]
        for given, claim in found:
            result = score(gold, [claim_to_dict(claim)])
            if result.strict.found or result.strict.spurious:
                yield Row(article.id, given, bool(result.strict.found), fresh)


def _fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> LogisticRegression:  # type: ignore[type-arg]  # plain arrays
    return LogisticRegression(C=PRIOR, max_iter=1000).fit(x, y, weight)


def write_weights(lang: str, weights: dict[str, float], count: int) -> None:
    """Write the weights' file."""
    lines = [
        f"# How sure a claim is: weights of a logistic function, fitted on {count} claims by training/confidence.py.",
        "",
        "[weights]",
        *(f'"{name}" = {value:.3f}' for name, value in sorted(weights.items())),
    ]
    (lang_dir(lang) / "confidence.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def reliability(y: np.ndarray, guesses: np.ndarray) -> str:  # type: ignore[type-arg]  # floats and truth values
    """Said against seen in bins, and the usual figures, as Markdown."""
    lines = ["| confidence said | claims | mean said | share right |", "|---|---|---|---|"]
    for low, high in itertools.pairwise(EDGES):
        here = (guesses >= low) & (guesses < high)
        if here.any():
            lines.append(
                f"| {low:.2f} to {high:.2f} | {here.sum()} | {guesses[here].mean():.2f} | {y[here].mean():.2f} |"
            )
    figures: Sequence[str] = (
        f"{len(y)} claims, {int(y.sum())} right; of fresh articles; by five-fold cross-validation over documents:",
        f"Brier score {brier_score_loss(y, guesses):.3f} (always saying the mean: {brier_score_loss(y, np.full(len(y), y.mean())):.3f}),",
        f"log loss {log_loss(y, guesses):.3f} (the mean: {log_loss(y, np.full(len(y), y.mean())):.3f}), area under the ROC curve {roc_auc_score(y, guesses):.2f}.",
    )
    return "\n".join(lines) + "\n\n" + "\n".join(figures) + "\n"


if __name__ == "__main__":
    main()
