from __future__ import annotations

import base64
import hashlib

from clinical.sentences import Sentence
from rendering.statement import STYLE, STYLE_HASH, Page, Table


def test_every_text_is_escaped():
    evil = '<script>alert("x")</script>'
    text = Sentence("{text}", text=evil)
    made = Page(text, [text], [Table(text, (text,), [[evil]], 0)], [text]).to_html("es")
    assert "<script" not in made
    assert made.count("&lt;script&gt;") == 7


def test_a_table_without_rows_is_left_out():
    empty = Table(Sentence("Infusions"), (Sentence("Day"),), [], 1)
    assert "<table" not in Page(Sentence("A year"), [], [empty], []).to_html("en")


def test_it_is_written_in_the_language_asked_for():
    table = Table(Sentence("Infusions"), (Sentence("Day"), Sentence("Given")), [["2026-11-27", "yes"]], 2)
    made = Page(Sentence("Infusions and what they cost"), [], [table], []).to_html("es")
    assert '<html lang="es">' in made
    assert '<th scope="col">Día</th><th scope="col">Administrada</th>' in made
    # A cell that is no sentence is somebody's own word.
    assert "<td>yes</td>" in made


def test_the_policy_allows_this_very_sheet():
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"sha256-{digest}" == STYLE_HASH
    assert f"<style>{STYLE}</style>" in Page(Sentence("A year"), [], [], []).to_html("en")
