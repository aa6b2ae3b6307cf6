"""A CSV cell runs no formula, whichever separator a spreadsheet expects, and is read back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rendering.spreadsheet_cells import guarded, unguarded

STARTS = "=+-@\uff0b\uff0d\uff1d\uff20"
NASTY = st.text(alphabet=[*STARTS, *"';,|\t\r\n\"a ", "\u2028"], max_size=12)


@pytest.mark.parametrize("sign", STARTS)
@pytest.mark.parametrize("before", ["", "a;", "a,", "a\t", "a|", "a\n", "a\r\n", "a\u2028", "'"])
def test_what_may_begin_a_cell_is_guarded(sign, before):
    assert guarded(f"{before}{sign}1") == (f"{before}'{sign}1" if before != "'" else f"''{sign}1")


@pytest.mark.parametrize("text", ["two - three", "a=b", "Felt ok (+1), 'fine'", "", "it's; -ish"])
def test_ordinary_text_is_as_it_was(text):
    assert guarded(text) == text


@given(NASTY)
def test_a_guarded_text_is_read_back_as_it_was(text):
    assert unguarded(guarded(text)) == text


@given(NASTY, st.sampled_from(",;\t|"))
@example(';"=1', ";")
@example(',"\'"=1', ",")
def test_no_separator_makes_a_cell_that_begins_like_a_formula(text, separator):
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerow(["2026-11-21", guarded(text), "7"])
    for row in csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=separator):
        assert not any(cell.startswith(tuple(STARTS)) for cell in row)
