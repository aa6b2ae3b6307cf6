"""Names, record numbers and e-mail addresses in the one form in which they are stored and compared.

Two spellings that a reader cannot tell apart are one: Unicode composes letters in two ways (NFC and NFD), has
many blanks and dashes, and signs that show nothing at all. Those are refused, so that nobody is stored twice.
Letters of two scripts that look alike (Latin and Cyrillic a) stay two.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

DIRECTIONAL_MARKS: Final = "\u061c\u200e\u200f"
"""Marks of direction without a width, which keyboards for Arabic and Hebrew add: they are left out."""
JOINERS: Final = "\u200c\u200d"
"""The zero-width joiner and non-joiner, with which Persian and the languages of India write words."""

MINUS: Final = "\u2212"
"""The minus sign, which Unicode does not count as a dash."""
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Signs that show nothing: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties, the interlinear
annotation signs and the blank Braille pattern."""


def canonical_line(text: str) -> str:
    """Return a line in NFC without marks of direction, with one ordinary space for each run of blanks."""
    return _spaced(unicodedata.normalize("NFC", text))


def record_number_key(text: str) -> str:
    """Return what is equal for two spellings of one record number: of any case, width and kind of dash."""
    composed = unicodedata.normalize("NFKC", text)
    hyphened = "".join("-" if _is_dash(sign) else sign for sign in composed)
    return _spaced(unicodedata.normalize("NFKC", hyphened.casefold()))


def email_key(text: str) -> str:
    """Return an e-mail address without blanks around it, in NFC and with its case folded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())


def is_invisible(text: str, *, joiners: bool) -> bool:
    """Whether a text has a sign that shows nothing; `joiners` accepts those that are inside a word.

    A joiner is inside a word where letters, or the marks of letters, outside ASCII are on both sides.
    """
    for found in INVISIBLE.finditer(text):
        inside = found.group() in JOINERS and all(map(_of_word, _around(text, found.start())))
        if not (joiners and inside):
            return True
    return False


def _around(text: str, at: int) -> tuple[str, str]:
    return text[at - 1 : at] if at else "", text[at + 1 : at + 2]


def _of_word(sign: str) -> bool:
    return bool(sign) and not sign.isascii() and unicodedata.category(sign)[0] in "LM"


def _is_dash(sign: str) -> bool:
    return unicodedata.category(sign) == "Pd" or sign == MINUS


def _spaced(text: str) -> str:
    shown = (sign for sign in text if sign not in DIRECTIONAL_MARKS)
    blanks = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in shown)
    return " ".join(word for word in blanks.split(" ") if word)
