"""Outcomes of a clinic as figures, with published ones for comparison; small groups are suppressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from statistics import quantiles
from typing import Any, Final

from clinical import benchmarks
from clinical.instruments.change import THRESHOLDS
from clinical.outcome import Outcome, outcome, relieved, response_held
from clinical.side_effects import CATALOGUE
from clinical.statistics import MIN_GROUP_SIZE
from clinical.statistics.cell_suppression import NOBODY, Count, shown
from clinical.statistics.kaplan_meier import Curve, Span, kaplan_meier
from clinical.statistics.wilson import wilson
from services.reports.outcomes_data import Course

NOT_RECORDED: Final = "not_recorded"
OUTCOMES: Final[Mapping[str, Callable[[Outcome], bool | None]]] = {
    "response": lambda found: found.response,
    "remission": lambda found: found.remission,
    "worse": lambda found: found.worse,
}
RULES: Final = {
    "response": "response_share",
    "remission": "remission_total",
    "worse": "reliable_change_points",
}
STATEMENT: Final = (
    "Counted from the records of patients who continued to answer: those who left or stopped answering may "
    "have fared differently. There is no control group. The published figures are from other patients and "
    "other methods, and are no target. Groups of fewer than five are not shown, nor figures from which they "
    "could be computed by subtraction; the steps of a curve show how many of its group lost response."
)


def rates(courses: Sequence[Course]) -> list[dict[str, Any]]:
    """Return response, remission and deterioration by each questionnaire that anyone has an outcome on."""
    found = []
    for instrument, known in THRESHOLDS.items():
        results = [
            (course.indication or NOT_RECORDED, result)
            for course in courses
            if course.first_infusion is not None
            and (result := _outcome(course, instrument, course.first_infusion))
        ]
        for name, read in OUTCOMES.items():
            counts = _by_group((group, read(result)) for group, result in results)
            if counts:
                rule = RULES[name]
                found.append(
                    {
                        "instrument": instrument,
                        "outcome": name,
                        "threshold": getattr(known, rule),
                        "source": (known.sources or {}).get(rule),
                        "rows": _rows(counts),
                        "published": benchmarks.RATES.get((instrument, name), ()),
                    }
                )
    return found


def _outcome(course: Course, instrument: str, first_infusion: date) -> Outcome | None:
    return outcome(instrument, course.totals.get(instrument, ()), first_infusion, course.today)


def _by_group(answers: Iterable[tuple[str, bool | None]]) -> dict[str, Count]:
    counts: dict[str, Count] = {}
    for group, yes in answers:
        if yes is not None:
            counts[group] = counts.get(group, NOBODY) + Count(int(yes), 1)
    return counts


def _rows(counts: Mapping[str, Count]) -> list[dict[str, Any]]:
    allowed = shown(counts)
    total = sum(counts.values(), NOBODY)
    return [
        {"indication": "all", **_of_patients(total, allowed.total)},
        *(
            {"indication": group, **_of_patients(counts[group], group in allowed.groups)}
            for group in sorted(counts)
        ),
    ]


def _figure(count: Count, allowed: bool) -> dict[str, Any]:
    if not allowed:
        return {"suppressed": True}
    share = round(count.numerator / count.denominator, 4)
    return {
        "suppressed": False,
        "numerator": count.numerator,
        "denominator": count.denominator,
        "share": share,
    }


def _of_patients(count: Count, allowed: bool) -> dict[str, Any]:
    """Return a figure with its Wilson interval, which supposes independent patients, not decisions."""
    figure = _figure(count, allowed)
    if allowed:
        figure["lo95"], figure["hi95"] = (
            round(limit, 4) for limit in wilson(count.numerator, count.denominator)
        )
    return figure


def losses(courses: Sequence[Course]) -> list[dict[str, Any]]:
    """Return the survival curve of responses by each questionnaire that has responders (Kaplan-Meier)."""
    found = []
    for instrument in THRESHOLDS:
        spans = response_spans(courses, instrument)
        if spans:
            curve = kaplan_meier(spans)
            allowed = curve.subjects >= MIN_GROUP_SIZE
            found.append(
                {
                    "instrument": instrument,
                    "suppressed": not allowed,
                    **(by_week(curve) if allowed else {}),
                    "published": benchmarks.LOSS.get(instrument, ()),
                }
            )
    return found


def response_spans(courses: Sequence[Course], instrument: str) -> list[Span]:
    """Return how long each response lasted, or was followed."""
    spans = (
        response_held(instrument, course.totals.get(instrument, ()), course.first_infusion)
        for course in courses
        if course.first_infusion is not None
    )
    return [span for span in spans if span is not None]


def by_week(curve: Curve) -> dict[str, Any]:
    """Return a curve by week while five are at risk, so that it shows no single patient's day."""
    last = max((step.day for step in curve.steps if step.at_risk >= MIN_GROUP_SIZE), default=0)
    weeks = [day for day in range(0, int(last) + 1, 7) if curve.followed(day) >= MIN_GROUP_SIZE]
    points = [(day, curve.at(day)) for day in weeks]
    return {
        "patient_count": curve.subjects,
        "median_days": next((day for day in weeks if curve.median is not None and curve.median <= day), None),
        "points": [
            {
                "elapsed_days": day,
                "surviving": round(point.surviving, 4),
                "lo95": round(point.lo95, 4),
                "hi95": round(point.hi95, 4),
            }
            for day, point in points
        ],
    }


def relief(courses: Sequence[Course]) -> dict[str, Any]:
    """Return how many with suicidal ideation before the first infusion reported none by day 3."""
    answers = (
        relieved(course.safety, course.first_infusion, course.today, course.morning_safety)
        for course in courses
        if course.first_infusion is not None
    )
    counts = _by_group(("all", yes) for yes in answers)
    count = counts.get("all", NOBODY)
    return {**_of_patients(count, not count.small), "published": benchmarks.RELIEF}


def side_effects(courses: Sequence[Course]) -> dict[str, Any]:
    """Return how many of the patients asked on an infusion day named each side effect at least once.

    One that nobody named has a suppressed row too: its absence would distinguish none from a few.
    """
    asked = [course for course in courses if course.effects_asked]
    named = [
        (kind.code, Count(sum(bool(course.effects.get(kind.code)) for course in asked), len(asked)))
        for kind in CATALOGUE
    ]
    anything = Count(sum(bool(course.effects) for course in asked), len(asked))
    rows = [("any", anything), *named] if asked else []
    return {
        "rows": [{"code": code, **_of_patients(count, not count.small)} for code, count in rows],
        "published": benchmarks.SIDE_EFFECTS,
    }


def answering(courses: Sequence[Course]) -> dict[str, Any]:
    """Return the quartiles of the share of days on which a patient answered."""
    shares = sorted(course.answered / course.days for course in courses if course.answered)
    found: dict[str, Any] = {"suppressed": len(shares) < MIN_GROUP_SIZE, "published": benchmarks.ANSWERING}
    if not found["suppressed"]:
        low, median, high = (round(share, 4) for share in quantiles(shares, n=4, method="inclusive"))
        found |= {
            "patient_count": len(shares),
            "lower_quartile": low,
            "median": median,
            "upper_quartile": high,
        }
    return found


def benefit(report: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return how long the measured benefit lasted, from the clinic's last report on its forecasts."""
    curve = (report or {}).get("benefit_lasted")
    return {"suppressed": curve is None, **(curve or {}), "published": benchmarks.BENEFIT}


def outlooks(agreed: Sequence[bool], report: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return how often clinicians agreed with outlooks, and the errors of the last report on forecasts."""
    count = Count(sum(agreed), len(agreed))
    decided = _figure(count, not count.small)
    if report is None:
        return {"agreed": decided}
    rule: Mapping[str, Any] = next((one for one in report.get("rules", ()) if one["rule"] == "outlook"), {})
    names = ("day_14_cycle_count", "day_14_error_days", "day_14_coverage", "false_alarms_per_year")
    figures = {name: rule[name] for name in names if name in rule}
    return {"agreed": decided, "generated_at": report["generated_at"], **figures}
