"""Deeds in company: "Gemeinsam mit Kenia will Uganda eine Leitung bauen" has the two work together."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.extract.match import Matcher
from kgraph.extract.pairs import Match, pairs, unlisted
from kgraph.extract.tree import VERBAL
from kgraph.model import Relation, Token


def together(matcher: Matcher) -> Iterator[Match]:
    """The subject of a verb and whom it acts with, for verbs of doing."""
    tree, lexicon = matcher.tree, matcher.lexicon
    for word in tree.tokens[:-2]:
        if not lexicon.cue("company_words", word.form.lower()) or tree.tokens[word.i + 1].form.lower() != "mit":
            continue
        partner = tree.tokens[tree.tokens[word.i + 1].head]
        verb = _verb(matcher, word, partner)
        if verb is None or lexicon.cue("idle_verbs", verb.lemma):
            continue
        doers = [end for i in tree.subjects(verb.i) for end in matcher.ends.resolve(i, act=False)]
        acting = {end.mention for end in doers}
        others = [end for end in matcher.ends.resolve(partner.i, act=False) if end.mention not in acting]
        frame = unlisted(lexicon.lang, word.lemma, Relation.COOPERATES_WITH)
        yield from pairs(frame, verb, [end.weaker(0.9) for end in doers], others)


def _verb(matcher: Matcher, *words: Token) -> Token | None:
    for word in words:
        for token in matcher.tree.ancestors(word.i):
            if token.upos in VERBAL and not matcher.tree.is_passive(token.i):
                return token
    return None
