"""How forecasts turned out, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any, Final

COLUMNS: Final = (
    ("error_at_7", "error d7"),
    ("error_at_14", "error d14"),
    ("coverage_at_7", "in range d7"),
    ("coverage_at_14", "in range d14"),
    ("sensitivity", "noticed"),
    ("false_alarms_a_year", "false/year"),
    ("lead_days", "notice"),
    ("in_time", "in time"),
)
SHARES: Final = frozenset({"coverage_at_7", "coverage_at_14", "sensitivity", "in_time", "noticed"})
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
    cycles = report["cycles"]
    yield f"{name}: engine {report['engine_version']}, prior {report['prior_version']}"
    if not cycles["finished"]:
        yield "No maintenance cycle has ended yet: there is nothing to score."
        return
    yield (
        f"{report['patients']} patients, {cycles['finished']} finished cycles, {report['first_day']} to "
        f"{report['last_day']}"
    )
    yield (
        f"{cycles['scored']} scored: half seen gone in {cycles['half_gone_seen']}, cut short before in "
        f"{cycles['cut_short']}; never forecast {cycles['never_forecast']}"
    )
    yield (
        f"not scored: {cycles['without_benefit']} without benefit, {cycles['without_baseline']} without a "
        f"baseline, {cycles['too_few_answers']} with too few answers"
    )
    yield from wrap(KNOWN, LINE)
    yield ""
    yield " " * WIDTH + "".join(title.rjust(WIDTH) for _, title in COLUMNS)
    yield from (_line(rule) for rule in report["rules"])
    for group in report["by_cycle"]:
        yield f"cycle {group['number']}: {group['scored']} scored"
        yield from (_line(rule) for rule in group["rules"])
    yield ""
    yield _witness("patients said half was gone", report["patient_reported_half_loss"])
    yield _witness("infusions given because symptoms returned", report["given_for_symptoms"])
    yield _decided(report["decisions"])
    yield ""
    yield from wrap(report["statement"], LINE)


def _line(rule: dict[str, Any]) -> str:
    cells = (_cell(rule, name).rjust(WIDTH) for name, _ in COLUMNS)
    name = str(rule["rule"])
    return NAMES.get(name, name).ljust(WIDTH) + "".join(cells)


def _cell(said: dict[str, Any], name: str) -> str:
    if name == "sensitivity" and name in said:
        return f"{said[name]:.0%} of {said['cycles_followed']}"
    if name in said:
        return f"{said[name]:.0%}" if name in SHARES else f"{said[name]:.1f}"
    # A calendar names a day and no range.
    never_said = str(said.get("rule", "")).startswith("calendar") and name.startswith("coverage")
    return NOT_SAID if never_said else TOO_FEW


def _witness(what: str, said: dict[str, Any]) -> str:
    return (
        f"{what}: {said['cycles']} cycles; noticed by then {_cell(said, 'noticed')}, error d14 "
        f"{_cell(said, 'error_at_14')}, days after the truth {_cell(said, 'days_after_truth')}"
    )


def _decided(said: dict[str, Any]) -> str:
    return (
        f"decisions: {said['agreed']} agreed, {said['differed']} differed, {said['booked']} booked, days "
        f"from the recommended one {_cell(said, 'days_from_recommended')}"
    )
