"""Languages of what a patient reads: a table for each, with the English texts as keys.

Published questionnaires are not translated here: a translation is another instrument, with its own source and
licence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clinical.translations.spanish import SPANISH

ENGLISH: Final = "en"
TABLES: Final[Mapping[str, Mapping[str, str]]] = {"es": SPANISH}
LANGUAGES: Final = (ENGLISH, *TABLES)
"""Languages that a patient can ask for, as BCP 47 tags; the first is the language of the code."""


def translated(text: str, language: str) -> str:
    """Return a text in a language; in English where that language has no translation of it."""
    return TABLES.get(language, {}).get(text, text)
