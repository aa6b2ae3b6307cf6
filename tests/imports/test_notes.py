from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.notes import cut, plain_text


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("slept badly", "slept badly"),
        ("<b>Good</b> day<br>slept &amp; ate", "Good day\nslept & ate"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\n\ntwo"),
        ("<ul><li>milk</li><li>bread</li></ul>", "milk\n\nbread"),
        ("one<br/>two<BR >three", "one\ntwo\nthree"),
        ('<span style="color:red">red</span>&nbsp;text', "red text"),
        ("mood <3 and x<y and c>d", "mood <3 and x<y and c>d"),
        ("<3 you<br>", "<3 you"),
        ("<grin> he said<br>twice", "<grin> he said\ntwice"),
        ("AT&T, R&D", "AT&T, R&D"),
        ("&#39;quoted&#x27;", "'quoted'"),
        ("<br>", ""),
    ],
)
def test_html_becomes_text_and_what_only_looks_like_it_stays(note, text):
    assert plain_text(note) == text


def test_a_long_note_is_cut_with_an_ellipsis():
    assert cut("x" * 2000) == ("x" * 2000, False)
    assert cut("x" * 2001) == ("x" * 1999 + "…", True)


@given(st.text(max_size=200))
def test_any_note_becomes_text(note):
    assert isinstance(plain_text(note), str)
