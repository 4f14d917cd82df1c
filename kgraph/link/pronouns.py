"""Pronouns and possessives: resolved only where the grammar and the sentence before leave one actor."""

from __future__ import annotations

from collections.abc import Iterable

from kgraph.link.thread import Seen, Thread
from kgraph.link.tree import Tree
from kgraph.model import Actor, ActorType, Token

_HE = {"er": "m", "ihn": "m", "ihm": "mn"}
_SHE = frozenset(("sie", "ihr"))
_THEY = frozenset(("sie", "ihnen"))
_HIS = frozenset(("sein", "seine", "seinem", "seinen", "seiner", "seines"))
_HER = frozenset(("ihr", "ihre", "ihrem", "ihren", "ihrer", "ihres"))
_LATTER = {"dieser": "m", "letzterer": "m", "letztere": "f"}  # "diese" is too many things
_GENDERS = {"Masc": "m", "Fem": "f", "Neut": "n"}
_SUBJECTS = ("nsubj", "nsubj:pass")
_OBJECTS = ("obj", "iobj", "obl:arg", "obl")
_NEUTER = frozenset(  # infinitives made nouns, which are often read as masculine
    "Treffen Eintreffen Vorgehen Verhalten Abkommen Übereinkommen Schreiben Versprechen Eingreifen Einlenken Ableben "
    "Bestreben Ersuchen Drängen Unternehmen Verfahren".split()
)
_SPEECH = 4  # how many sentences reported speech is followed back
_CLAUSES = ("ccomp", "advcl", "acl", "xcomp", "parataxis", "csubj")

_FEW = 3


class Pronouns:
    """Resolves third-person pronouns along the thread of a text."""

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        self._speech = frozenset(thread.words.list("speech", "verbs"))
        self._object_verbs = frozenset(thread.words.list("speech", "object_verbs"))

    def resolve(self, index: int, token: Token) -> list[Actor]:
        """Whom a pronoun or possessive means: one actor, or the few that a plural takes up; empty where unclear."""
        tree = self._thread.tree(index)
        if token.form.lower() in _LATTER:
            return self._latter(index, token)
        genders = self._wanted(tree, token)
        if not genders:
            return []
        possessive = token.feat("Poss") == "Yes" or token.upos == "DET"
        found = (self._possessive if possessive else self._personal)(index, token, genders)
        return found if len(found) <= _FEW else []  # a long list is hardly taken up with one word

    def _wanted(self, tree: Tree, token: Token) -> frozenset[str]:
        """The genders that a pronoun agrees with; "p" for the plural; empty for words that are no such pronoun."""
        word = token.form.lower()
        determiner = token.feat("Poss") == "Yes" or token.upos == "DET"
        if determiner:
            return frozenset("mn") if word in _HIS else frozenset("fp") if word in _HER else frozenset()
        if token.deprel.startswith("expl") or tree.is_relative(token.i):
            return frozenset()
        if word in _HE:
            return frozenset(_HE[word])
        if token.upos != "PRON":
            return frozenset()
        if word in _THEY or word in _SHE:
            if word == "sie" and token.form == "Sie" and token.i > 0 and not tree.begins(token.i):
                return frozenset()
            return frozenset("p") if self._is_plural(tree, token) else frozenset("f")
        return frozenset()

    def _is_plural(self, tree: Tree, token: Token) -> bool:
        if token.form.lower() == "ihnen":
            return True
        if token.form.lower() == "ihr":
            return False
        if token.deprel in _SUBJECTS:
            for i in (token.head, *tree.children(token.head)):
                verb = tree.tokens[i]
                if verb.feat("VerbForm") == "Fin" and verb.upos in ("VERB", "AUX"):
                    return _is_plural_form(verb.form.lower())
            return tree.form(token.head).endswith("en")
        return token.feat("Number") == "Plur"

    # ------------------------------------------------------------------------------------------ personal

    def _personal(self, index: int, token: Token, genders: frozenset[str]) -> list[Actor]:
        """From the clauses around, then from what was said before in the sentence, then from the sentence before."""
        tree = self._thread.tree(index)
        clause = tree.clause(token.i)
        for verb in self._outer(tree, clause):
            found = self._of_clause(index, verb, token, genders)
            if found is not None:
                return found
        subject = token.deprel in _SUBJECTS or token.form.lower() == "er"
        excluded = set() if subject else self._fellows(index, token, clause)
        main = tree.tokens[clause].head == clause
        if not (subject and main):
            units = self._units(index, token.i, genders, excluded)
            if units:
                return units[0] if len(units) == 1 and not self._rival_noun(index, token.i, genders) else []
        if not self._is_speech(tree, clause) and self._rival_noun(index, token.i, genders):
            return []
        return self._from_before(index, genders, excluded) or (
            [] if subject else self._speaker(index, genders, excluded)
        )

    def _speaker(self, index: int, genders: frozenset[str], excluded: set[str]) -> list[Actor]:
        """In reported speech that runs over several sentences the speaker, where nobody else agrees since he spoke."""
        if not self._is_reported(index):
            return []
        for i in range(index - 1, max(-1, index - 1 - _SPEECH), -1):
            people = [s for s in self._thread.seen(i) if s.actor.type is ActorType.PERSON and s.genders & genders]
            tree = self._thread.tree(i)
            speaking = [s for s in people if s.subject and self._is_speech(tree, tree.tokens[s.mention.token].head)]
            if people:
                fitting = speaking and {s.actor for s in people} == {s.actor for s in speaking}
                return [speaking[0].actor] if fitting and speaking[0].actor.id not in excluded else []
        return []

    def _is_reported(self, index: int) -> bool:
        """True where the main clause stands in the subjunctive of reported speech."""
        tree = self._thread.tree(index)
        root = next((t.i for t in tree.tokens if t.head == t.i), 0)
        return any(tree.tokens[k].feat("Mood") == "Sub" for k in (root, *tree.children(root)))

    def _fellows(self, index: int, token: Token, clause: int) -> set[str]:
        """The actors of the pronoun's own clause, of which it is none: nobody asks himself with "ihn"."""
        tree = self._thread.tree(index)
        seen = [
            s for s in self._thread.seen(index) if tree.clause(s.mention.token) == clause and s.mention.token != token.i
        ]
        own = tree.subject_of(clause)
        if own is not None and tree.is_relative(own):
            seen += self._thread.at(index, tree.tokens[clause].head)
        return {s.actor.id for s in seen}

    def _of_clause(self, index: int, verb: int, token: Token, genders: frozenset[str]) -> list[Actor] | None:
        """The subject of a clause around the pronoun, or its object after verbs that speak of the object's acts."""
        tree = self._thread.tree(index)
        if tree.tokens[verb].lemma in self._object_verbs:
            for child in tree.children(verb):
                if (
                    child < token.i
                    and tree.tokens[child].deprel in _OBJECTS
                    and tree.tokens[child].upos in ("NOUN", "PROPN", "PRON")
                ):
                    found = self._subject(index, child, genders)
                    if found is not None:
                        return found
        subject = tree.subject_of(verb)
        if subject is None or (subject >= token.i and not self._is_speech(tree, verb)):
            return None
        return self._subject(index, subject, genders)

    def _units(self, index: int, before: int, genders: frozenset[str], excluded: set[str]) -> list[list[Actor]]:
        """What was named earlier in the sentence and agrees: single actors, or pairs where a plural is wanted."""
        units: list[list[Actor]] = []
        for seen in self._thread.seen(index):
            if seen.mention.token >= before or seen.weak or seen.actor.id in excluded:
                continue
            unit = [seen.actor] if seen.genders & genders else []
            if "p" in genders and not unit:
                pair = self._coordinated(index, seen.mention.token, [seen])
                unit = pair if len(pair) > 1 else []
            if unit and unit not in units:
                units.append(unit)
        return units

    def _rival_noun(self, index: int, before: int, genders: frozenset[str]) -> bool:
        """True where a noun that is no actor agrees too, earlier in the sentence."""
        thread, tree = self._thread, self._thread.tree(index)
        for token in tree.tokens[:before]:
            if token.upos != "NOUN" or token.form in thread.words.calendar or thread.at(index, token.i):
                continue
            if token.form in _NEUTER and "m" in genders and "n" not in genders:
                continue  # whatever the parser says: nach einem Treffen
            gender = "p" if token.feat("Number") == "Plur" else _GENDERS.get(token.feat("Gender"), "")
            if gender and gender in genders:
                return True
        return False

    def _outer(self, tree: Tree, clause: int) -> Iterable[int]:
        """The verbs of the clauses around a clause, nearest first."""
        verb = clause
        while tree.tokens[verb].head != verb and tree.tokens[verb].deprel.split(":")[0] in (*_CLAUSES, "conj"):
            verb = tree.clause(tree.tokens[verb].head)
            yield verb
        for child in tree.children(clause):
            if tree.tokens[child].deprel == "parataxis" and self._is_speech(tree, child):
                yield child

    def _is_speech(self, tree: Tree, verb: int) -> bool:
        return tree.tokens[verb].lemma in self._speech

    def _subject(self, index: int, subject: int, genders: frozenset[str]) -> list[Actor] | None:
        """The actors of a clause's subject where they agree; empty where something else agrees; None where nothing does."""
        tree = self._thread.tree(index)
        seen = [s for s in self._thread.at(index, subject) if not s.weak]
        if seen:
            pair = self._coordinated(index, subject, seen)
            if len(pair) > 1:
                return pair if "p" in genders else None
            return [seen[0].actor] if seen[0].genders & genders else None
        token = tree.tokens[subject]
        if token.upos in ("NOUN", "PROPN"):
            gender = "p" if token.feat("Number") == "Plur" else _GENDERS.get(token.feat("Gender"), "")
            return [] if gender and gender in genders else None
        return None

    def _coordinated(self, index: int, subject: int, seen: list[Seen]) -> list[Actor]:
        """The actors of a subject and its conjuncts; only the first where some conjunct is no actor."""
        tree = self._thread.tree(index)
        actors = list(dict.fromkeys(s.actor for s in seen))
        heads = {subject, *(t for s in seen for t in s.mention.tokens)}
        for head in sorted(heads):
            for child in tree.children(head):
                if (
                    tree.tokens[child].deprel == "conj"
                    and child not in heads
                    and tree.tokens[child].upos in ("NOUN", "PROPN")
                ):
                    more = [s for s in self._thread.at(index, child) if not s.weak]
                    if not more:
                        return actors[:1]
                    actors += [s.actor for s in more if s.actor not in actors]
        return actors

    def _from_before(self, index: int, genders: frozenset[str], excluded: set[str]) -> list[Actor]:
        """From the sentence before: its main subject, else the only agreeing subject, else the only agreeing person."""
        thread = self._thread
        if index == 0:
            return []
        tree = thread.tree(index - 1)
        root = next((t.i for t in tree.tokens if t.head == t.i), 0)
        main = tree.subject_of(root)
        if main is not None:
            found = self._subject(index - 1, main, genders)
            if found is not None and not {a.id for a in found} & excluded:
                return found
        seen = [s for s in thread.seen(index - 1) if not s.weak and s.genders & genders and s.actor.id not in excluded]
        for group in ([s for s in seen if s.subject], [s for s in seen if s.actor.type is ActorType.PERSON]):
            actors = list(dict.fromkeys(s.actor for s in group))
            if len(actors) == 1:
                return actors
            if actors:
                return []
        return []

    def _latter(self, index: int, token: Token) -> list[Actor]:
        """ "Dieser warf ihm … vor": the only one whom the sentence before names, agreeing, after its subject."""
        if token.upos not in ("PRON", "DET") or token.deprel not in _SUBJECTS:
            return []
        gender = _LATTER[token.form.lower()]
        seen = [s for s in self._thread.seen(index - 1) if not s.weak]
        subjects = {s.actor for s in seen if s.subject}
        others = list(dict.fromkeys(s.actor for s in seen if gender in s.genders and s.actor not in subjects))
        if subjects and len(others) == 1:
            return others
        last = max(seen, key=lambda s: s.mention.token, default=None)
        near = last is not None and last.actor.type is ActorType.PERSON and last.actor in others
        return [last.actor] if last is not None and near and not self._is_followed(index - 1, last, gender) else []

    def _is_followed(self, index: int, seen: Seen, gender: str) -> bool:
        """True where a noun behind a mention, or the main subject with its article, agrees too and is no actor."""
        thread, tree = self._thread, self._thread.tree(index)
        main = tree.subject_of(next((t.i for t in tree.tokens if t.head == t.i), 0))
        definite = main is not None and any(tree.lower(k) == "der" for k in tree.children(main))
        for token in tree.tokens:
            if token.upos != "NOUN" or token.form in thread.words.calendar or thread.at(index, token.i):
                continue
            behind = token.i > max(seen.mention.tokens) or (token.i == main and definite)
            if behind and _GENDERS.get(token.feat("Gender"), gender) == gender:
                return True
        return False

    # ------------------------------------------------------------------------------------------ possessive

    def _possessive(self, index: int, token: Token, genders: frozenset[str]) -> list[Actor]:
        """The subject of the clause, or of the clause around it where the possessive is in the subject itself."""
        tree = self._thread.tree(index)
        joined = self._conjunct_before(index, token, genders)
        if joined is not None:
            return joined
        clause = tree.clause(token.i)
        own = tree.subject_of(clause)
        in_subject = own is not None and (token.head == own or own in tree.path_up(token.i))
        if own is not None and not in_subject:
            relative = tree.is_relative(own)
            found = self._subject(index, tree.tokens[clause].head if relative else own, genders)
            if found is not None:
                return found
        for verb in self._outer(tree, clause):
            found = self._of_clause(index, verb, token, genders)
            if found is not None:
                return found
        units = self._units(index, token.i, genders, set())
        if units:
            return units[0] if len(units) == 1 and not self._rival_noun(index, token.i, genders) else []
        if self._rival_noun(index, token.i, genders):
            return []
        return self._from_before(index, genders, set())

    def _conjunct_before(self, index: int, token: Token, genders: frozenset[str]) -> list[Actor] | None:
        """In "Merkel und ihr Kollege" the possessive means the conjunct before it."""
        tree = self._thread.tree(index)
        noun = tree.tokens[token.head]
        if noun.deprel != "conj":
            return None
        return self._subject(index, noun.head, genders)


def _is_plural_form(verb: str) -> bool:
    """True for finite forms of the third person plural; surer than what a parser makes of "sie"."""
    return verb in ("sind", "tun") or (verb.endswith(("en", "ern", "eln")) and verb not in ("schien", "erschien"))


def is_candidate(token: Token) -> bool:
    """True for words that may be third-person pronouns or possessives."""
    word = token.form.lower()
    return word in _LATTER or word in _HE or word in _SHE or word in _THEY or word in _HIS or word in _HER
