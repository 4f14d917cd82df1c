"""The thread of a text: who was mentioned where, so that pronouns and descriptions find whom they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgraph.actors import Registry
from kgraph.link.draft import Draft
from kgraph.link.roster import Roster
from kgraph.link.tree import Tree
from kgraph.link.words import Words
from kgraph.model import Actor, ActorType, Mention, Via

_ARTICLE_GENDER = {"der": "m", "die": "f", "das": "n", "pl": "p"}
_FEATURES = {"Masc": "m", "Fem": "f", "Neut": "n"}
_NAMED = (Via.NAME, Via.ACRONYM)
_WEAK = (Via.ADJECTIVE, Via.COMPOUND)


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention in the thread: its genders ("m", "f", "n", "p" for plural), and whether it is a subject."""

    mention: Mention
    genders: frozenset[str]
    subject: bool

    @property
    def actor(self) -> Actor:
        """The actor."""
        return self.mention.actor

    @property
    def weak(self) -> bool:
        """True for adjectives and parts of words, which pronouns do not take up."""
        return self.mention.via in _WEAK


class Thread:
    """All mentions of an article so far, sentence by sentence."""

    def __init__(self, drafts: Sequence[Draft], registry: Registry, words: Words, roster: Roster) -> None:
        self.drafts = drafts
        self.registry = registry
        self.words = words
        self.roster = roster
        self._feminine = frozenset(words.list("gender", "feminine_nouns"))
        self._masculine = frozenset(words.list("gender", "masculine_nouns"))
        self._plural = frozenset(words.list("gender", "plural_nouns"))
        self._seen: list[list[Seen]] = [[self._note(draft, m) for m in draft.mentions] for draft in drafts]
        for seen in self._seen:
            seen.sort(key=_place)

    def tree(self, index: int) -> Tree:
        """The tree of a sentence."""
        return self.drafts[index].tree

    def add(self, index: int, mention: Mention) -> None:
        """Add a resolved mention to its sentence."""
        draft = self.drafts[index]
        draft.mentions.append(mention)
        self._seen[index].append(self._note(draft, mention))
        self._seen[index].sort(key=_place)

    def seen(self, index: int) -> list[Seen]:
        """The mentions of a sentence in the order of the text; none outside the article. Conflicts are left out."""
        if not 0 <= index < len(self._seen):
            return []
        return [seen for seen in self._seen[index] if seen.actor.type is not ActorType.CONFLICT]

    def at(self, index: int, token: int) -> list[Seen]:
        """The mentions that a token of a sentence belongs to."""
        return [seen for seen in self.seen(index) if token in seen.mention.tokens]

    def states(self, index: int, *, before: int | None = None, persons: bool = True) -> list[Actor]:
        """The states that a sentence names or whose officials act in it, each once; parts of words do not count."""
        found: list[Actor] = []
        for seen in self.seen(index):
            if before is not None and seen.mention.token >= before:
                break
            if seen.mention.via is Via.COMPOUND or (not persons and seen.actor.type is ActorType.PERSON):
                continue
            state = self.state_of(seen.actor)
            if state is not None and state not in found:
                found.append(state)
        return found

    def topic(self, index: int) -> Actor | None:
        """The state that is the subject of a sentence; none outside the article."""
        if index < 0:
            return None
        tree = self.tree(index)
        root = next((t.i for t in tree.tokens if t.head == t.i), 0)
        subject = tree.subject_of(root)
        seen = self.at(index, subject) if subject is not None else []
        return self.state_of(seen[0].actor) if seen else None

    def named_topic(self, index: int) -> Actor | None:
        """The state that is the subject of a sentence, alone and by its own name."""
        topic = self.topic(index)
        seen = [s for s in self.seen(index) if s.actor == topic and s.subject and s.mention.via in _NAMED]
        tree = self.tree(max(index, 0))
        joined = any(tree.tokens[k].deprel == "conj" for s in seen for k in tree.children(s.mention.token))
        return topic if seen and not joined else None

    def acting(self, index: int, place: int) -> list[Seen]:
        """Who acts in the clause of a place, or in the one that its infinitive hangs on."""
        tree = self.tree(index)
        clause = tree.clause(place)
        subject = tree.subject_of(clause)
        if subject is None and tree.tokens[clause].deprel in ("xcomp", "advcl", "conj"):
            clause = tree.clause(tree.tokens[clause].head)
            subject = tree.subject_of(clause)
        if subject is None or subject in (place, *tree.path_up(place)):
            return []
        if tree.is_relative(subject):
            subject = tree.tokens[clause].head  # "Brasilien, das an beide Staaten grenzt"
        return self.at(index, subject)

    def state_of(self, actor: Actor) -> Actor | None:
        """The state itself, or the state that a person acts for."""
        if actor.type is ActorType.STATE:
            return actor
        if actor.type is ActorType.PERSON and actor.country:
            entry = self.registry.country(actor.country)
            return entry.actor if entry else None
        return None

    def _note(self, draft: Draft, mention: Mention) -> Seen:
        return Seen(mention, self._genders(draft, mention), draft.tree.is_subject(mention.token))

    def _genders(self, draft: Draft, mention: Mention) -> frozenset[str]:
        actor = mention.actor
        if actor.type is ActorType.PERSON:
            person = self.roster.by_id(actor.id)
            feminine = person.feminine if person else None
            return frozenset("f" if feminine else "m" if feminine is False else "mf")
        token = draft.tree.tokens[mention.token]
        if mention.via in (Via.OFFICE, Via.DESCRIPTION):
            return (
                frozenset("p")
                if token.feat("Number") == "Plur"
                else frozenset(_FEATURES.get(token.feat("Gender"), "mfn"))
            )
        if token.upos == "NOUN" and token.feat("Number") == "Plur":
            return frozenset("p")
        if mention.via is Via.CAPITAL:
            return _by_article(draft.tree, mention) or frozenset("n")
        entry = self.registry.by_id(actor.id)
        if entry is not None and entry.article:
            return frozenset(_ARTICLE_GENDER[entry.article])
        if actor.type is ActorType.STATE:
            return frozenset("n")
        if token.form in self.words.kinds and token.feat("Gender"):
            return frozenset(_FEATURES[token.feat("Gender")])
        return self._by_name(actor, mention) or _by_article(draft.tree, mention)

    def _by_name(self, actor: Actor, mention: Mention) -> frozenset[str]:
        words = {*actor.label.split(), *mention.text.split(), *actor.label.split("-")}
        for nouns, gender in ((self._plural, "p"), (self._feminine, "f"), (self._masculine, "m")):
            if words & nouns:
                return frozenset(gender)
        if actor.type is ActorType.PEOPLE:
            return frozenset("p")
        return frozenset("f") if actor.type is ActorType.POLITICAL_PARTY else frozenset()


def _by_article(tree: Tree, mention: Mention) -> frozenset[str]:
    """The gender that the article before a name tells: die PKK, des IS."""
    word = tree.lower(mention.token - 1)
    case = tree.tokens[mention.token].feat("Case")
    if word in ("den", "dem", "des", "im", "vom", "zum", "beim"):
        return frozenset("m")
    if word == "das":
        return frozenset("n")
    if word in ("die", "zur"):
        return frozenset("f")
    if word == "der":
        return frozenset("m" if case == "Nom" else "f")
    return frozenset()


def _place(seen: Seen) -> tuple[int, int]:
    return seen.mention.token, seen.mention.start
