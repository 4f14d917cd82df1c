"""Judgements in what somebody says: "Das Vorgehen Chinas sei inakzeptabel, sagte der Präsident" criticises China."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kgraph.extract.ends import End, same_side
from kgraph.extract.match import Matcher
from kgraph.extract.mood import Mood, is_condition, mood_of
from kgraph.extract.pairs import Match, unlisted
from kgraph.extract.reading import Reading
from kgraph.extract.scope import Scope
from kgraph.model import Relation, Token

_ENDING = re.compile(r"(e|er|es|en|em)$")


def judged(matcher: Matcher, scope: Scope) -> Iterator[Match]:
    """A speaker calls somebody's deed bad: an adjective that condemns, or one that accepts with "nicht"."""
    tree = matcher.tree
    for token in tree.tokens:
        copulas = tree.kids(token.i, "cop", "aux")
        if not copulas or not _condemns(matcher, token) or is_condition(tree, token):
            continue
        if mood_of(tree, token)[0] is not Mood.REPORTED and token.i not in tree.quoted:
            continue
        reading = scope.read(token.i)
        blamed = [
            end
            for subject in tree.kids(token.i, "nsubj")
            for end in matcher.ends.resolve(subject.i, act=True, of=Relation.CRITICIZES)
        ]
        yield from blaming(matcher, reading, token, Relation.CRITICIZES, blamed)


def blaming(
    matcher: Matcher, reading: Reading, token: Token, relation: Relation, blamed: Iterable[End]
) -> Iterator[Match]:
    """The first speaker of a reading against each of those blamed who is not of its own side."""
    speakers = [end for i in reading.speakers for end in matcher.ends.resolve(i, act=False)]
    for speaker in speakers[:1]:
        for end in blamed:
            if not same_side(speaker, end):
                rule = unlisted(matcher.lexicon.lang, token.lemma, relation)
                yield Match(rule, token, speaker.weaker(0.8), end)


def _condemns(matcher: Matcher, token: Token) -> bool:
    lexicon, tree = matcher.lexicon, matcher.tree
    words = (token.form.lower(), token.lemma.lower(), _ENDING.sub("", token.form.lower()))
    negated = any(lexicon.cue("negators", child.form.lower()) for child in tree.kids(token.i, "advmod"))
    return lexicon.cue("accepting_adjectives" if negated else "condemning_adjectives", *words)
