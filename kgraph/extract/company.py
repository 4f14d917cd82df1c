"""Deeds in company: "Gemeinsam mit Kenia will Uganda eine Leitung bauen" has the two work together."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kgraph.extract.ends import End
from kgraph.extract.match import Matcher
from kgraph.extract.pairs import Match, all_pairs, pairs, unlisted
from kgraph.extract.tree import VERBAL, base
from kgraph.model import ActorType, Relation, Token

_JOINT = {ActorType.STATE, ActorType.ORGANISATION, ActorType.ARMED_GROUP}


def together(matcher: Matcher) -> Iterator[Match]:
    """The subject of a verb and whom it acts with, for verbs of doing."""
    tree, lexicon = matcher.tree, matcher.lexicon
    for word in tree.tokens[:-2]:
        if word.lemma == "gemeinsam" and word.form != "gemeinsam":
            yield from _joint(matcher, word)
        if not lexicon.cue("company_words", word.form.lower()):
            continue
        if tree.tokens[word.i + 1].form.lower() != "mit":
            yield from _joint(matcher, word)
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


def _joint(matcher: Matcher, word: Token) -> Iterator[Match]:
    """ "Indien und Japan bauen gemeinsam Schiffe": two subjects of one deed."""
    verb = matcher.tree.tokens[word.head]
    idle = matcher.lexicon.cue("idle_verbs", verb.lemma)
    if word.upos == "ADJ" and word.deprel == "amod" and verb.deprel == "obj":  # "bauen ein gemeinsames Werk"
        verb = matcher.tree.tokens[verb.head]
        idle = not matcher.lexicon.cue("joint_verbs", verb.lemma)
    elif word.form != "gemeinsam":
        return
    if verb.upos != "VERB" or idle or matcher.tree.is_passive(verb.i):
        return
    doers = [end for i in matcher.tree.subjects(verb.i) for end in matcher.ends.resolve(i, act=False)]
    doers = [end.weaker(0.9) for end in doers if end.mention.actor.type in _JOINT]
    yield from all_pairs(unlisted(matcher.lexicon.lang, word.lemma, Relation.COOPERATES_WITH), verb, doers)


def backing(matcher: Matcher) -> Iterator[Match]:
    """ "Mit Unterstützung Russlands eroberte Syrien die Stadt": who gives it is behind the subject of the deed."""
    tree, nouns = matcher.tree, matcher.nouns
    for token in tree.tokens:
        verb = tree.tokens[token.head]
        if base(verb.deprel) == "obj":  # "hat den Angriff mit Unterstützung Spaniens abgewehrt"
            verb = tree.tokens[verb.head]
        if not matcher.lexicon.cue("backing_nouns", token.lemma) or tree.case(token.i) not in {"mit", "dank"}:
            continue
        if token.upos != "NOUN" or verb.upos not in VERBAL or tree.is_passive(verb.i):
            continue
        frame = matcher.lexicon.nouns(token.lemma)[0]
        if nouns.slot(token.i, "für", act=False):
            continue
        backed = [end for i in tree.subjects(verb.i) for end in matcher.ends.resolve(i, act=False)]
        actors = {end.mention.actor.id for end in backed}
        givers = [end for end in nouns.agents(token.i) if end.mention.actor.id not in actors]
        rule = unlisted(matcher.lexicon.lang, token.lemma, frame.relation)
        yield from pairs(rule, token, [end.weaker(0.9) for end in givers], backed)


def strengthening(matcher: Matcher) -> Iterator[Match]:
    """ "Peru hilft Chile im Kampf gegen die Miliz" has Chile fight; "Truppen zur Unterstützung Chiles" have Peru help."""
    tree, nouns = matcher.tree, matcher.nouns
    for token in tree.tokens:
        head = tree.tokens[token.head]
        if token.upos != "NOUN" or head.i == token.i:
            continue
        if matcher.lexicon.cue("backing_nouns", token.lemma) and tree.case(token.i) == "zu":
            relation = matcher.lexicon.nouns(token.lemma)[0].relation
            rule = unlisted(matcher.lexicon.lang, token.lemma, relation)
            helped = [end for c in nouns.genitives(token.i) for end in matcher.ends.resolve(c.i, act=False)]
            yield from pairs(rule, token, [end.weaker(0.8) for end in _helpers(matcher, head)], helped)
        elif tree.case(token.i) in {"in", "bei"} and head.upos in VERBAL and nouns.strengthens(head):
            slots = matcher.slots(head)
            helped = [e for s in ("obj", "dat") for k in slots.get(s, []) for e in matcher.ends.resolve(k, act=False)]
            for frame in matcher.lexicon.nouns(token.lemma):
                if frame.relation is Relation.AT_WAR_WITH and not frame.needs:
                    enemies = nouns.first(frame, token.i, ("gegen",), act=False, types=frame.object_types)
                    yield from pairs(frame, token, [end.weaker(0.9) for end in helped], enemies)


def _helpers(matcher: Matcher, head: Token) -> list[End]:
    """Who sends what is to help: whose the noun is ("türkische Truppen zur Unterstützung …"), or the verb's subject."""
    tree = matcher.tree
    if head.upos in VERBAL:
        return [end for k in matcher.slots(head).get("subj", []) for end in matcher.ends.resolve(k, act=False)]
    inner = [head, *tree.kids(head.i, "nmod")]
    found = [end for noun in inner for end in matcher.ends.resolve(noun.i, act=False)]
    if found or base(head.deprel) != "obj":
        return found
    verb = tree.tokens[head.head]
    return [end for k in tree.subjects(verb.i) for end in matcher.ends.resolve(k, act=False)]


def including(matcher: Matcher, found: Sequence[Match]) -> Iterator[Match]:
    """ "Der Rat – einschließlich Chinas – verhängt …": members that are named beside a body act with it."""
    tree = matcher.tree
    for match in found:
        body = match.subject.mention
        if match.frame.kind != "verb" or body.actor.type is not ActorType.ORGANISATION:
            continue
        for word in tree.tokens[body.token + 1 : body.token + 4]:
            if matcher.lexicon.cue("including_words", word.form.lower()):
                first = tree.tokens[word.head] if word.head != body.token else word
                for member in matcher.ends.resolve(first.i, act=False):
                    if member.mention.actor.id not in {body.actor.id, match.object.mention.actor.id}:
                        yield replace(match, subject=member.weaker(0.9))
                break


def beside(matcher: Matcher, found: Sequence[Match]) -> Iterator[Match]:
    """ "Jordanien kämpft an der Seite der USA gegen den IS": they fight the same enemy."""
    tree = matcher.tree
    for match in found:
        if match.frame.relation is not Relation.AT_WAR_WITH or match.trigger.upos not in VERBAL:
            continue
        for side in tree.kids(match.trigger.i, "obl"):
            if side.lemma == "Seite" and tree.case(side.i) == "an" and side.feat("Number") != "Plur":
                for ally in matcher.nouns.slot(side.i, "gen", act=False) + matcher.nouns.slot(side.i, "von", act=False):
                    if ally.mention.actor.id != match.object.mention.actor.id:
                        yield replace(match, subject=ally.weaker(0.9))


def likewise(matcher: Matcher, found: Sequence[Match]) -> Iterator[Match]:
    """ "Kuba steht ebenso wie Russland hinter Maduro": whoever stands before the object acts like the subject."""
    tree, lexicon = matcher.tree, matcher.lexicon
    for word, like in itertools.pairwise(tree.tokens):
        if like.form.lower() != "wie" or not lexicon.cue("likening_words", word.form.lower()) or like.deprel != "case":
            continue
        first = tree.tokens[like.head]
        others = matcher.ends.resolve(first.i, act=False)
        for match in found:
            subject, object_, verb = match.subject.mention, match.object.mention, match.trigger
            near = first.head in {verb.i, subject.token} or word.head == verb.i
            if match.frame.kind != "verb" or match.frame.relation.symmetric or not near or object_.token < first.i:
                continue
            if verb.i not in {first.head, *(t.i for t in tree.ancestors(first.i))} or tree.is_passive(verb.i):
                continue
            for other in others:
                if other.weight == 1 and other.mention.actor.id not in {subject.actor.id, object_.actor.id}:
                    yield replace(match, subject=other.weaker(0.9))


def _verb(matcher: Matcher, *words: Token) -> Token | None:
    for word in words:
        for token in matcher.tree.ancestors(word.i):
            if token.upos in VERBAL and not matcher.tree.is_passive(token.i):
                return token
    return None
