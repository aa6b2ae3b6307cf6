"""Figures of a forecast report: predictions compared with the reference of each cycle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

from clinical.formatting import HUNDRED, count
from clinical.outlook.evaluation import (
    CyclePredictions,
    ReliabilityBin,
    reliability,
    score_detection,
    score_landmark,
    score_lead_times,
)
from clinical.outlook.evaluation.detection import IN_TIME
from clinical.outlook.evaluation.retrospective import Finding, first_cycle_spans
from clinical.outlook.learning.cross_validation import Verdict
from clinical.outlook.learning.recalibration_estimation import MIN_CYCLES, MIN_LOSSES, MIN_PATIENTS
from clinical.outlook.learning.recalibration_validation import RecalibrationValidation, cross_validate
from clinical.outlook.status import P_PROBABLY_LOST
from clinical.sentences import Sentence, sentences
from clinical.statistics import MIN_GROUP_SIZE
from clinical.statistics.kaplan_meier import kaplan_meier
from clinical.target_measure import is_rating
from services.reports.backtest import OUTLOOK, RULES, ReplayedCycle, training_cycles
from services.reports.outcomes_figures import by_week
from services.reports.recalibrations import evidence_document

EVEN: Final = 0.5
"""Probability from which a comparator's prediction counts as an alarm. Source: an even chance."""

STATEMENT: Final = Sentence(
    "The reference is retrospective: the day from which all answers of a cycle, taken together, put the "
    "level below the half-benefit line. It was not measured independently. Cycles that ended before that "
    "day are counted as censored, and take no part in errors, coverage or sensitivity. It is mostly observed "
    "where benefit was lost early, so that errors favour a rule that always predicts early: read them with "
    "the false alarms, to which every cycle counts."
)
SHARE, PROBABILITY, DAYS = "share (0 to 1)", "probability (0 to 1)", "days"
UNITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            "day_7_error_days",
            "day_14_error_days",
            "day_14_bias_days",
            "day_14_width_days",
            "lead_days",
            "days_after_reference",
            "days_after_recommended",
            "elapsed_days",
        ),
        DAYS,
    ),
    **dict.fromkeys(
        (
            "day_7_no_forecast_share",
            "day_14_no_forecast_share",
            "day_7_coverage",
            "day_14_coverage",
            "day_14_interval_reaches_end",
            "sensitivity",
            "timely_share",
            "detected_share",
            "observed_share",
            "surviving",
            "lo95",
            "hi95",
        ),
        SHARE,
    ),
    **dict.fromkeys(("p_from", "p_to", "mean_forecast"), PROBABILITY),
    "patient_years": "patient-years",
    "false_alarms_per_year": "alarms per patient-year",
}
"""Unit of each figure by its name; a name that ends in _count is a number. Operational."""
GROUPS: Final[tuple[tuple[str, Callable[[int], bool]], ...]] = (
    ("1", lambda number: number == 1),
    ("2 to 3", lambda number: 2 <= number <= 3),
    ("4 and later", lambda number: number >= 4),
)

_RECALIBRATION: Final = {
    Verdict.HELPED: Sentence(
        "Recalibrated by the record of other patients, the probabilities and ranges would have been "
        "better: flask outlook fit-recalibration proposes one, for an admin to apply."
    ),
    Verdict.NO_CLEAR_DIFFERENCE: Sentence(
        "Recalibrated by the record of other patients, they would not have been clearly better or worse."
    ),
    Verdict.HARMED: Sentence("Recalibrated by the record of other patients, they would have been worse."),
}
"""Whether a recalibration would have helped. Operational."""

ReferenceDay = Callable[[ReplayedCycle], int | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as the report counts it."""

    agreed: bool
    booked_on: date | None
    recommended_on: date | None


def figures(patients: Sequence[Sequence[ReplayedCycle]], decisions: Sequence[Decision]) -> dict[str, Any]:
    """Return all figures of a report on each patient's finished cycles; unknown ones are absent."""
    cycles = [cycle for replayed in patients for cycle in replayed]
    scored = [cycle for cycle in cycles if cycle.reference.can_be_scored]
    score = cross_validate([training_cycles(replayed) for replayed in patients])
    return present(
        {
            "patient_count": sum(bool(replayed) for replayed in patients),
            "first_on": min((str(cycle.reference.start) for cycle in cycles), default=None),
            "last_on": max((str(_end(cycle)) for cycle in cycles), default=None),
            "how_to_read": how_to_read(patients, scored, score),
            "units": UNITS,
            "statement": sentences((STATEMENT, *_by_rating(cycles))),
            "cycle_counts": _counts(cycles, scored),
            "benefit_lasted": _benefit_lasted(patients),
            "rules": _rules(scored),
            "reliability": _bins(
                reliability(_records(OUTLOOK, scored, lambda cycle: cycle.reference.half_gone))
            ),
            "recalibrated": _recalibrated(score),
            "by_cycle": [
                {"cycle_range": name, "scored_count": len(group), "rules": _rules(group)}
                for name, chosen in GROUPS
                if (group := [cycle for cycle in scored if chosen(cycle.reference.number)])
            ],
            "patient_reported_half_loss": _against_anchor(
                scored, lambda cycle: cycle.reference.patient_reported_half_loss
            ),
            "given_for_symptoms": _against_anchor(scored, _given_for_symptoms),
            "decision_counts": _decisions(decisions),
        }
    )


def how_to_read(
    patients: Sequence[Sequence[ReplayedCycle]],
    scored: Sequence[ReplayedCycle],
    recalibration: RecalibrationValidation | None = None,
) -> Sentence:
    """Return how to read a report in a few sentences, with its own figures."""
    finished = sum(len(replayed) for replayed in patients)
    if len(scored) < MIN_GROUP_SIZE:
        return Sentence(
            "Insufficient data: {cycles} of {finished} can be compared with what happened, and figures begin "
            "at {least}.",
            cycles=count(len(scored), "finished cycle"),
            finished=finished,
            least=MIN_GROUP_SIZE,
        )
    people = count(sum(any(cycle.reference.can_be_scored for cycle in each) for each in patients), "patient")
    rules = {rule["rule"]: rule for rule in _rules(scored)}
    compared = Sentence(
        "{number} finished cycles of {patients} were compared, day by day, with what happened.",
        number=len(scored),
        patients=people,
    )
    ours = rules[OUTLOOK]
    return sentences(
        [
            compared,
            *_error_read(ours, rules),
            *_range_read(ours),
            *_losses_read(ours),
            _recalibration_read(recalibration),
        ]
    )


def _error_read(ours: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]]) -> Iterator[Sentence]:
    short, long = (rules[each].get("day_14_error_days") for each in ("calendar_21", "calendar_28"))
    if "day_14_error_days" in ours and short is not None and long is not None:
        yield Sentence(
            "Two weeks after an infusion, in {cycles} with the loss observed, the outlook missed the day on "
            "which half of the benefit was lost by {outlook:.1f} days on average, a calendar of 21 days by "
            "{short:.1f} and one of 28 days by {long:.1f}: lower is better.",
            cycles=count(ours["day_14_cycle_count"], "cycle"),
            outlook=ours["day_14_error_days"],
            short=short,
            long=long,
        )


def _range_read(ours: Mapping[str, Any]) -> Iterator[Sentence]:
    if "day_14_coverage" in ours:
        yield Sentence(
            "Its 80 % range held that day in {percent:.0f} % of them: near 80 is right, more is too wide a "
            "range, less too narrow.",
            percent=HUNDRED * ours["day_14_coverage"],
        )


def _recalibration_read(score: RecalibrationValidation | None) -> Sentence:
    if score is None:
        return Sentence(
            "A recalibration by this record needs {patients} patients, {cycles} cycles and {losses} losses "
            "seen.",
            patients=MIN_PATIENTS,
            cycles=MIN_CYCLES,
            losses=MIN_LOSSES,
        )
    return _RECALIBRATION[score.verdict]


def _losses_read(ours: Mapping[str, Any]) -> Iterator[Sentence]:
    if "sensitivity" in ours and "false_alarms_per_year" in ours:
        losses = ours["followed_cycle_count"]
        yield Sentence(
            "Of {losses} losses that were followed it noticed {noticed}, some of them late, with "
            "{alarms:.1f} false alarms a patient and year.",
            losses=losses,
            noticed=round(losses * ours["sensitivity"]),
            alarms=ours["false_alarms_per_year"],
        )
    if "timely_share" in ours:
        soonest, furthest = IN_TIME
        yield Sentence(
            "It detected them in time to book, {soonest} to {furthest} days before, "
            "in {percent:.0f} % of {cycles}.",
            soonest=soonest,
            furthest=furthest,
            percent=HUNDRED * ours["timely_share"],
            cycles=count(ours["lead_cycle_count"], "cycle"),
        )


def _recalibrated(score: RecalibrationValidation | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {"evidence": evidence_document(score), "reliability": _bins(score.reliability_after)}


def _bins(bins: Sequence[ReliabilityBin]) -> list[dict[str, Any]]:
    """Return each tenth of probability with its cycles; figures are absent where they are too few."""
    return [
        present(
            {
                "p_from": round(each.low, 1),
                "p_to": round(each.high, 1),
                "cycle_count": each.cycles,
                "mean_forecast": _figure(each.forecast, each.cycles),
                "observed_share": _figure(each.observed, each.cycles),
                "lo95": _figure(each.lo95, each.cycles),
                "hi95": _figure(each.hi95, each.cycles),
            }
        )
        for each in bins
    ]


def _by_rating(cycles: Sequence[ReplayedCycle]) -> Iterator[Sentence]:
    rated = sum(is_rating(cycle.reference.target_measure) for cycle in cycles)
    if rated:
        yield Sentence(
            "{number} of the {of} finished cycles is by an optional rating in place of wellbeing, the target "
            "measure of their courses, and counted with the others."
            if rated == 1
            else "{number} of the {of} finished cycles are by an optional rating in place of wellbeing, the "
            "target measure of their courses, and counted with the others.",
            number=rated,
            of=len(cycles),
        )


def present(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without the members that are None."""
    return {name: value for name, value in document.items() if value is not None}


def _end(cycle: ReplayedCycle) -> date:
    return cycle.reference.start + timedelta(days=cycle.reference.interval)


def _counts(cycles: Sequence[ReplayedCycle], scored: Sequence[ReplayedCycle]) -> dict[str, int]:
    found = Counter(cycle.reference.finding for cycle in cycles)
    medians = [[prediction.median for prediction in cycle.predictions.get(OUTLOOK, ())] for cycle in scored]
    return {
        "finished_count": len(cycles),
        "scored_count": len(scored),
        "half_lost_count": found[Finding.SEEN],
        "censored_count": found[Finding.CENSORED],
        "no_benefit_count": found[Finding.NO_BENEFIT],
        "no_baseline_count": found[Finding.NO_BASELINE],
        "too_few_answers_count": found[Finding.TOO_FEW_ANSWERS],
        "never_forecast_count": sum(not any(day is not None for day in days) for days in medians),
    }


def _benefit_lasted(patients: Sequence[Sequence[ReplayedCycle]]) -> dict[str, Any] | None:
    """Return the survival curve of days until half of the benefit was lost (Kaplan-Meier)."""
    spans = first_cycle_spans([each.reference for each in replayed] for replayed in patients)
    return present(by_week(kaplan_meier(spans))) if len(spans) >= MIN_GROUP_SIZE else None


def _rules(cycles: Sequence[ReplayedCycle]) -> list[dict[str, Any]]:
    return [
        _rule(rule, _records(rule, cycles, lambda cycle: cycle.reference.half_gone))
        for rule in (OUTLOOK, *RULES)
    ]


def _records(
    rule: str, cycles: Iterable[ReplayedCycle], reference_day: ReferenceDay
) -> list[CyclePredictions]:
    return [cycle.record(rule, reference_day(cycle), cycle.reference.third_gone) for cycle in cycles]


def _rule(rule: str, records: Sequence[CyclePredictions]) -> dict[str, Any]:
    at_7, at_14 = score_landmark(records, 7), score_landmark(records, 14)
    detection = score_detection(records, P_PROBABLY_LOST if rule == OUTLOOK else EVEN)
    lead = score_lead_times(records)
    return present(
        {
            "rule": rule,
            "day_7_cycle_count": at_7.cycles,
            "day_7_error_days": _figure(at_7.mean_error, at_7.cycles),
            "day_7_no_forecast_share": _figure(at_7.no_forecast_share, at_7.cycles),
            "day_7_coverage": _figure(at_7.coverage, _answered(at_7.cycles, at_7.no_forecast_share)),
            "day_14_cycle_count": at_14.cycles,
            "day_14_error_days": _figure(at_14.mean_error, at_14.cycles),
            "day_14_bias_days": _figure(at_14.bias, at_14.cycles),
            "day_14_no_forecast_share": _figure(at_14.no_forecast_share, at_14.cycles),
            "day_14_coverage": _figure(at_14.coverage, _answered(at_14.cycles, at_14.no_forecast_share)),
            "day_14_censored_count": at_14.censored,
            "day_14_interval_reaches_end": _figure(at_14.interval_reaches_end, at_14.censored),
            "day_14_width_days": _figure(at_14.mean_width, _answered(at_14.cycles, at_14.no_forecast_share)),
            "followed_cycle_count": detection.followed,
            "sensitivity": _figure(detection.sensitivity, detection.followed),
            "false_alarm_count": detection.false_alarm_count,
            "patient_years": round(detection.years, 2),
            "false_alarms_per_year": _figure(detection.false_alarms_per_year, len(records)),
            "lead_cycle_count": lead.cycles,
            "lead_days": _figure(lead.median_lead, lead.cycles),
            "timely_share": _figure(lead.timely_share, lead.cycles),
        }
    )


def _answered(cycles: int, refused: float | None) -> int:
    return round(cycles * (1 - (refused or 0.0)))


def _figure(value: float | None, cycles: int) -> float | None:
    return None if value is None or cycles < MIN_GROUP_SIZE else round(value, 3)


def _given_for_symptoms(cycle: ReplayedCycle) -> int | None:
    return cycle.reference.interval if cycle.reference.for_symptoms else None


def _against_anchor(cycles: Sequence[ReplayedCycle], reference_day: ReferenceDay) -> dict[str, Any]:
    """Return forecasts compared with an external anchor of half loss, never merged with the reference."""
    anchored = [cycle for cycle in cycles if reference_day(cycle) is not None]
    records = _records(OUTLOOK, anchored, reference_day)
    at_7, at_14 = score_landmark(records, 7), score_landmark(records, 14)
    apart = [
        day - cycle.reference.half_gone
        for cycle in anchored
        if (day := reference_day(cycle)) is not None and cycle.reference.half_gone is not None
    ]
    detected = [cycle for cycle in anchored if _alarmed_by(cycle, reference_day(cycle))]
    return present(
        {
            "cycle_count": len(anchored),
            "detected_share": _figure(len(detected) / len(anchored) if anchored else None, len(anchored)),
            "day_7_error_days": _figure(at_7.mean_error, at_7.cycles),
            "day_14_error_days": _figure(at_14.mean_error, at_14.cycles),
            "reference_cycle_count": len(apart),
            "days_after_reference": _figure(median(apart) if apart else None, len(apart)),
        }
    )


def _alarmed_by(cycle: ReplayedCycle, day: int | None) -> bool:
    return day is not None and any(
        prediction.day <= day
        and prediction.p_half_lost is not None
        and prediction.p_half_lost >= P_PROBABLY_LOST
        for prediction in cycle.predictions.get(OUTLOOK, ())
    )


def _decisions(decisions: Sequence[Decision]) -> dict[str, Any]:
    apart = [
        (one.booked_on - one.recommended_on).days
        for one in decisions
        if one.booked_on is not None and one.recommended_on is not None
    ]
    return present(
        {
            "agreed_count": sum(one.agreed for one in decisions),
            "differed_count": sum(not one.agreed for one in decisions),
            "booked_count": sum(one.booked_on is not None for one in decisions),
            "days_after_recommended": _figure(median(apart) if apart else None, len(apart)),
        }
    )
