"""The morning list of twenty patients: who comes first, and the headline of each, word for word."""

from __future__ import annotations

import pytest

from clinical.attention import AttentionLevel
from tests.scenarios.worklist_order import Place, places


@pytest.fixture(scope="module")
def listed() -> dict[str, Place]:
    return {place.who: place for place in places()}


def test_each_patient_has_their_place(listed):
    assert [(place.who, place.attention.level.name.lower()) for place in listed.values()] == EXPECTED


@pytest.mark.parametrize(
    ("who", "headline"),
    [
        (
            "38 days since the last infusion",
            (
                "Overdue. Half of the benefit has probably gone (more than 99 in 100). 38 days since "
                "the last infusion; the plan's latest day was 17 November. Nothing booked. PHQ-9 7, was 15."
            ),
        ),
        (
            "paused",
            "Treatment has been paused since 7 November.",
        ),
        (
            "course completed",
            "The course ended on 22 November.",
        ),
    ],
)
def test_the_headline_says(who, headline, listed):
    assert listed[who].headline == headline


def test_no_forecast_that_is_not_shown_is_in_a_headline(listed):
    for who, place in listed.items():
        if "not shown" in who:
            assert "in 100" not in place.headline
            assert all("in 100" not in finding.text for finding in place.attention.findings)
            assert place.attention.level <= AttentionLevel.OVERDUE


EXPECTED = [
    ("an open safety alert, not due", "immediate"),
    ("collapsed on day 12, forecast not shown", "worsening"),
    ("PHQ-9 from 10 to 17", "worsening"),
    ("silent 41 days, 34 days past the plan, forecast not shown", "overdue"),
    ("38 days since the last infusion", "overdue"),
    ("half of the benefit has probably gone", "overdue"),
    ("induction, 3 of 6, 208 days since", "due"),
    ("a regular who fell silent nine days ago", "due"),
    ("due today, booked for tomorrow", "due"),
    ("due, nothing booked", "due"),
    ("induction, 3 of 6 on day 20", "organise"),
    ("booked before the plan's earliest day", "organise"),
    ("booked with urinary symptoms", "organise"),
    ("planned day in four days, booked", "soon"),
    ("answers every ten days, silent nine days", "none"),
    ("course completed", "none"),
    ("induction on pace", "none"),
    ("not due, booked", "none"),
    ("not due, nothing booked yet", "none"),
    ("paused", "none"),
]
