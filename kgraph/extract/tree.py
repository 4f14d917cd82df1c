"""A sentence's tree, asked in the terms of frames: who is subject, what stands in which case or behind which preposition.

Passives, relative clauses, control and coordination are turned round here, once, so that frames need not know them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kgraph.extract.control import controller, noun_controller
from kgraph.grammar import repaired
from kgraph.lexicon import Lexicon
from kgraph.model import Sentence, Token

CONTRACTED = {
    "im": "in", "ins": "in", "am": "an", "ans": "an", "zum": "zu", "zur": "zu", "vom": "von", "beim": "bei", "aufs": "auf",
    "fürs": "für", "übers": "über", "ums": "um", "unters": "unter", "hinters": "hinter", "durchs": "durch", "vors": "vor",
}  # fmt: skip
VERBAL = frozenset({"VERB", "AUX"})
_CLAUSES = {"ccomp", "xcomp", "csubj", "advcl"}
_NOMINAL = {"NOUN", "PROPN", "PRON", "X", "NUM", "SYM"}
_AGENTS = ("von", "durch")


def base(deprel: str) -> str:
    """A deprel without its subtype."""
    return deprel.split(":")[0]


class Tree:
    """Read-only view of one sentence."""

    def __init__(self, sentence: Sentence, lexicon: Lexicon) -> None:
        self.sentence = sentence
        self.tokens = repaired(sentence.tokens)
        self.lexicon = lexicon
        self._kids: list[list[tuple[str, Token]]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head != token.i:
                self._kids[token.head].append((base(token.deprel), token))
        self._subjects: dict[int, tuple[int, ...]] = {}

    def kids(self, i: int, *deprels: str) -> list[Token]:
        """The children of a token, those of the given deprels (without subtype) or all."""
        return [token for kind, token in self._kids[i] if not deprels or kind in deprels]

    def subtree(self, i: int) -> Iterator[int]:
        """The token and everything below it."""
        stack = [i]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(token.i for _, token in self._kids[node])

    def ancestors(self, i: int) -> Iterator[Token]:
        """The heads above a token, nearest first."""
        seen = {i}
        token = self.tokens[i]
        while token.head not in seen:
            token = self.tokens[token.head]
            seen.add(token.i)
            yield token

    def case(self, i: int) -> str:
        """The preposition (or "als", "wie") before a token, contractions undone; empty where none stands."""
        for child in self.kids(i, "case"):
            word = child.form.lower()
            return CONTRACTED.get(word, word)
        for child in self.kids(i, "mark", "cc"):
            if child.form.lower() in {"als", "wie"} and child.i < i:
                return child.form.lower()
        first = self.tokens[min(self.subtree(i))]
        if first.deprel == "case" and self.tokens[i].upos == "PROPN" and self._names(first.head, i):
            return CONTRACTED.get(first.form.lower(), first.form.lower())  # im Vereinigten Königreich Großbritannien
        return first.form.lower() if first.i < i and first.form.lower() in _RARE_CASES else ""

    def _names(self, part: int, whole: int) -> bool:
        """True for a part of a name that stands before its head."""
        t = self.tokens[part]
        return part < whole and t.upos == "PROPN" and t.head == whole and t.deprel in {"nmod", "flat"}

    def conjuncts(self, i: int) -> list[int]:
        """The token and what is coordinated with it, in order."""
        found = [i]
        for child in self.kids(i, "conj"):
            after = self.tokens[child.i + 1].form.lower() if child.i + 1 < len(self.tokens) else ""
            if after in self.lexicon.cues["contrasting_words"]:
                break
            if child.upos in _NOMINAL or self.tokens[i].upos not in _NOMINAL:
                found.extend(self.conjuncts(child.i))
        return found

    def is_passive(self, verb: int) -> bool:
        """True for a clause whose subject undergoes the verb."""
        token = self.tokens[verb]
        marks = {child.deprel for child in self.kids(verb)} & {"aux:pass", "nsubj:pass"}
        if marks:
            return "aux:pass" in marks or not self.lexicon.cue("motion_verbs", token.lemma)
        if token.deprel == "conj" and not self._finite(verb) and not self.kids(verb, "aux"):
            head = self.tokens[token.head]
            return head.upos in VERBAL and token.feat("VerbForm") == "Part" and self.is_passive(head.i)
        return False

    def undoes(self, verb: Token) -> bool:
        """True for a verb or phrase that ends what it governs: "setzt die Hilfe aus", "legt sie auf Eis"."""
        cues = self.lexicon.cues
        phrases = (f"{verb.lemma} {self.case(child.i)} {child.lemma}" for child in self.kids(verb.i, "obl"))
        return verb.lemma in cues["undoing_verbs"] or any(phrase in cues["undoing_phrases"] for phrase in phrases)

    def subjects(self, verb: int) -> tuple[int, ...]:
        """The grammatical subject of a verb or predicate: its own, a shared or a controlled one."""
        if verb not in self._subjects:
            self._subjects[verb] = ()  # a broken tree must not send us in circles
            self._subjects[verb] = tuple(self._find_subjects(verb))
        return self._subjects[verb]

    def slots(self, verb: int) -> dict[str, list[int]]:
        """The logical arguments of a verb: subj, obj, dat, gen, clause, and prepositions; a list of tokens each."""
        slots: dict[str, list[int]] = {}
        passive = self.is_passive(verb)
        own = self.subjects(verb)
        slots["obj" if passive else "subj"] = list(own)
        for child in self.kids(verb):
            slot = self._slot(child, passive=passive)
            if slot:
                target = self._antecedent(verb, child) if self.is_relative(child) else child.i
                if target is not None:
                    slots.setdefault(slot, []).append(target)
        misread = self._misread_objects(verb)
        found = (self._antecedent(verb, self.tokens[k]) if self.is_relative(self.tokens[k]) else k for k in misread)
        slots.setdefault("dat" if self._objects(verb) else "obj", []).extend(k for k in found if k is not None)
        self._add_strays(verb, slots, passive=passive)
        if self._is_adnominal(verb):
            self._fill_gap(verb, slots, passive=passive)
        return slots

    def is_relative(self, token: Token) -> bool:
        """True for a relative pronoun."""
        return token.upos == "PRON" and "Rel" in token.feat("PronType") and token.lemma.lower() in _RELATIVES

    def arg_nouns(self, i: int) -> list[Token]:
        """The noun phrases directly below a noun: nmod, and obl where the parser says so."""
        return self.kids(i, "nmod", "obl", "det", "compound", "appos")

    def following_pp(self, i: int) -> Iterator[Token]:
        """Prepositional phrases right behind a noun's phrase that the parser hung onto its verb."""
        head = self.tokens[i].head
        end = max(k for k in self.subtree(i))
        for child in self.kids(head, "obl", "nmod"):
            if child.i <= i or child.i in set(self.subtree(i)):
                continue
            first = min(self.subtree(child.i))
            if first == end + 1 and self.case(child.i):
                yield child
                end = max(self.subtree(child.i))

    @cached_property
    def headline_speaker(self) -> int | None:
        """The last token before a colon near the start of the sentence: "Kreml: …" says who speaks."""
        for token in self.tokens[1:6]:
            if token.form == ":":
                return token.i - 1
        return None

    def genitive_before(self, i: int) -> Token | None:
        """A name in the genitive right before a noun phrase that the parser hung onto a name further left."""
        k = i - 1
        while k >= 0 and self.tokens[k].upos in {"ADJ", "ADV"} and self.tokens[k].head == i:
            k -= 1
        if k < 1 or self.tokens[k].upos != "PROPN" or self.tokens[k].head == i:
            return None
        token = self.tokens[k]
        misread = self.tokens[token.head].upos == "PROPN" and token.head < k and not self.kids(k, "det", "case")
        return token if misread and token.form[-1:] in "sxz’'" else None

    @cached_property
    def quoted(self) -> frozenset[int]:
        """The tokens inside quotation marks."""
        inside, found = False, set()
        for token in self.tokens:
            if token.form in _QUOTES:
                inside = _OPENING.get(token.form, not inside)
                continue
            if inside:
                found.add(token.i)
        return frozenset(found)

    def _add_strays(self, verb: int, slots: dict[str, list[int]], *, passive: bool) -> None:
        """Phrases that the parser hung onto a word of time are the verb's: "wurde in der Nacht von X angegriffen"."""
        for time in self.kids(verb, "obl"):
            if time.lemma not in self.lexicon.cues["time_nouns"]:
                continue
            for child in self.kids(time.i, "nmod"):
                case = self.case(child.i)
                if case:
                    slots.setdefault("subj" if passive and case in _AGENTS else case, []).append(child.i)
        for place in self.kids(verb, "obl"):
            for noun in (place, *self.kids(place.i, "nmod")):
                if "gegen" not in slots and not any(
                    "gegen" in frame.object for frame in self.lexicon.nouns(noun.lemma)
                ):
                    slots["gegen"] = [c.i for c in self.kids(noun.i, "nmod") if self.case(c.i) == "gegen"]
                    if not slots["gegen"]:
                        del slots["gegen"]

    def _slot(self, child: Token, *, passive: bool) -> str:
        """The slot a child fills, or the empty string."""
        kind = base(child.deprel)
        if child.deprel == "nsubj:pass":
            return ""
        if kind in _CLAUSES and child.upos in VERBAL | {"ADJ", "NOUN"} and not self.case(child.i):
            return "clause" if kind != "advcl" or self._is_complement(child) else ""
        if kind in {"ccomp", "csubj"}:
            return "clause"
        if kind not in {"obj", "iobj", "obl", "nmod", "advmod", "xcomp", "expl"} or child.upos in {"ADV", "AUX"}:
            return ""
        case = self.case(child.i)
        if case == "nach" and self.lexicon.cue("source_nouns", child.lemma):  # nach südkoreanischen Angaben
            return ""
        if case:
            return "subj" if passive and case in _AGENTS and kind == "obl" and self._can_act(child) else case
        if child.feat("Reflex") == "Yes" or child.form.lower() == "sich":
            return "refl"
        form = self.case_form(child)
        is_argument = kind == "obj" or child.deprel == "obl:arg"  # "der" and "dem" are no accusatives
        feminine = is_argument and any(d.form.lower() in {"der", "dem"} for d in self.kids(child.i, "det"))
        unmarked = (
            kind == "obj" and child.upos == "NOUN" and not self.kids(child.i, "det", "amod")
        )  # its case is a guess
        if kind == "iobj" or feminine or (form == "Dat" and kind in {"obj", "obl"} and not unmarked):
            return "dat"
        if child.deprel == "obl:arg":  # an argument without preposition is a dative unless its article says otherwise
            return {"Gen": "gen", "Acc": "obj"}.get(form if self.kids(child.i, "det") else "", "dat")
        if kind == "obl":
            bare = child.upos == "PROPN" and not form and child.lemma not in self.lexicon.cues["time_nouns"]
            return "gen" if form == "Gen" else "obj" if bare else ""
        return "obj" if kind == "obj" else ""

    def case_form(self, noun: Token) -> str:
        """The Case of a noun phrase: its determiner's, which the reader gets right; a bare name shows none."""
        words = self.kids(noun.i, "det", "amod")
        if any(d.form.lower() == "den" for d in words):
            plural = noun.feat("Number") == "Plur" and noun.form[-1:] in {"n", "s"}  # a dative plural ends so
            plural = plural and not self.lexicon.cue("weak_nouns", noun.lemma, noun.lemma.rpartition("-")[2])
            return "Dat" if plural or noun.form in self.lexicon.cues["plural_names"] else "Acc"
        bare = noun.feat("Number") == "Plur" and noun.form != noun.lemma and not self.kids(noun.i, "det")
        if bare and any(w.upos == "ADJ" and w.form.endswith("en") and not w.verb for w in words):
            return "Dat"  # without an article: "verwehrt russischen Maschinen den Überflug"
        if cases := [d.feat("Case") for d in words if d.feat("Case")]:
            return cases[0]
        return "" if noun.upos == "PROPN" else noun.feat("Case")

    def _can_act(self, child: Token) -> bool:
        return child.lemma not in self.lexicon.cues["instruments"]

    def _is_complement(self, clause: Token) -> bool:
        """An adverbial clause that is really a complement: "dass …", "… zu tun" without um."""
        marks = {m.form.lower() for m in self.kids(clause.i, "mark")}
        return not marks or (bool(marks & {"dass", "zu", "ob"}) and "um" not in marks)

    def _own_subjects(self, verb: int) -> list[Token]:
        """The subjects the parser names; a second one in the accusative is the object."""
        return [t for t in self._named_subjects(verb) if t.i not in self._misread_objects(verb)]

    def _named_subjects(self, verb: int) -> list[Token]:
        """The subjects the parser names, but for who speaks before a headline's colon."""
        own = self.kids(verb, "nsubj")
        return own if len(own) < 2 else [t for t in own if t.i != self.headline_speaker or verb < t.i]

    def _misread_objects(self, verb: int) -> list[int]:
        own = self._named_subjects(verb)
        if len(own) < 2 or self.is_passive(verb):
            return []
        if self._objects(verb):  # "Japan will Manila Schiffe überlassen", "kehrt der WHO den Rücken"
            names = [t for t in own[1:] if t.upos == "PROPN" and t.i > own[0].i + 1]
            return [t.i for t in names if all(d.form.lower() in {"der", "dem"} for d in self.kids(t.i, "det"))]
        if self.is_relative(own[0]) and own[0].form.lower() != "der":  # "das Embargo, das Washington verhängte"
            return [own[0].i]
        accusative = [t.i for t in own if t.feat("Case") == "Acc"]
        if 0 < len(accusative) < len(own):
            return accusative
        return [t.i for t in own[1:] if t.i > own[0].i + 1]  # right beside each other they are one name

    def _objects(self, verb: int) -> list[Token]:
        """The direct objects the parser names, but for "sich"."""
        return [t for t in self.kids(verb, "obj") if t.form.lower() != "sich"]

    def _find_subjects(self, verb: int) -> list[int]:
        own = self._own_subjects(verb)
        if own:
            found: list[int] = []
            for child in own:
                if self.is_relative(child):
                    target = self._antecedent(verb, child)
                    found.extend(self.conjuncts(target) if target is not None else [])
                else:
                    found.extend(self.conjuncts(child.i))
            return found
        token = self.tokens[verb]
        kind = base(token.deprel)
        if kind == "conj":
            return self._shared_subject(verb)
        if kind in {"xcomp", "advcl", "ccomp"} and not self._finite(verb):
            return controller(self, verb)
        if kind == "acl" and self._has_zu(verb):
            return noun_controller(self, token.head)
        return []

    def _shared_subject(self, verb: int) -> list[int]:
        """The subject a predicate shares with the one it is coordinated with, in its own voice."""
        head = self.tokens[verb].head
        if self.is_passive(verb) == self.is_passive(head):
            return list(self.subjects(head))
        if self.is_passive(head):
            return list(self.subjects(head)) if self._finite(verb) or self.kids(verb, "aux") else []
        return list(self.subjects(head))

    def _antecedent(self, verb: int, pronoun: Token) -> int | None:
        """The noun that a relative pronoun in the verb's clause stands for."""
        for node in (self.tokens[verb], *self.ancestors(verb)):
            if base(node.deprel) == "acl" and node.head != node.i:
                return node.head
            if base(node.deprel) in {"root", "parataxis"}:
                break
        before = [t for t in self.tokens[: pronoun.i] if t.upos in {"NOUN", "PROPN"}]
        near = before[-1] if before and pronoun.i - before[-1].i <= 3 else None
        return near.i if near is not None and self.tokens[verb].deprel != "root" else None

    def _is_adnominal(self, verb: int) -> bool:
        """True for a participle before its noun: "die von Israel angegriffene Stadt"."""
        token = self.tokens[verb]
        return (
            base(token.deprel) in {"amod", "acl"}
            and bool(token.verb or token.upos == "VERB")
            and token.head != verb
            and not self.kids(verb, "nsubj")
        )

    def _fill_gap(self, verb: int, slots: dict[str, list[int]], *, passive: bool) -> None:
        token = self.tokens[verb]
        form = token.form.lower()
        by = any(self.case(c.i) in _AGENTS for c in self.kids(verb, "obl", "nmod"))
        apart = base(token.deprel) == "acl" and by and form.endswith("t")  # "die Armee, unterstützt von …"
        if (
            (self._finite(verb) and base(token.deprel) != "amod" and not (apart and not self.kids(verb, "aux", "obj")))
            or self._has_zu(verb)
            or any(self.is_relative(self.tokens[k]) for k in self.subtree(verb))
        ):
            return
        noun = token.head
        if "end" in form[-5:]:
            slots["subj"] = [noun]
        else:
            slots["obj"] = [noun]
            for case in _AGENTS:
                slots.setdefault("subj", []).extend(slots.get(case, []))

    def _finite(self, verb: int) -> bool:
        fin = self.tokens[verb].feat("VerbForm") == "Fin"
        return fin or any(a.feat("VerbForm") == "Fin" for a in self.kids(verb, "aux", "cop"))

    def _has_zu(self, verb: int) -> bool:
        form = self.tokens[verb].form.lower()
        return any(m.form.lower() == "zu" for m in self.kids(verb, "mark")) or (
            "zu" in form[2:-3] and self.tokens[verb].feat("VerbForm") == "Inf" and "zu" not in self.tokens[verb].lemma
        )


_RARE_CASES = {"ungeachtet", "trotz", "angesichts", "während", "mittels", "anlässlich", "infolge"}  # read as adjectives
_RELATIVES = {"der", "die", "das", "welcher", "wer", "welch"}  # "was" takes up a whole clause
_QUOTES = {'"', "„", "“", "”", "»", "«"}
_OPENING = {"„": True, "”": False}
