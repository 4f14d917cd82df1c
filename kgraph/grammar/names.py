"""Names and phrases whose case nothing shows: which of them acts, and to whom it is done."""

from __future__ import annotations

import itertools
from dataclasses import replace

from kgraph.model import Token

SUBJECTS = {"nsubj", "csubj"}
# verbs of persons and bodies with a dative
_TELLING = frozenset(
    "vorwerfen vorhalten drohen unterstellen zusagen zusichern versprechen danken gratulieren anbieten mitteilen "
    "verbieten untersagen befehlen raten androhen anlasten widersprechen".split()
)


def halves(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Die Staats- und Regierungschefs der EU fordern …": half a word may be the subject."""
    changes: dict[int, Token] = {}
    for token in tokens:
        verb = tokens[token.head]
        if token.deprel != "compound" or not token.form.endswith("-") or verb.upos != "VERB" or verb.i < token.i:
            continue
        if not any(t.head == verb.i and t.deprel in SUBJECTS for t in tokens):
            passive = any(t.head == verb.i and t.deprel == "aux:pass" for t in tokens)
            changes[token.i] = replace(token, deprel="nsubj:pass" if passive else "nsubj")
    return changes


def infinitives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """An infinitive with zu has no subject: "droht, sich Taiwan einzuverleiben"."""
    changes: dict[int, Token] = {}
    for token in tokens:
        verb = tokens[token.head]
        if token.deprel != "nsubj" or token.upos != "PROPN" or verb.deprel != "xcomp" or verb.feat("VerbForm") != "Inf":
            continue
        siblings = [t for t in tokens if t.head == verb.i and t.i != token.i]
        if not any(t.deprel == "obj" and t.feat("Reflex") != "Yes" for t in siblings):
            changes[token.i] = replace(token, deprel="obj")
    return changes


def bare_names(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """Of two names without an article the first is the subject; behind a coordinated verb a name is its object."""
    changes: dict[int, Token] = {}
    for subject in tokens:
        verb = tokens[subject.head]
        if (
            subject.deprel != "nsubj"
            or not is_bare(tokens, subject)
            or subject.i < verb.i
            or verb.feat("VerbForm") != "Fin"
        ):
            continue
        siblings = [t for t in tokens if t.head == verb.i and t.i != subject.i]
        found = next((t for t in siblings if t.deprel == "obj"), None)
        if (
            found is not None
            and found.i < verb.i
            and is_bare(tokens, found)
            and not _one_is_plural(verb, subject, found)
        ):
            changes[subject.i] = replace(subject, deprel="obj")
            changes[found.i] = replace(found, deprel="nsubj")
        if found is None and verb.upos == "VERB" and shares_subject(tokens, verb):
            changes[subject.i] = replace(subject, deprel="obj")
    return changes


def shares_subject(tokens: tuple[Token, ...], verb: Token) -> bool:
    """True right behind und: "… und warf der Regierung Untätigkeit vor" has the subject of the verb before."""
    opens = all(t.i > verb.i or t.deprel in {"cc", "punct"} for t in tokens if t.head == verb.i and t.i != verb.i)
    return verb.deprel == "conj" and opens and any(t.head == verb.head and t.deprel == "nsubj" for t in tokens)


def is_bare(tokens: tuple[Token, ...], token: Token) -> bool:
    """True for a name whose case nothing shows."""
    return token.upos == "PROPN" and not any(t.head == token.i and t.deprel in {"det", "amod", "case"} for t in tokens)


def _one_is_plural(verb: Token, *nouns: Token) -> bool:
    """True where the verb's number tells the subject from the object."""
    return len({noun.feat("Number") for noun in nouns}) > 1 and verb.feat("Number") != ""


def named_adverbs(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A name is no adverb: "Kuwait sagt Jemen Hilfe zu" has it in the dative, "schlug Caracas aus" as its subject."""
    changes: dict[int, Token] = {}
    for token in tokens:
        verb = tokens[token.head]
        if token.deprel not in {"advmod", "obl:arg"} or not is_bare(tokens, token) or verb.upos != "VERB":
            continue
        near = [t for t in tokens if t.head == verb.i and t.i != token.i]
        siblings = [t.deprel for t in near]
        finite = any(t.feat("VerbForm") == "Fin" for t in (verb, *near) if t.upos in {"VERB", "AUX"})
        if "obj" not in siblings or verb.deprel == "conj" or not finite or "aux:pass" in siblings:
            continue
        has_subject = any(label.startswith(("nsubj", "csubj", "expl")) for label in siblings)
        deprel = "obl:arg" if has_subject else "nsubj"
        if deprel != token.deprel:
            changes[token.i] = replace(token, deprel=deprel)
    return changes


def called(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A name is no part of a verb: in "Peru beschuldigte Bolivien, …" it is the subject, and the name behind the object."""
    changes: dict[int, Token] = {}
    for token in tokens:
        verb = tokens[token.head]
        if token.deprel != "compound" or verb.upos != "VERB" or verb.i < token.i or not is_bare(tokens, token):
            continue
        siblings = [t for t in tokens if t.head == verb.i and t.i != token.i]
        behind = [t for t in siblings if t.deprel in SUBJECTS]
        if any(t.deprel in {"aux:pass", "nsubj:pass"} for t in siblings) or not all(is_bare(tokens, t) for t in behind):
            continue
        changes[token.i] = replace(token, deprel="nsubj")
        if behind and behind[0].i > verb.i and not any(t.deprel == "obj" for t in siblings):
            changes[behind[0].i] = replace(behind[0], deprel="obj")
    return changes


def listed(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A name behind a comma is no attribute of the noun before it: "Das Königshaus, die Emirate und Ägypten …" is a list."""
    changes: dict[int, Token] = {}
    for name in tokens:
        noun = tokens[name.head]
        if name.deprel != "amod" or name.upos != "PROPN" or noun.upos not in {"NOUN", "PROPN"} or noun.i > name.i:
            continue
        inner = tokens[noun.i + 1 : name.i]
        if inner and inner[0].form == "," and all(t.upos == "DET" for t in inner[1:]):
            changes[name.i] = replace(name, deprel="conj")
    return changes


def second_genitives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """Who acts has one genitive: in "warf Roms Militär der Miliz vor" the phrase behind it is a dative of the verb."""
    changes: dict[int, Token] = {}
    for token in tokens:
        noun = tokens[token.head]
        verb = tokens[noun.head]
        if token.deprel != "nmod" or token.i < noun.i or noun.deprel != "nsubj" or verb.lemma not in _TELLING:
            continue
        words = [t for t in tokens if t.head == token.i and t.i < token.i]
        if not words or words[0].form not in {"der", "dem", "den"} or words[0].i != noun.i + 1:
            continue
        before = [t for t in tokens[: noun.i] if t.head == noun.i and t.deprel == "nmod" and t.upos == "PROPN"]
        if any(t.form.endswith("s") for t in before):
            changes[token.i] = replace(token, head=verb.i, deprel="obl:arg")
    return changes


def agents_of_names(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """A bare name has no phrase with von: "war Kerry von Netanjahu empfangen worden" has the agent of the passive."""
    changes: dict[int, Token] = {}
    for token in tokens:
        name = tokens[token.head]
        verb = tokens[name.head]
        if token.deprel != "nmod" or name.deprel != "nsubj:pass" or name.upos != "PROPN" or token.i < name.i:
            continue
        cases = [t.form.lower() for t in tokens if t.head == token.i and t.deprel == "case"]
        taken = any(t.head == verb.i and t.deprel == "obl:agent" for t in tokens)
        if cases == ["von"] and verb.upos == "VERB" and token.i < verb.i and not taken:
            changes[token.i] = replace(token, head=verb.i, deprel="obl:agent")
    return changes


def stray_nominatives(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Der" before a masculine noun is a nominative: "wurde nach Angaben von Zeugen der Chef der Miliz getötet"."""
    changes: dict[int, Token] = {}
    for article, noun in itertools.pairwise(tokens):
        if article.form != "der" or article.head != noun.i or noun.deprel != "nmod" or noun.upos != "NOUN":
            continue
        if noun.feat("Gender") != "Masc" or noun.feat("Number") != "Sing" or noun.form.endswith(("s", "n")):
            continue
        verb = next((t for t in tokens[noun.i + 1 :] if t.upos == "VERB" and t.head == t.i), None)
        if verb is None or any(t.head == verb.i and t.deprel.startswith(("nsubj", "csubj", "expl")) for t in tokens):
            continue
        passive = any(t.head == verb.i and t.deprel == "aux:pass" for t in tokens)
        changes[noun.i] = replace(noun, head=verb.i, deprel="nsubj:pass" if passive else "nsubj")
    return changes


def among_others(tokens: tuple[Token, ...]) -> dict[int, Token]:
    """ "Unter anderem" is an adverb: "greift unter anderem Häfen an" has the harbours as its object."""
    changes: dict[int, Token] = {}
    for under, other in itertools.pairwise(tokens):
        noun = tokens[under.head]
        verb = tokens[noun.head]
        if under.form.lower() != "unter" or other.form != "anderem" or other.head != noun.i or noun.i < other.i:
            continue
        siblings = {t.deprel for t in tokens if t.head == verb.i}
        if noun.deprel != "obl" or verb.upos != "VERB" or siblings & {"obj", "aux:pass"} or "nsubj" not in siblings:
            continue
        if any(t.head == noun.i and t.deprel == "case" and t.i != under.i for t in tokens):
            continue
        changes[under.i] = replace(under, head=verb.i, deprel="advmod", upos="ADV")
        changes[other.i] = replace(other, head=under.i, deprel="fixed")
        changes[noun.i] = replace(noun, deprel="obj")
    return changes
