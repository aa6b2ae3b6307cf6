from __future__ import annotations

from datetime import date

from clinical.booking import BookingCode, BookingFinding
from clinical.holds import HoldCode, HoldReason
from clinical.infusion_checks import InfusionCheckFacts, Override, SevereSideEffects, infusion_checks
from clinical.sentences import Sentence

TODAY = date(2026, 11, 27)
DAY = date(2026, 11, 30)
EARLIER = date(2026, 11, 20)
RECALL = (
    "Ask, before a forecast or a date is shown: after how many days was half of the benefit of the last "
    "infusion gone?"
)


def codes(facts: InfusionCheckFacts) -> list[str]:
    return [str(check.code) for check in infusion_checks(facts)]


def test_without_findings_there_is_nothing_to_check():
    assert infusion_checks(InfusionCheckFacts(DAY, TODAY)) == ()


def test_everything_is_listed_the_most_urgent_first():
    pressure = HoldReason(
        HoldCode.BLOOD_PRESSURE_ABOVE_HOLD, Sentence("Before the last infusion 150 mmHg."), {}
    )
    refused = HoldReason(
        HoldCode.NOT_SUITABLE, Sentence("Not suitable."), {}, against_treatment=True, since_on=EARLIER
    )
    facts = InfusionCheckFacts(
        DAY,
        TODAY,
        discharged=True,
        alert_count=2,
        holds=(pressure, refused),
        booking_findings=(
            BookingFinding(BookingCode.BEFORE_WINDOW, DAY, Sentence("Too early.")),
            BookingFinding(BookingCode.NOT_CONFIRMED, EARLIER, Sentence("Not confirmed.")),
            BookingFinding(BookingCode.SAME_DAY, date(2026, 12, 2), Sentence("Two infusions.")),
        ),
        review_due_on=EARLIER,
        recall_answered=False,
        severe=SevereSideEffects(EARLIER, (Sentence("Nausea"), Sentence("Dizziness"))),
        allergies=("penicillin",),
        medications=("sertraline (50 mg)", "lithium"),
    )
    assert [(str(check.code), check.text) for check in infusion_checks(facts)] == [
        ("open_alert", "2 safety alerts open."),
        ("discharged", "The patient is discharged."),
        ("not_suitable", "Not suitable."),
        ("blood_pressure_above_hold", Sentence("Before the last infusion 150 mmHg.")),
        ("before_window", Sentence("Too early.")),
        ("not_confirmed", "Not confirmed."),
        ("review_due", "Response review due since 20 November."),
        ("recall_unanswered", RECALL),
        ("severe_side_effects", "Severe in the last session, on 20 November: Nausea, Dizziness."),
        ("allergies", "Allergies: penicillin."),
        ("medications", "Current medication: sertraline (50 mg), lithium."),
    ]


def test_a_review_that_is_due_by_the_day_of_the_infusion_is_named():
    def text(due_on: date) -> list[str]:
        return [check.text for check in infusion_checks(InfusionCheckFacts(DAY, TODAY, review_due_on=due_on))]

    assert text(TODAY) == ["Response review due today."]
    assert text(date(2026, 11, 29)) == ["Response review due from 29 November."]
    assert text(date(2026, 12, 1)) == []


def test_what_a_clinician_overrode_for_the_booking_says_so_and_why():
    refused = HoldReason(HoldCode.NOT_SUITABLE, Sentence("Not suitable."), {}, against_treatment=True)
    consent = HoldReason(HoldCode.NO_CONSENT, Sentence("No consent."), {})
    override = Override(frozenset({"not_suitable"}), "Agreed with cardiology.")
    found = infusion_checks(InfusionCheckFacts(DAY, TODAY, holds=(refused, consent), override=override))
    assert [check.text for check in found] == [
        "Not suitable. Overridden: Agreed with cardiology.",
        "No consent.",
    ]


def test_the_recall_question_is_there_only_while_it_is_asked_and_nobody_answered():
    for answered, found in ((None, []), (True, []), (False, ["recall_unanswered"])):
        assert codes(InfusionCheckFacts(DAY, TODAY, recall_answered=answered)) == found
