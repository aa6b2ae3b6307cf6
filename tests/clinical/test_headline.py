from __future__ import annotations

from datetime import date, timedelta

from clinical.attention import AttentionFacts
from clinical.headline import HeadlineFacts, headline
from clinical.induction_pace import induction_progress
from clinical.mood_drop import MoodDrop
from clinical.outlook.result import Status

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

    assert at(10) == "Induction: 3 of 6 infusions given, on pace; the next is expected on 27 November."
    assert at(20) == "Induction: 3 of 6 infusions given, 8 days behind the plan."
    assert at(216) == "Induction: 3 of 6 infusions given, lapsed: 208 days since the last."


def test_the_other_phases_are_named():
    assert headline(HeadlineFacts(AttentionFacts(TODAY, Status.PAUSED))) == "Treatment is paused."
    assert headline(HeadlineFacts(AttentionFacts(TODAY, Status.COMPLETED))) == "The course is completed."
    assert headline(HeadlineFacts(AttentionFacts(TODAY, Status.NOT_STARTED, booked_on=days(2)))) == (
        "Treatment has not begun. Booked for 27 November."
    )
