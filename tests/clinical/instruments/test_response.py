from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.instruments.catalogue import CATALOGUE
from clinical.instruments.instrument import score
from clinical.instruments.phq9 import PHQ_9
from clinical.instruments.response import read, read_item_9

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def test_a_part_of_a_form_is_no_fault():
    assert read(PHQ_9, {"9": 1, "2": 3.0}) == ({"2": 3, "9": 1}, [])
    assert read(PHQ_9, {}) == ({}, [])


@pytest.mark.parametrize("value", [-1, 4, 1.5, "1", True, None, [1], {"value": 1}])
def test_an_answer_off_its_scale_is_named_and_the_others_are_read(value):
    answers, faults = read(PHQ_9, {"3": value, "9": 2})
    assert answers == {"9": 2}
    assert [(fault.item, fault.code) for fault in faults] == [("3", "off_scale")]
    assert faults[0].detail == "Answer this item with a whole number from 0 to 3."


def test_an_unknown_item_is_a_fault():
    assert [(fault.item, fault.code) for fault in read(PHQ_9, {"10": 1})[1]] == [("10", "unknown_item")]


@given(st.dictionaries(st.sampled_from([str(number) for number in range(12)]) | st.text(max_size=4), json))
def test_any_input_gives_answers_on_the_scales_and_faults_for_the_rest(sent):
    for instrument in CATALOGUE:
        answers, faults = read(instrument, sent)
        assert {*answers, *(fault.item for fault in faults)} == set(sent)
        for code, value in answers.items():
            item = instrument.item(code)
            assert item
            assert value in item.values
        scored = score(instrument, answers)
        assert scored is None or 0 <= scored.total <= instrument.highest


@pytest.mark.parametrize(
    ("value", "found"), [(0, 0), (1, 1), (2, 2), (3.0, 3), (4, 3), ("3", 3), (None, 0), ("often", None)]
)
def test_item_9_is_read_from_any_input(value, found):
    assert read_item_9("phq-9", {"9": value, "1": "nonsense", "x": []}) == found
    assert read_item_9("gad-7", {"9": value}) == 0
    assert read_item_9("phq-9", {"1": 3}) == 0


@given(json, json)
def test_input_that_is_no_form_has_item_9_not_at_all(code, sent):
    assert read_item_9(code, sent) == 0
