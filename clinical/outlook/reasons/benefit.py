"""Reasons from what the measures say about the benefit, without any forecast of its loss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeGuard

from clinical.formatting import on
from clinical.instruments.change import ChangeVerdict
from clinical.outlook.benefit import LackOfBenefit, MeasureChange, disagreeing
from clinical.outlook.reasons.context import Number, ReasonContext, points, reason
from clinical.outlook.result import Reason, ReasonCode, Status
from clinical.score import KINDS, Instrument
from clinical.sentences import Sentence, both, separated
from clinical.target_measure import TargetMeasure, was
from clinical.target_measure import name as target_name


def no_benefit(context: ReasonContext) -> Reason | None:
    """State that there is no measurable benefit, or that the patient is worse, by which measures."""
    lack = context.lack
    if lack is None:
        return None
    worse = lack.status is Status.WORSE
    return reason(
        ReasonCode.WORSE if worse else ReasonCode.NO_BENEFIT,
        _lack(lack, context),
        [("since_on", lack.since.isoformat()), *_numbers(lack.changes)],
        Sentence("Better ratings after an infusion, or a better total of these questionnaires."),
    )


def _lack(lack: LackOfBenefit, context: ReasonContext) -> Sentence:
    day, measures = (
        on(lack.since, context.today),
        separated([_compared(each, context.today) for each in lack.changes]),
    )
    began = lack.since == context.model_input.first_infusion
    if lack.status is Status.WORSE:
        return Sentence(
            "Worse than before treatment, since treatment began on {day}: {measures}."
            if began
            else "Worse than before treatment, since {day}: {measures}.",
            day=day,
            measures=measures,
        )
    return Sentence(
        "No measurable benefit since treatment began on {day}: {measures}."
        if began
        else "No measurable benefit since {day}: {measures}.",
        day=day,
        measures=measures,
    )


def measures_disagree(context: ReasonContext) -> Reason | None:
    """State that some measures show a benefit and others none, and which are of before the last infusion."""
    found = disagreeing(context.changes)
    if found is None:
        return None
    with_benefit, without = found
    return reason(
        ReasonCode.MEASURES_DISAGREE,
        Sentence(
            "Measures disagree: {none}, while {some}.",
            none=both([_without_benefit(each, context) for each in without]),
            some=both([_benefit(each) for each in with_benefit]),
        ),
        _numbers([*without, *with_benefit]),
        Sentence("Another total, or further check-ins."),
    )


def name(measure: str) -> str:
    """Return a measure's name in a sentence; that of a questionnaire is the same in every language."""
    return target_name(measure) if _is_daily(measure) else KINDS[Instrument(measure)].title


def _is_daily(measure: str) -> TypeGuard[TargetMeasure]:
    return isinstance(measure, TargetMeasure)


def _compared(change: MeasureChange, today: date) -> Sentence:
    return Sentence(
        "{name} {now}{day}, was {before}",
        name=name(change.measure),
        now=_value(change),
        day=_day(change, today),
        before=_before(change),
    )


def _without_benefit(change: MeasureChange, context: ReasonContext) -> Sentence:
    day = _day(change, context.today)
    if not _is_daily(change.measure) and change.on <= context.model_input.start:
        # It says nothing about what this infusion has brought.
        day = Sentence("{day}, before the last infusion", day=day)
    return Sentence(
        "{name} ({now}{day}, was {before}) is worse"
        if change.verdict is ChangeVerdict.WORSENED
        else "{name} ({now}{day}, was {before}) shows no benefit",
        name=name(change.measure),
        now=_value(change),
        day=day,
        before=_before(change),
    )


def _benefit(change: MeasureChange) -> Sentence:
    if change.benefit_left is None and _is_daily(change.measure):
        return Sentence(
            "{measure_was} {now} in the days after the last infusions and {before} before treatment",
            measure_was=was(change.measure),
            now=_value(change),
            before=_before(change),
        )
    if change.benefit_left is None:
        return Sentence(
            "{name} went from {before} to {now}",
            name=name(change.measure),
            before=_before(change),
            now=_value(change),
        )
    return Sentence(
        "by daily {name} {percent:.0f} % of the benefit is left"
        if change.measure == TargetMeasure.WELLBEING
        else "by daily ratings of {name} {percent:.0f} % of the benefit is left",
        name=name(change.measure),
        percent=100 * change.benefit_left,
    )


def _day(change: MeasureChange, today: date) -> Sentence:
    if _is_daily(change.measure):
        return Sentence(" in the days after the last infusions")
    return Sentence(" on {day}", day=on(change.on, today))


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
