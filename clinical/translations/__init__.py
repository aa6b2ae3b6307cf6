"""Languages of what people read: a table for each, with the English templates of sentences as keys.

Published questionnaires are not translated here: a translation is another instrument, with its own source and
licence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from clinical.sentences import Sentence, StoredSentence, written
from clinical.translations.spanish import SPANISH

ENGLISH: Final = "en"
TABLES: Final[Mapping[str, Mapping[str, str]]] = {"es": SPANISH}
LANGUAGES: Final = (ENGLISH, *TABLES)
"""Languages that a client can ask for, as BCP 47 tags; the first is the language of the code."""


def translated(text: str, language: str) -> str:
    """Return a text or a sentence in a language; in English where that language has no translation of it."""
    table = TABLES.get(language)
    if table is None:
        return str(text)
    if isinstance(text, StoredSentence):
        return text.texts.get(language, str(text))
    if not isinstance(text, Sentence):
        return table.get(text, text)
    values = {name: _value(value, language) for name, value in text.values.items()}
    template = table.get(text.template, text.template)
    return written(template, values, text.first_letter)


def in_every_language(sentence: Sentence) -> dict[str, str]:
    """Return a sentence as it is stored: its text in each language."""
    return {language: translated(sentence, language) for language in LANGUAGES}


def stored_sentence(stored: Mapping[str, str] | str) -> StoredSentence:
    """Return a sentence that `in_every_language` wrote, or an older one, which was stored in English only."""
    texts = {ENGLISH: stored} if isinstance(stored, str) else stored
    return StoredSentence.of(texts[ENGLISH], texts)


def _value(value: Any, language: str) -> Any:
    # Any other text is a name or somebody's own words, even where a translation has the same key.
    return translated(value, language) if isinstance(value, Sentence) else value
