"""Demands without a verb for them: "Russland müsse abziehen, sagte der Kanzler", "auf Drängen Frankreichs"."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.extract.ends import same_side
from kgraph.extract.match import Matcher
from kgraph.extract.mood import is_condition
from kgraph.extract.pairs import Match, unlisted
from kgraph.extract.scope import Scope
from kgraph.extract.tree import VERBAL
from kgraph.model import Relation, Token


def told_to(matcher: Matcher, scope: Scope) -> Iterator[Match]:
    """A speaker says what somebody else must, should or may not do."""
    tree = matcher.tree
    for token in tree.tokens:
        modal = _order(matcher, token)
        if modal is None or tree.is_passive(token.i):
            continue
        speakers = [end for i in scope.read(token.i).speakers for end in matcher.ends.resolve(i, act=False)]
        told = [end for i in tree.subjects(token.i) for end in matcher.ends.resolve(i, act=False) if end.weight == 1]
        for speaker in speakers[:1]:
            for end in told:
                if not same_side(speaker, end):
                    yield Match(
                        unlisted(matcher.lexicon.lang, modal.lemma, Relation.DEMANDS), modal, speaker.weaker(0.8), end
                    )


def urged(matcher: Matcher) -> Iterator[Match]:
    """ "Auf Drängen Frankreichs will Mali wählen lassen": who urges demands it of the subject."""
    tree, lexicon = matcher.tree, matcher.lexicon
    for token in tree.tokens:
        if not lexicon.cue("urging_nouns", token.lemma) or tree.case(token.i) != "auf":
            continue
        verb = tree.tokens[token.head]
        if verb.upos not in VERBAL:
            continue
        for owner in matcher.ends.owners(token.i):
            for told in (end for i in tree.subjects(verb.i) for end in matcher.ends.resolve(i, act=False)):
                if not same_side(owner, told):
                    yield Match(unlisted(lexicon.lang, token.lemma, Relation.DEMANDS), token, owner.weaker(0.9), told)


def _order(matcher: Matcher, token: Token) -> Token | None:
    """The modal verb of an order, or None: must, should; may not; but not "soll … haben", which is hearsay."""
    tree, lexicon = matcher.tree, matcher.lexicon
    if token.upos not in VERBAL:
        return None
    if is_condition(tree, token):
        return None
    auxiliaries = tree.kids(token.i, "aux")
    if any(a.lemma in {"haben", "sein"} and a.feat("VerbForm") == "Inf" for a in auxiliaries):
        return None
    negated = any(lexicon.cue("negators", c.form.lower()) for c in tree.kids(token.i, "advmod")) or any(
        lexicon.cue("negators", d.lemma) for c in tree.kids(token.i, "obj") for d in tree.kids(c.i, "det")
    )
    for modal in auxiliaries:
        if lexicon.cue("ordering_modals", modal.lemma) or (negated and lexicon.cue("forbidding_modals", modal.lemma)):
            return modal
    return None
