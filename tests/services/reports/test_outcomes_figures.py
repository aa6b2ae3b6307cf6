"""Outcomes as figures, held to tables made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinical.side_effects import CODES
from services.reports import outcomes_figures as figures
from services.reports.outcomes_data import Course

FIRST = date(2026, 3, 2)


def course(before: int, after: int, indication: str | None = "ptsd", later: tuple[int, ...] = ()) -> Course:
    weekly = [(FIRST + timedelta(days=28 + 7 * week), total) for week, total in enumerate(later)]
    points = [(FIRST, before), (FIRST + timedelta(days=21), after), *weekly]
    return Course(FIRST, indication, {"phq-9": points})


def rate(courses, outcome):
    return next(one for one in figures.rates(courses) if one["outcome"] == outcome)


def test_rates_are_those_of_a_table_made_by_hand():
    #  indication          n   responded   in remission
    #  major_depression   20   12          6
    #  ptsd               10    5          5
    courses = [
        *[course(20, 4, "major_depression") for _ in range(6)],
        *[course(20, 9, "major_depression") for _ in range(6)],
        *[course(20, 15, "major_depression") for _ in range(8)],
        *[course(18, 3) for _ in range(5)],
        *[course(18, 18) for _ in range(5)],
    ]
    expected = {
        "response": [("all", 17, 30, 0.5667), ("major_depression", 12, 20, 0.6), ("ptsd", 5, 10, 0.5)],
        "remission": [("all", 11, 30, 0.3667), ("major_depression", 6, 20, 0.3), ("ptsd", 5, 10, 0.5)],
    }
    for word, table in expected.items():
        rows = rate(courses, word)["rows"]
        assert [
            (row["indication"], row["numerator"], row["denominator"], row["share"]) for row in rows
        ] == table
    assert rate(courses, "worse")["rows"][0] == {"indication": "all", "suppressed": True}
    assert [one.share for one in rate(courses, "response")["published"]] == [0.536]


def test_a_small_group_takes_its_numbers_and_its_neighbours_along():
    large = [course(20, after, "major_depression") for after in (4, 18) for _ in range(10)]
    middle = [course(20, after) for after in (4, 18) for _ in range(6)]
    few = [course(20, 4, None) for _ in range(3)]
    rows = {row["indication"]: row for row in rate([*large, *middle, *few], "response")["rows"]}
    assert rows["not_recorded"] == {"indication": "not_recorded", "suppressed": True}
    assert rows["ptsd"] == {"indication": "ptsd", "suppressed": True}
    assert rows["all"]["numerator"] == 19
    assert rows["major_depression"]["numerator"] == 10


@given(st.lists(st.tuples(st.integers(5, 27), st.integers(0, 27)), min_size=1, max_size=60))
def test_the_response_rate_is_the_share_that_lost_half(totals):
    responded = sum(after * 2 <= before for before, after in totals)
    row = rate([course(*pair) for pair in totals], "response")["rows"][0]
    if min(responded, len(totals) - responded) < 5:
        assert row == {"indication": "all", "suppressed": True}
    else:
        assert (row["numerator"], row["denominator"]) == (responded, len(totals))
        assert row["share"] == round(responded / len(totals), 4)


def test_the_survival_of_responses_is_by_week_while_five_are_followed():
    lost = [course(20, 4, later=(4, 15)) for _ in range(4)]
    lasting = [course(20, 4, later=(4,) * 8) for _ in range(6)]
    (loss,) = figures.losses([*lost, *lasting])
    assert (loss["patient_count"], loss["median_days"]) == (10, None)
    assert [(point["elapsed_days"], point["surviving"]) for point in loss["points"]] == [
        (0, 1),
        (7, 1),
        *((day, 0.6) for day in range(14, 57, 7)),
    ]
    (hidden,) = figures.losses(lost)
    assert "points" not in hidden
    assert hidden["suppressed"]


def test_the_median_is_by_week_like_its_curve():
    late = [(FIRST, 20), (FIRST + timedelta(days=21), 4), (FIRST + timedelta(days=38), 15)]
    lost = [Course(FIRST, "ptsd", {"phq-9": late}) for _ in range(6)]
    lasting = [course(20, 4, later=(4,) * 8) for _ in range(6)]
    (loss,) = figures.losses([*lost, *lasting])
    # They lost it on day 17, which is nobody's business.
    assert loss["median_days"] == 21
    assert loss["points"][3] == {"elapsed_days": 21, "surviving": 0.5, "lo95": 0.2085, "hi95": 0.7361}


def test_a_rate_has_its_range_of_chance():
    courses = [course(20, after) for after, people in ((4, 5), (18, 15)) for _ in range(people)]
    row = rate(courses, "response")["rows"][0]
    # Wilson's range of 5 of 20, as in Newcombe 1998's way of working it out.
    assert (row["share"], row["lo95"], row["hi95"]) == (0.25, 0.1119, 0.4687)


def test_patients_within_the_six_weeks_have_no_outcome_yet():
    early = [course(20, 18) for _ in range(20)]
    sixth_week = [replace(one, today=FIRST + timedelta(days=42)) for one in early]
    assert figures.rates(sixth_week) == []
    over = [replace(one, today=FIRST + timedelta(days=43)) for one in early]
    assert rate(over, "worse")["rows"][0]["suppressed"]


def test_relief_is_counted_once_its_third_day_is_over():
    result = [(FIRST - timedelta(days=1), 2), (FIRST + timedelta(days=1), 2)]
    courses = [Course(FIRST, safety=result)] * 6
    courses += [Course(FIRST, safety=[result[0], (FIRST + timedelta(days=2), 0)])] * 6
    assert figures.relief(courses)["denominator"] == 12
    for day, over in ((3, False), (4, True)):
        seen = [replace(one, today=FIRST + timedelta(days=day)) for one in courses]
        assert figures.relief(seen)["suppressed"] is not over


def test_small_side_effect_counts_are_hidden_like_zero():
    courses = [Course(effects={"nausea": 1}, effects_asked=6)] * 5
    courses += [Course(effects={"nausea": 1, "dissociation": 1}, effects_asked=2)] * 2
    courses += [Course(effects_asked=2)] * 6
    rows = {row["code"]: row for row in figures.side_effects(courses)["rows"]}
    assert rows["dissociation"] == rows["vomiting"] | {"code": "dissociation"}
    assert rows["dissociation"] == {"code": "dissociation", "suppressed": True}
    assert set(rows) == {"any", *CODES}


def test_side_effects_count_patients_however_often_they_named_one():
    courses = [Course(effects={"nausea": times}, effects_asked=6) for times in (1, 1, 2, 6, 6)]
    courses += [Course(effects_asked=2)] * 5 + [Course()] * 4
    rows = {row["code"]: row for row in figures.side_effects(courses)["rows"]}
    assert rows["nausea"] == rows["any"] | {"code": "nausea"}
    assert (rows["nausea"]["numerator"], rows["nausea"]["denominator"]) == (5, 10)


def test_days_answered_are_quartiles_of_each_patients_share():
    courses = [Course(answered=days, days=10) for days in (2, 4, 6, 8, 10)]
    found = figures.answering([*courses, Course(days=10)])
    assert (found["patient_count"], found["lower_quartile"], found["median"], found["upper_quartile"]) == (
        5,
        0.4,
        0.6,
        0.8,
    )
    assert figures.answering(courses[:4])["suppressed"]


def test_outlooks_are_described_by_decisions_and_the_last_report():
    report = {
        "generated_at": "2026-11-22T03:30:00+00:00",
        "rules": [{"rule": "outlook", "day_14_coverage": 0.81}],
    }
    found = figures.outlooks([True] * 9 + [False] * 6, report)
    assert (found["agreed"]["share"], found["day_14_coverage"]) == (0.6, 0.81)
    assert figures.outlooks([], None) == {"agreed": {"suppressed": True}}


def test_benefit_lasted_is_that_of_the_last_report_with_published_figures():
    result = {"patient_count": 9, "points": [{"elapsed_days": 0, "surviving": 1, "lo95": 1, "hi95": 1}]}
    found = figures.benefit({"benefit_lasted": result})
    assert found.items() >= {**result, "suppressed": False}.items()
    assert [one.duration_days for one in found["published"]] == [18, 27.5, 57]
    nothing = {"suppressed": True, "published": found["published"]}
    assert figures.benefit(None) == figures.benefit({"rules": []}) == nothing
