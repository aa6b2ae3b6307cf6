"""Spellings that a reader cannot tell apart are one; signs that cannot be seen are found."""

from __future__ import annotations

import unicodedata

import pytest

from clinical.canonical_text import canonical_line, email_key, is_invisible, record_number_key

SPELLINGS_OF_RN_77 = [
    "RN-77",
    "rn-77",
    " RN-77 ",
    "RN\u201177",  # a hyphen that does not break
    "RN\u201377",  # an en dash
    "RN\u221277",  # a minus sign
    "\uff32\uff2e\uff0d\uff17\uff17",  # full width
    "\u00a0RN-77",  # a no-break space
    "RN-77\u3000",  # an ideographic space
]


@pytest.mark.parametrize("spelling", SPELLINGS_OF_RN_77)
def test_spellings_of_a_record_number_have_one_key(spelling):
    assert record_number_key(spelling) == "rn-77"


@pytest.mark.parametrize("other", ["RN-78", "RN77", "RN -77", "RN-7 7", "R\u041d-77"])
def test_record_numbers_that_read_differently_stay_two(other):
    assert record_number_key(other) != "rn-77"


def test_both_compositions_of_a_letter_are_one():
    composed, decomposed = "Zo\u00eb", "Zoe\u0308"
    assert canonical_line(decomposed) == composed
    assert record_number_key(decomposed) == record_number_key(composed)
    assert email_key(f"{decomposed}@clinic.test") == email_key(f"{composed.upper()}@CLINIC.test ")


def test_blanks_are_one_ordinary_space():
    assert canonical_line("\u2003Fern\u00a0 \u2009Hollow ") == "Fern Hollow"


@pytest.mark.parametrize("text", ["Fern\u200bHollow", "\ufeffFern", "Fe\u00adrn", "Fern\ufe0f", "\u2800Fern"])
def test_signs_that_show_nothing_are_found(text):
    assert is_invisible(text, joiners=True)


def test_a_joiner_is_accepted_inside_a_word_that_is_written_with_it():
    name = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert not is_invisible(name, joiners=True)
    assert is_invisible(name, joiners=False)
    for misplaced in ("Fe\u200crn", f"{name}\u200d", f"\u200c{name}", name.replace("\u200c", "\u200c\u200c")):
        assert is_invisible(misplaced, joiners=True)


@pytest.mark.parametrize("form", [canonical_line, record_number_key, email_key])
def test_a_canonical_form_is_its_own(form):
    signs = [chr(code) for code in range(0x20, 0x3000) if unicodedata.category(chr(code)) != "Cc"]
    for sign in [*signs, "\ufb03", "\uff21", "\u1e9e"]:
        once = form(f"a {sign}b")
        assert form(once) == once, hex(ord(sign))
