"""How forecasts turned out, as a table for a terminal."""

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
NOT_SAID: Final = "-"
WIDTH: Final = 13
LINE: Final = WIDTH * (len(COLUMNS) + 1)
KNOWN: Final = (
    "never forecast: cycles of which the outlook named no day at all, on what was known day by day. What was "
    "imported or entered later was not known on the day."
)


def table(name: str, report: dict[str, Any]) -> Iterator[str]:
    """The lines of one clinic's report."""
    cycles = report["cycle_counts"]
    yield f"{name}: engine {report['engine_version']}, prior {report['prior_version']}"
    if not cycles["finished_count"]:
        yield "No maintenance cycle has ended yet: there is nothing to score."
        return
    yield (
        f"{report['patient_count']} patients, {cycles['finished_count']} finished cycles, "
        f"{report['first_on']} to {report['last_on']}"
    )
    yield (
        f"{cycles['scored_count']} scored: half seen gone in {cycles['half_lost_count']}, censored in "
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
    yield _witness("patients said half was gone", report["patient_reported_half_loss"])
    yield _witness("infusions given because symptoms returned", report["given_for_symptoms"])
    yield _decided(report["decision_counts"])
    yield ""
    yield from wrap(report["statement"], LINE)


def _line(rule: dict[str, Any]) -> str:
    cells = (_cell(rule, name).rjust(WIDTH) for name, _ in COLUMNS)
    name = str(rule["rule"])
    return NAMES.get(name, name).ljust(WIDTH) + "".join(cells)


def _cell(said: dict[str, Any], name: str) -> str:
    if name == "sensitivity" and name in said:
        return f"{said[name]:.0%} of {said['followed_cycle_count']}"
    if name in said:
        return f"{said[name]:.0%}" if name in SHARES else f"{said[name]:.1f}"
    # A calendar names a day and no range.
    never_said = str(said.get("rule", "")).startswith("calendar") and name.startswith("coverage")
    return NOT_SAID if never_said else TOO_FEW


def _witness(what: str, said: dict[str, Any]) -> str:
    return (
        f"{what}: {said['cycle_count']} cycles; noticed by then {_cell(said, 'detected_share')}, error d14 "
        f"{_cell(said, 'day_14_error_days')}, days after the truth {_cell(said, 'days_after_reference')}"
    )


def _decided(said: dict[str, Any]) -> str:
    after = _cell(said, "days_after_recommended")
    return (
        f"decisions: {said['agreed_count']} agreed, {said['differed_count']} differed, "
        f"{said['booked_count']} booked, days from the recommended one {after}"
    )
