"""Outcomes of a clinic as figures, with published ones for comparison.

Small groups are suppressed in what leaves the clinic, and shown to its own staff.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, quantiles, stdev
from typing import Any, Final

from clinical import benchmarks
from clinical.custom_instrument import NO_CUSTOM_INSTRUMENTS, CustomInstruments, known_thresholds
from clinical.instruments.change import Thresholds
from clinical.outcome import (
    Outcome,
    WorseCriterion,
    outcome,
    relieved,
    response_held,
    worse_criterion,
)
from clinical.score import Instrument
from clinical.sentences import Sentence, sentences
from clinical.side_effects import CATALOGUE
from clinical.statistics import MIN_GROUP_SIZE
from clinical.statistics.cell_suppression import NOBODY, Count, Shown, shown
from clinical.statistics.kaplan_meier import Curve, Span, kaplan_meier
from clinical.statistics.wilson import wilson
from services.reports.outcomes_data import Course

NOT_RECORDED: Final = "not_recorded"
OUTCOMES: Final[Mapping[str, Callable[[Outcome], bool | None]]] = {
    "response": lambda found: found.response,
    "remission": lambda found: found.remission,
    "worse": lambda found: found.worse,
}
RULES: Final = {"response": "response_share", "remission": "remission_total"}
WORSE_RULES: Final = {
    WorseCriterion.RELIABLE_CHANGE: "reliable_change_points",
    WorseCriterion.IMPORTANT_CHANGE: "important_change_points",
}
LEAST_CHANGE: Final = 1
"""Points of any change: totals are whole numbers. Source: arithmetic."""
ANY_CHANGE_SOURCE: Final = "no threshold was published: any change for the worse counts, also one by chance"
STATEMENT: Final = Sentence(
    "Counted from the records of patients who continued to answer: those who left or stopped answering may "
    "have fared differently. There is no control group. The published figures are from other patients and "
    "other methods, and are no target. Of each patient one course counts, the first that the filters select."
)
NOT_SUPPRESSED: Final = Sentence(
    "For the clinic's own staff: small groups are shown, and single patients may be recognised. Ask for "
    "small_groups=suppressed before figures leave the clinic."
)
SUPPRESSED: Final = Sentence(
    "Groups of fewer than five are not shown, nor figures from which they could be computed by subtraction; "
    "the steps of a curve show how many of its group lost response."
)


def all_thresholds(custom: CustomInstruments = NO_CUSTOM_INSTRUMENTS) -> dict[str, Thresholds]:
    """Return the thresholds of every instrument by code: the catalogue's, then the clinic's own."""
    codes = [*map(str, Instrument), *custom]
    return {code: known_thresholds(code, custom) for code in codes}


@dataclass(frozen=True, slots=True)
class Presentation:
    """What is reported: instruments with their thresholds, and whether small groups are suppressed.

    With `complete` an instrument that nobody has an outcome on is reported too, with counts of 0.
    """

    instruments: Mapping[str, Thresholds] = field(default_factory=all_thresholds)
    suppress: bool = True
    complete: bool = False


def statement(presentation: Presentation) -> Sentence:
    """Return how to read the figures, in sentences."""
    return sentences((STATEMENT, SUPPRESSED if presentation.suppress else NOT_SUPPRESSED))


def rates(courses: Sequence[Course], presentation: Presentation | None = None) -> list[dict[str, Any]]:
    """Return response and remission, where published, and deterioration by each instrument."""
    presentation = presentation or Presentation()
    found = []
    for instrument, known in presentation.instruments.items():
        results = _outcomes(courses, instrument, known)
        for name, read in OUTCOMES.items():
            criterion = _criterion(known, name)
            counts = _by_group((group, read(result)) for group, result in results)
            if criterion is not None and (counts or presentation.complete):
                found.append(
                    {
                        "instrument": instrument,
                        "outcome": name,
                        **criterion,
                        "rows": _rows(counts, presentation.suppress),
                        "published": benchmarks.RATES.get((instrument, name), ()),
                    }
                )
    return found


def _outcomes(courses: Iterable[Course], instrument: str, known: Thresholds) -> list[tuple[str, Outcome]]:
    """Return the outcome of each course that has one, with its indication."""
    return [
        (course.indication or NOT_RECORDED, result)
        for course in courses
        if course.first_infusion is not None
        and (result := outcome(known, course.totals.get(instrument, ()), course.first_infusion, course.today))
    ]


def _criterion(known: Thresholds, name: str) -> dict[str, Any] | None:
    """Return what counts for an outcome, its threshold and source; None where nothing was published."""
    rule = RULES.get(name)
    if rule is None:
        worse = worse_criterion(known)
        rule = WORSE_RULES.get(worse, "")
        if not rule:
            return {"criterion": str(worse), "threshold": LEAST_CHANGE, "source": ANY_CHANGE_SOURCE}
        return _threshold(known, rule, str(worse))
    return None if getattr(known, rule) is None else _threshold(known, rule, rule)


def _threshold(known: Thresholds, rule: str, criterion: str) -> dict[str, Any]:
    source = (known.sources or {}).get(rule)
    return {"criterion": criterion, "threshold": getattr(known, rule), "source": source}


def changes(courses: Sequence[Course], presentation: Presentation | None = None) -> list[dict[str, Any]]:
    """Return the mean totals before and after and the change between them, by each instrument."""
    presentation = presentation or Presentation()
    found = []
    for instrument, known in presentation.instruments.items():
        results = [result for _, result in _outcomes(courses, instrument, known)]
        if results or presentation.complete:
            suppressed = presentation.suppress and len(results) < MIN_GROUP_SIZE
            figures = {} if suppressed else _change(results)
            about = {"instrument": instrument, "direction": str(known.direction)}
            found.append({**about, "suppressed": suppressed, **figures})
    return found


def _change(results: Sequence[Outcome]) -> dict[str, Any]:
    figures: dict[str, Any] = {"patient_count": len(results)}
    differences = [result.after - result.before for result in results]
    if results:
        figures["mean_before"] = round(fmean(result.before for result in results), 2)
        figures["mean_after"] = round(fmean(result.after for result in results), 2)
        figures["mean_change"] = round(fmean(differences), 2)
    if len(results) > 1:
        figures["sd_change"] = round(stdev(differences), 2)
    return figures


def _by_group(answers: Iterable[tuple[str, bool | None]]) -> dict[str, Count]:
    counts: dict[str, Count] = {}
    for group, yes in answers:
        if yes is not None:
            counts[group] = counts.get(group, NOBODY) + Count(int(yes), 1)
    return counts


def _rows(counts: Mapping[str, Count], suppress: bool) -> list[dict[str, Any]]:
    allowed = shown(counts) if suppress else Shown(frozenset(counts), total=True)
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
    figure = {"suppressed": False, "numerator": count.numerator, "denominator": count.denominator}
    if count.denominator == 0:
        return figure
    return {**figure, "share": round(count.numerator / count.denominator, 4)}


def _of_patients(count: Count, allowed: bool) -> dict[str, Any]:
    """Return a figure with its Wilson interval, which supposes independent patients, not decisions."""
    figure = _figure(count, allowed)
    if "share" in figure:
        figure["lo95"], figure["hi95"] = (
            round(limit, 4) for limit in wilson(count.numerator, count.denominator)
        )
    return figure


def losses(courses: Sequence[Course], presentation: Presentation | None = None) -> list[dict[str, Any]]:
    """Return the survival curve of responses by each questionnaire that has responders (Kaplan-Meier)."""
    presentation = presentation or Presentation()
    least = MIN_GROUP_SIZE if presentation.suppress else 1
    found = []
    for instrument, known in presentation.instruments.items():
        spans = response_spans(courses, instrument, known)
        if spans:
            curve = kaplan_meier(spans)
            allowed = curve.subjects >= least
            found.append(
                {
                    "instrument": instrument,
                    "suppressed": not allowed,
                    **(by_week(curve, least) if allowed else {}),
                    "published": benchmarks.LOSS.get(instrument, ()),
                }
            )
    return found


def response_spans(courses: Sequence[Course], instrument: str, known: Thresholds) -> list[Span]:
    """Return how long each response lasted, or was followed."""
    spans = (
        response_held(known, course.totals.get(instrument, ()), course.first_infusion)
        for course in courses
        if course.first_infusion is not None
    )
    return [span for span in spans if span is not None]


def by_week(curve: Curve, least: int = MIN_GROUP_SIZE) -> dict[str, Any]:
    """Return a curve by week while `least` are at risk; with five it shows no single patient's day."""
    last = max((step.day for step in curve.steps if step.at_risk >= least), default=0)
    weeks = [day for day in range(0, int(last) + 1, 7) if curve.followed(day) >= least]
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


def relief(courses: Sequence[Course], *, suppress: bool = True) -> dict[str, Any]:
    """Return how many with suicidal ideation before the first infusion reported none by day 3."""
    answers = (
        relieved(course.safety, course.first_infusion, course.today, course.morning_safety)
        for course in courses
        if course.first_infusion is not None
    )
    counts = _by_group(("all", yes) for yes in answers)
    count = counts.get("all", NOBODY)
    return {**_of_patients(count, not (suppress and count.small)), "published": benchmarks.RELIEF}


def side_effects(courses: Sequence[Course], *, suppress: bool = True) -> dict[str, Any]:
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
        "rows": [
            {"code": code, **_of_patients(count, not (suppress and count.small))} for code, count in rows
        ],
        "published": benchmarks.SIDE_EFFECTS,
    }


def answering(courses: Sequence[Course], *, suppress: bool = True) -> dict[str, Any]:
    """Return the quartiles of the share of days on which a patient answered; one share has no quartiles."""
    shares = sorted(course.answered / course.days for course in courses if course.answered)
    suppressed = suppress and len(shares) < MIN_GROUP_SIZE
    found: dict[str, Any] = {"suppressed": suppressed, "published": benchmarks.ANSWERING}
    if not suppressed:
        found["patient_count"] = len(shares)
    if not suppressed and len(shares) > 1:
        low, median, high = (round(share, 4) for share in quantiles(shares, n=4, method="inclusive"))
        found |= {
            "lower_quartile": low,
            "median": median,
            "upper_quartile": high,
        }
    return found


def benefit(report: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return how long the measured benefit lasted, from the clinic's last report on its forecasts."""
    curve = (report or {}).get("benefit_lasted")
    return {"suppressed": curve is None, **(curve or {}), "published": benchmarks.BENEFIT}


def outlooks(
    agreed: Sequence[bool], report: Mapping[str, Any] | None, *, suppress: bool = True
) -> dict[str, Any]:
    """Return how often clinicians agreed with outlooks, and the errors of the last report on forecasts."""
    count = Count(sum(agreed), len(agreed))
    decided = _figure(count, not (suppress and count.small))
    if report is None:
        return {"agreed": decided}
    rule: Mapping[str, Any] = next((one for one in report.get("rules", ()) if one["rule"] == "outlook"), {})
    names = ("day_14_cycle_count", "day_14_error_days", "day_14_coverage", "false_alarms_per_year")
    figures = {name: rule[name] for name in names if name in rule}
    return {"agreed": decided, "generated_at": report["generated_at"], **figures}
