"""The closed loop as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bench.forecasts.closed_loop.figures import Estimate, Point, bought, difference, estimate, points, saved
from bench.forecasts.closed_loop.follow import Followed
from bench.forecasts.closed_loop.policies import PLAN, Oracle
from bench.forecasts.closed_loop.runs import Results
from bench.forecasts.closed_loop.settings import CALENDAR, OURS, OURS_WIDE, Setting

WIDTH: Final = 30
CELL: Final = 9
WITH_ERROR: Final = 16

LEGEND: Final = f"""\
infusions, below  infusions and days with less than half of the benefit left, a year; +- standard error
interval, cycle   mean days between infusions; days below half a cycle
buys              days below half a year avoided by one more infusion a year, from the line above it
saved             share of a calendar's days below half avoided, at equal infusions a year
against ours      days below half a year more than by "{OURS}", in the plan's window or in that of
                  10-42 days, at equal infusions a year
A dash: no calendar, or no quantile of ours, has so many or so few infusions."""


def tables(found: Results) -> str:
    """Return a table a world of patients with a benefit, and the infusions of those without one."""
    parts = [LEGEND]
    for world, followed in found.items():
        curves = points(followed, responds=True)
        if curves:
            parts.append(
                "\n".join((f"Patients with a benefit, {world.name}", "", _header(), *_lines(curves)))
            )
    first = next(iter(found.values()))
    parts.append("\n".join(_without_benefit(first)))
    return "\n\n".join(parts)


def _header() -> str:
    plain = "".join(name.rjust(CELL) for name in ("infusions", "interval"))
    rest = "".join(name.rjust(CELL) for name in ("cycle", "buys"))
    errors = "".join(name.rjust(WITH_ERROR) for name in ("saved", "against ours"))
    return " " * WIDTH + plain.replace("infusions", " infusions") + "below".rjust(WITH_ERROR) + rest + errors


def _lines(curves: Mapping[str, Sequence[Point]]) -> Iterator[str]:
    for family, curve in curves.items():
        yield family
        ours = OURS if curve[0].setting.policy.plan == PLAN else OURS_WIDE
        for number, point in enumerate(curve):
            cells = (
                _number(float(point.infusions.mean()), 2).rjust(CELL + 1),
                _number(point.mean_interval).rjust(CELL),
                _with_error(estimate(point.below)),
                _number(point.below_per_cycle, 2).rjust(CELL),
                _number(bought(curve[number - 1], point) if number else None).rjust(CELL),
                _with_error(None if family == CALENDAR else saved(point, curves[CALENDAR]), 2),
                _with_error(None if family == ours else difference(point, curves.get(ours, ()))),
            )
            yield f"  {point.setting.name}".ljust(WIDTH) + "".join(cells)


def _without_benefit(found: Mapping[Setting, Sequence[Followed]]) -> Iterator[str]:
    curves = points(found, responds=False)
    count = next((curve[0].infusions.size for curve in curves.values()), 0)
    yield f"Patients without a benefit ({count}): infusions a year that bring nothing"
    yield ""
    for family, curve in curves.items():
        if isinstance(curve[0].setting.policy, Oracle):
            continue
        means = (f"{point.infusions.mean():.1f} ({point.setting.name})" for point in curve)
        yield f"{family}: {', '.join(means)}"


def _with_error(found: Estimate | None, digits: int = 1) -> str:
    if found is None:
        return "-".rjust(WITH_ERROR)
    return f"{found.mean:.{digits}f} +- {found.standard_error:.{digits}f}".rjust(WITH_ERROR)


def _number(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
