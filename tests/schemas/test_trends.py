from __future__ import annotations

import pytest
from marshmallow import ValidationError

from schemas.trends import MEASURES, TrendQuery
from services.trends import Resolution, TrendMeasure


def test_the_words_of_the_question_are_those_of_the_service():
    assert set(MEASURES) == {str(measure) for measure in TrendMeasure}
    for word in Resolution:
        assert TrendQuery().load({"resolution": str(word)})["resolution"] == word


def test_the_default_query_is_every_measure_by_day():
    asked = TrendQuery().load({})
    assert (asked["measure"], asked["first"], asked["last"], asked["as_of"]) == (None, None, None, None)
    assert asked["resolution"] == "day"


def test_a_period_ends_after_it_begins():
    with pytest.raises(ValidationError) as refused:
        TrendQuery().load({"from": "2026-11-21", "to": "2026-11-20"})
    assert set(refused.value.messages) == {"to"}
