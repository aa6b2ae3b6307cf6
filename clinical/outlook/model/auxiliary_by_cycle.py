"""Assign auxiliary observations to the baseline and the cycles that they belong to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from clinical.answer_timing import days_before_infusion, scores_before_treatment
from clinical.baseline import BASELINE_DAYS, AssessedBaseline
from clinical.check_in import MAX_BENEFIT_LEFT, SCALE_MAX, Reading
from clinical.history import History
from clinical.infusion import GivenInfusion, InfusionReason
from clinical.outlook.model.auxiliary import FIRST_SCORED_DAY, PHQ_9_PER_POINT, AuxiliaryObservations
from clinical.outlook.model.wear_off_curve import FIRST_USABLE_DAY, MAX_CYCLE_DAYS
from clinical.outlook.model.wellbeing import ANXIETY_SHARE
from clinical.protocol import days_after, first_infusion
from clinical.score import Instrument, Score, totals
from clinical.target_measure import is_rating, turned

BENEFIT_LEFT_EVERY_DAYS: Final = 7
"""Days of which one reported benefit left, the last, counts: repeated within days, an answer is no
independent evidence. Source: the week of the question."""
SCORE_EVERY_DAYS: Final = 14
"""Days of which one PHQ-9 total, the last, counts, likewise. Source: its recall period of two weeks: Kroenke
2001."""

RATED_BASELINE_WITHIN_DAYS: Final = 90
"""Days before the first infusion within which a clinician-rated baseline counts. Source: a proposal."""


def assign_to_cycles(
    history: History,
    readings: Sequence[Reading],
    starts: Sequence[date],
    today: date,
    *,
    with_anxiety: bool,
) -> tuple[AuxiliaryObservations, ...]:
    """Return the observations up to `today` of the baseline, then of each cycle that `starts` opens.

    `readings` are those up to `today`; `with_anxiety` is whether W includes anxiety. PHQ-9 observes wellbeing
    alone, and not a rating that is the target measure.
    """
    treated_from = first_infusion(history.protocol, history.infusions, today)
    benefit_left = _benefit_left(history, readings, starts)
    phq9_improvement = _phq9_improvement(history, treated_from, starts, today)
    returned = _ended_by(history, starts, InfusionReason.SYMPTOMS_RETURNED)
    requested = _requested(history, starts)
    still_well = _ended_by(history, starts, InfusionReason.SYMPTOMS_NOT_RETURNED)
    recalls = _recalls(history, starts, today)
    # What another clinic treated is rated here from its records, after treatment there began.
    rated_by = None if history.protocol.earlier is not None else treated_from
    rated_baseline = _rated_baseline(history, rated_by, with_anxiety=with_anxiety)
    return (
        AuxiliaryObservations(rated_baseline=rated_baseline),
        *(
            AuxiliaryObservations(
                tuple(benefit_left[number]),
                tuple(phq9_improvement[number]),
                symptoms_returned_on_day=returned[number],
                requested_on_day=requested[number],
                still_well_on_day=still_well[number],
                **recalls.get(number, {}),
            )
            for number in range(len(starts))
        ),
    )


def _ended_by(history: History, starts: Sequence[date], reason: InfusionReason) -> list[int | None]:
    """Return for each cycle the day on which an infusion given for a reason ended it, or None."""
    given = {infusion.day for infusion in history.infusions if infusion.reason is reason}
    ended = [(end - start).days if end in given else None for start, end in pairwise(starts)]
    return [*(day if day is not None and day <= MAX_CYCLE_DAYS else None for day in ended), None]


def _requested(history: History, starts: Sequence[date]) -> list[int | None]:
    """Return for each cycle the day on which the patient asked for the infusion that symptoms ended it with.

    None where it is not known, or was asked for before the cycle.
    """
    asked = {
        infusion.day: infusion.requested_on
        for infusion in history.infusions
        if infusion.reason is InfusionReason.SYMPTOMS_RETURNED and infusion.requested_on is not None
    }
    days = [(asked[end] - start).days if end in asked else 0 for start, end in pairwise(starts)]
    return [*(day if 0 < day <= MAX_CYCLE_DAYS else None for day in days), None]


def _recalls(history: History, starts: Sequence[date], today: date) -> dict[int, dict[str, int]]:
    """Return by the number of its cycle the last answer to the recall question, of those up to `today`."""
    found: dict[int, dict[str, int]] = {}
    for recall in history.half_benefit_recalls:
        # Asked on the day of an infusion, it is about the cycle that this infusion ends.
        cycle = bisect_left(starts, recall.asked_on) - 1
        if cycle < 0 or recall.asked_on > today:
            continue
        asked_after = (recall.asked_on - starts[cycle]).days
        if recall.days is None:
            found[cycle] = {"recalled_not_gone_by_day": asked_after}
        else:
            found[cycle] = {"recalled_days": min(recall.days, asked_after)}
    return found


def is_rated_in_time(baseline: AssessedBaseline | None, treated_from: date | None) -> bool:
    """Return whether a clinician rated the baseline on the first day of treatment or shortly before.

    Any day is in time for a course that began in another clinic, whose `treated_from` is None.
    """
    if baseline is None or treated_from is None:
        return baseline is not None
    return 0 <= (treated_from - baseline.assessed_on).days <= RATED_BASELINE_WITHIN_DAYS


def baseline_score(
    scores: Sequence[Score], first_infusion: date | None, infusions: Sequence[GivenInfusion] = ()
) -> Score | None:
    """Return the last PHQ-9 total of the four weeks up to the first infusion, or None.

    One of the infusion's day does not count where it was answered after the infusion began.
    """
    if first_infusion is None:
        return None
    before = [
        score
        for score in scores_before_treatment(totals(scores, Instrument.PHQ_9), (first_infusion,), infusions)
        if 0 <= (first_infusion - score.day).days <= BASELINE_DAYS
    ]
    return max(before, default=None)


def _benefit_left(
    history: History, readings: Sequence[Reading], starts: Sequence[date]
) -> list[list[tuple[int, float]]]:
    reported = [(r.day, r.benefit_left / MAX_BENEFIT_LEFT) for r in readings if r.benefit_left is not None]
    before = days_before_infusion(readings, history.infusions)
    return _last_of_each(reported, before, starts, (FIRST_USABLE_DAY, BENEFIT_LEFT_EVERY_DAYS))


def _phq9_improvement(
    history: History, treated_from: date | None, starts: Sequence[date], today: date
) -> list[list[tuple[int, float]]]:
    before = baseline_score(history.scores, treated_from, history.infusions)
    if before is None or is_rating(history.target_measure):
        return [[] for _ in starts]
    later = totals([score for score in history.scores if score.day <= today], Instrument.PHQ_9)
    reported = [(score.day, (before.total - score.total) / PHQ_9_PER_POINT) for score in later]
    of_cycle_before = days_before_infusion(later, history.infusions)
    return _last_of_each(reported, of_cycle_before, starts, (FIRST_SCORED_DAY, SCORE_EVERY_DAYS))


def _last_of_each(
    reported: Sequence[tuple[date, float]],
    given_before: Container[date],
    starts: Sequence[date],
    first_and_every: tuple[int, int],
) -> list[list[tuple[int, float]]]:
    """Return for each cycle the last value of each `every` days from its day `first`; input is in order.

    One given before the infusion of its day belongs to the cycle before.
    """
    first, every = first_and_every
    found: list[dict[int, tuple[int, float]]] = [{} for _ in starts]
    for on, value in reported:
        cycle = bisect_right(starts, days_after(on, -1) if on in given_before else on) - 1
        day = (on - starts[max(cycle, 0)]).days
        if cycle >= 0 and first <= day <= MAX_CYCLE_DAYS:
            found[cycle][day // every] = (day, value)
    return [list(lasts.values()) for lasts in found]


def _rated_baseline(history: History, treated_from: date | None, *, with_anxiety: bool) -> float | None:
    baseline, rated = history.baseline, history.target_baseline
    if is_rating(history.target_measure):
        return None if rated is None else turned(history.target_measure, rated)
    if baseline is None or not is_rated_in_time(baseline, treated_from):
        return None
    if baseline.anxiety is None or not with_anxiety:
        return float(baseline.mood)
    return (1 - ANXIETY_SHARE) * baseline.mood + ANXIETY_SHARE * (SCALE_MAX - baseline.anxiety)
