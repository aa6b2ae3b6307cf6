"""The figures of a report, from a few cycles worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinical.outlook.evaluation import Prediction
from clinical.outlook.evaluation.retrospective import Finding, RetrospectiveCycle
from clinical.statistics import MIN_GROUP_SIZE
from schemas.reports.forecast import ForecastReportSchema, RuleSchema
from services.reports.backtest import OUTLOOK, RULES, ReplayedCycle
from services.reports.forecast_figures import Decision, figures

START = date(2026, 6, 1)


def cycle(number: int = 1, half: int | None = 20, *, median: float = 24, **reference) -> ReplayedCycle:
    """A cycle of 28 days with the same prediction each day, 10 days either way, and no alarm."""
    predictions = tuple(Prediction(day, median, median - 10, median + 10, 0.1) for day in range(28))
    finding = Finding.CENSORED if half is None else Finding.SEEN
    third = None if half is None else half - 4
    found = RetrospectiveCycle(START, number, 28, 28, finding, 4.0, half, third, **reference)
    return ReplayedCycle(found, dict.fromkeys((OUTLOOK, *RULES), predictions))


def unscored(finding: Finding) -> ReplayedCycle:
    """A cycle that was not replayed, because it cannot be scored."""
    return ReplayedCycle(RetrospectiveCycle(START, 1, 28, 28, finding), {})


def of_outlook(report):
    return next(rule for rule in report["rules"] if rule["rule"] == OUTLOOK)


def test_errors_coverage_and_refusals_are_those_of_the_cycles_seen():
    found = of_outlook(figures([[cycle(number, 20 + number)] for number in range(5)], []))
    assert (found["day_7_cycle_count"], found["day_14_cycle_count"]) == (5, 5)
    assert found["day_14_error_days"] == pytest.approx((4 + 3 + 2 + 1 + 0) / 5)
    assert found["day_14_bias_days"] == pytest.approx(2)
    assert (found["day_14_coverage"], found["day_14_width_days"], found["day_14_no_forecast_share"]) == (
        1,
        20,
        0,
    )


def test_a_figure_from_fewer_than_five_cycles_is_left_out_and_the_number_is_not():
    found = of_outlook(figures([[cycle() for _ in range(MIN_GROUP_SIZE - 1)]], []))
    assert found["day_14_cycle_count"] == MIN_GROUP_SIZE - 1
    assert "day_14_error_days" not in found
    assert "sensitivity" not in found
    enough = of_outlook(figures([[cycle() for _ in range(MIN_GROUP_SIZE)]], []))
    assert enough["day_14_error_days"] == 4


def test_cycles_cut_short_take_no_part_in_errors_and_are_counted():
    report = figures([[cycle() for _ in range(5)], [cycle(half=None, median=90) for _ in range(6)]], [])
    assert report["cycle_counts"] == {
        "finished_count": 11,
        "scored_count": 11,
        "half_lost_count": 5,
        "censored_count": 6,
        "no_benefit_count": 0,
        "no_baseline_count": 0,
        "too_few_answers_count": 0,
        "never_forecast_count": 0,
    }
    found = of_outlook(report)
    assert (found["day_14_cycle_count"], found["day_14_error_days"]) == (5, 4)
    assert (found["day_14_censored_count"], found["day_14_interval_reaches_end"]) == (6, 1)


def test_what_could_not_be_judged_is_counted_by_why():
    replayed = [unscored(finding) for finding in Finding if finding not in {Finding.SEEN, Finding.CENSORED}]
    counts = figures([[cycle(), *replayed]], [])["cycle_counts"]
    assert (counts["finished_count"], counts["scored_count"]) == (4, 1)
    assert [counts[why] for why in ("no_benefit_count", "no_baseline_count", "too_few_answers_count")] == [
        1,
        1,
        1,
    ]


def test_a_cycle_without_a_single_forecast_is_counted():
    silent = cycle()
    predictions = {**silent.predictions, OUTLOOK: tuple(Prediction(day) for day in range(28))}
    report = figures([[silent, ReplayedCycle(silent.reference, predictions)]], [])
    assert report["cycle_counts"]["never_forecast_count"] == 1


def test_cycles_are_grouped_by_their_number():
    report = figures([[cycle(number) for number in (1, 2, 3, 4, 9)]], [])
    assert [(group["cycle_range"], group["scored_count"]) for group in report["by_cycle"]] == [
        ("1", 1),
        ("2 to 3", 2),
        ("4 and later", 2),
    ]


def test_external_anchors_are_reported_next_to_the_reference():
    replayed = [[cycle(patient_reported_half_loss=22, for_symptoms=True)] for _ in range(5)]
    report = figures([*replayed, [cycle()]], [])
    assert report["patient_reported_half_loss"] == {
        "cycle_count": 5,
        "detected_share": 0,
        "day_7_error_days": 2,
        "day_14_error_days": 2,
        "reference_cycle_count": 5,
        "days_after_reference": 2,
    }
    assert report["given_for_symptoms"]["day_14_error_days"] == 4
    assert report["given_for_symptoms"]["days_after_reference"] == 8
    assert of_outlook(report)["day_14_error_days"] == 4


def test_an_alarm_by_the_day_of_the_anchor_counts_as_detected():
    plain = cycle(patient_reported_half_loss=22)
    rings = tuple(Prediction(day, 20, 15, 25, 0.7 if day == 22 else 0.1) for day in range(28))
    replayed = [ReplayedCycle(plain.reference, {**plain.predictions, OUTLOOK: rings}) for _ in range(4)]
    assert figures([[*replayed, plain]], [])["patient_reported_half_loss"]["detected_share"] == pytest.approx(
        0.8
    )


def test_decisions_are_counted_and_how_far_what_was_booked_lies_from_what_was_recommended():
    day = date(2026, 11, 20)
    apart = (-1, 0, 1, 2, 9)
    decisions = [
        Decision(agreed=True, booked_on=day + timedelta(days=days), recommended_on=day) for days in apart
    ]
    decisions += [Decision(agreed=False, booked_on=None, recommended_on=day)]
    decisions += [Decision(agreed=False, booked_on=day, recommended_on=None)]
    assert figures([], decisions)["decision_counts"] == {
        "agreed_count": 5,
        "differed_count": 2,
        "booked_count": 6,
        "days_after_recommended": 1,
    }
    assert "days_after_recommended" not in figures([], decisions[:4])["decision_counts"]


def test_an_empty_report_has_no_figures_and_every_member_is_in_the_schema():
    for report in (figures([], []), figures([[cycle(patient_reported_half_loss=20) for _ in range(6)]], [])):
        whole = {
            "generated_at": "2026-11-22T02:30:00+00:00",
            "engine_version": "1",
            "prior_version": "1",
            **report,
        }
        assert ForecastReportSchema().dump(whole) == whole
        for rule in report["rules"]:
            assert set(rule) <= set(RuleSchema().fields)
    assert figures([], [])["cycle_counts"]["finished_count"] == 0


def test_benefit_lasted_counts_each_patients_first_cycle():
    # Of ten patients six lost half on day 20; of four the next infusion, on day 28, came before.
    lost = [[unscored(Finding.NO_BASELINE), cycle(2, 20), cycle(3, 3)] for _ in range(6)]
    censored = [[cycle(1, None), cycle(2, 3)] for _ in range(4)]
    lasted = figures([*lost, *censored, [unscored(Finding.NO_BENEFIT)]], [])["benefit_lasted"]
    assert (lasted["patient_count"], lasted.get("median_days")) == (10, None)
    assert [(point["elapsed_days"], point["surviving"]) for point in lasted["points"]] == [
        (0, 1),
        (7, 1),
        (14, 1),
    ]
    more = figures([*lost, *censored, *[[cycle(1, None)]] * 2], [])["benefit_lasted"]
    assert (more["points"][-1]["elapsed_days"], more["points"][-1]["surviving"], more["median_days"]) == (
        28,
        0.5,
        21,
    )
    assert "benefit_lasted" not in figures(censored, [])
