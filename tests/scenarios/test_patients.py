"""What the outlook says of each kind of patient, on the day on which it is asked and on others."""

from __future__ import annotations

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
    kept_diary,
    late_entries,
    long_responder,
    non_responder,
    short_dips,
    three_week_wear_off,
    went_silent,
)


def codes(said: Outlook) -> set[str]:
    return {reason.code for reason in said.reasons}


def days_to(said: Outlook) -> tuple[int, int, int]:
    """The due window in days after the last infusion: its beginning, its middle, its end."""
    assert said.last_infusion_on is not None
    assert said.due_lo80_on is not None
    assert said.due_median_on is not None
    assert said.due_hi80_on is not None
    days = [
        (day - said.last_infusion_on).days for day in (said.due_lo80_on, said.due_median_on, said.due_hi80_on)
    ]
    return days[0], days[1], days[2]


def has_no_date(said: Outlook) -> bool:
    dated = (
        said.due_lo80_on,
        said.due_median_on,
        said.due_hi80_on,
        said.recommended_on,
        said.half_benefit_line,
    )
    return dated == (None,) * 5 and said.p_half_lost is None


class TestNonResponder:
    def test_no_benefit_is_measured_so_no_date_is_given(self):
        said = outlook(*non_responder())
        assert (said.status, said.no_forecast_reason) == (
            Status.INSUFFICIENT_DATA,
            NoForecastReason.NO_MEASURABLE_BENEFIT,
        )
        assert has_no_date(said)
        assert "no benefit large enough" in said.reasons[0].text

    def test_the_plans_dates_are_still_there(self):
        said = outlook(*non_responder())
        assert said.protocol_latest_on is not None

    def test_no_date_is_given_on_any_day_from_the_second_week_on(self):
        history, today = non_responder()
        for back in range(0, 30, 5):
            assert has_no_date(outlook(history, today - timedelta(days=back)))


class TestLongResponder:
    def test_nothing_is_due_after_twenty_five_days(self):
        said = outlook(*long_responder())
        assert said.status is Status.NOT_DUE
        assert said.p_half_lost is not None
        assert said.p_half_lost < 0.15

    def test_the_window_is_wide_and_weeks_away(self):
        low, middle, high = days_to(outlook(*long_responder()))
        assert 24 <= low <= 40
        assert 34 <= middle <= 60
        assert high - low > 14

    def test_an_end_beyond_eight_weeks_is_said_to_be_so(self):
        assert outlook(*long_responder()).due_hi80_beyond_horizon


class TestThreeWeekWearOff:
    def test_it_is_near_on_day_sixteen(self):
        said = outlook(*three_week_wear_off())
        assert said.days_since_infusion == 16
        assert said.status in {Status.NOT_DUE, Status.APPROACHING, Status.DUE}
        low, middle, high = days_to(said)
        assert low <= 20 <= high
        assert 17 <= middle <= 30

    def test_the_day_to_plan_for_is_before_the_middle_and_inside_the_plan(self):
        said = outlook(*three_week_wear_off())
        assert said.recommended_on is not None
        assert said.due_median_on is not None
        assert said.protocol_earliest_on is not None
        assert said.protocol_latest_on is not None
        assert said.recommended_on <= said.due_median_on
        assert said.protocol_earliest_on <= said.recommended_on <= said.protocol_latest_on

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

    def test_finished_cycles_teach_the_patients_own_wear_off(self):
        history, today = three_week_wear_off()
        first, fourth = outlook(history, date(2026, 4, 4)), outlook(history, today)
        assert (first.finished_cycle_count, fourth.finished_cycle_count) == (0, 3)
        assert (first.basis, fourth.basis) == ("clinic_prior", "patient")


class TestShortDips:
    def test_the_bad_days_are_named(self):
        history, today = short_dips()
        said = outlook(history, today)
        assert set(said.outlier_days) >= {today - timedelta(days=9), today - timedelta(days=8)}
        assert "short_dips" in codes(said)

    def test_two_bad_days_move_the_window_by_days_only(self):
        plain, dipped = days_to(outlook(*three_week_wear_off())), days_to(outlook(*short_dips()))
        assert abs(plain[1] - dipped[1]) <= 4

    def test_nobody_is_called_overdue_for_two_bad_days(self):
        history, today = short_dips()
        for back in range(10):
            assert outlook(history, today - timedelta(days=back)).status is not Status.OVERDUE


class TestWentSilent:
    def test_no_forecast_is_made_of_silence(self):
        said = outlook(*went_silent())
        assert (said.status, said.no_forecast_reason) == (
            Status.INSUFFICIENT_DATA,
            NoForecastReason.GONE_SILENT,
        )
        assert has_no_date(said)
        assert said.data_quality.silent_days == 16
        assert "16 days" in said.reasons[0].text

    def test_one_answer_brings_it_back(self):
        history, today = three_week_wear_off()
        back = without(history, *(today - timedelta(days=number) for number in range(1, 16)))
        assert outlook(back, today).no_forecast_reason is None


class TestLateEntries:
    def test_what_was_said_before_they_came_rests_on_fewer_answers(self):
        before, after = outlook(*before_they_came()), outlook(*late_entries())
        assert after.cycle_reading_count - before.cycle_reading_count == len(LATE_DAYS)
        assert before.data_quality.answered_last_14_days_count == 7
        assert "thin_data" in codes(before) - codes(after)

    def test_once_there_it_is_as_if_they_had_come_in_time(self):
        assert outlook(*late_entries()) == outlook(*three_week_wear_off())

    def test_they_change_nothing_of_what_was_said_of_days_before_them(self):
        history, today = late_entries()
        known, _ = before_they_came()
        earlier = today - timedelta(days=max(LATE_DAYS) + 1)
        assert outlook(history, earlier) == outlook(known, earlier)


class TestKeptDiary:
    def test_without_an_infusion_there_is_nothing_to_date_on_any_day(self):
        history, last = kept_diary()
        for back in range(0, 238, 34):
            said = outlook(history, last - timedelta(days=back))
            assert (said.phase.kind, said.no_forecast_reason) == (
                PhaseKind.NOT_STARTED,
                NoForecastReason.NO_CYCLE,
            )
            assert said.status is Status.NOT_STARTED
            assert has_no_date(said)

    def test_its_trend_names_every_gap(self):
        history, _ = kept_diary()
        found = trend(ratings(history.readings, Measure.MOOD))
        assert (sum(day.answered for day in found.days), len(found.days)) == (216, 238)
        assert sum(gap.days for gap in found.gaps) == 22
        assert found.step_sd > 0


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_is_told_in_two_lines_and_answered_with_limits(kind):
    said = outlook(*kind.result())
    assert len(kind.about) == 2
    assert said.disclaimers
    assert said.reasons
