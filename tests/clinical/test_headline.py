from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clinical.attention import AttentionFacts
from clinical.booking import BookingCode, BookingFinding
from clinical.headline import HeadlineFacts, headline
from clinical.induction_pace import induction_progress
from clinical.mood_drop import MoodDrop
from clinical.outlook.result import Status
from clinical.protocol import Protocol
from clinical.sentences import Sentence
from clinical.treatment_course import CourseKind, EndReason, ProposedCourse, TreatmentCourse

TODAY = date(2026, 11, 25)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_overdue_says_why_what_the_plan_says_and_what_is_booked():
    facts = AttentionFacts(
        TODAY,
        Status.OVERDUE,
        plan_earliest_on=days(-24),
        plan_latest_on=date(2026, 11, 16),
        planned_on=days(-14),
        p_half_lost=0.93,
    )
    assert headline(HeadlineFacts(facts, days(-38), 7, 15)) == (
        "Overdue. Half of the benefit has probably gone (93 in 100). 38 days since the last infusion; "
        "the plan's latest day was 16 November. Nothing booked. PHQ-9 7, was 15."
    )


def test_not_due_says_when_it_is_booked():
    facts = AttentionFacts(
        TODAY,
        Status.NOT_DUE,
        plan_earliest_on=days(4),
        plan_latest_on=days(18),
        p_half_lost=0.02,
        booked_on=days(16),
    )
    assert headline(HeadlineFacts(facts, days(-10))) == (
        "Not due. 10 days since the last infusion; the plan's latest day is 13 December. "
        "Booked for 11 December."
    )


def test_an_alert_comes_first_and_a_drop_of_mood_follows_the_status():
    facts = AttentionFacts(
        TODAY,
        Status.NOT_DUE,
        alert_count=1,
        mood_drop=MoodDrop(days(-4), 2.0, 7.0, 5),
        plan_latest_on=days(16),
    )
    assert headline(HeadlineFacts(facts, days(-12))) == (
        "1 safety alert open. Not due. Mood fell from 7.0 to 2.0 on the 5 days answered since 21 November. "
        "12 days since the last infusion; the plan's latest day is 11 December. Nothing booked."
    )


def test_an_induction_says_its_pace():
    def at(day: int) -> str:
        progress = induction_progress([days(-day), days(4 - day), days(8 - day)], 6, 21, TODAY)
        return headline(
            HeadlineFacts(AttentionFacts(TODAY, Status.INDUCTION, induction=progress), days(8 - day))
        )

    assert (
        at(10)
        == "Induction: 3 of 6 infusions given, on pace; the next is expected on 27 November. Nothing booked."
    )
    assert at(20) == "Induction: 3 of 6 infusions given, 8 days behind the plan. Nothing booked."
    assert at(216) == "Induction lapsed: 3 of 6 infusions given, 208 days since the last. Nothing booked."


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (None, "Treatment is paused."),
        (Protocol(paused_on=days(-40)), "Treatment has been paused since 16 October."),
        (
            Protocol(paused_on=days(-340), resumes_on=days(9)),
            "Treatment has been paused since 20 December 2025, until 4 December.",
        ),
    ],
)
def test_a_pause_has_its_days(plan, sentence):
    assert headline(HeadlineFacts(AttentionFacts(TODAY, Status.PAUSED), protocol=plan)) == sentence


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (EndReason.COMPLETED, "The course was completed on 30 December 2025."),
        (EndReason.DROPPED_OUT, "The course ended on 30 December 2025: dropped out."),
        (EndReason.NO_BENEFIT, "The course ended on 30 December 2025: no benefit."),
        (EndReason.OTHER, "The course ended on 30 December 2025."),
        (None, "The course ended on 30 December 2025."),
    ],
)
def test_a_course_that_ended_says_when_and_why(reason, sentence):
    course = TreatmentCourse(None, 1, CourseKind.INITIAL, days(-400), end_reason=reason)
    facts = AttentionFacts(TODAY, Status.COMPLETED)
    assert headline(HeadlineFacts(facts, course=course, protocol=Protocol(ended_on=days(-330)))) == sentence


def test_what_the_booking_says_is_not_said_twice():
    for text, code, status in (
        ("Booked for 2 December, but treatment is paused.", BookingCode.DURING_PAUSE, Status.PAUSED),
        ("Booked for 2 December, but the course ended.", BookingCode.AFTER_END, Status.COMPLETED),
    ):
        conflict = BookingFinding(code, days(7), Sentence(text))
        facts = AttentionFacts(TODAY, status, booking_conflict=conflict, booked_on=days(7))
        plan = Protocol(paused_on=days(-40), ended_on=days(-24))
        assert headline(HeadlineFacts(facts, protocol=plan)) == text


@pytest.mark.parametrize(
    ("total_days_ago", "before", "sentence"),
    [
        (28, 15, "PHQ-9 7, was 15."),
        (29, 15, "PHQ-9 7 on 27 October, was 15."),
        (334, None, "PHQ-9 7 on 26 December 2025."),
        (2, 0, "PHQ-9 7, was 0."),
    ],
)
def test_an_old_total_is_stated_with_its_day(total_days_ago, before, sentence):
    facts = HeadlineFacts(
        AttentionFacts(TODAY, Status.PAUSED), phq_9=7, phq_9_before=before, phq_9_on=days(-total_days_ago)
    )
    assert headline(facts) == f"Treatment is paused. {sentence}"


def test_the_other_phases_are_named():
    assert headline(HeadlineFacts(AttentionFacts(TODAY, Status.COMPLETED))) == "The course has ended."
    assert headline(HeadlineFacts(AttentionFacts(TODAY, Status.NOT_STARTED))) == (
        "Treatment has not begun. Nothing booked."
    )
    assert headline(HeadlineFacts(AttentionFacts(TODAY, Status.NOT_STARTED, booked_on=days(2)))) == (
        "Treatment has not begun. Booked for 27 November."
    )


def test_a_later_course_without_an_infusion_is_named_by_its_number():
    course = TreatmentCourse(None, 2, CourseKind.RE_INDUCTION, days(-3))
    facts = AttentionFacts(TODAY, Status.NOT_STARTED, booked_on=days(4))
    assert headline(HeadlineFacts(facts, course=course)) == (
        "Course 2 has not begun: no infusion of it was given. Booked for 29 November."
    )


def test_a_total_of_before_the_last_infusion_has_its_day():
    facts = AttentionFacts(TODAY, Status.NOT_DUE, booked_on=days(9))
    for ago, stated in ((9, "PHQ-9 11 on 16 November, was 20."), (7, "PHQ-9 11, was 20.")):
        found = HeadlineFacts(facts, days(-8), 11, 20, days(-ago))
        assert headline(found).endswith(stated)


def test_a_review_that_decided_to_stop_stays_until_the_course_has_an_end():
    text = Sentence("The response review decided to stop treatment.")
    facts = AttentionFacts(TODAY, Status.NOT_DUE, booked_on=days(9), stop_decided=(days(-5), text))
    assert text in headline(HeadlineFacts(facts, days(-8)))
    assert text not in headline(HeadlineFacts(replace(facts, status=Status.COMPLETED), days(-8)))


def test_an_infusion_after_the_courses_end_is_why_another_is_proposed():
    facts = AttentionFacts(TODAY, Status.COMPLETED)
    proposed = ProposedCourse(CourseKind.RE_INDUCTION, 33, days(-44), days(-11), after_end=True)
    assert headline(HeadlineFacts(facts, days(-11), proposed_course=proposed)).endswith(
        "A new course is proposed: an infusion was given after the end of this one."
    )
