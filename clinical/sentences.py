"""Sentences that can be written in several languages: a template with its values.

A `Sentence` is its English text, and remembers the template and the values that the text was made from, so
that `clinical.translations` can write the same in another language. Templates are literals: a test reads
them from the code and asks for a translation of each. A value that is a Sentence is translated with it; any
other text is somebody's own words or a name, and stays as it is.

An f-string of sentences is plain English text: use a template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Self


class FirstLetter(Enum):
    """What becomes of the first letter of a sentence that is part of another one."""

    AS_IS = "as_is"
    CAPITAL = "capital"
    SMALL = "small"


class Sentence(str):
    """A sentence, or a part of one, in English, with its template (`str.format`) and its values."""

    __slots__ = ("first_letter", "template", "values")

    template: str
    values: Mapping[str, Any]
    first_letter: FirstLetter

    def __new__(cls, template: str, *, first_letter: FirstLetter = FirstLetter.AS_IS, **values: Any) -> Self:
        """Return the sentence of a template."""
        found = super().__new__(cls, written(template, values, first_letter))
        found.template, found.values, found.first_letter = template, values, first_letter
        return found

    def format(self, *_values: object, **_named: object) -> Sentence:
        """Return the sentence itself: its values are in it. marshmallow formats the texts of its errors."""
        return self

    def capitalized(self) -> Sentence:
        """Return the sentence with a capital first letter in every language, the others as they are."""
        return Sentence(self.template, first_letter=FirstLetter.CAPITAL, **self.values)

    def uncapitalized(self) -> Sentence:
        """Return the sentence with a small first letter in every language, the others as they are."""
        return Sentence(self.template, first_letter=FirstLetter.SMALL, **self.values)


def written(template: str, values: Mapping[str, Any], first_letter: FirstLetter) -> str:
    """Return the text of a template with these values."""
    text = template.format(**values)
    if first_letter is FirstLetter.AS_IS:
        return text
    first = text[:1].upper() if first_letter is FirstLetter.CAPITAL else text[:1].lower()
    return first + text[1:]


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


def after_code(text: str) -> tuple[str, Sentence]:
    """Return the code and the sentence of a message as "code: Sentence."; "" for one without a code."""
    code, colon, rest = text.partition(": ")
    if not (colon and code.isidentifier()):
        return "", text if isinstance(text, Sentence) else Sentence("{text}", text=text)
    if isinstance(text, Sentence):
        # The code may be a value of the template, and has no colon of its own.
        return code, Sentence(text.template.partition(": ")[2], **text.values)
    return code, Sentence("{text}", text=rest)


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
