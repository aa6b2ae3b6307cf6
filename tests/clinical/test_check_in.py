from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime

import pytest

from clinical.check_in import CheckInDraft, Reading, Severity, SideEffect

MOMENT = datetime(2026, 11, 21, 21, tzinfo=UTC)


def test_what_was_not_asked_is_none_and_not_empty():
    draft = CheckInDraft("UTC", MOMENT, 6, 3)
    assert (draft.enjoyment, draft.side_effects, draft.note) == (None, None, None)
    assert draft.benefit_left is None
    assert draft != CheckInDraft("UTC", MOMENT, 6, 3, side_effects=())


def test_the_same_answers_are_equal_whatever_the_time_zone():
    elsewhere = MOMENT.astimezone(tz=None)
    assert CheckInDraft("UTC", MOMENT, 6, 3) == CheckInDraft("UTC", elsewhere, 6, 3)


def test_a_draft_is_immutable():
    reading = Reading(date(2026, 11, 21), 6.0)
    with pytest.raises(FrozenInstanceError):
        reading.mood = 7.0  # type: ignore[misc]


def test_side_effects_are_equal_in_any_order_sent():
    nausea, headache = SideEffect("nausea", Severity.MILD), SideEffect("headache", Severity.SEVERE)
    assert sorted([nausea, headache]) == sorted([headache, nausea]) == [headache, nausea]
