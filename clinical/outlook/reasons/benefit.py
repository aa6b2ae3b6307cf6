"""Reasons from what the measures say about the benefit, without any forecast of its loss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeGuard

from clinical.instruments.change import ChangeVerdict
from clinical.outlook.benefit import MeasureChange, disagreeing
from clinical.outlook.formatting import on
from clinical.outlook.reasons.context import Number, ReasonContext, points, reason
from clinical.outlook.result import Reason, ReasonCode, Status
from clinical.score import KINDS, Instrument
from clinical.target_measure import TargetMeasure
from clinical.target_measure import name as target_name


def no_benefit(context: ReasonContext) -> Reason | None:
    """State that there is no measurable benefit, or that the patient is worse, by which measures."""
    lack = context.lack
    if lack is None:
        return None
    measures = "; ".join(_compared(each, context.today) for each in lack.changes)
    since = on(lack.since, context.today)
    worse = lack.status is Status.WORSE
    began = lack.since == context.model_input.first_infusion
    when = f"since {since}"
    if began:
        when = f"since {'it' if worse else 'treatment'} began on {since}"
    return reason(
        ReasonCode.WORSE if worse else ReasonCode.NO_BENEFIT,
        f"{'Worse than before treatment' if worse else 'No measurable benefit'} {when}: {measures}.",
        [("since_on", lack.since.isoformat()), *_numbers(lack.changes)],
        "Better ratings after an infusion, or a better total of these questionnaires.",
    )


def measures_disagree(context: ReasonContext) -> Reason | None:
    """State that some measures show a benefit and others none."""
    found = disagreeing(context.changes)
    if found is None:
        return None
    with_benefit, without = found
    none = " and ".join(
        f"{name(each.measure)} ({_value(each)}{_day(each, context.today)}, was {_before(each)}) "
        + ("is worse" if each.verdict is ChangeVerdict.WORSENED else "shows no benefit")
        for each in without
    )
    some = " and ".join(_benefit(each) for each in with_benefit)
    return reason(
        ReasonCode.MEASURES_DISAGREE,
        f"Measures disagree: {none}, while {some}.",
        _numbers([*without, *with_benefit]),
        "Another total, or further check-ins.",
    )


def name(measure: str) -> str:
    """Return a measure's name in a sentence."""
    return target_name(measure) if _is_daily(measure) else KINDS[Instrument(measure)].title


def _is_daily(measure: str) -> TypeGuard[TargetMeasure]:
    return isinstance(measure, TargetMeasure)


def _compared(change: MeasureChange, today: date) -> str:
    return f"{name(change.measure)} {_value(change)}{_day(change, today)}, was {_before(change)}"


def _benefit(change: MeasureChange) -> str:
    if change.benefit_left is not None:
        daily = name(change.measure)
        if change.measure != TargetMeasure.WELLBEING:
            daily = f"ratings of {daily}"
        return f"by daily {daily} {100 * change.benefit_left:.0f} % of the benefit is left"
    return f"{name(change.measure)} went from {_before(change)} to {_value(change)}"


def _day(change: MeasureChange, today: date) -> str:
    if _is_daily(change.measure):
        return " in the days after the last infusions"
    return f" on {on(change.on, today)}"


def _value(change: MeasureChange) -> str:
    return f"{change.now:.1f}" if _is_daily(change.measure) else f"{change.now:.0f}"


def _before(change: MeasureChange) -> str:
    return f"{change.before:.1f}" if _is_daily(change.measure) else f"{change.before:.0f}"


def _numbers(changes: Sequence[MeasureChange]) -> list[Number]:
    found: list[Number] = []
    for each in changes:
        member = each.measure.replace("-", "_")
        found += [(f"{member}_before", points(each.before)), (member, points(each.now))]
        if each.benefit_left is not None:
            found.append(("percent_left", round(100 * each.benefit_left)))
    return found
