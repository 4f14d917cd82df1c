"""Who speaks in a sentence: verbs and nouns of saying, "laut X", "…, so X", "hieß es aus X", headlines with a colon."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache

from kgraph.actors import load_registry
from kgraph.extract.ends import Ends
from kgraph.extract.tree import VERBAL, Tree, base
from kgraph.lexicon import matches
from kgraph.model import Actor, ActorType, Attribution, Span, Token, Via

_NOMINAL = {"NOUN", "PROPN", "ADJ", "X"}
_CLAUSES = {"ccomp", "parataxis", "xcomp", "csubj", "obj", "advcl", "conj", "acl", "dep"}
_LINKS = {"und", "aber", "jedoch", "doch", "oder", "sondern", "zugleich", "dagegen", "hingegen"}
_ACCUSATIVE = {"den", "einen", "keinen", "seinen", "ihren", "diesen"}
_QUESTIONS = {"was", "wer", "wie", "warum", "weshalb", "wann", "wo", "welche", "welcher", "inwieweit"}
_IMPERSONAL = {"es", "man"}
_OUTLETS = {"aus", "von", "in", "bei", "vonseiten", "seitens", "auf"}
_QUOTE_MARKS = set("„“”»«\"'‚‘")


class Speech:
    """The speakers of one sentence; `direct` are its tokens between quotation marks."""

    def __init__(self, tree: Tree, ends: Ends, direct: frozenset[int] = frozenset()) -> None:
        self.tree = tree
        self.ends = ends
        self.direct = direct
        self.cues = tree.lexicon.cues
        self._source = tree.lexicon.noun_cues("source_nouns")
        self._saying = tree.lexicon.noun_cues("saying_nouns") | tree.lexicon.noun_cues("alleging_nouns")
        self._media = tree.lexicon.noun_cues("media_nouns")

    # --- what a word governs --------------------------------------------------------------------------------------

    def governor(self, node: Token, head: Token) -> list[int] | None:
        """The speakers where the head reports the clause of the node; None where it does not."""
        kind = base(node.deprel)
        if kind not in _CLAUSES or node.upos not in VERBAL | {"ADJ", "NOUN"}:
            return None
        if any(t.form.lower() in _QUESTIONS for t in self.tree.kids(node.i)):
            return None
        noun = self._noun_before(node)
        if noun is not None:
            return self._owners_of(noun)
        quoted = node.i in self.direct and head.i not in self.direct
        if not self.says(head) and not (quoted and kind in {"ccomp", "parataxis"} and head.upos in VERBAL):
            return None
        if kind in {"obj", "conj", "advcl", "acl"} and not quoted and not self._is_told(node, head):
            return None
        return self.speakers(head)

    def aside(self, child: Token) -> list[int] | None:
        """The speakers of a verb of saying below the clause it reports: "…, sagte X", "…, wie X mitteilte"."""
        if child.upos not in VERBAL or base(child.deprel) not in {"advcl", "parataxis", "ccomp", "conj", "acl"}:
            return None
        if base(child.deprel) == "conj":  # "…, schreibt die Zeitung"
            return self._behind(child) or None if self.says(child) and not self._goes_on(child) else None
        marks = {m.form.lower() for m in self.tree.kids(child.i, "mark", "advmod", "case")}
        if self.says(child) and (base(child.deprel) == "parataxis" or "wie" in marks):
            return self.speakers(child)
        behind = base(child.deprel) == "parataxis" and child.i not in self.direct and child.head in self.direct
        return self.speakers(child) if behind else None

    def phrase(self, child: Token) -> list[int] | None:
        """The speakers of a phrase: "laut X", "X zufolge", "nach Angaben von X", "aus Sicht von X"."""
        if child.upos not in _NOMINAL:
            return None
        cases = {self.tree.case(child.i), *(c.form.lower() for c in self.tree.kids(child.i, "case"))}
        behind = self.tree.tokens[min(max(self.tree.subtree(child.i)), len(self.tree.tokens) - 1)]
        if behind.form.lower() == "zufolge":
            return self._owners_of(child)
        if base(child.deprel) not in {"obl", "nmod", "advmod"}:
            return None
        if cases & self.cues["source_prepositions"] or f"{min(cases)} {child.lemma}" in self.cues["source_phrases"]:
            return self._owners_of(child)
        return self._owners_of(child) if "nach" in cases and matches(child.lemma, self._source) else None

    def says(self, token: Token) -> bool:
        """True for a verb of saying, or a predicate of belief ("ist überzeugt", "zeigt sich sicher")."""
        if token.upos in VERBAL:
            if token.lemma in self.cues["reporting_verbs"] or token.lemma in self.cues["alleging_verbs"]:
                return True
            return any(
                child.lemma in self.cues["saying_adjectives"] or child.form.lower() in self.cues["saying_adjectives"]
                for child in self.tree.kids(token.i, "xcomp", "advmod", "obj", "compound", "obl")
            )
        if token.upos == "ADJ":
            return token.form.lower() in self.cues["saying_adjectives"]
        return token.upos == "NOUN" and matches(token.lemma, self._saying | self._source)

    def speakers(self, word: Token) -> list[int]:
        """Who says what the word says: its subject, or where it comes from if it has none ("hieß es aus X")."""
        if word.upos == "NOUN":
            return self._owners_of(word)
        found = self._behind(word) or self.tree.slots(word.i).get("subj", [])
        if not found and word.upos == "ADJ" and self.tree.tokens[word.head].upos in VERBAL:
            found = self.tree.slots(word.head).get("subj", [])
        personal = [i for i in found if self.tree.tokens[i].form.lower() not in _IMPERSONAL]
        if personal and not self.tree.is_passive(word.i):
            return personal
        outlets = [c for c in self.tree.kids(word.i, "obl", "nmod", "obj") if self.tree.case(c.i) in _OUTLETS]
        named = [i for child in outlets for i in self._owners_of(child)]
        known = [i for i in named if self._mention(i) is not None or self._seat(i) is not None]
        return known[:1] or (named[:1] if word.lemma in self.cues["impersonal_verbs"] else [])

    # --- the sentence as a whole ----------------------------------------------------------------------------------

    @cached_property
    def afterword(self) -> list[int]:
        """The speaker of "…, so X": the head of the noun phrase behind "so"."""
        tokens = self.tree.tokens
        for token in tokens[1:-1]:
            if token.form.lower() != "so" or tokens[token.i - 1].form not in {",", "–", "-", "“", "«", '"'}:
                continue
            phrase = []
            for word in tokens[token.i + 1 :]:
                if word.upos == "PUNCT" or word.upos in VERBAL:
                    break
                phrase.append(word)
            ended = not phrase or phrase[-1].i + 1 >= len(tokens) or tokens[phrase[-1].i + 1].upos == "PUNCT"
            if phrase and ended and phrase[0].upos in {"DET", "ADJ", "NOUN", "PROPN"}:
                inside = {word.i for word in phrase}
                return [word.i for word in phrase if word.head not in inside and word.upos in _NOMINAL][:1]
        return []

    @cached_property
    def headline(self) -> list[int]:
        """The speaker before a colon at the start of a headline."""
        speaker = self.tree.headline_speaker
        if speaker is None or any(t.upos in VERBAL for t in self.tree.tokens[:speaker]):
            return []
        named = self.ends.named(speaker)
        topic = any(m.actor.type is ActorType.STATE and m.via is Via.NAME for m in named)  # "Syrien: Israel greift an"
        return [speaker] if named and not (topic and speaker + 2 not in self.direct) else []

    @cached_property
    def own(self) -> list[int]:
        """The speakers that the sentence itself names for what it says, outside its quotations; the highest first."""
        if self.afterword:
            return self.afterword
        for token in sorted(self.tree.tokens, key=lambda t: sum(1 for _ in self.tree.ancestors(t.i))):
            if token.i in self.direct or base(token.deprel) == "amod":
                continue
            found = self.phrase(token)
            if found is None and token.upos in VERBAL and self.says(token):
                found = self.speakers(token)
            if found:
                return found
        return self.headline

    @cached_property
    def subject(self) -> list[int]:
        """The subject of the sentence: who may go on speaking in the next one."""
        root = next((t for t in self.tree.tokens if t.head == t.i), None)
        if root is None or root.i in self.direct:
            return []
        return self.tree.slots(root.i).get("subj", [])

    def attribution(self, speakers: list[int]) -> Attribution | None:
        """The first speaker as a record; None where nobody is named."""
        for i in speakers:
            mention = self._mention(i)
            if mention is not None:
                return mention
            actor = self._seat(i)
            token = self.tree.tokens[i]
            if actor is not None:
                return Attribution(Span(token.start, token.end, token.form), actor)
            if token.upos in _NOMINAL:
                return Attribution(self._name(i))
        return None

    def actors(self, speakers: list[int]) -> list[Actor]:
        """All the actors that speak together: "die Regierungen Polens und Litauens"."""
        for i in speakers:
            found = [end.mention.actor for end in self.ends.resolve(i, act=False)]
            if found:
                return found
        return []

    # --- from words to actors -------------------------------------------------------------------------------------

    def _owners_of(self, noun: Token) -> list[int]:
        """Whose word it is: "Angaben der Regierung", "Kreise in Paris", "russische Darstellung"; else the noun itself."""
        if not self._is_utterance(noun):
            return [noun.i]
        if any(child.lemma == "eigen" for child in self.tree.kids(noun.i, "amod")):  # "nach eigenen Angaben"
            return self._clause_subject(noun)
        owners = self.ends.owners(noun.i)
        if owners:
            return [owners[0].mention.token]
        for child in self.tree.kids(noun.i, "nmod", "obl", "appos", "flat"):
            if self.tree.case(child.i) in {"", "zufolge", *_OUTLETS} and child.i > noun.i and child.upos in _NOMINAL:
                return self._owners_of(child)
        if base(noun.deprel) in {"obj", "nsubj"} and not self.ends.named(noun.i):
            return self._clause_subject(noun)
        return [noun.i]

    def _clause_subject(self, noun: Token) -> list[int]:
        """The subject of the noun's clause, else the noun."""
        verb = next((t for t in self.tree.ancestors(noun.i) if t.upos in VERBAL), None)
        subjects = self.tree.slots(verb.i).get("subj", []) if verb is not None else []
        return [i for i in subjects if i != noun.i] or [noun.i]

    def _is_utterance(self, noun: Token) -> bool:
        spoken = self._source | self._saying
        phrases = {entry.split(" ", 1)[1] for entry in self.cues["source_phrases"]}
        return noun.upos == "NOUN" and (matches(noun.lemma, spoken) or noun.lemma in phrases)

    def _mention(self, i: int) -> Attribution | None:
        token = self.tree.tokens[i]
        if token.upos == "NOUN" and matches(token.lemma, self._media) and not self.ends.named(i):
            return None
        for end in self.ends.resolve(i, act=False):
            mention = end.mention
            if mention.actor.type is not ActorType.CONFLICT:
                return Attribution(Span(mention.start, mention.end, mention.text), mention.actor)
        return None

    def _seat(self, i: int) -> Actor | None:
        """The government that a capital stands for where the word itself was taken for the place."""
        token = self.tree.tokens[i]
        part = bool(self.tree.kids(i, "flat")) or (i > 0 and is_mark(self.tree.tokens[i - 1]))  # "Washington Post"
        return _seats(self.tree.lexicon.lang).get(token.form) if token.upos == "PROPN" and not part else None

    def _name(self, i: int) -> Span:
        """The words that name a source which is no actor: its name where it has one, else the noun."""
        quoted = self._quoted_name(i)
        if quoted:
            return self._words(quoted[0], quoted[-1])
        named = [c for c in self.tree.kids(i, "appos", "flat", "nmod") if c.upos == "PROPN" and not self.tree.case(c.i)]
        is_medium = matches(self.tree.tokens[i].lemma, self._media | self._source)
        first = named[0].i if named and is_medium else i
        if named and not is_medium and named[0].i != i + 1:
            named = []
        last = max([first, *(k for c in named for k in self._flat(c.i)), *self._flat(first)])
        return self._words(first, last)

    def _quoted_name(self, i: int) -> list[int]:
        """The words in quotation marks that begin at a token or right behind it: "die Zeitung „…“"."""
        tokens = self.tree.tokens
        for opening in (i - 1, i - 2, i + 1):
            if not (0 <= opening < len(tokens) and is_mark(tokens[opening])):
                continue
            closing = next((t.i for t in tokens[opening + 1 :] if is_mark(t)), opening)
            name = list(range(opening + 1, closing))
            if 0 < len(name) < 6 and (opening > i or i in name):
                return name
        return []

    def _words(self, first: int, last: int) -> Span:
        start, end = self.tree.tokens[first].start, self.tree.tokens[last].end
        offset = self.tree.sentence.start
        return Span(start, end, self.tree.sentence.text[start - offset : end - offset])

    def _flat(self, i: int) -> list[int]:
        """The token and the parts of the name it begins."""
        return [i, *(k for c in self.tree.kids(i, "flat") for k in self._flat(c.i) if k > i)]

    def _behind(self, verb: Token) -> list[int]:
        """The subject of a verb of saying that follows what is said: "…“, schreibt die Zeitung"."""
        before = self.tree.tokens[verb.i - 1] if verb.i else verb
        if before.form != "," and not is_mark(before):
            return []
        kids = self.tree.kids(verb.i, "nsubj", "obj")
        if any(k.i < verb.i for k in kids if base(k.deprel) == "nsubj"):
            return []
        behind = sorted((k for k in kids if k.i > verb.i and k.upos in _NOMINAL | {"PRON"}), key=lambda k: k.deprel)
        return [behind[0].i] if behind else []

    def _goes_on(self, verb: Token) -> bool:
        """True for a second predicate of the same subject: "…, lobte aber X", "… und kritisierte den Y"."""
        linked = any(t.form.lower() in _LINKS for t in self.tree.kids(verb.i, "cc", "advmod"))
        objects = self.tree.kids(verb.i, "obj")
        marked = any(d.form.lower() in _ACCUSATIVE for t in objects for d in self.tree.kids(t.i, "det"))
        return linked or marked

    def _noun_before(self, node: Token) -> Token | None:
        """The noun of saying that a clause follows: "der Vorwurf Kiews, Belarus habe …"."""
        first = min(self.tree.subtree(node.i))
        while first > 0 and self.tree.tokens[first - 1].form in {",", ":"}:
            first -= 1
        before = self.tree.tokens[first - 1] if first else None
        while before is not None and before.upos in _NOMINAL:
            if before.upos == "NOUN" and matches(before.lemma, self._saying):
                return before if node.i > before.i else None
            before = self.tree.tokens[before.head] if before.head < before.i else None
        return None

    def _is_told(self, node: Token, head: Token) -> bool:
        """True for a clause that a verb of saying governs although the reader calls it something else."""
        kind = base(node.deprel)
        if kind == "conj":  # "verlautete, China unterstütze …": a comma and no "und"
            return not self.tree.kids(node.i, "cc") and bool(self.tree.kids(node.i, "nsubj")) and node.i > head.i
        marks = {m.form.lower() for m in self.tree.kids(node.i, "mark")}
        return kind in {"advcl", "acl"} and bool(marks & {"dass", "ob"})


@lru_cache(maxsize=4)
def _seats(lang: str) -> dict[str, Actor]:
    """Capitals and seats of government by their words."""
    return dict(_seat_words(lang))


def _seat_words(lang: str) -> Iterator[tuple[str, Actor]]:
    for entry in load_registry(lang).entries("state"):
        for word in (*entry.seats.get(lang, ()), entry.capital.get(lang, "")):
            if word:
                yield word, entry.actor


def is_mark(token: Token) -> bool:
    """True for a quotation mark."""
    return token.form in _QUOTE_MARKS
