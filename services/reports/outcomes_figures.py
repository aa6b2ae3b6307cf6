"""A clinic's outcomes as figures next to published ones, with small cells suppressed."""

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
WORDS: Final[Mapping[str, Callable[[Outcome], bool | None]]] = {
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
    "Counted from what is stored, of patients who went on answering: those who left or fell silent may have "
    "fared otherwise. There is no control group. The published figures are from other people, asked "
    "otherwise, and are no target. Groups of fewer than five, those left over among them, are not shown, "
    "nor what would give them away by subtraction; the steps of a curve tell how many of its group it lost."
)


def rates(courses: Sequence[Course]) -> list[dict[str, Any]]:
    """Response, remission and worsening of each questionnaire that somebody was judged by."""
    found = []
    for instrument, known in THRESHOLDS.items():
        judged = [
            (course.indication or NOT_RECORDED, result)
            for course in courses
            if course.first_infusion is not None
            and (result := _judged(course, instrument, course.first_infusion))
        ]
        for word, read in WORDS.items():
            counts = _by_group((group, read(result)) for group, result in judged)
            if counts:
                rule = RULES[word]
                found.append(
                    {
                        "instrument": instrument,
                        "outcome": word,
                        "threshold": getattr(known, rule),
                        "source": (known.sources or {}).get(rule),
                        "rows": _rows(counts),
                        "published": benchmarks.RATES.get((instrument, word), ()),
                    }
                )
    return found


def _judged(course: Course, instrument: str, first_infusion: date) -> Outcome | None:
    return outcome(instrument, course.totals.get(instrument, ()), first_infusion, course.today)


def _by_group(outcomes: Iterable[tuple[str, bool | None]]) -> dict[str, Count]:
    counts: dict[str, Count] = {}
    for group, yes in outcomes:
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
    """The same with its range of chance, which patients have and decisions about one of them have not."""
    figure = _figure(count, allowed)
    if allowed:
        figure["lo95"], figure["hi95"] = (
            round(limit, 4) for limit in wilson(count.numerator, count.denominator)
        )
    return figure


def losses(courses: Sequence[Course]) -> list[dict[str, Any]]:
    """How long responses held, by each questionnaire that has enough responders."""
    found = []
    for instrument in THRESHOLDS:
        spans = held(courses, instrument)
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


def held(courses: Sequence[Course], instrument: str) -> list[Span]:
    """How long each response held or was followed."""
    spans = (
        response_held(instrument, course.totals.get(instrument, ()), course.first_infusion)
        for course in courses
        if course.first_infusion is not None
    )
    return [span for span in spans if span is not None]


def by_week(curve: Curve) -> dict[str, Any]:
    """A curve week by week, as long as five are followed, so that no single day of anybody's is in it."""
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
    """Of those who endorsed thoughts of suicide before the first infusion: who did not by day 3."""
    endorsed = (
        relieved(course.safety, course.first_infusion, course.today)
        for course in courses
        if course.first_infusion is not None
    )
    counts = _by_group(("all", yes) for yes in endorsed)
    count = counts.get("all", NOBODY)
    return {**_of_patients(count, not count.small), "published": benchmarks.RELIEF}


def side_effects(courses: Sequence[Course]) -> dict[str, Any]:
    """Of the patients asked on the day of an infusion: who named each side effect at least once.

    One that nobody named has its row like one that a few did, or its absence would tell them apart.
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
    """On how many of their days patients answered: quartiles of their shares."""
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
    """How long the measured benefit lasted, by the clinic's last report on its forecasts."""
    figures = (report or {}).get("benefit_lasted")
    return {"suppressed": figures is None, **(figures or {}), "published": benchmarks.BENEFIT}


def outlooks(verdicts: Sequence[bool], report: Mapping[str, Any] | None) -> dict[str, Any]:
    """How outlooks were decided, and how they turned out by the clinic's last report on its forecasts."""
    count = Count(sum(verdicts), len(verdicts))
    decided = _figure(count, not count.small)
    if report is None:
        return {"agreed": decided}
    rule: Mapping[str, Any] = next((one for one in report.get("rules", ()) if one["rule"] == "outlook"), {})
    names = ("day_14_cycle_count", "day_14_error_days", "day_14_coverage", "false_alarms_per_year")
    figures = {name: rule[name] for name in names if name in rule}
    return {"agreed": decided, "generated_at": report["generated_at"], **figures}
