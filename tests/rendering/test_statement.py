from __future__ import annotations

import base64
import hashlib

from rendering.statement import STYLE, STYLE_HASH, Table, page


def test_every_text_is_escaped():
    evil = '<script>alert("x")</script>'
    made = page(evil, [evil], [Table(evil, (evil,), [[evil]], 0)], [evil])
    assert "<script" not in made
    assert made.count("&lt;script&gt;") == 7


def test_a_table_without_rows_is_left_out():
    assert "<table" not in page("Title", [], [Table("Nothing", ("Day",), [], 1)], [])


def test_the_policy_allows_this_very_sheet():
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"sha256-{digest}" == STYLE_HASH
    assert f"<style>{STYLE}</style>" in page("Title", [], [], [])
