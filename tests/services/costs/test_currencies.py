from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.translations import LANGUAGES
from services.costs.currencies import DIGITS, SEPARATORS, amount, decimal


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [(35000, "EUR", "350.00"), (5, "USD", "0.05"), (35000, "JPY", "35000"), (1234, "KWD", "1.234")],
)
def test_amounts_are_written_with_the_digits_of_their_currency(minor, currency, written):
    assert decimal(minor, currency) == written


@pytest.mark.parametrize(
    ("minor", "currency", "english", "spanish"),
    [
        (35000, "EUR", "350.00", "350,00"),
        (123456, "USD", "1,234.56", "1234,56"),
        (1234567, "MXN", "12,345.67", "12.345,67"),
        (123456789, "EUR", "1,234,567.89", "1.234.567,89"),
        (35000, "JPY", "35,000", "35.000"),
        (1234, "KWD", "1.234", "1,234"),
        (0, "CLP", "0", "0"),
    ],
)
def test_amounts_are_separated_as_in_the_readers_language(minor, currency, english, spanish):
    assert (amount(minor, currency, "en"), amount(minor, currency, "es")) == (english, spanish)


@given(st.integers(0, 2**40), st.sampled_from(sorted(DIGITS)))
def test_no_amount_is_changed_by_writing_it(minor, currency):
    assert Decimal(decimal(minor, currency)).scaleb(DIGITS[currency]) == minor
    for language in LANGUAGES:
        thousands, point, _ = SEPARATORS[language]
        written = amount(minor, currency, language).replace(thousands, "").replace(point, ".")
        assert Decimal(written).scaleb(DIGITS[currency]) == minor


def test_codes_are_three_capitals_each_once():
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in DIGITS)
    # ISO 4217 as published on 2026-01-01, without funds, metals and units of account; and the lev.
    assert Counter(DIGITS.values()) == {2: 133, 0: 16, 3: 7}
