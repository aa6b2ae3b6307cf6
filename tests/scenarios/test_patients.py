"""The outlook of each kind of patient, on their day and on others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clinical.outlook import NoForecastReason, Outlook, Status, outlook
from clinical.protocol import PhaseKind
from clinical.trend import Measure, ratings, trend
from tests.clinical.courses import FIRST_INFUSION, without
from tests.scenarios.patients import (
    KINDS,
    LATE_DAYS,
    before_they_came,
    intrusive_thoughts,
    late_entries,
    long_responder,
    non_responder,
    real_diary,
    short_dips,
    three_week_wear_off,
    went_silent,
)


def codes(result: Outlook) -> set[str]:
    return {reason.code for reason in result.reasons}


def days_to(result: Outlook) -> tuple[int, int, int]:
    """The due window in days after the last infusion: its beginning, its middle, its end."""
    assert result.last_infusion_on is not None
    assert result.due_lo80_on is not None
    assert result.due_median_on is not None
    assert result.due_hi80_on is not None
    days = [
        (day - result.last_infusion_on).days
        for day in (result.due_lo80_on, result.due_median_on, result.due_hi80_on)
    ]
    return days[0], days[1], days[2]


def has_no_date(result: Outlook) -> bool:
    dated = (
        result.due_lo80_on,
        result.due_median_on,
        result.due_hi80_on,
        result.recommended_on,
        result.half_benefit_line,
    )
    return dated == (None,) * 5 and result.p_half_lost is None


class TestIntrusiveThoughts:
    def test_the_window_is_that_of_a_mood_that_does_the_same(self):
        by_thoughts, (history, today) = outlook(*intrusive_thoughts()), three_week_wear_off()
        alike = tuple(replace(each, anxiety=None, enjoyment=None) for each in history.readings)
        by_mood = outlook(replace(history, readings=alike), today)
        assert days_to(by_thoughts) == days_to(by_mood)
        assert by_thoughts.half_benefit_line == pytest.approx(10 - (by_mood.half_benefit_line or 0), abs=1e-3)


class TestNonResponder:
    def test_no_benefit_is_measured_so_no_date_is_given(self):
        result = outlook(*non_responder())
        assert (result.status, result.no_forecast_reason) == (
            Status.NO_BENEFIT,
            NoForecastReason.NO_MEASURABLE_BENEFIT,
        )
        assert has_no_date(result)
        assert result.reasons[0].text.startswith("No measurable benefit since treatment began on 2 March: ")
        assert "no benefit large enough" in result.reasons[1].text

    def test_the_plans_dates_are_still_there(self):
        result = outlook(*non_responder())
        assert result.protocol_latest_on is not None

    def test_no_date_is_given_on_any_day_from_the_second_week_on(self):
        history, today = non_responder()
        for back in range(0, 30, 5):
            assert has_no_date(outlook(history, today - timedelta(days=back)))


class TestLongResponder:
    def test_nothing_is_due_after_twenty_five_days(self):
        result = outlook(*long_responder())
        assert result.status is Status.NOT_DUE
        assert result.p_half_lost is not None
        assert result.p_half_lost < 0.15

    def test_the_window_is_wide_and_weeks_away(self):
        low, middle, high = days_to(outlook(*long_responder()))
        assert 24 <= low <= 40
        assert 34 <= middle <= 60
        assert high - low > 14

    def test_an_end_beyond_eight_weeks_is_flagged(self):
        assert outlook(*long_responder()).due_hi80_beyond_horizon


class TestThreeWeekWearOff:
    def test_the_due_window_is_near_on_day_sixteen(self):
        result = outlook(*three_week_wear_off())
        assert result.days_since_infusion == 16
        assert result.status in {Status.NOT_DUE, Status.APPROACHING, Status.DUE}
        low, middle, high = days_to(result)
        assert low <= 20 <= high
        assert 17 <= middle <= 30

    def test_the_day_to_plan_for_is_before_the_middle_and_inside_the_plan(self):
        result = outlook(*three_week_wear_off())
        assert result.recommended_on is not None
        assert result.due_median_on is not None
        assert result.protocol_earliest_on is not None
        assert result.protocol_latest_on is not None
        assert result.recommended_on <= result.due_median_on
        assert result.protocol_earliest_on <= result.recommended_on <= result.protocol_latest_on

    def test_the_reasons_name_the_intervals_the_level_and_the_patients_own_wear_off(self):
        assert {"recent_level", "past_intervals", "personal_interval"} <= codes(
            outlook(*three_week_wear_off())
        )

    def test_before_the_first_infusion_and_in_induction_there_is_nothing_to_date(self):
        history, _ = three_week_wear_off()
        before = outlook(history, FIRST_INFUSION - timedelta(days=1))
        during = outlook(history, FIRST_INFUSION + timedelta(days=5))
        assert (before.status, during.status) == (Status.NOT_STARTED, Status.INDUCTION)
        assert has_no_date(before)
        assert has_no_date(during)

    def test_finished_cycles_change_the_basis_to_the_patients_own(self):
        history, today = three_week_wear_off()
        first, fourth = outlook(history, date(2026, 4, 4)), outlook(history, today)
        assert (first.finished_cycle_count, fourth.finished_cycle_count) == (0, 3)
        assert (first.basis, fourth.basis) == ("population_prior", "patient")


class TestShortDips:
    def test_the_bad_days_are_named(self):
        history, today = short_dips()
        result = outlook(history, today)
        assert set(result.outlier_days) >= {today - timedelta(days=9), today - timedelta(days=8)}
        assert "short_dips" in codes(result)

    def test_two_bad_days_move_the_window_by_days_only(self):
        plain, dipped = days_to(outlook(*three_week_wear_off())), days_to(outlook(*short_dips()))
        assert abs(plain[1] - dipped[1]) <= 4

    def test_two_bad_days_do_not_make_a_patient_overdue(self):
        history, today = short_dips()
        for back in range(10):
            assert outlook(history, today - timedelta(days=back)).status is not Status.OVERDUE


class TestWentSilent:
    def test_there_is_no_forecast_without_recent_answers(self):
        result = outlook(*went_silent())
        assert (result.status, result.no_forecast_reason) == (
            Status.INSUFFICIENT_DATA,
            NoForecastReason.GONE_SILENT,
        )
        assert has_no_date(result)
        assert result.data_quality.silent_days == 16
        assert "16 days" in result.reasons[0].text

    def test_one_answer_restores_the_forecast(self):
        history, today = three_week_wear_off()
        back = without(history, *(today - timedelta(days=number) for number in range(1, 16)))
        assert outlook(back, today).no_forecast_reason is None


class TestLateEntries:
    def test_the_outlook_before_late_entries_has_fewer_answers(self):
        before, after = outlook(*before_they_came()), outlook(*late_entries())
        assert after.cycle_reading_count - before.cycle_reading_count == len(LATE_DAYS)
        assert before.data_quality.answered_last_14_days_count == 7
        assert "thin_data" in codes(before) - codes(after)

    def test_late_entries_give_the_outlook_of_entries_in_time(self):
        assert outlook(*late_entries()) == outlook(*three_week_wear_off())

    def test_late_entries_do_not_change_outlooks_of_earlier_days(self):
        history, today = late_entries()
        known, _ = before_they_came()
        earlier = today - timedelta(days=max(LATE_DAYS) + 1)
        assert outlook(history, earlier) == outlook(known, earlier)


class TestRealDiary:
    def test_without_an_infusion_there_is_nothing_to_date_on_any_day(self):
        history, last = real_diary()
        for back in range(0, 238, 34):
            result = outlook(history, last - timedelta(days=back))
            assert (result.phase.kind, result.no_forecast_reason) == (
                PhaseKind.NOT_STARTED,
                NoForecastReason.NO_CYCLE,
            )
            assert result.status is Status.NOT_STARTED
            assert has_no_date(result)

    def test_its_trend_names_every_gap(self):
        history, _ = real_diary()
        found = trend(ratings(history.readings, Measure.MOOD))
        assert (sum(day.answered for day in found.days), len(found.days)) == (216, 238)
        assert sum(gap.days for gap in found.gaps) == 22
        assert found.step_sd > 0


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_two_lines_and_disclaimers(kind):
    result = outlook(*kind.result())
    assert len(kind.about) == 2
    assert result.disclaimers
    assert result.reasons
