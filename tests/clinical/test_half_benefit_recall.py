"""Several answers about one infusion are one observation: the one answered last."""

from __future__ import annotations

from datetime import date, timedelta

from clinical.half_benefit_recall import HalfBenefitRecall, one_an_infusion

FIRST = date(2026, 9, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def recall(asked_on: int, days: int | None = None) -> HalfBenefitRecall:
    return HalfBenefitRecall(day(asked_on), days)


def test_recalls_are_in_order_of_day_however_they_were_answered():
    recalls = recall(60, 20), recall(30, 9)
    assert one_an_infusion(recalls, [day(0), day(30)]) == (recall(30, 9), recall(60, 20))


def test_of_two_about_one_infusion_the_one_answered_last_counts():
    for recalls in ((recall(20, 9), recall(28, 12)), (recall(28, 9), recall(20, 12))):
        assert one_an_infusion(recalls, [day(0)]) == recalls[1:]


def test_a_recall_on_the_day_of_an_infusion_is_about_the_one_before():
    recalls = recall(28, 9), recall(29)
    assert one_an_infusion(recalls, [day(0), day(28)]) == recalls


def test_one_about_an_infusion_in_another_clinic_stays():
    assert one_an_infusion([recall(5, 3)], [day(5)]) == (recall(5, 3),)
    assert one_an_infusion([], [day(5)]) == ()
