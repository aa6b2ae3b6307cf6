"""What to check before a booked infusion: a list to read through, which clears and forbids nothing.

In this order: open safety alerts, a discharged patient, reasons to hold, findings about the booking, a
response review that is due, the recall question where nobody answered it, severe side effects of the last
session, allergies and current medication.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clinical.booking import BookingCode, BookingFinding
from clinical.formatting import count, on
from clinical.holds import HoldCode, HoldReason
from clinical.sentences import Sentence, listed


class OtherCheck(StrEnum):
    """Stable code of a check that is neither a reason to hold nor a finding about bookings."""

    OPEN_ALERT = "open_alert"
    DISCHARGED = "discharged"
    REVIEW_DUE = "review_due"
    RECALL_UNANSWERED = "recall_unanswered"
    SEVERE_SIDE_EFFECTS = "severe_side_effects"
    ALLERGIES = "allergies"
    MEDICATIONS = "medications"


CheckCode = OtherCheck | HoldCode | BookingCode
CHECK_CODES: tuple[str, ...] = (*OtherCheck, *HoldCode, *BookingCode)
"""Every code of a check. Operational."""


@dataclass(frozen=True, slots=True)
class InfusionCheck:
    """One thing to check before an infusion, as a sentence; `since_on` is None where no day belongs to it."""

    code: CheckCode
    text: Sentence
    since_on: date | None = None


@dataclass(frozen=True, slots=True)
class SevereSideEffects:
    """The labels of the severe side effects in the last session, and its day."""

    day: date
    labels: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """The codes of the reasons to hold that a clinician overrode for a booking, and why, in their words."""

    codes: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class InfusionCheckFacts:
    """What the checks of an infusion booked for `day` rest on, on `today`.

    `holds` and `booking_findings` are the patient's. `review_due_on` is the day from which a response review
    is due, None without one. `recall_answered` is None where the recall question is not asked. `allergies`
    and `medications` are the names of those that hold on `day`.
    """

    day: date
    today: date
    discharged: bool = False
    alert_count: int = 0
    holds: Sequence[HoldReason] = ()
    booking_findings: Sequence[BookingFinding] = ()
    review_due_on: date | None = None
    recall_answered: bool | None = None
    severe: SevereSideEffects | None = None
    override: Override | None = None
    allergies: Sequence[str] = ()
    medications: Sequence[str] = ()


def infusion_checks(facts: InfusionCheckFacts) -> tuple[InfusionCheck, ...]:
    """Return what to check before a booked infusion, in the order of the list above."""
    return (
        *_safety(facts),
        *_holds(facts),
        *_bookings(facts),
        *_review(facts),
        *_recall(facts),
        *_history(facts),
    )


def _safety(facts: InfusionCheckFacts) -> Iterator[InfusionCheck]:
    if facts.alert_count:
        text = Sentence("{alerts} open.", alerts=count(facts.alert_count, "safety alert"))
        yield InfusionCheck(OtherCheck.OPEN_ALERT, text)
    if facts.discharged:
        yield InfusionCheck(OtherCheck.DISCHARGED, Sentence("The patient is discharged."))


def _holds(facts: InfusionCheckFacts) -> Iterator[InfusionCheck]:
    # What a consultation decided against comes before what may be considered.
    for hold in sorted(facts.holds, key=lambda each: not each.against_treatment):
        text, override = hold.text, facts.override
        if override is not None and hold.code in override.codes:
            text = Sentence("{hold} Overridden: {reason}", hold=hold.text, reason=override.reason)
        yield InfusionCheck(hold.code, text, hold.since_on)


def _bookings(facts: InfusionCheckFacts) -> Iterator[InfusionCheck]:
    for finding in facts.booking_findings:
        # An earlier booking that nobody confirmed matters to every later one; others are about their own day.
        if finding.day == facts.day or finding.code is BookingCode.NOT_CONFIRMED:
            yield InfusionCheck(finding.code, finding.text, finding.day)


def _review(facts: InfusionCheckFacts) -> Iterator[InfusionCheck]:
    due_on = facts.review_due_on
    if due_on is not None and due_on <= facts.day:
        text = Sentence("Response review due today.")
        if due_on < facts.today:
            text = Sentence("Response review due since {day}.", day=on(due_on, facts.today))
        elif due_on > facts.today:
            text = Sentence("Response review due from {day}.", day=on(due_on, facts.today))
        yield InfusionCheck(OtherCheck.REVIEW_DUE, text, due_on)


def _recall(facts: InfusionCheckFacts) -> Iterator[InfusionCheck]:
    if facts.recall_answered is False:
        text = Sentence(
            "Ask, before a forecast or a date is shown: after how many days was half of the benefit of the "
            "last infusion gone?"
        )
        yield InfusionCheck(OtherCheck.RECALL_UNANSWERED, text)


def _history(facts: InfusionCheckFacts) -> Iterator[InfusionCheck]:
    severe = facts.severe
    if severe is not None and severe.labels:
        text = Sentence(
            "Severe in the last session, on {day}: {effects}.",
            day=on(severe.day, facts.today),
            effects=listed(severe.labels),
        )
        yield InfusionCheck(OtherCheck.SEVERE_SIDE_EFFECTS, text, severe.day)
    if facts.allergies:
        text = Sentence("Allergies: {names}.", names=", ".join(facts.allergies))
        yield InfusionCheck(OtherCheck.ALLERGIES, text)
    if facts.medications:
        text = Sentence("Current medication: {names}.", names=", ".join(facts.medications))
        yield InfusionCheck(OtherCheck.MEDICATIONS, text)
