from __future__ import annotations

import pytest

from tests.architecture.dialect import ALLOWED, DIALECT, PLAIN_FORMS, count, names_of, sources, words

LIMIT_PER_10_000 = 3
"""Identifiers with such a word, of either list. Never to be raised."""


def test_identifiers_use_standard_terms():
    found = count(sources())
    most = [name for name, _ in (found.dialect + found.plain).most_common(20)]
    assert found.per_10_000(plain_forms=True) <= LIMIT_PER_10_000, most


def test_no_exception_is_listed_that_no_source_needs():
    used = {name for path in sources() for name in names_of(path)}
    assert used >= set(ALLOWED)
    assert all(words(name) & (DIALECT | PLAIN_FORMS) for name in ALLOWED)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("items_told", True),
        ("KeptOutlook", True),
        ("HALF_LEFT_TOLD", True),
        ("HTTPSaid", True),
        ("outdoors", False),
        ("understand", False),
        ("outstanding", False),
    ],
)
def test_words_are_found_in_every_style_of_identifier(name, found):
    assert bool(words(name) & (DIALECT | PLAIN_FORMS)) is found


def test_keywords_strings_and_comments_are_not_names(tmp_path):
    source = tmp_path / "one.py"
    source.write_text('def f(kept):\n    """Said."""\n    return kept, tell  # heard\n', encoding="utf-8")
    result = count([source])
    assert (result.names, result.dialect, result.plain) == (4, {"kept": 2}, {"tell": 1})
