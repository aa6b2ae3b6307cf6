from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime

import pytest

from clinical.check_in import CheckInDraft, Reading, Severity, SideEffect, merged

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


def test_a_clinicians_entry_keeps_every_answer_that_it_leaves_out():
    nausea, headache = SideEffect("nausea", Severity.MILD), SideEffect("headache", Severity.SEVERE)
    answered = CheckInDraft("Asia/Tokyo", MOMENT, 6, 3, 5, (headache, nausea), "fine", 70, {"sleep": 6})
    later = MOMENT.replace(hour=23)
    entered = CheckInDraft("UTC", later, 6, 2, side_effects=(nausea, headache), ratings={"craving": 1})
    found = merged(answered, entered)
    ratings = {"sleep": 6, "craving": 1}
    assert found.draft == CheckInDraft("UTC", later, 6, 2, 5, (headache, nausea), "fine", 70, ratings)
    assert found.clinic_answers == ("anxiety", "ratings")
    assert merged(answered, CheckInDraft("UTC", later, 6, 3, side_effects=())).draft.side_effects == ()
