"""Reasons from reports of patient and clinician other than the daily ratings."""

from __future__ import annotations

from clinical.formatting import count, on, with_year
from clinical.outlook.model.auxiliary_by_cycle import baseline_score
from clinical.outlook.reasons.context import Number, ReasonContext, reason
from clinical.outlook.result import Reason, ReasonCode
from clinical.protocol import days_after
from clinical.score import Instrument, totals
from clinical.sentences import NOTHING, Sentence


def benefit_left(context: ReasonContext) -> Reason | None:
    """State the benefit left that the patient last reported."""
    benefit_left = context.model_input.running_cycle.auxiliary.benefit_left
    if context.forecast is None or not benefit_left:
        return None
    (day, share), asked = benefit_left[-1], days_after(context.model_input.start, benefit_left[-1][0])
    return reason(
        ReasonCode.BENEFIT_LEFT_REPORTED,
        Sentence(
            "On {date}, day {day}, the patient put what is left of the benefit at {percent:.0f} %.",
            date=on(asked, context.today),
            day=day,
            percent=100 * share,
        ),
        [("percent", round(100 * share)), ("day", day), ("asked_on", asked.isoformat())],
        Sentence("The next weekly answer."),
    )


def half_benefit_recalled(context: ReasonContext) -> Reason | None:
    """State what the patient last recalled of an infusion: the days until half of its benefit was gone."""
    if context.forecast is None:
        return None
    cycles = (*context.model_input.finished_cycles, context.model_input.running_cycle)
    recalled = [
        (opened, cycle.auxiliary)
        for opened, cycle in zip(context.model_input.opened, cycles, strict=True)
        if cycle.auxiliary.recalled_days or cycle.auxiliary.recalled_not_gone_by_day
    ]
    if not recalled:
        return None
    opened, last = recalled[-1]
    day, next_answer = on(opened, context.today), Sentence("The answer at the next infusion.")
    numbers: list[Number] = [("infusion_on", opened.isoformat()), ("answer_count", len(recalled))]
    if last.recalled_days is not None:
        text = Sentence(
            "Of the infusion on {day} the patient recalls that half of its benefit was gone after about "
            "{days}.",
            day=day,
            days=count(last.recalled_days, "day"),
        )
        numbers.append(("recalled_days", last.recalled_days))
    else:
        text = Sentence(
            "Of the infusion on {day} the patient recalls that half of its benefit had not gone.", day=day
        )
    return reason(ReasonCode.HALF_BENEFIT_RECALLED, text, numbers, next_answer)


def phq_9(context: ReasonContext) -> Reason | None:
    """State the last PHQ-9 total of the running cycle against the one before treatment."""
    phq9_improvement = context.model_input.running_cycle.auxiliary.phq9_improvement
    before = baseline_score(
        context.history.scores, context.model_input.first_infusion, context.history.infusions
    )
    if context.forecast is None or before is None or not phq9_improvement:
        return None
    day = days_after(context.model_input.start, phq9_improvement[-1][0])
    now = next(score for score in totals(context.history.scores, Instrument.PHQ_9) if score.day == day)
    numbers: list[Number] = [
        ("phq_9", now.total),
        ("scored_on", day.isoformat()),
        ("phq_9_before_treatment", before.total),
    ]
    return reason(
        ReasonCode.PHQ_9,
        Sentence(
            "PHQ-9 was {now} on {day}, against {before} before the first infusion.",
            now=now.total,
            day=on(day, context.today),
            before=before.total,
        ),
        numbers,
        Sentence("Another PHQ-9."),
    )


def rated_baseline(context: ReasonContext) -> Reason | None:
    """State that a clinician rated the baseline."""
    assessed = context.history.baseline
    if assessed is None or context.model_input.baseline.auxiliary.rated_baseline is None:
        return None
    answered = len(context.model_input.baseline.days)
    check_ins = NOTHING
    if answered:
        check_ins = Sentence(" and {check_ins} of that time", check_ins=count(answered, "check-in"))
    numbers: list[Number] = [
        ("mood", assessed.mood),
        ("assessed_on", assessed.assessed_on.isoformat()),
        ("baseline_reading_count", answered),
    ]
    return reason(
        ReasonCode.RATED_BASELINE,
        Sentence(
            "The level before treatment rests on a clinician's judgement of {day} (mood {mood}){check_ins}.",
            day=with_year(assessed.assessed_on),
            mood=assessed.mood,
            check_ins=check_ins,
        ),
        numbers,
        Sentence("Another judgement, or check-ins entered for days before the first infusion."),
    )
