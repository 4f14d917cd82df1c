"""What stands in a frame's slots, whether it names an actor or not: for telling why a frame found nobody."""

from __future__ import annotations

from kgraph.extract.match import Matcher
from kgraph.extract.pairs import Trial
from kgraph.extract.tree import VERBAL
from kgraph.model import Via

_CORE = {"subj", "obj", "dat", "gen", "clause", "refl"}
BEARER = "bearer"


def places(trial: Trial) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The slots where a frame looks for its subject and for its object; who bears a role is the slot `bearer`."""
    frame = trial.frame
    if frame.kind == "role":
        return (frame.object, (BEARER,)) if frame.inverse else ((BEARER,), frame.object)
    return frame.subject or ("subj",), frame.object


def standing(matcher: Matcher, trial: Trial, slot: str) -> tuple[int, ...]:
    """The tokens in a slot of the frame's word, conjuncts among them, in the order of the text."""
    frame, token = trial.frame, trial.token
    if slot == BEARER:
        found = [end.mention.token for end in matcher.roles.bearers(token)]
    elif frame.kind in {"noun", "role"}:
        hosts = [token.i, *matcher.nouns.fillers(frame, token.i)]
        found = next((held for i in hosts if (held := _of_noun(matcher, i, slot))), [])
    else:
        found = _of_clause(matcher, trial, slot)
    return tuple(sorted({k for i in found for k in matcher.tree.conjuncts(i)}))


def _of_clause(matcher: Matcher, trial: Trial, slot: str) -> list[int]:
    frame, token, tree = trial.frame, trial.token, matcher.tree
    slots = matcher.slots(token) if frame.kind == "verb" else matcher.roles.slots(token)
    outer, _, inner = slot.partition(".")
    if inner:
        hosts = [k for i in slots.get(outer, []) for k in tree.conjuncts(i)]
        return [k for i in hosts for k in _inside(matcher, i, inner)]
    fillers = matcher.fillers(frame, slots) if frame.kind == "verb" else ()
    found = [i for i in matcher.filled(slot, slots) if i not in fillers]
    if found or slot in _CORE:
        return found
    return [k for i in (*fillers, *slots.get("obj", [])) for k in _of_noun(matcher, i, slot)]


def _inside(matcher: Matcher, i: int, slot: str) -> list[int]:
    if matcher.tree.tokens[i].upos in VERBAL:
        return matcher.tree.slots(i).get(slot, [])
    return _of_noun(matcher, i, slot)


def _of_noun(matcher: Matcher, i: int, slot: str) -> list[int]:
    nouns, tree, ends = matcher.nouns, matcher.tree, matcher.ends
    outer, _, inner = slot.partition(".")
    if inner:
        return [k for holder in nouns.holders(i, outer) for k in _of_noun(matcher, holder.i, inner)]
    if slot == "compound":
        return [i] if ends.parts(i) else []
    if slot == "adj":
        words = [k for child in tree.kids(i, "amod") for k in tree.conjuncts(child.i)]
        return [k for k in words if any(mention.via is Via.ADJECTIVE for mention in ends.named(k))]
    if slot == "poss":
        return [child.i for child in tree.kids(i, "det") if child.feat("Poss") == "Yes"]
    if slot == "gen":
        return [child.i for child in nouns.genitives(i)]
    direct, loose = nouns.phrases(i, slot)
    return [child.i for child in direct or loose]
