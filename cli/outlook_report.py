"""The forecast report as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any, Final

COLUMNS: Final = (
    ("day_7_error_days", "error d7"),
    ("day_14_error_days", "error d14"),
    ("day_7_coverage", "in range d7"),
    ("day_14_coverage", "in range d14"),
    ("sensitivity", "noticed"),
    ("false_alarms_per_year", "false/year"),
    ("lead_days", "notice"),
    ("timely_share", "in time"),
)
SHARES: Final = frozenset(
    {"day_7_coverage", "day_14_coverage", "sensitivity", "timely_share", "detected_share"}
)
NAMES: Final = {
    "outlook": "outlook",
    "calendar_21": "calendar 21",
    "calendar_28": "calendar 28",
    "seven_day_mean": "7-day mean",
}
TOO_FEW: Final = "too few"
NOT_APPLICABLE: Final = "-"
WIDTH: Final = 13
LINE: Final = WIDTH * (len(COLUMNS) + 1)
KNOWN: Final = (
    "never forecast: cycles in which no day had a forecast, with what was known day by day. What was "
    "imported or entered later was not known on the day."
)


def table(name: str, report: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of one clinic's report."""
    cycles = report["cycle_counts"]
    yield from wrap(f"{name}: {report['how_to_read']}", LINE)
    yield f"{name}: engine {report['engine_version']}, prior {report['prior_version']}"
    if not cycles["finished_count"]:
        yield "No maintenance cycle has ended yet: there is nothing to score."
        return
    yield (
        f"{report['patient_count']} patients, {cycles['finished_count']} finished cycles, "
        f"{report['first_on']} to {report['last_on']}"
    )
    yield (
        f"{cycles['scored_count']} scored: half loss observed in {cycles['half_lost_count']}, censored in "
        f"{cycles['censored_count']}; never forecast {cycles['never_forecast_count']}"
    )
    yield (
        f"not scored: {cycles['no_benefit_count']} without benefit, {cycles['no_baseline_count']} without a "
        f"baseline, {cycles['too_few_answers_count']} with too few answers"
    )
    yield from wrap(KNOWN, LINE)
    yield ""
    yield " " * WIDTH + "".join(title.rjust(WIDTH) for _, title in COLUMNS)
    yield from (_line(rule) for rule in report["rules"])
    for group in report["by_cycle"]:
        yield f"cycle {group['cycle_range']}: {group['scored_count']} scored"
        yield from (_line(rule) for rule in group["rules"])
    yield ""
    yield _anchor("patients reported half gone", report["patient_reported_half_loss"])
    yield _anchor("infusions given because symptoms returned", report["given_for_symptoms"])
    yield _decided(report["decision_counts"])
    yield ""
    yield from wrap(report["statement"], LINE)


def _line(rule: dict[str, Any]) -> str:
    cells = (_cell(rule, name).rjust(WIDTH) for name, _ in COLUMNS)
    name = str(rule["rule"])
    return NAMES.get(name, name).ljust(WIDTH) + "".join(cells)


def _cell(figures: dict[str, Any], name: str) -> str:
    if name == "sensitivity" and name in figures:
        return f"{figures[name]:.0%} of {figures['followed_cycle_count']}"
    if name in figures:
        return f"{figures[name]:.0%}" if name in SHARES else f"{figures[name]:.1f}"
    # A calendar gives a day and no interval.
    not_applicable = str(figures.get("rule", "")).startswith("calendar") and name.endswith("coverage")
    return NOT_APPLICABLE if not_applicable else TOO_FEW


def _anchor(what: str, figures: dict[str, Any]) -> str:
    detected, error = _cell(figures, "detected_share"), _cell(figures, "day_14_error_days")
    return (
        f"{what}: {figures['cycle_count']} cycles; noticed by then {detected}, error d14 {error}, "
        f"days after the reference {_cell(figures, 'days_after_reference')}"
    )


def _decided(figures: dict[str, Any]) -> str:
    after = _cell(figures, "days_after_recommended")
    return (
        f"decisions: {figures['agreed_count']} agreed, {figures['differed_count']} differed, "
        f"{figures['booked_count']} booked, days from the recommended one {after}"
    )
