"""Which language an article is in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

DEFAULT = "de"
_CANDIDATES = ("de", "en", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "tr", "ru", "uk", "ar")
_SAMPLE = 4000
_SURE = 0.8


def detect(text: str, *, unsure: str = DEFAULT) -> str:
    """The ISO 639-1 code of the text's language; `unsure` (German) where the text is too short to tell."""
    code, confidence = _identifier().classify(text[:_SAMPLE])
    return str(code) if confidence >= _SURE else unsure


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # Imported here because it loads numpy and a model, which a reader that is told the language never needs.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_CANDIDATES))
    return identifier
