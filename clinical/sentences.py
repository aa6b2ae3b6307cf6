"""Sentences that can be written in several languages: a template with its values.

A `Sentence` is its English text, and remembers the template and the values that the text was made from, so
that `clinical.translations` can write the same in another language. Templates are literals: a test reads
them from the code and asks for a translation of each. A value that is a Sentence is translated with it; any
other text is somebody's own words or a name, and stays as it is.

An f-string of sentences is plain English text: use a template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self


class Sentence(str):
    """A sentence, or a part of one, in English, with its template (`str.format`) and its values."""

    __slots__ = ("is_capitalized", "template", "values")

    template: str
    values: Mapping[str, Any]
    is_capitalized: bool

    def __new__(cls, template: str, *, is_capitalized: bool = False, **values: Any) -> Self:
        """Return the sentence of a template."""
        found = super().__new__(cls, written(template, values, is_capitalized=is_capitalized))
        found.template, found.values, found.is_capitalized = template, values, is_capitalized
        return found

    def capitalized(self) -> Sentence:
        """Return the sentence with a capital first letter in every language, the others as they are."""
        return Sentence(self.template, is_capitalized=True, **self.values)


def written(template: str, values: Mapping[str, Any], *, is_capitalized: bool) -> str:
    """Return the text of a template with these values."""
    text = template.format(**values)
    return text[:1].upper() + text[1:] if is_capitalized else text


class StoredSentence(Sentence):
    """A sentence that was stored as its text in each language, without its template."""

    __slots__ = ("texts",)

    texts: Mapping[str, str]

    @classmethod
    def of(cls, english: str, texts: Mapping[str, str]) -> StoredSentence:
        """Return the sentence with these texts by language, English where there is none."""
        found = cls("{text}", text=english)
        found.texts = texts
        return found


NOTHING = Sentence("")
"""A part that is left out of its sentence. Operational."""


def sentences(parts: Sequence[str]) -> Sentence:
    """Return sentences one after the other."""
    return _joined("{left} {right}", parts)


def listed(parts: Sequence[str]) -> Sentence:
    """Return parts with commas between them."""
    return _joined("{left}, {right}", parts)


def separated(parts: Sequence[str]) -> Sentence:
    """Return parts with semicolons between them."""
    return _joined("{left}; {right}", parts)


def both(parts: Sequence[str]) -> Sentence:
    """Return parts with "and" between them."""
    return _joined("{left} and {right}", parts)


def _joined(template: str, parts: Sequence[str]) -> Sentence:
    if not parts:
        return NOTHING
    found = Sentence("{text}", text=parts[0])
    for part in parts[1:]:
        found = Sentence(template, left=found, right=part)
    return found
