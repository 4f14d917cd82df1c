"""Sentences drawn by hand as nested words, with the actors that they name: no parser and no linker is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kgraph.model import DATA, Actor, ActorType, Article, Mention, Sentence, Token, Via

CASES = {"Nom": "die", "Acc": "die", "Dat": "der", "Gen": "der"}


@dataclass(frozen=True)
class Word:
    """A word with the words that depend on it: those before it and those after it, in order."""

    form: str
    upos: str
    deprel: str = "root"
    lemma: str = ""
    before: tuple[Word, ...] = ()
    after: tuple[Word, ...] = ()
    feats: tuple[tuple[str, str], ...] = ()
    actor: Actor | None = None
    via: Via = Via.NAME
    part: str = ""

    def led_by(self, *words: Word) -> Word:
        """The same with more words before it."""
        return replace(self, before=(*self.before, *words))

    def followed_by(self, *words: Word) -> Word:
        """The same with more words behind it."""
        return replace(self, after=(*self.after, *words))

    def as_(self, deprel: str) -> Word:
        """The same in another relation to its head."""
        return replace(self, deprel=deprel)


@dataclass(frozen=True)
class Drawn:
    """An article of drawn sentences: what the stages before extraction would have given."""

    article: Article
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]


def draw(*roots: Word) -> Drawn:
    """The article of the sentences with these roots; a space stands between all words."""
    text = ""
    sentences: list[Sentence] = []
    mentions: list[Mention] = []
    for index, root in enumerate(roots):
        text += " " if text else ""
        begin = len(text)
        words: list[Word] = []
        heads: list[int] = []
        _place(root, words, heads)
        tokens = []
        for i, word in enumerate(words):
            text += " " if i else ""
            start = len(text)
            text += word.form
            lemma = word.lemma or word.form
            tokens.append(Token(i, word.form, lemma, word.upos, word.deprel, heads[i], start, len(text), word.feats))
            if word.actor is not None:
                named = word.part or word.form
                mentions.append(Mention(word.actor, word.via, index, i, (i,), start, start + len(named), named))
        sentences.append(Sentence("drawn", index, begin, len(text), text[begin:], tuple(tokens)))
    return Drawn(Article("drawn", text), tuple(sentences), tuple(mentions))


def actor(label: str, kind: ActorType = ActorType.STATE, country: str | None = None) -> Actor:
    """An actor that stands in no list."""
    return Actor(f"{DATA}drawn/{label.lower()}", kind, label, country)


def verb(lemma: str, *args: Word, deprel: str = "root", form: str = "Fin", subject: Word | None = None) -> Word:
    """A verb; the subject stands before it, all else behind it. `form` is its VerbForm."""
    before = (subject,) if subject is not None else ()
    return Word(lemma, "VERB", deprel, lemma, before, args, (("VerbForm", form),))


def name(who: Actor, deprel: str = "nsubj", case: str = "") -> Word:
    """The name of an actor, behind a preposition if one is given."""
    return behind(case, Word(who.label, "PROPN", deprel, who.label, actor=who))


def genitive(who: Actor) -> Word:
    """The name of an actor in the genitive: "Russlands"."""
    return Word(f"{who.label}s", "PROPN", "nmod", who.label, feats=(("Case", "Gen"),), actor=who)


def adjective(who: Actor) -> Word:
    """The adjective of an actor, before a noun."""
    form = f"{who.label.lower()}isch"
    return Word(form, "ADJ", "amod", form, actor=who, via=Via.ADJECTIVE)


def possessive(who: Actor) -> Word:
    """A possessive that stands for an actor, before a noun."""
    return Word("seine", "DET", "det", "sein", feats=(("Poss", "Yes"),), actor=who, via=Via.PRONOUN)


def compound(who: Actor, noun: Word, part: str = "") -> Word:
    """The noun with the actor as first part: "Iran-Gespräch"."""
    part = part or who.label
    lemma = f"{part}-{noun.lemma}"
    return replace(noun, form=lemma, lemma=lemma, actor=who, via=Via.COMPOUND, part=part)


def noun(lemma: str, deprel: str = "nsubj", *after: Word, case: str = "", form: str = "Nom") -> Word:
    """A noun with its article, behind a preposition if one is given. `form` is its Case."""
    article = Word(CASES[form], "DET", "det", "der", feats=(("Case", form),))
    return behind(case, Word(lemma, "NOUN", deprel, lemma, (article,), after, (("Case", form),)))


def both(first: Word, second: Word) -> Word:
    """Two words joined by "und"."""
    joined = replace(second, deprel="conj", before=(Word("und", "CCONJ", "cc"), *second.before))
    return first.followed_by(joined)


def behind(case: str, word: Word) -> Word:
    """The word behind a preposition, or as it is where none is given."""
    return replace(word, before=(Word(case, "ADP", "case"), *word.before)) if case else word


def _place(word: Word, words: list[Word], heads: list[int]) -> int:
    """Append the word and all below it in the order of the text; its own place comes back."""
    kids = [_place(child, words, heads) for child in word.before]
    own = len(words)
    words.append(word)
    heads.append(own)
    kids += [_place(child, words, heads) for child in word.after]
    for kid in kids:
        heads[kid] = own
    return own
