from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from clinical.check_in import CheckInDraft, Severity, SideEffect
from schemas.check_ins import NewCheckInSchema

REQUIRED_MEMBERS = {"mood": 6, "anxiety": 3, "time_zone": "UTC", "recorded_at": "2026-11-21T21:14:05-05:00"}
NOT_WHOLE = st.one_of(
    st.booleans(),
    st.text(),
    st.lists(st.integers(), max_size=2),
    st.floats().filter(lambda number: not number.is_integer()),
)


def load(**changed: Any) -> CheckInDraft:
    draft: CheckInDraft = NewCheckInSchema().load(REQUIRED_MEMBERS | changed)
    return draft


@settings(deadline=None)
@given(st.integers(0, 10))
def test_a_whole_number_is_itself_with_or_without_a_point(number):
    assert load(mood=number).mood == load(mood=float(number)).mood == number
    assert type(load(mood=float(number)).mood) is int


@settings(deadline=None)
@given(NOT_WHOLE)
def test_values_of_another_type_are_no_rating(value):
    with pytest.raises(ValidationError) as refused:
        load(mood=value)
    assert set(refused.value.messages) == {"mood"}


@settings(deadline=None)
@given(st.one_of(st.integers(max_value=-1), st.integers(min_value=11)))
def test_a_rating_off_the_scale_is_refused(number):
    with pytest.raises(ValidationError):
        load(anxiety=number)


@pytest.mark.parametrize(
    "recorded_at", ["1899-12-31T23:59:59Z", "2201-01-01T00:00:00Z", "2026-11-21", "", None, 0]
)
def test_an_instant_has_an_offset_and_an_accepted_year(recorded_at):
    with pytest.raises(ValidationError):
        load(recorded_at=recorded_at)


def test_side_effects_absent_are_none_and_empty_are_empty():
    assert load().side_effects is None
    assert load(side_effects=[]).side_effects == ()
    named = [{"code": "nausea", "severity": "mild"}]
    assert load(side_effects=named).side_effects == (SideEffect("nausea", Severity.MILD),)
