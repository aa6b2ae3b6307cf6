from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from bench.forecasts.closed_loop.figures import bought, difference, points, saved
from bench.forecasts.closed_loop.follow import Followed, days_below_half, follow, followed_course
from bench.forecasts.closed_loop.policies import (
    AT_HALF,
    Calendar,
    Evening,
    OnCall,
    Oracle,
    Policy,
    Recommended,
    SevenDayMean,
)
from bench.forecasts.closed_loop.runs import run
from bench.forecasts.closed_loop.settings import CALENDAR, Setting, settings
from bench.forecasts.closed_loop.tables import tables
from bench.simulation.cohort import EVERYTHING
from bench.simulation.daily_states import Days
from bench.simulation.decided_courses import Circumstances, Clinic, Running, begun, circumstances, infused
from bench.simulation.worlds import USUAL
from clinical.infusion import InfusionReason
from clinical.protocol import Protocol

CLINIC = Clinic(EVERYTHING, 28)
BOUNDLESS = Protocol(min_interval_days=3, max_interval_days=200)


@cache
def responder() -> Circumstances:
    return next(
        drawn for number in range(20) if (drawn := circumstances(number, 3, 0.3)).person.responds
    )  # fmt: skip


@cache
def treated(cycles: int = 2) -> Running:
    running = begun(responder(), CLINIC)
    for _ in range(cycles):
        running = infused(responder(), running, 20, InfusionReason.SCHEDULED)
    return running


def evening(since: int, felt: float | None = 1.0, running: Running | None = None) -> Evening:
    running = running or treated()
    return Evening(since, running.course.cycles[-1].start + since, running.patient, felt, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants(Policy):
    """Wants a day that depends on the evening."""

    days: tuple[int, ...]

    def wanted(self, evening: Evening) -> float:
        return self.days[evening.since]


@pytest.mark.parametrize("days", [14, 17, 28])
def test_a_calendar_gives_its_intervals(days):
    followed = follow(responder(), Calendar(days=days))
    assert set(followed.intervals) == {days}
    assert len(followed.intervals) == (730 - 1) // days


def test_an_infusion_on_the_true_day_loses_no_day():
    followed = follow(responder(), Oracle(factor=1.0, plan=BOUNDLESS))
    assert followed.days_below == 0
    later = follow(responder(), Oracle(factor=1.3, plan=BOUNDLESS))
    assert later.days_below > 20
    assert len(later.intervals) < len(followed.intervals)


def test_the_oracle_too_stays_in_the_window():
    assert min(follow(responder(), Oracle(factor=0.1)).intervals) == 14
    assert max(follow(responder(), Oracle(factor=9.0)).intervals) == 28


def test_days_below_half_are_those_after_the_induction():
    course = begun(responder(), CLINIC).course
    left = np.full(course.length, 0.9)
    left[: course.induction[-1]] = 0.1
    left[course.induction[-1] + 3 : course.induction[-1] + 7] = (0.51, 0.5, 0.49, 0.2)
    running = Running(CLINIC, course, Days(left, np.zeros((left.size, 3)), ()), treated().patient)
    assert days_below_half(running) == 2


def test_an_infusion_is_booked_when_its_day_is_as_near_as_the_notice():
    policy = Wants(days=(20,) * 30)
    assert [policy.book(evening(since)) is None for since in (9, 14, 15)] == [True, True, False]
    booking = policy.book(evening(15))
    assert booking is not None
    assert booking.day == 20


def test_a_day_that_comes_nearer_still_needs_notice():
    policy = Wants(days=(28,) * 16 + (12,) * 14)
    assert policy.book(evening(15)) is None
    booking = policy.book(evening(16))
    assert booking is not None
    assert booking.day == 21


def test_the_window_holds_for_every_policy():
    early, late = Wants(days=(1,) * 40), Wants(days=(90,) * 40)
    first, last = early.book(evening(early.first_evening)), late.book(evening(23))
    assert first is not None
    assert last is not None
    assert (first.day, last.day) == (14, 28)
    assert late.book(evening(22)) is None


def test_a_patient_who_calls_waits_and_is_recorded_as_one_with_symptoms():
    policy = OnCall(calls_at=AT_HALF)
    assert policy.book(evening(17, felt=0.51)) is None
    booking = policy.book(evening(17, felt=0.49))
    assert booking is not None
    assert (booking.day, booking.reason) == (22, InfusionReason.SYMPTOMS_RETURNED)
    assert policy.book(evening(17, felt=None)) is None


def test_a_patient_calls_once_the_loss_is_felt():
    running = followed_course(responder(), OnCall(calls_at=AT_HALF, plan=BOUNDLESS))
    called = [
        cycle.end - cycle.start - 5 - 1 for cycle in running.course.cycles[:-1]
    ]  # the last day on which nothing had been felt
    for cycle, day, share in zip(running.course.cycles, called, responder().felt_at, strict=False):
        assert running.days.left[cycle.start + day] > share
        assert running.days.left[cycle.start + day + 1] <= share
    assert InfusionReason.SYMPTOMS_RETURNED in running.course.reasons


def test_an_infusion_on_the_recommended_day_is_no_evidence():
    policy = Recommended(quantile=0.25, questions=EVERYTHING)
    bookings = [policy.book(evening(since)) for since in range(policy.first_evening, 24)]
    reasons = {booking.reason for booking in bookings if booking is not None}
    assert reasons == {InfusionReason.SCHEDULED}


@pytest.mark.parametrize(
    "policy",
    [SevenDayMean(alarm_at=0.35), Recommended(quantile=0.25), Recommended(quantile=0.5)],
)
def test_a_policy_sees_nothing_of_the_future(policy):
    drawn = responder()
    today = treated().course.cycles[-1].start + 12
    noise = drawn.disturbances.noise.copy()
    noise[today + 1 :] -= 4.0
    other_future = replace(drawn, disturbances=replace(drawn.disturbances, noise=noise))
    earlier = treated(1)
    other = infused(other_future, earlier, 20, InfusionReason.SCHEDULED)
    assert other.days.felt[today + 1 :].mean() < treated().days.felt[today + 1 :].mean() - 2
    for since in (9, 12):
        assert policy.wanted(evening(since)) == pytest.approx(policy.wanted(evening(since, running=other)))
    assert policy.book(evening(12)) == policy.book(evening(12, running=other))


def test_quantiles_agree_with_the_recommended_day_of_the_outlook():
    own, nearly = (Recommended(quantile=quantile).wanted(evening(16)) for quantile in (0.25, 0.25 + 1e-9))
    assert own == pytest.approx(nearly)


def test_a_lower_quantile_is_never_later():
    wanted = [Recommended(quantile=quantile).wanted(evening(12)) for quantile in (0.1, 0.25, 0.5, 0.75)]
    assert wanted == sorted(wanted)


def test_without_a_forecast_the_plan_decides():
    silent = replace(treated(), patient=replace(treated().patient, answers=()))
    for policy in (Recommended(quantile=0.25), SevenDayMean(alarm_at=0.2)):
        assert policy.wanted(evening(16, running=silent)) == 28


def followed(patient: int, infusions: int, below: int, responds: bool = True) -> Followed:
    return Followed(patient, responds, (20,) * infusions, below)


def curves() -> dict[Setting, list[Followed]]:
    """Calendars of 10 and 20 infusions in two years, and a policy of 15."""
    made = {
        Setting(CALENDAR, "28 days", Calendar(days=28)): [followed(0, 10, 40), followed(1, 10, 80)],
        Setting(CALENDAR, "14 days", Calendar(days=14)): [followed(0, 20, 10), followed(1, 20, 30)],
        Setting("calls", "5 days", OnCall(calls_at=0.5)): [followed(0, 14, 20), followed(1, 16, 28)],
    }
    return {
        setting: [*patients, followed(2, 9, 99, responds=False)] for setting, patients in made.items()
    }  # fmt: skip


def test_a_policy_is_compared_with_a_curve_at_equal_infusions():
    found = points(curves(), responds=True)
    (policy,), calendar = found["calls"], found[CALENDAR]
    years = 730 / 365.25
    # At 15 infusions the calendars cost 25 and 55 days, 40 on average.
    more, share = difference(policy, calendar), saved(policy, calendar)
    assert more is not None
    assert share is not None
    assert more.mean == pytest.approx((24 - 40) / years)
    assert share.mean == pytest.approx(1 - 24 / 40)
    # With one infusion less than 15 the calendar would cost four days more, with one more four days less.
    differences = [20 - (25 + 4), 28 - (55 - 4)]
    assert more.standard_error == pytest.approx(np.std(differences, ddof=1) / np.sqrt(2) / years)
    assert bought(*calendar) == pytest.approx((60 - 20) / 10)


def test_beyond_a_curve_there_is_no_comparison():
    found = points(curves(), responds=True)
    assert difference(found[CALENDAR][0], found["calls"]) is None
    assert saved(found[CALENDAR][0], found["calls"]) is None


def test_the_table_has_every_setting_and_those_without_benefit_apart():
    found = {
        world: {
            setting: [
                followed(0, 20 + number, 50 - number),
                followed(1, 21 + number, 70 - number),
                followed(2, 13, 0, responds=False),
            ]
            for number, setting in enumerate(listed)
        }
        for world, listed in settings().items()
    }
    printed = tables(found)
    for world, listed in settings().items():
        assert world.name in printed
        assert len({(each.family, each.name) for each in listed}) == len(listed)
        assert all(f"  {each.name} " in printed for each in listed)
        assert all(f"{each.family}\n" in printed for each in listed)
    assert "Patients without a benefit (1)" in printed


def test_runs_in_several_processes_follow_the_same_patients():
    listed = (Setting(CALENDAR, "28 days", Calendar(days=28)), Setting("oracle", "1", Oracle(factor=1.0)))
    found = run({USUAL: listed}, 2, 3)[USUAL]
    assert {tuple(one.patient for one in patients) for patients in found.values()} == {(0, 1)}
    assert found[listed[1]][1] == follow(circumstances(1, 3, 0.3), listed[1].policy)
