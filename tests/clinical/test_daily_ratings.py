from __future__ import annotations

import re
from dataclasses import fields

from clinical.check_in import Reading
from clinical.daily_ratings import CATALOGUE, CODES
from clinical.direction import Direction


def test_every_rating_has_a_code_words_for_both_ends_and_a_direction():
    assert len(CODES) == len(CATALOGUE) == len({rating.label for rating in CATALOGUE})
    for rating in CATALOGUE:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", rating.code)
        assert rating.question.endswith("?")
        assert rating.lowest != rating.highest
        assert rating.direction in Direction


def test_optional_ratings_are_not_inputs_of_the_outlook():
    assert not CODES & {field.name for field in fields(Reading)}
