"""Claims, extractions and stores as cards. A record is taken as it is: just read or stored, its parts have the same names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kgraph.display.html import Mark, badge, card, sentence, strong, text

_CLAIMS = 20  # of an extraction, that are shown


def claim(record: Any) -> str:
    """A claim: what it says, the sentence with its words marked, and what the text makes of it."""
    return card(_statement(record), _circumstances(record), _marked(record))


def claim_line(record: Any) -> str:
    """A claim in one line: `<Claim USA attacks Iran, affirmed, actual, 0.75: 'bombardiert' in a1[35:46]>`."""
    article = getattr(record, "article", None)
    said = f"{record.subject.actor.label} {record.relation} {record.object.actor.label}"
    place = f"{article.id if article else record.article_id}[{record.trigger.start}:{record.trigger.end}]"
    truth = f"{record.polarity}, {record.modality}, {record.confidence:.2f}"
    return f"<{type(record).__name__} {said}, {truth}: {record.trigger.text!r} in {place}>"


def extraction_line(record: Any) -> str:
    """An extraction in one line: `<Extraction a1: 12 sentences, 30 mentions, 5 claims, 0 problems>`."""
    parts = ("sentences", "mentions", "claims", "problems")
    counted = ", ".join(f"{len(getattr(record, part))} {part}" for part in parts)
    return f"<Extraction {record.article.id}: {counted}>"


def extraction(record: Any) -> str:
    """What was found in an article: how much of what, each claim with its sentence, and what was skipped."""
    article = record.article
    lines = {
        "article": article.id,
        "publisher": article.publisher,
        "published": article.published,
        "language": article.lang,
        "sentences": len(record.sentences),
        "mentions": len(record.mentions),
        "claims": len(record.claims),
        "problems": len(record.problems) or None,
    }
    cards = "".join(claim(one) for one in record.claims[:_CLAIMS])
    more = len(record.claims) - _CLAIMS
    rest = f"<div>… and {more} more claims</div>" if more > 0 else ""
    faults = "".join(f"<li><bdi>{text(problem.where)}: {text(problem.what)}</bdi></li>" for problem in record.problems)
    return card(strong(article.title or article.id), lines, f"{cards}{rest}{f'<ul>{faults}</ul>' if faults else ''}")


def store(path: object, counts: Mapping[str, int], actors: Sequence[tuple[str, int]], *, state: str) -> str:
    """A store: how much is in it, and who stands in it most, as labels with numbers of claims."""
    names = " · ".join(f"<bdi>{text(label)}</bdi> {number:,}" for label, number in actors)
    return card(
        f"{strong(path)} {badge(state)}",
        {name: f"{number:,}" for name, number in counts.items()},
        f"<div>{names}</div>",
    )


def _statement(record: Any) -> str:
    subject, object_ = record.subject.actor.label, record.object.actor.label
    arrow = "↔" if record.relation.symmetric else "→"
    signs = [record.modality.value] if record.modality.value != "actual" else []
    signs += ["denied"] if record.polarity.value == "negated" else []
    said = f"{badge(subject, 'subject')} {badge(record.relation.value, 'trigger')} {arrow} {badge(object_, 'object')}"
    return " ".join([said, *(badge(sign) for sign in signs)])


def _circumstances(record: Any) -> dict[str, object]:
    said, when = record.attribution, record.when
    article = getattr(record, "article", None)
    return {
        "says": (said.actor.label if said.actor else said.span.text) if said else None,
        "date": f"{when.start} – {when.end}" if when and when.end != when.start else when and when.start,
        "confidence": f"{record.confidence:.2f}",
        "rule": record.rule,
        "article": article.id if article else record.article_id,
        "publisher": article.publisher if article else None,
    }


def _marked(record: Any) -> str:
    said = record.attribution
    spans: Iterable[tuple[str, Any, str]] = [
        ("subject", _words(record.subject), record.subject.actor.label),
        ("trigger", record.trigger, record.relation.value),
        ("object", _words(record.object), record.object.actor.label),
        *([("speaker", said.span, said.actor.label if said.actor else "")] if said else []),
    ]
    start = record.sentence.start
    marks = [
        Mark(span.start - start, span.end - start, role, "" if label == span.text else label)
        for role, span, label in spans
    ]
    return sentence(record.sentence.text, marks)


def _words(end: Any) -> Any:
    return getattr(
        end, "span", end
    )  # of a stored claim the words are a part of the end, of one just read the end itself
