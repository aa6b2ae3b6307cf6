from __future__ import annotations

from datetime import date, timedelta

from clinical.answer_timing import AnswerTiming
from clinical.check_in import Severity, SideEffect
from clinical.side_effect_course import EffectAfter, UrinaryMonth, effect_course

FIRST, SECOND = date(2026, 10, 28), date(2026, 11, 4)
NAUSEA = SideEffect("nausea", Severity.MILD)
UNREAL = SideEffect("dissociation", Severity.SEVERE)
URGENT = SideEffect("urgent_urination", Severity.MODERATE)


def on(ago: int, *effects: SideEffect) -> tuple[date, tuple[SideEffect, ...]]:
    return FIRST + timedelta(days=ago), effects


def test_side_effects_belong_to_the_infusion_they_follow():
    asked = [on(-1, NAUSEA), on(0, NAUSEA, UNREAL), on(1, NAUSEA), on(3), on(7, NAUSEA), on(9)]
    found = effect_course(asked, [FIRST, SECOND], SECOND + timedelta(days=1))
    assert [(each.burden, each.days_since_infusion) for each in found.days] == [
        (1, None),
        (4, 0),
        (1, 1),
        (0, 3),
        (1, 0),
    ]
    first, second = found.infusions
    assert (first.asked_day_count, first.burden_on_the_day, first.burden_later) == (3, 4, 1)
    assert first.effects == (
        EffectAfter("dissociation", 0, 0, 1, Severity.SEVERE),
        EffectAfter("nausea", 0, 1, 2, Severity.MILD),
    )
    assert (second.asked_day_count, second.burden_on_the_day, second.burden_later) == (1, 1, 0)


def test_what_was_answered_before_an_infusion_belongs_to_the_one_before():
    asked = [on(0, UNREAL), on(1), on(7, UNREAL, NAUSEA)]
    timings = {FIRST: AnswerTiming.BEFORE, SECOND: AnswerTiming.BEFORE}
    found = effect_course(asked, [FIRST, SECOND], SECOND, timings)
    assert [(each.days_since_infusion, each.timing) for each in found.days] == [
        (None, AnswerTiming.BEFORE),
        (1, None),
        (7, AnswerTiming.BEFORE),
    ]
    first, second = found.infusions
    assert (first.burden_on_the_day, first.timing_on_the_day, first.burden_later) == (
        None,
        AnswerTiming.BEFORE,
        4,
    )
    assert [(each.code, each.onset_day) for each in first.effects] == [("dissociation", 7), ("nausea", 7)]
    assert (second.asked_day_count, second.burden_on_the_day, second.effects) == (0, None, ())
    assert [(each.code, each.days_since_infusion) for each in found.prolonged] == [("dissociation", 7)]


def test_an_answer_of_which_the_time_is_not_known_counts_and_is_marked():
    found = effect_course([on(0, NAUSEA)], [FIRST], SECOND)
    (only,) = found.infusions
    assert (only.burden_on_the_day, only.timing_on_the_day) == (1, AnswerTiming.UNKNOWN)
    assert [(each.days_since_infusion, each.timing) for each in found.days] == [(0, AnswerTiming.UNKNOWN)]


def test_a_day_that_was_not_asked_is_not_a_day_without_side_effects():
    (only,) = effect_course([on(1)], [FIRST], SECOND).infusions
    assert (only.asked_day_count, only.burden_on_the_day, only.effects) == (1, None, ())


def test_what_is_usual_on_the_day_is_not_expected_from_day_2_on():
    asked = [on(0, UNREAL), on(1, UNREAL), on(2, UNREAL, NAUSEA), on(-3, UNREAL)]
    found = effect_course(asked, [FIRST], SECOND).prolonged
    assert [(each.code, each.days_since_infusion) for each in found] == [("dissociation", 2)]


def test_urinary_symptoms_are_counted_by_month_of_the_days_asked():
    asked = [on(0, URGENT), on(1), on(4, URGENT), on(5, URGENT)]
    assert effect_course(asked, [], SECOND).urinary == (
        UrinaryMonth("2026-10", 2, 1),
        UrinaryMonth("2026-11", 2, 2),
    )
