"""Reasons from what the clinic did: why an infusion was given, and what changed in the treatment."""

from __future__ import annotations

from clinical.formatting import count, on
from clinical.infusion import InfusionReason
from clinical.outlook.model.treatment_changes import NO_CHANGE
from clinical.outlook.reasons.context import Number, ReasonContext, reason
from clinical.outlook.result import Reason, ReasonCode
from clinical.protocol import days_after
from clinical.sentences import Sentence, listed


def treatment_changed(context: ReasonContext) -> Reason | None:
    """State what changed in the treatment, so that the patient's earlier cycles count less."""
    change = context.model_input.change
    if context.forecast is None or change == NO_CHANGE:
        return None
    what: list[Sentence] = []
    numbers: list[Number] = []
    if change.dose_mg is not None:
        before, now = change.dose_mg
        what.append(Sentence("the dose changed from {before:g} to {now:g} mg", before=before, now=now))
        numbers += [("dose_before_mg", before), ("dose_mg", now)]
    if change.medication_on is not None:
        what.append(Sentence("medication changed on {day}", day=on(change.medication_on, context.today)))
        numbers.append(("medication_changed_on", change.medication_on.isoformat()))
    if change.paused_days is not None:
        what.append(Sentence("there was no infusion for {days}", days=count(change.paused_days, "day")))
        numbers.append(("paused_days", change.paused_days))
    # A change of medication counts for the cycle in which it happens and for the next.
    in_this_cycle = change.medication_on is not None and change.medication_on >= context.model_input.start
    until = Sentence("The next infusion, if nothing changes again.")
    if in_this_cycle:
        until = Sentence("The infusion after the next, if nothing changes again.")
    return reason(
        ReasonCode.TREATMENT_CHANGED,
        Sentence("The patient's earlier cycles count less for this one, since {what}.", what=listed(what)),
        numbers,
        until,
    )


def given_for_symptoms(context: ReasonContext) -> Reason | None:
    """State that the last infusion was itself given because symptoms had returned, or while they had not."""
    start = context.model_input.start
    if context.forecast is None or not context.model_input.finished_cycles:
        return None
    last = [given for given in context.history.infusions if given.day == start]
    given_for = {given.reason for given in last}
    day = on(start, context.today)
    numbers: list[Number] = [("day", start.isoformat())]
    other_reason = Sentence("Another reason recorded for that infusion.")
    if InfusionReason.SYMPTOMS_RETURNED in given_for:
        text = Sentence(
            "The last infusion, on {day}, was given because symptoms had returned; the forecast takes half "
            "of the benefit before it as probably gone about a week before.",
            day=day,
        )
        asked = context.model_input.finished_cycles[-1].auxiliary.requested_on_day
        if asked is not None:
            asked_on = days_after(context.model_input.opened[-2], asked)
            text = Sentence(
                "The last infusion, on {day}, was given because symptoms had returned, and was asked for on "
                "{asked}; the forecast takes half of the benefit before it as probably gone shortly before "
                "that.",
                day=day,
                asked=on(asked_on, context.today),
            )
            numbers.append(("requested_on", asked_on.isoformat()))
        return reason(ReasonCode.GIVEN_FOR_SYMPTOMS, text, numbers, other_reason)
    if InfusionReason.SYMPTOMS_NOT_RETURNED in given_for:
        text = Sentence(
            "The last infusion, on {day}, was given while symptoms had not returned; the forecast takes half "
            "of the benefit before it as probably not yet gone by then.",
            day=day,
        )
        return reason(ReasonCode.GIVEN_WHILE_WELL, text, numbers, other_reason)
    return None
