"""How sure a claim is: a logistic function of how it was found.

The weights lie in `confidence.toml` of the language; `python -m training.confidence` fits them on annotated articles
and writes how well they hold (docs/confidence.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache

from kgraph.errors import DataError
from kgraph.extract.pairs import Match
from kgraph.model import Claim, Modality, Polarity, Via
from kgraph.resources import DataFile, lang_dir

OFFICE = "kind.office"
_LEAST, _MOST = 0.05, 0.99
_INDIRECT = {Via.PRONOUN, Via.DESCRIPTION}


class Confidence:
    """The fitted function; `weights` by feature, `bias` among them."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights

    @classmethod
    def load(cls, lang: str) -> Confidence:
        """The function of a language. Raises DataError where its file is faulty."""
        return _load(lang)

    def of(self, match: Match, claim: Claim) -> float:
        """How likely the claim is right, 0.05 to 0.99, three digits."""
        return self.value(dict(features(match, claim)))

    def of_office(self) -> float:
        """How likely a claim of office is right."""
        return self.value({OFFICE: 1.0})

    def value(self, found: Mapping[str, float]) -> float:
        """The function of features and their values; unknown features count nothing."""
        z = self.weights.get("bias", 0.0) + sum(self.weights.get(name, 0.0) * x for name, x in found.items())
        return round(min(_MOST, max(_LEAST, 1 / (1 + math.exp(-z)))), 3)


def features(match: Match, claim: Claim) -> Iterator[tuple[str, float]]:
    """What the confidence rests on: the kind of word, the ways to both ends, what is made of the claim.

    More was tried (the relation's class, distances, the sentence's length): with the few wrong claims that there are to
    learn from, it made the judgement of fresh articles worse.
    """
    yield f"kind.{match.frame.kind}", 1.0
    for name, end in (("subject", match.subject), ("object", match.object)):
        if end.mention.via in _INDIRECT:
            yield f"{name}.{end.mention.via.value}", 1.0
    yield "detour", -math.log(max(match.weight, _LEAST))
    if claim.polarity is Polarity.NEGATED:
        yield "negated", 1.0
    if claim.modality is not Modality.ACTUAL:
        yield "modal", 1.0


@cache
def _load(lang: str) -> Confidence:
    path = lang_dir(lang) / "confidence.toml"
    try:
        weights = DataFile(path).tables["weights"]
        return Confidence({str(name): float(value) for name, value in weights.items()})
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError([f"{path}: needs a table [weights] of numbers ({error}); fit it anew"]) from error
