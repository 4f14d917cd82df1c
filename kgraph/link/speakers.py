"""Words of a speaker and of a text for itself: we, man in reported speech, "es" for the state of the sentence before."""

from __future__ import annotations

from kgraph.link.thread import Thread
from kgraph.model import Actor, ActorType, Mention, Token, Via

_QUOTES = frozenset('"„“”»«')
_POINTING = ("das", "dies", "so", "damit")
_QUOTED = 4  # sentences that a quotation runs over


class Speakers:
    """Resolves we and it along the thread of a text."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        words = thread.words
        self._speech = frozenset((*words.list("speech", "verbs"), *words.list("speech", "object_verbs")))
        self._we = frozenset(thread.words.list("speech", "we"))
        self._one = frozenset(thread.words.list("speech", "one"))
        self._it_not = frozenset(thread.words.list("speech", "it_not"))

    def it(self, index: int, token: Token) -> list[Mention]:
        """The state that "es" takes up, where it acts or is acted on and may not be a dummy."""
        tree = self._thread.tree(index)
        verb = tree.tokens[token.head]
        kinds = [tree.tokens[k].deprel.split(":")[0] for k in tree.children(verb.i)]
        dummy = (verb.verb or verb.lemma) in self._it_not or {"ccomp", "csubj", "xcomp", "expl"} & set(kinds)
        if token.form.lower() != "es" or verb.upos != "VERB" or dummy or kinds.count("nsubj") > 1:
            return []
        if token.form == "Es" and tree.begins(token.i) and token.deprel == "nsubj":
            topic = self._thread.named_topic(index - 1) if "obj" in kinds else None
            here = {s.actor for s in self._thread.seen(index) if tree.clause(s.mention.token) == tree.clause(token.i)}
            meant = topic if topic not in here else None
            neuter = meant is not None and "n" in self._gender(index - 1, meant)
        else:
            meant = self._before(index, token, verb)
            neuter = meant is not None and "n" in self._gender(index, meant)
        return [self._thread.drafts[index].at_token(token.i, meant, Via.PRONOUN)] if meant and neuter else []

    def _before(self, index: int, token: Token, verb: Token) -> Actor | None:
        """Whom "es" within a sentence means: who acts in the clause around, or on whom was acted in the one before."""
        tree = self._thread.tree(index)
        if token.deprel == "nsubj" and verb.deprel.split(":")[0] in ("acl", "advcl"):
            subject = tree.subject_of(tree.clause(verb.head))
            seen = self._thread.at(index, subject) if subject is not None and subject < token.i else []
            return seen[0].actor if len(seen) == 1 and not seen[0].weak else None
        if token.deprel != "obj":
            return None
        acting = {s.actor for s in self._thread.acting(index, token.i)}
        named = [s for s in self._thread.seen(index) if s.mention.token < token.i and s.actor not in acting]
        fitting = {s.actor for s in named if "n" in s.genders and not s.weak}
        return fitting.pop() if acting and len(fitting) == 1 else None

    def _gender(self, index: int, actor: Actor) -> frozenset[str]:
        return frozenset().union(*(s.genders for s in self._thread.seen(index) if s.actor == actor))

    def we(self, index: int, token: Token) -> list[Mention]:
        """The state or organisation that the speaker of a quotation acts for, where it says "we"."""
        word = token.form.lower()
        if word not in self._we and not (word in self._one and self._is_reported(index, token)):
            return []
        draft = self._thread.drafts[index]
        speaker = self._speaker(index, token) or self._beside(index)
        if speaker is None:
            return []
        actor = self._side(speaker)
        return [draft.at_token(token.i, actor, Via.PRONOUN)] if actor else []

    def _is_reported(self, index: int, token: Token) -> bool:
        """True for "man" in reported speech, where it is who speaks: "er sagte, man werde verhandeln"."""
        tree = self._thread.tree(index)
        verb = tree.clause(token.i)
        return token.deprel == "nsubj" and any(
            tree.tokens[k].feat("Mood") == "Sub" for k in (verb, *tree.children(verb))
        )

    def _speaker(self, index: int, token: Token) -> Actor | None:
        """The actor who says the words that a token stands in."""
        tree = self._thread.tree(index)
        verbs = [
            v
            for v in (*tree.path_up(token.i), *range(len(tree)))
            if tree.tokens[v].lemma in self._speech and tree.tokens[v].upos == "VERB"
        ]
        for verb in dict.fromkeys(verbs):
            subject = tree.subject_of(verb)
            if subject is None and tree.tokens[verb].deprel == "conj":  # "wies … zurück und sagte, man werde …"
                subject = tree.subject_of(tree.clause(tree.tokens[verb].head))
            if subject is None or subject == token.i:
                continue
            seen = [s for s in self._thread.at(index, subject) if not s.weak]
            return seen[0].actor if seen else None
        return None

    def _beside(self, index: int) -> Actor | None:
        """Who says a sentence that is all quotation: named where the quotation ends, else in the sentence before."""
        tree = self._thread.tree(index)
        if tree.form(0) not in _QUOTES:
            return None
        if any(tree.form(k) in _QUOTES for k in range(1, len(tree))):
            if tree.form(len(tree) - 1) not in _QUOTES:
                return None
            behind = index + 1 < len(self._thread.drafts) and self._thread.tree(index + 1).lower(0) in _POINTING
            return self._named(index + 1) if behind else self._named(index - 1) if index > 0 else None
        for i in range(index + 1, min(index + _QUOTED, len(self._thread.drafts))):
            if any(token.form in _QUOTES for token in self._thread.tree(i).tokens):
                return self._named(i)
        return None

    def _named(self, index: int) -> Actor | None:
        """The one who says something in a sentence."""
        tree = self._thread.tree(index)
        speakers = []
        for verb in tree.tokens:
            subject = tree.subject_of(verb.i) if verb.lemma in self._speech and verb.upos == "VERB" else None
            seen = [s for s in self._thread.at(index, subject) if not s.weak] if subject is not None else []
            speakers += [s.actor for s in seen[:1] if s.mention.via is not Via.PRONOUN]
        return speakers[0] if len(set(speakers)) == 1 else None

    def _side(self, speaker: Actor) -> Actor | None:
        if speaker.type is not ActorType.PERSON:
            return speaker
        person = self._thread.roster.by_id(speaker.id)
        owners = list(dict.fromkeys(owner for _, owner in person.titles or person.offices if owner)) if person else []
        for i in range(len(self._thread.drafts)):
            for seen in self._thread.seen(i):
                if seen.actor == speaker and seen.mention.role is not None:
                    return seen.mention.role.of.actor
        entry = self._thread.registry.by_id(owners[0]) if len(owners) == 1 else None
        return entry.actor if entry else self._thread.state_of(speaker)
