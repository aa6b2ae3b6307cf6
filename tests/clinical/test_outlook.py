from __future__ import annotations

from dataclasses import astuple, replace
from datetime import date, timedelta
from itertools import pairwise
from math import isfinite
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.baseline import AssessedBaseline
from clinical.check_in import Reading
from clinical.events import DatedEvent, EventKind
from clinical.half_benefit_recall import HalfBenefitRecall
from clinical.history import History
from clinical.infusion import GivenInfusion, InfusionReason
from clinical.outlook import (
    DISCLAIMERS,
    Basis,
    NoForecastReason,
    Outlook,
    Pace,
    PopulationPrior,
    Status,
    WearOff,
    outlook,
)
from clinical.outlook.model.patient_state import clear_caches
from clinical.protocol import PhaseKind, Protocol
from clinical.score import Instrument, Score
from tests.clinical.courses import (
    FIRST_INFUSION,
    course,
    day,
    histories,
    result,
    running_day,
    todays,
    without,
)

Known = TypeVar("Known")

COURSE = course(intervals=(24, 22, 25), until=20)
TODAY = running_day(COURSE)


def known(value: Known | None) -> Known:
    assert value is not None
    return value


def leaves(value: Any) -> list[Any]:
    if isinstance(value, tuple | list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


def dates(answer: Outlook) -> tuple[date | None, ...]:
    return answer.recommended_on, answer.due_median_on, answer.due_lo80_on, answer.due_hi80_on


def codes(answer: Outlook) -> list[str]:
    return [reason.code for reason in answer.reasons]


def test_a_responder_with_finished_cycles_gets_a_date_a_range_and_reasons():
    answer = outlook(COURSE, TODAY)
    assert answer.no_forecast_reason is None
    assert answer.basis is Basis.PATIENT
    assert known(answer.due_lo80_on) <= known(answer.due_median_on) <= known(answer.due_hi80_on)
    assert (
        known(answer.protocol_earliest_on) <= known(answer.recommended_on) <= known(answer.protocol_latest_on)
    )
    assert answer.finished_cycle_count == 3
    assert answer.disclaimers == DISCLAIMERS
    assert {"recent_level", "past_intervals", "personal_interval", "probability_half_lost"} <= set(
        codes(answer)
    )


def test_the_forecast_comes_near_the_day_on_which_half_of_the_benefit_is_gone():
    answer = outlook(COURSE, TODAY)
    assert abs((known(answer.due_median_on) - known(answer.last_infusion_on)).days - 18) <= 4


def test_the_status_rises_as_the_benefit_wears_off():
    long = course(intervals=(24, 22, 25), until=40)
    start = known(outlook(long, running_day(long)).last_infusion_on)
    seen = [outlook(long, start + timedelta(days=number)).status for number in (2, 10, 18, 34)]
    assert seen == [Status.NOT_DUE, Status.APPROACHING, Status.DUE, Status.OVERDUE]


def test_before_the_first_infusion_the_course_has_not_started():
    answer = outlook(COURSE, FIRST_INFUSION - timedelta(days=1))
    assert (answer.status, answer.no_forecast_reason) == (Status.NOT_STARTED, NoForecastReason.NO_CYCLE)
    assert answer.baseline_reading_count == 14
    assert dates(answer) == (None,) * 4


def test_a_new_patient_is_not_started_and_what_is_missing_is_listed():
    answer = outlook(History((), (), Protocol()), TODAY)
    assert answer.status is Status.NOT_STARTED
    assert answer.missing[0] == "No day has been answered yet."


def test_induction_is_counted_and_gives_no_date():
    answer = outlook(COURSE, day(-1))
    assert (answer.status, answer.phase.infusions_given_count, answer.phase.infusions_planned_count) == (
        Status.INDUCTION,
        5,
        6,
    )
    assert dates(answer) == (None,) * 4
    assert answer.protocol_latest_on is None


@pytest.mark.parametrize(
    ("plan", "status"),
    [(Protocol(paused_on=TODAY), Status.PAUSED), (Protocol(ended_on=TODAY), Status.COMPLETED)],
)
def test_a_paused_or_completed_course_gives_no_date(plan, status):
    answer = outlook(replace(COURSE, protocol=plan), TODAY)
    assert answer.status is status
    assert dates(answer) == (None,) * 4
    assert answer.no_forecast_reason is None


def test_without_a_single_check_in_there_is_no_date_only_the_plan():
    answer = outlook(replace(COURSE, readings=()), TODAY)
    assert (answer.status, answer.no_forecast_reason) == (
        Status.INSUFFICIENT_DATA,
        NoForecastReason.INSUFFICIENT_BASELINE,
    )
    assert dates(answer) == (None,) * 4
    assert answer.p_half_lost is None
    assert answer.protocol_latest_on == known(answer.last_infusion_on) + timedelta(days=28)


def test_two_baseline_check_ins_are_too_few_and_three_are_enough():
    before = [reading.day for reading in COURSE.readings if reading.day < FIRST_INFUSION]
    few = outlook(without(COURSE, *before[:-2]), TODAY)
    assert few.no_forecast_reason is NoForecastReason.INSUFFICIENT_BASELINE
    assert few.missing == ("3 check-ins from the 28 days before the first infusion; there are 2.",)
    assert outlook(without(COURSE, *before[:-3]), TODAY).no_forecast_reason is None


def test_thirteen_silent_days_are_stale_and_a_fortnight_is_too_long():
    nearly = outlook(COURSE, TODAY + timedelta(days=13))
    assert nearly.data_quality.stale
    assert nearly.due_median_on is not None
    assert "stale" in codes(nearly)
    silent = outlook(COURSE, TODAY + timedelta(days=14))
    assert (silent.status, silent.no_forecast_reason) == (Status.OVERDUE, NoForecastReason.GONE_SILENT)
    assert silent.protocol_limit_reached
    assert dates(silent) == (None,) * 4


def test_a_patient_who_never_got_better_is_not_given_a_date():
    flat = course(intervals=(28, 28), until=20, gain=0.0)
    answer = outlook(flat, running_day(flat))
    assert answer.no_forecast_reason is NoForecastReason.NO_MEASURABLE_BENEFIT
    assert answer.status is Status.NO_BENEFIT
    assert codes(answer)[:2] == ["no_benefit", "no_measurable_benefit"]


def test_the_first_cycle_names_the_published_prior():
    first = course(until=15)
    answer = outlook(first, running_day(first))
    assert answer.basis is Basis.POPULATION_PRIOR
    assert "first_cycle" in codes(answer)
    assert answer.personal_interval is None


def test_just_after_an_infusion_the_forecast_rests_on_finished_cycles():
    answer = outlook(course(intervals=(24, 22), until=1), day(47))
    assert answer.basis is Basis.HISTORY_ONLY
    assert answer.cycle_reading_count == 0
    assert answer.due_median_on is not None


@pytest.mark.parametrize("rating", [0, 5, 10])
def test_constant_ratings_have_no_forecast(rating):
    same = tuple(Reading(reading.day, rating, rating) for reading in COURSE.readings)
    assert (
        outlook(replace(COURSE, readings=same), TODAY).no_forecast_reason
        is NoForecastReason.NO_MEASURABLE_BENEFIT
    )


def test_ratings_at_the_ends_of_the_scale_are_answered():
    ends = tuple(
        Reading(r.day, 10.0 if r.mood > 5 else 0.0, 0.0 if r.mood > 5 else 10.0) for r in COURSE.readings
    )
    assert outlook(replace(COURSE, readings=ends), TODAY).due_median_on is not None


def test_without_any_anxiety_mood_alone_is_used():
    moods = tuple(Reading(reading.day, reading.mood) for reading in COURSE.readings)
    answer = outlook(replace(COURSE, readings=moods), TODAY)
    assert answer.due_median_on is not None
    assert answer.inputs is not None
    assert [used.measure for used in answer.inputs.measures] == ["mood"]


def test_two_infusions_on_one_day_are_one_cycle():
    doubled = replace(COURSE, infusions=(*COURSE.infusions, COURSE.infusions[-1]))
    assert outlook(doubled, TODAY) == outlook(COURSE, TODAY)


def test_a_deleted_infusion_joins_its_cycle_to_the_one_before():
    fewer = replace(COURSE, infusions=COURSE.infusions[:-1])
    answer = outlook(fewer, TODAY)
    assert answer.finished_cycle_count == 2
    assert answer.last_infusion_on == COURSE.infusions[-2].day


def test_the_recommended_day_lies_inside_the_plans_window():
    late = replace(COURSE, protocol=Protocol(min_interval_days=21, max_interval_days=28))
    answer = outlook(late, TODAY)
    assert answer.recommended_on == answer.protocol_earliest_on
    assert "window_decides" in codes(answer)


def test_an_early_wear_off_is_flagged_without_moving_the_date():
    quick = course(intervals=(21, 21), until=13, half=6.0)
    answer = outlook(quick, running_day(quick))
    assert answer.wear_off_flag is WearOff.LIKELY
    assert answer.recommended_on == answer.protocol_earliest_on
    assert "early_wear_off" in codes(answer)


def test_an_infusion_given_for_symptoms_is_a_reason():
    last = replace(COURSE.infusions[-1], reason=InfusionReason.SYMPTOMS_RETURNED)
    answer = outlook(replace(COURSE, infusions=(*COURSE.infusions[:-1], last)), TODAY)
    assert "given_for_symptoms" in codes(answer)


def test_an_infusion_given_while_symptoms_had_not_returned_is_a_reason():
    last = replace(COURSE.infusions[-1], reason=InfusionReason.SYMPTOMS_NOT_RETURNED)
    answer = outlook(replace(COURSE, infusions=(*COURSE.infusions[:-1], last)), TODAY)
    assert "given_while_well" in codes(answer)
    assert answer.due_median_on is not None
    assert known(answer.due_median_on) > known(outlook(COURSE, TODAY).due_median_on)


def test_the_day_on_which_an_infusion_was_asked_for_dates_the_loss():
    def asked(requested_on: date | None) -> Outlook:
        last = replace(
            COURSE.infusions[-1], reason=InfusionReason.SYMPTOMS_RETURNED, requested_on=requested_on
        )
        return outlook(replace(COURSE, infusions=(*COURSE.infusions[:-1], last)), TODAY)

    before, last = (infusion.day for infusion in COURSE.infusions[-2:])
    early, late, unknown = asked(before + timedelta(days=14)), asked(last), asked(None)
    medians = [known(each.personal_interval).median for each in (early, unknown, late)]
    assert medians == sorted(set(medians))
    (quoted,) = [each for each in early.reasons if each.code == "given_for_symptoms"]
    assert ("requested_on", (before + timedelta(days=14)).isoformat()) in quoted.numbers
    # Asked for before the cycle that it ended: it dates nothing.
    assert asked(before).personal_interval == unknown.personal_interval
    (not_used,) = [each for each in asked(before).reasons if each.code == "given_for_symptoms"]
    assert "about a week before" in not_used.text


def changed_dose(before: float, now: float) -> History:
    of_opened = {COURSE.infusions[-2].day: before, COURSE.infusions[-1].day: now}
    return replace(
        COURSE,
        infusions=tuple(replace(each, dose_mg=of_opened.get(each.day)) for each in COURSE.infusions),
    )


def test_a_change_of_the_dose_widens_the_forecast_and_is_a_reason():
    changed, usual = outlook(changed_dose(35, 50), TODAY), outlook(COURSE, TODAY)
    (quoted,) = [each for each in changed.reasons if each.code == "treatment_changed"]
    assert "the dose changed from 35 to 50 mg" in quoted.text
    own, before = known(changed.personal_interval), known(usual.personal_interval)
    assert own.hi80 - own.lo80 > before.hi80 - before.lo80
    assert outlook(changed_dose(50, 52), TODAY) == usual


def test_a_change_of_medication_counts_in_its_cycle_and_the_next_and_not_ahead():
    def on_day(day: date) -> Outlook:
        return outlook(replace(COURSE, events=(DatedEvent(day, EventKind.MEDICATION_CHANGE),)), TODAY)

    usual = outlook(COURSE, TODAY)
    before, start = (infusion.day for infusion in COURSE.infusions[-2:])
    for when in (TODAY, start, before):
        (quoted,) = [each for each in on_day(when).reasons if each.code == "treatment_changed"]
        assert ("medication_changed_on", when.isoformat()) in quoted.numbers
    in_this, in_the_last = (
        next(each for each in on_day(when).reasons if each.code == "treatment_changed")
        for when in (start, before)
    )
    assert in_this.would_change.startswith("The infusion after the next")
    assert in_the_last.would_change.startswith("The next infusion")
    assert on_day(TODAY + timedelta(days=1)) == usual
    assert "treatment_changed" not in codes(on_day(before - timedelta(days=1)))
    other = replace(COURSE, events=(DatedEvent(start, EventKind.LIFE_EVENT),))
    assert outlook(other, TODAY) == usual


@pytest.mark.parametrize(("days", "words"), [(12, "after about 12 days"), (None, "had not gone")])
def test_what_the_patient_recalls_is_used_and_quoted(days, words):
    asked_on = COURSE.infusions[-1].day
    recalled = replace(COURSE, half_benefit_recalls=(HalfBenefitRecall(asked_on, days),))
    answer, before = outlook(recalled, TODAY), outlook(COURSE, TODAY)
    (quoted,) = [each for each in answer.reasons if each.code == "half_benefit_recalled"]
    assert words in quoted.text
    assert answer.inputs is not None
    assert "half_benefit_recall" in [used.measure for used in answer.inputs.measures]
    assert answer.personal_interval is not None
    assert before.personal_interval is not None
    is_shorter = answer.personal_interval.median < before.personal_interval.median
    assert is_shorter is (days is not None)


def test_a_recall_of_later_changes_nothing_today():
    later = replace(COURSE, half_benefit_recalls=(HalfBenefitRecall(TODAY + timedelta(days=1), 9),))
    assert outlook(later, TODAY) == outlook(COURSE, TODAY)


def test_a_long_forecast_without_a_loss_seen_is_a_lower_limit():
    short = course(intervals=(21, 21, 21), until=14, half=70.0)
    assert "longer_interval_untested" in codes(outlook(short, running_day(short)))
    worn_off = course(intervals=(60, 60), until=14, half=40.0)
    assert "longer_interval_untested" not in codes(outlook(worn_off, running_day(worn_off)))


def test_two_very_low_days_are_named_and_hardly_move_the_date():
    low = {TODAY - timedelta(days=number) for number in (12, 11)}
    dipped = tuple(Reading(r.day, 0.0, 10.0) if r.day in low else r for r in COURSE.readings)
    answer = outlook(replace(COURSE, readings=dipped), TODAY)
    assert low <= set(answer.outlier_days)
    assert "short_dips" in codes(answer)
    assert abs((known(answer.due_median_on) - known(outlook(COURSE, TODAY).due_median_on)).days) <= 3


def test_the_outlook_is_the_same_with_and_without_caches():
    warm = outlook(COURSE, TODAY)
    clear_caches()
    assert outlook(COURSE, TODAY) == warm


def test_days_are_answered_alike_whether_asked_in_order_or_alone():
    in_order = [outlook(COURSE, TODAY - timedelta(days=number)) for number in range(30, -1, -1)]
    clear_caches()
    assert in_order[-1] == outlook(COURSE, TODAY)


def test_an_edit_taken_back_restores_the_answer():
    before = outlook(COURSE, TODAY)
    edited = list(COURSE.readings)
    edited[30] = replace(edited[30], mood=0.0)
    assert outlook(replace(COURSE, readings=tuple(edited)), TODAY) != before
    assert outlook(COURSE, TODAY) == before


def test_every_reason_names_what_would_change_it():
    for number in range(45):
        for reason in outlook(COURSE, TODAY + timedelta(days=number - 25)).reasons:
            assert reason.text.endswith(".")
            assert reason.would_change.endswith(".")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(history=histories(), today=todays())
def test_any_history_has_an_outlook_without_a_nan_and_dates_only_with_a_forecast(history, today):
    answer = outlook(history, today)
    assert all(isfinite(leaf) for leaf in leaves(astuple(answer)) if isinstance(leaf, float))
    answered = answer.phase.kind is PhaseKind.MAINTENANCE and answer.no_forecast_reason is None
    assert all((when is not None) is answered for when in dates(answer))
    if answer.phase.kind is PhaseKind.MAINTENANCE and answer.no_forecast_reason is not None:
        # Due and overdue only by the plan, from its latest day on.
        by_plan = {Status.DUE, Status.OVERDUE} if answer.protocol_limit_reached else set()
        assert answer.status in {Status.INSUFFICIENT_DATA, Status.NO_BENEFIT, Status.WORSE} | by_plan
    assert answer.reasons


@settings(max_examples=60, deadline=None, derandomize=True)
@given(history=histories(), today=todays(), seed=st.integers(0, 9))
def test_the_order_in_which_days_arrived_does_not_matter(history, today, seed):
    arrival = np.random.default_rng(seed)
    shuffled = replace(
        history,
        readings=tuple(history.readings[at] for at in arrival.permutation(len(history.readings))),
        infusions=tuple(history.infusions[at] for at in arrival.permutation(len(history.infusions))),
        scores=tuple(history.scores[at] for at in arrival.permutation(len(history.scores))),
    )
    assert outlook(shuffled, today) == outlook(history, today)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(history=histories(), today=todays())
def test_later_records_do_not_change_earlier_outlooks(history, today):
    known = replace(
        history,
        readings=tuple(reading for reading in history.readings if reading.day <= today),
        infusions=tuple(infusion for infusion in history.infusions if infusion.day <= today),
        scores=tuple(score for score in history.scores if score.day <= today),
    )
    assert outlook(known, today) == outlook(history, today)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    intervals=st.lists(st.integers(7, 60), max_size=4).map(tuple),
    until=st.integers(0, 45),
    half=st.floats(4, 60),
)
def test_probabilities_never_fall_while_there_are_no_new_answers(seed, intervals, until, half):
    history = course(seed=seed, intervals=intervals, until=until, half=half)
    last = running_day(history)
    answers = [outlook(history, last + timedelta(days=number)) for number in range(14)]
    for name in ("p_half_lost", "p_half_lost_in_7_days", "p_half_lost_in_14_days"):
        chances = [getattr(answer, name) for answer in answers if answer.no_forecast_reason is None]
        assert chances == sorted(chances)
        assert all(0 <= chance <= 1 for chance in chances)


def test_the_same_inputs_give_the_same_bytes():
    more_reported = result(COURSE, (), None, 7)
    first = repr(outlook(more_reported, TODAY))
    clear_caches()
    assert repr(outlook(result(COURSE, (), None, 7), TODAY)) == first


def test_an_edit_equals_the_same_answer_at_first():
    at_first = replace(COURSE, readings=(*COURSE.readings[:30], replace(COURSE.readings[30], mood=0.0)))
    first = outlook(at_first, at_first.readings[-1].day)
    edited = replace(at_first, readings=COURSE.readings[:31])
    outlook(edited, edited.readings[-1].day)
    again = replace(edited, readings=(*edited.readings[:30], replace(edited.readings[30], mood=0.0)))
    assert outlook(again, again.readings[-1].day) == first


def test_the_status_does_not_change_with_single_check_ins():
    changes = 0
    for seed in range(8):
        history = course(seed=seed, intervals=(30, 30, 30), until=40, half=24.0)
        start = known(outlook(history, running_day(history)).last_infusion_on)
        order = [Status.NOT_DUE, Status.APPROACHING, Status.DUE, Status.OVERDUE]
        ranks = [
            order.index(outlook(history, start + timedelta(days=number)).status) for number in range(1, 41)
        ]
        changes += sum(after < before for before, after in pairwise(ranks))
    assert changes <= 1


def test_inputs_name_what_was_used():
    judged = AssessedBaseline(FIRST_INFUSION - timedelta(days=1), 3, 6)
    scores = (Score(FIRST_INFUSION, Instrument.PHQ_9, 18), Score(TODAY, Instrument.PHQ_9, 9))
    answer = outlook(result(COURSE, scores, judged, 7), TODAY)
    assert answer.inputs is not None
    assert [used.measure for used in answer.inputs.measures] == ["mood", "anxiety", "benefit_left", "phq-9"]
    assert {"benefit_left_reported", "phq_9", "rated_baseline"} <= set(codes(answer))


def test_a_rated_baseline_is_enough_where_no_check_in_came_before_treatment():
    before = [reading.day for reading in COURSE.readings if reading.day < FIRST_INFUSION]
    in_time = AssessedBaseline(FIRST_INFUSION - timedelta(days=1), 3, 6)
    judged = replace(without(COURSE, *before), baseline=in_time)
    assert outlook(judged, TODAY).no_forecast_reason is None
    assert outlook(judged, TODAY).missing == ()
    late = replace(judged, baseline=AssessedBaseline(FIRST_INFUSION + timedelta(days=1), 3, 6))
    assert outlook(late, TODAY).no_forecast_reason is NoForecastReason.INSUFFICIENT_BASELINE


def test_a_rated_baseline_alone_is_not_enough():
    in_time = AssessedBaseline(FIRST_INFUSION - timedelta(days=1), 3, 6)
    answer = outlook(replace(COURSE, readings=(), baseline=in_time), TODAY)
    assert answer.no_forecast_reason is NoForecastReason.GONE_SILENT
    assert answer.reasons[0].text == "No day has been answered yet."
    assert answer.missing == ("No day has been answered yet.",)


def test_a_cycle_that_wears_off_sooner_than_usual_is_a_reason():
    usual = course(intervals=(40, 40, 40), until=22, half=32.0)
    start = known(outlook(usual, running_day(usual)).last_infusion_on)
    sooner = tuple(
        Reading(r.day, 3.0, 6.0) if r.day > start + timedelta(days=9) else r for r in usual.readings
    )
    answer = outlook(replace(usual, readings=sooner), running_day(usual))
    assert answer.pace is Pace.SOONER
    assert "sooner_than_usual" in codes(answer)
    assert outlook(usual, running_day(usual)).pace is not Pace.SOONER


def test_a_clinics_own_prior_moves_the_first_cycle_and_is_named():
    first = course(until=6)
    published = outlook(first, running_day(first))
    estimated = outlook(first, running_day(first), PopulationPrior("clinic-1", 45.0, 0.4))
    assert known(estimated.due_median_on) > known(published.due_median_on)
    assert (published.prior_version, estimated.prior_version) == ("published-1", "clinic-1")
    (text,) = [reason.text for reason in estimated.reasons if reason.code == "first_cycle"]
    assert "this clinic's own patients" in text


def test_daily_reports_of_benefit_left_weigh_hardly_more_than_weekly_ones():
    history = course(intervals=(40, 40), until=20, half=40.0)
    today = running_day(history)

    def p_with_none_left(every: int) -> float:
        start = known(outlook(history, today).last_infusion_on)
        readings = tuple(
            replace(r, benefit_left=0) if r.day > start and (r.day - start).days % every == 0 else r
            for r in history.readings
        )
        return known(outlook(replace(history, readings=readings), today).p_half_lost)

    assert p_with_none_left(1) < 2 * p_with_none_left(7) + 0.05


def test_an_infusion_with_little_gain_is_a_reason():
    whole = course(intervals=(30, 30), until=12, half=24.0)
    start = known(outlook(whole, running_day(whole)).last_infusion_on)
    flat = tuple(Reading(r.day, 3.0, 6.0) if r.day >= start else r for r in whole.readings)
    answer = outlook(replace(whole, readings=flat), running_day(whole))
    assert "little_lift" in codes(answer)
    assert "little_lift" not in codes(outlook(whole, running_day(whole)))


def test_a_reason_does_not_claim_a_cycle_that_is_not_there():
    first = course(until=15)
    asked = (*first.infusions[:-1], replace(first.infusions[-1], reason=InfusionReason.SYMPTOMS_RETURNED))
    assert "given_for_symptoms" not in codes(outlook(replace(first, infusions=asked), running_day(first)))


def test_the_rated_baseline_is_quoted_with_its_date_and_without_a_count_of_check_ins():
    before = [reading.day for reading in COURSE.readings if reading.day < FIRST_INFUSION]
    judged = AssessedBaseline(FIRST_INFUSION, 3)
    (text,) = [
        reason.text
        for reason in outlook(replace(without(COURSE, *before), baseline=judged), TODAY).reasons
        if reason.code == "rated_baseline"
    ]
    assert text.endswith("judgement of 2 March 2026 (mood 3).")


def test_a_later_infusion_opens_a_new_cycle_from_its_day_on():
    again = replace(COURSE, infusions=(*COURSE.infusions, GivenInfusion(TODAY)))
    answer = outlook(again, TODAY)
    assert (answer.days_since_infusion, answer.p_half_lost) == (0, 0.0)
    assert known(answer.benefit_left_estimate).median == pytest.approx(1.0)
