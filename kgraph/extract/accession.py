"""Talks about joining: "Verhandlungen mit Montenegro über den Beitritt zur EU" are talks of the one with the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kgraph.extract.match import Matcher
from kgraph.extract.pairs import Match, unlisted
from kgraph.lexicon import Frame
from kgraph.model import ActorType, Modality, Relation, Token

_TALKS = {Relation.NEGOTIATES_WITH, Relation.MEETS, Relation.AGREES_WITH}
_PARTNER = ("mit", "zwischen", "gen", "von", "adj", "compound")


def accessions(matcher: Matcher) -> Iterator[Match]:
    """Who joins what one day, and that both negotiate, where only the partner of the talks is named."""
    for token in matcher.tree.tokens:
        joining = next((f for f in matcher.lexicon.nouns(token.lemma) if f.relation is Relation.MEMBER_OF), None)
        if joining is None or matcher.tree.case(token.i) != "über":
            continue
        talks = matcher.tree.tokens[token.head]
        frame = next((f for f in matcher.lexicon.nouns(talks.lemma) if f.relation in _TALKS and not f.needs), None)
        if frame is not None:
            yield from _of(matcher, joining, token, frame, talks)


def _of(matcher: Matcher, joining: Frame, token: Token, talking: Frame, talks: Token) -> Iterator[Match]:
    nouns = matcher.nouns
    parties = [end for slot in _PARTNER for end in nouns.slot(talks.i, slot, act=False)]
    bodies = nouns.first(joining, token.i, joining.object, act=False, types=joining.object_types)
    named = {body.mention.actor.id for body in bodies}
    joiners = [end for end in parties if end.mention.actor.type is ActorType.STATE]
    others = [end for end in parties if end.mention.actor.id not in {j.mention.actor.id for j in joiners} | named]
    planned = replace(unlisted(matcher.lexicon.lang, token.lemma, Relation.MEMBER_OF), modality=Modality.PLANNED)
    for joiner in joiners:
        for body in bodies:
            yield Match(planned, token, joiner.weaker(0.9), body)
            if not others and len(joiners) == len(parties):
                yield Match(_negotiating(matcher, talking), talks, body.weaker(0.9), joiner)


def _negotiating(matcher: Matcher, talking: Frame) -> Frame:
    relation = talking.relation if talking.relation is not Relation.MEETS else Relation.NEGOTIATES_WITH
    return unlisted(matcher.lexicon.lang, talking.lemma, relation)
