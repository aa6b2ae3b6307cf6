"""Benefit of a course by each measure, from averages and totals alone, and findings of no benefit.

The target measure, wellbeing W or an optional rating turned so that higher is better, is compared with its
mean before treatment on days 2 to 10 after the last two infusions that opened a cycle; a questionnaire's
totals from two weeks of treatment on with the last one before it, by its published thresholds. A measure

    improved    the target measure rose by more than 1 point; half of the totals improved by the reliable
                change
    worsened    the target measure fell by 2 points or more; the newest total is worse by the reliable change
    unchanged   otherwise

Where no reliable change is published, the important change counts, and a response as well. A total that had
no room to improve by it, and one of an instrument without published thresholds, is not judged. The course has
no benefit where at least one measure is judged and none improved; it is worse where one of them worsened. A
benefit that wore off is no such finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile
from statistics import fmean
from typing import Final

from clinical.direction import Direction
from clinical.history import History
from clinical.instruments.change import THRESHOLDS, Change, ChangeVerdict, Point, before_treatment, change
from clinical.outlook.forecast import (
    MIN_CYCLE_READINGS,
    MIN_FORECAST_GAIN,
    Forecast,
    NoForecast,
)
from clinical.outlook.model.segments import MIN_BASELINE_READINGS, ModelInput
from clinical.outlook.result import Basis, NoForecastReason, Status
from clinical.protocol import days_after, first_infusion
from clinical.reliable_worsening import CURRENT_DAYS
from clinical.score import KINDS, PHQ_9_LOOKS_BACK_DAYS, Instrument
from clinical.target_measure import TargetMeasure, turned

LAST_EARLY_DAY: Final = 10
"""Last day after an infusion on which its benefit is judged. Source: a proposal: by then a lift is
expected."""
RECENT_CYCLES: Final = 2
"""Cycles that the target measure is judged by, the latest ones. Source: a proposal: one infusion may fail."""
MIN_EARLY_ANSWERS: Final = 6
"""Fewest answers of those days. Source: a proposal: their mean has an SD of 0.6 to 0.7 (SD 1.4 to 1.8,
Neubauer 2021, Jang 2024)."""
WORSE_POINTS: Final = 2.0
"""Points of the target measure under the mean before treatment that are worse. Source: a proposal: above the
1.9 that two weekly means differ by chance (Fisher 2017)."""
RECENT_DAYS: Final = 7
"""Days of the present level. Source: a week."""
IMPROVED_SHARE: Final = 0.5
"""Least share of the totals since treatment began that must have improved for a benefit. Source: a proposal:
one of a few totals improves by chance."""


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """One measure now and before treatment, and its verdict.

    `measure` is the target measure or an instrument, `before` and `now` are on its own scale. `now` is the
    mean of days 2 to 10 after the last infusions, or the newest total, of the day `on`; `since` the day since
    which the verdict holds. `improved_now` is whether an improvement is still there; `newest_improved`
    whether the newest total improved, by any published threshold, or is in the range of remission, whatever
    the ones before it; `total_count` is how many totals of the questionnaire were judged.
    `benefit_left` is the share 0-1 that a forecast estimates.
    """

    measure: str
    before: float
    now: float
    on: date
    since: date
    verdict: ChangeVerdict
    improved_now: bool
    benefit_left: float | None = None
    newest_improved: bool = False
    total_count: int = 0


@dataclass(frozen=True, slots=True)
class LackOfBenefit:
    """A course without measurable benefit, or worse than before it, since when and by which measures."""

    status: Status
    since: date
    changes: tuple[MeasureChange, ...]


def measure_changes(
    history: History, model_input: ModelInput, today: date, forecast: Forecast | NoForecast | None = None
) -> tuple[MeasureChange, ...]:
    """Return every measure that can be judged on `today`, the target measure first.

    With a forecast, its estimate decides about the target measure in place of the averages.
    """
    found = _target(model_input, today)
    if forecast is not None:
        found = _by_forecast(found, model_input, today, forecast)
    measures = () if found is None else (_on_its_scale(found, history.target_measure),)
    return (*measures, *_questionnaires(history, today))


def lack_of_benefit(changes: Sequence[MeasureChange]) -> LackOfBenefit | None:
    """Return that there is no benefit, or that the patient is worse; None where any measure improved."""
    if not changes or any(each.verdict is ChangeVerdict.IMPROVED for each in changes):
        return None
    worse = tuple(each for each in changes if each.verdict is ChangeVerdict.WORSENED)
    if worse:
        return LackOfBenefit(Status.WORSE, min(each.since for each in worse), worse)
    if len(changes) == 1 and changes[0].total_count == 1:
        # One total alone, while the daily answers cannot be judged, is too little for such a finding.
        return None
    return LackOfBenefit(Status.NO_BENEFIT, max(each.since for each in changes), tuple(changes))


def disagreeing(
    changes: Sequence[MeasureChange],
) -> tuple[tuple[MeasureChange, ...], tuple[MeasureChange, ...]] | None:
    """Return the measures with a benefit now and those without any; None where all agree.

    A questionnaire whose newest total improved shows no lack of one, even where its earlier totals did.
    """
    with_benefit = tuple(each for each in changes if each.improved_now)
    without = tuple(
        each for each in changes if each.verdict is not ChangeVerdict.IMPROVED and not each.newest_improved
    )
    return (with_benefit, without) if with_benefit and without else None


def _on_its_scale(found: MeasureChange, measure: TargetMeasure) -> MeasureChange:
    return replace(
        found, measure=measure, before=turned(measure, found.before), now=turned(measure, found.now)
    )


def _target(model_input: ModelInput, today: date) -> MeasureChange | None:
    """Return the change of the target measure on the model's scale."""
    before = _baseline(model_input)
    cycles = (*model_input.finished_cycles, model_input.running_cycle)
    recent = [
        (start, [value for day, value in zip(cycle.days, cycle.values, strict=True) if day <= LAST_EARLY_DAY])
        for start, cycle in zip(model_input.opened, cycles, strict=True)
    ]
    judged = [(start, values) for start, values in recent if values][-RECENT_CYCLES:]
    values = [value for _, early in judged for value in early]
    if before is None or len(values) < MIN_EARLY_ANSWERS:
        return None
    gained = fmean(values) - before
    verdict = ChangeVerdict.IMPROVED if gained > MIN_FORECAST_GAIN else ChangeVerdict.NO
    if gained <= -WORSE_POINTS:
        verdict = ChangeVerdict.WORSENED
    running = zip(model_input.running_cycle.days, model_input.running_cycle.values, strict=True)
    lately = [value for day, value in running if day > model_input.elapsed - RECENT_DAYS]
    # It has held since the first of the cycles in a row without a lift, of which these are the last.
    flat = [
        *takewhile(lambda cycle: not cycle[1] or fmean(cycle[1]) - before <= MIN_FORECAST_GAIN, recent[::-1])
    ]
    since = min(judged[0][0], flat[-1][0] if flat else judged[0][0])
    return MeasureChange(
        measure=TargetMeasure.WELLBEING,
        before=before,
        now=fmean(values),
        on=today,
        since=(model_input.first_infusion or since) if since == model_input.opened[0] else since,
        verdict=verdict,
        improved_now=bool(lately) and fmean(lately) - before > MIN_FORECAST_GAIN,
    )


def _baseline(model_input: ModelInput) -> float | None:
    """Return the level before treatment: the mean of its answers, else as a clinician rated it."""
    if len(model_input.baseline.days) >= MIN_BASELINE_READINGS:
        return fmean(model_input.baseline.values)
    return model_input.baseline.auxiliary.rated_baseline


def _by_forecast(
    plain: MeasureChange | None, model_input: ModelInput, today: date, forecast: Forecast | NoForecast
) -> MeasureChange | None:
    if isinstance(forecast, NoForecast):
        unsure = forecast.no_forecast_reason is NoForecastReason.NO_MEASURABLE_BENEFIT
        # Averages that show a benefit, where the model is unsure of one, judge nothing.
        improved = plain is not None and plain.verdict is ChangeVerdict.IMPROVED
        return None if unsure and improved else plain
    rests_on_prior = forecast.basis is Basis.POPULATION_PRIOR
    if rests_on_prior and len(model_input.running_cycle.days) < MIN_CYCLE_READINGS:
        return plain
    left = forecast.benefit_left.median
    return MeasureChange(
        measure=TargetMeasure.WELLBEING,
        before=forecast.baseline,
        now=forecast.baseline + left * forecast.gain,
        on=today,
        since=model_input.start,
        verdict=ChangeVerdict.IMPROVED,
        improved_now=left > 1 / 2,
        benefit_left=left,
    )


def _questionnaires(history: History, today: date) -> Iterator[MeasureChange]:
    first = first_infusion(history.protocol, history.infusions, today)
    if first is None:
        return
    for instrument in sorted({str(score.instrument) for score in history.scores} & set(THRESHOLDS)):
        points = sorted(
            (score.day, score.total)
            for score in history.scores
            if str(score.instrument) == instrument and score.day <= today
        )
        found = _questionnaire(instrument, points, first, today)
        if found is not None:
            yield found


def _questionnaire(
    instrument: str, points: Sequence[Point], first: date, today: date
) -> MeasureChange | None:
    before = before_treatment(points, first)
    # Its recall period must lie within the treatment.
    after = [point for point in points if point[0] >= days_after(first, PHQ_9_LOOKS_BACK_DAYS)]
    if before is None or not after or after[-1][0] <= today - timedelta(days=CURRENT_DAYS):
        return None
    judged = [change(instrument, before[1], total) for _, total in after]
    improved = [place for place, each in enumerate(judged) if _is_improved(each)]
    worsened = [*takewhile(_is_worse, reversed(judged))]
    verdict, since = ChangeVerdict.NO, first
    if len(improved) >= IMPROVED_SHARE * len(judged):
        verdict = ChangeVerdict.IMPROVED
    elif worsened:
        verdict, since = ChangeVerdict.WORSENED, after[-len(worsened)][0]
    elif not _has_room(instrument, before[1]):
        return None
    elif improved:
        since = after[improved[-1] + 1][0] if improved[-1] + 1 < len(after) else after[-1][0]
    return MeasureChange(
        measure=instrument,
        before=before[1],
        now=after[-1][1],
        on=after[-1][0],
        since=since,
        verdict=verdict,
        improved_now=verdict is ChangeVerdict.IMPROVED and _is_improved(judged[-1]),
        newest_improved=_is_improved_by_any(judged[-1]),
        total_count=len(after),
    )


def _is_worse(found: Change) -> bool:
    return found.reliable_change is ChangeVerdict.WORSENED


def _is_improved(found: Change) -> bool:
    change_found = found.important_change if found.reliable_change is None else found.reliable_change
    return change_found is ChangeVerdict.IMPROVED or bool(found.response)


def _is_improved_by_any(found: Change) -> bool:
    important = found.important_change is ChangeVerdict.IMPROVED
    return _is_improved(found) or important or bool(found.remission)


def _has_room(instrument: str, before: int) -> bool:
    """Return whether the change that counts is published, and an improvement by it was possible."""
    known = THRESHOLDS[instrument]
    points = known.reliable_change_points or known.important_change_points
    if points is None:
        return False
    highest = KINDS[Instrument(instrument)].highest or 0
    return (before if known.direction is Direction.HIGHER_IS_WORSE else highest - before) >= points
