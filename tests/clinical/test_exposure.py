from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinical.exposure import Dose, ExposureLimits, exposure, hold_reasons
from clinical.treatment_course import EarlierTreatment
from clinical.vitals import ExceededLimit, LimitName

TODAY = date(2026, 11, 21)
NOTHING_SET = ExposureLimits()


def given(*days_ago: int) -> list[Dose]:
    return [Dose(TODAY - timedelta(days=ago), 35.0, 70.0) for ago in days_ago]


def codes(found, limits=NOTHING_SET, urinary=(), above=None):
    return [reason.code for reason in hold_reasons(found, limits, urinary, above or ())]


def test_infusions_are_counted_to_the_day_and_what_lies_ahead_is_not():
    found = exposure([*given(0, 29, 30, 89, 90, 364, 365), Dose(TODAY + timedelta(days=1))], 6, TODAY)
    assert (found.in_30_days, found.in_90_days, found.in_365_days, found.infusions) == (2, 4, 6, 7)


def test_total_mg_per_kg_comes_with_the_count_of_known_doses():
    found = exposure([*given(9, 6), Dose(TODAY, 35.0, None), Dose(TODAY, None, 70.0)], 6, TODAY)
    assert found.mg_per_kg == pytest.approx(1.0)
    assert (found.known_dose_count, found.infusions) == (2, 4)


def test_mg_per_kg_is_rounded_to_a_hundredth():
    assert exposure([Dose(TODAY, 35.0, 71.3)], 6, TODAY).mg_per_kg == pytest.approx(0.49)
    assert exposure([Dose(TODAY, 35.0, 71.3)] * 3, 6, TODAY).mg_per_kg == pytest.approx(1.47)


def test_two_infusions_of_one_day_are_no_interval():
    found = exposure(given(8, 4, 4), 1, TODAY)
    assert [interval.days for interval in found.maintenance_intervals] == [4]
    assert found.shortest is not None
    assert found.shortest.days == 4


def test_intervals_of_induction_are_not_those_of_maintenance():
    found = exposure(given(90, 87, 84, 81, 78, 75, 54, 33), 6, TODAY)
    assert [interval.days for interval in found.maintenance_intervals] == [21, 21]
    assert found.shortest is not None
    assert found.shortest.days == 3


@pytest.mark.parametrize(
    ("intervals", "shrinking"),
    [([28, 24, 20], True), ([28, 24, 24], False), ([24, 20], False), ([10, 28, 24, 20], True), ([], False)],
)
def test_shrinking_is_three_intervals_each_shorter_than_the_one_before(intervals, shrinking):
    ago = [sum(intervals[at:]) for at in range(len(intervals) + 1)]
    found = exposure(given(*ago), 1, TODAY)
    assert found.shrinking is shrinking
    assert codes(found) == (["interval_shrinking"] if shrinking else [])


def test_without_a_limit_no_frequency_is_a_reason():
    found = exposure(given(50, 20, 13, 6), 1, TODAY)
    assert codes(found) == []
    at_the_limit = ExposureLimits(3, 4, 4, 7)
    assert codes(found, at_the_limit) == []
    beyond = ExposureLimits(2, 3, 3, 8)
    assert codes(found, beyond) == [
        "infusions_in_30_days",
        "infusions_in_90_days",
        "infusions_in_365_days",
        "short_interval",
    ]
    assert "3 infusions in 30 days; the clinic's number is 2." in hold_reasons(found, beyond, (), ())[0].text


def test_urinary_symptoms_are_a_reason_for_28_days():
    found = exposure(given(40), 1, TODAY)
    assert codes(found, urinary=[TODAY - timedelta(days=28)]) == []
    (reason,) = hold_reasons(found, NOTHING_SET, [TODAY - timedelta(days=27), TODAY], ())
    assert (reason.code, reason.numbers) == ("urinary_symptoms", {"days": 2, "of": 28})


def test_a_blood_pressure_above_the_hold_limit_is_a_reason_with_its_number():
    found = exposure(given(3), 1, TODAY)
    (reason,) = hold_reasons(found, NOTHING_SET, (), (ExceededLimit(LimitName.SYSTOLIC_HOLD, 152, 140),))
    assert reason.text.endswith("number: systolic 152 mmHg, where 140 is set.")
    assert reason.numbers == {"systolic": 152, "systolic_hold": 140}


def test_intervals_are_those_of_the_current_course_and_totals_of_all():
    doses = given(700, 697, 694, 660, 20, 17, 14, 5)
    found = exposure(doses, 3, TODAY, began_on=TODAY - timedelta(days=20))
    assert [interval.days for interval in found.maintenance_intervals] == [9]
    assert (found.infusions, found.course.infusions) == (8, 4)
    assert found.course.first_on == TODAY - timedelta(days=20)
    assert found.mg_per_kg == pytest.approx(4.0)
    assert found.course.mg_per_kg == pytest.approx(2.0)


def test_another_clinics_infusions_count_towards_a_limit_as_far_as_their_days_are_known():
    limits = ExposureLimits(max_in_90_days=5)
    first, last = TODAY - timedelta(days=80), TODAY - timedelta(days=40)

    def texts(elsewhere):
        found = exposure(given(5), 1, TODAY, elsewhere=elsewhere)
        assert (found.in_90_days, found.elsewhere_count) == (1, 7)
        return [reason.text for reason in hold_reasons(found, limits, (), ())]

    assert texts(EarlierTreatment(7, first, last)) == [
        "8 infusions in 90 days, 7 of them in another clinic; the clinic's number is 5."
    ]
    # Of a series that began before, one lies within for certain, which is not above the limit.
    assert texts(EarlierTreatment(7, first - timedelta(days=60), last)) == []
    assert texts(EarlierTreatment(7)) == []
