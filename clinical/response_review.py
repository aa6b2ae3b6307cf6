"""Response review: after the last infusion of a series, what the treatment has brought, and what follows.

A review is due a number of days after the last infusion of the current course's induction. One recorded from
that infusion on makes it done; the next infusion does as well, since the clinic has gone on to maintenance.
Infusions that a review adds extend the series at the pace of its plan, and a review is due after the last of
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from clinical.answer_timing import AnswerTiming, scores_before_treatment, total_timing
from clinical.baseline import BASELINE_DAYS
from clinical.current_course import all_courses, course_on
from clinical.custom_instrument import known_thresholds
from clinical.daily_ratings import answers
from clinical.formatting import on
from clinical.history import History
from clinical.instruments.change import Change, Point, before_treatment, change_by
from clinical.outlook.result import Estimate, Outlook, Status
from clinical.protocol import Protocol, cycle_starts, days_after, first_infusion, infusion_days
from clinical.sentences import Sentence
from clinical.statistics import Z80
from clinical.target_measure import TargetMeasure, is_rating
from clinical.treatment_course import RecordedReview, ReviewDecision
from clinical.trend import Average, Measure, Rating, average, ratings

REVIEW_AFTER_DAYS: Final = 7
"""Days from the last infusion of a series to its response review. Source: a proposal: before the plan's
earliest maintenance infusion, and late enough for a questionnaire that covers two weeks. Changed by: an
admin, `PATCH /v1/clinics/{id}/settings`."""


@dataclass(frozen=True, slots=True)
class ReviewState:
    """The review of the current series: its last infusion, the day from which it is due, whether it is.

    `recorded` is the latest review since that infusion, None without one. `awaited`: none is recorded, and no
    later infusion was given.
    """

    series_last_on: date
    due_on: date
    awaited: bool
    is_due: bool
    recorded: RecordedReview | None


@dataclass(frozen=True, slots=True)
class ReviewedTotal:
    """One questionnaire's newest total since treatment began, and the one before it; None without one.

    `before_timing` is set where the one before is of the day of an infusion.
    """

    instrument: str
    on: date
    total: int
    before_on: date | None
    before: int | None
    change: Change | None
    before_timing: AnswerTiming | None


@dataclass(frozen=True, slots=True)
class ReviewedRating:
    """One daily rating's mean of the last 7 days, and of the 28 days before treatment."""

    measure: Measure | TargetMeasure
    now: Average
    before: Average


@dataclass(frozen=True, slots=True)
class ResponseReview:
    """What a response review rests on, on `today`; `state` is None while the series is not complete.

    `status` is the outlook's; `gain` is by how much `target_measure` is better than the baseline, points of
    0-10 with its 80 % range, None without a forecast and where none is shown.
    """

    today: date
    course_number: int
    infusions_given_count: int
    first_infusion_on: date | None
    state: ReviewState | None
    target_measure: TargetMeasure
    status: Status
    no_benefit_since_on: date | None
    totals: tuple[ReviewedTotal, ...]
    ratings: tuple[ReviewedRating, ...]
    gain: Estimate | None


def review_state(history: History, after_days: int, today: date) -> ReviewState | None:
    """Return the review of the current course's series; None while it is not complete.

    `history` is that of the current course. A series whose last infusion another clinic gave has no review.
    """
    starts = cycle_starts(history.protocol, history.infusions, today)
    if not starts or starts[0] not in infusion_days(history.infusions, today):
        return None
    last = starts[0]
    since = [
        review
        for review in history.reviews
        if last <= review.reviewed_on <= today and review.decision is not ReviewDecision.EXTEND
    ]
    recorded = max(since, key=lambda review: review.reviewed_on, default=None)
    due_on = days_after(last, after_days)
    awaited = recorded is None and len(starts) == 1
    return ReviewState(last, due_on, awaited, awaited and due_on <= today, recorded)


def review_finding(state: ReviewState | None, today: date) -> tuple[date, Sentence] | None:
    """Return a review that is due: since when, and a sentence; None where none is."""
    if state is None or not state.is_due:
        return None
    if state.due_on == today:
        return state.due_on, Sentence("Response review due today.")
    return state.due_on, Sentence("Response review due since {day}.", day=on(state.due_on, today))


def stop_finding(history: History, state: ReviewState | None, today: date) -> tuple[date, Sentence] | None:
    """Return that the latest review decided to stop treatment or to refer, and the course has no end.

    Since the day of the review; None where an infusion was given since, which decided otherwise. `history` is
    that of the current course.
    """
    if state is None or state.recorded is None or history.protocol.ended_on is not None:
        return None
    review = state.recorded
    given_since = any(day > review.reviewed_on for day in infusion_days(history.infusions, today))
    if given_since or review.decision not in {ReviewDecision.STOP, ReviewDecision.REFER}:
        return None
    text = Sentence(
        "The response review of {day} decided to stop treatment; the course has no end yet."
        if review.decision is ReviewDecision.STOP
        else "The response review of {day} decided to refer the patient; the course has no end yet.",
        day=on(review.reviewed_on, today),
    )
    return review.reviewed_on, text


def response_review(history: History, visible: Outlook, after_days: int) -> ResponseReview:
    """Return the content of a review on the outlook's day; `history` is that of the current course.

    `visible` is the outlook as the clinic is shown it, so that a hidden forecast discloses nothing.
    """
    today = visible.today
    given = infusion_days(history.infusions, today)
    course = course_on(history, today)
    treated_from = first_infusion(history.protocol, history.infusions, today)
    gain = None
    if visible.gain is not None and visible.gain_sd is not None:
        spread = Z80 * visible.gain_sd
        gain = Estimate(visible.gain, round(visible.gain - spread, 3), round(visible.gain + spread, 3))
    return ResponseReview(
        today=today,
        course_number=1 if course is None else course.number,
        infusions_given_count=len(given),
        first_infusion_on=treated_from,
        state=review_state(history, after_days, today),
        target_measure=visible.target_measure,
        status=visible.status,
        no_benefit_since_on=visible.no_benefit_since_on,
        totals=tuple(_totals(history, treated_from, today)),
        ratings=() if treated_from is None else tuple(_ratings(history, treated_from, today)),
        gain=gain,
    )


def with_extensions(history: History) -> History:
    """Return the history with the infusions that its reviews added to the plans of their courses."""
    for review in history.reviews:
        if review.decision is ReviewDecision.EXTEND:
            history = _extended(history, review)
    return history


def _extended(history: History, review: RecordedReview) -> History:
    course = course_on(history, review.reviewed_on)
    plan = history.protocol
    if course is None:
        return history
    own = replace(
        plan,
        induction_infusion_count=course.induction_infusion_count or plan.induction_infusion_count,
        induction_days=course.induction_days or plan.induction_days,
    )
    longer = _longer(own, course.began_on, review)
    if course.id is None:
        # The patient's plan is that of the course nobody recorded; the others keep theirs.
        others = tuple(
            replace(
                each,
                induction_infusion_count=each.induction_infusion_count or plan.induction_infusion_count,
                induction_days=each.induction_days or plan.induction_days,
            )
            for each in history.courses
        )
        return replace(history, protocol=longer, courses=others)
    changed = replace(
        course,
        induction_infusion_count=longer.induction_infusion_count,
        induction_days=longer.induction_days,
    )
    return replace(
        history,
        courses=tuple(changed if each.id == course.id else each for each in all_courses(history) if each.id),
    )


def _longer(plan: Protocol, began_on: date, review: RecordedReview) -> Protocol:
    """Return the plan with more infusions, at its pace from the day of the review on."""
    added, planned = review.additional_infusion_count, plan.induction_infusion_count
    # Ceiling division: the planned days between two infusions, in whole days.
    pace = -(-(plan.induction_days - 1) // max(planned - 1, 1))
    elapsed = max((review.reviewed_on - began_on).days, plan.induction_days - 1)
    return replace(
        plan,
        induction_infusion_count=planned + added,
        induction_days=elapsed + added * max(pace, 1) + 1,
    )


def _totals(history: History, treated_from: date | None, today: date) -> Sequence[ReviewedTotal]:
    if treated_from is None:
        return []
    may_be_before = scores_before_treatment(history.scores, (treated_from,), history.infusions)
    before_days = {(score.day, str(score.instrument)) for score in may_be_before}
    found = []
    for instrument in sorted({str(score.instrument) for score in history.scores}):
        points: list[Point] = [
            (score.day, score.total)
            for score in history.scores
            if str(score.instrument) == instrument and score.day <= today
        ]
        before = before_treatment(
            [point for point in points if (point[0], instrument) in before_days], treated_from
        )
        after = max((point for point in points if point[0] > treated_from), default=None)
        if after is None:
            continue
        known = known_thresholds(instrument, history.custom)
        compared = None if before is None else change_by(known, before[1], after[1])
        before_on, before_total = before if before is not None else (None, None)
        timing = total_timing(history.scores, instrument, before_on, history.infusions)
        found.append(ReviewedTotal(instrument, *after, before_on, before_total, compared, timing))
    return found


def _ratings(history: History, treated_from: date, today: date) -> Sequence[ReviewedRating]:
    readings = [reading for reading in history.readings if reading.day <= today]
    last_before = days_after(treated_from, -1)
    series: dict[Measure | TargetMeasure, tuple[Rating, ...]] = {
        measure: ratings(readings, measure) for measure in Measure
    }
    if is_rating(history.target_measure):
        series[history.target_measure] = answers(readings, history.target_measure)
    return [
        ReviewedRating(measure, average(values, today), average(values, last_before, BASELINE_DAYS))
        for measure, values in series.items()
        if values
    ]
