"""The scores as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bench.forecasts.metrics import CYCLES, Entry, Figures, Gap
from bench.forecasts.timing import Speed

NAME_WIDTH: Final = 28
WIDTH: Final = 7

Cell = Callable[[Entry], str]

COLUMNS: Final[tuple[tuple[str, Cell], ...]] = (
    ("err7", lambda entry: _number(entry.score.at_7.mean_error, 1)),
    ("err14", lambda entry: _number(entry.score.at_14.mean_error, 1)),
    ("ref14", lambda entry: _number(entry.score.at_14.no_forecast_share)),
    ("cov7", lambda entry: _number(entry.score.at_7.coverage)),
    ("cov14", lambda entry: _number(entry.score.at_14.coverage)),
    ("width", lambda entry: _number(entry.score.at_14.mean_width, 0)),
    ("IS80", lambda entry: _number(entry.score.at_14.interval_score, 0)),
    ("sens", lambda entry: _number(entry.score.detection.sensitivity)),
    ("delay", lambda entry: _number(entry.score.detection.median_delay, 1)),
    ("FA/py", lambda entry: _number(entry.score.detection.false_alarms_per_year)),
    ("dipFA", lambda entry: _number(entry.dips_alarming)),
    ("sens@1", lambda entry: _number(entry.sensitivity_at_tolerated)),
    ("timely", lambda entry: _number(entry.score.lead_times.timely_share)),
    (
        "Brier",
        lambda entry: _number(entry.score.calibration.brier_skill if entry.has_probability else None),
    ),
    (
        "calib",
        lambda entry: _number(entry.score.calibration.calibration_error if entry.has_probability else None),
    ),
    ("saved", lambda entry: _number(entry.score.scheduling.saved)),
    ("refNR", lambda entry: _number(entry.no_forecast_share_without_benefit)),
)

LEGEND: Final = """\
err7, err14   mean error in days of the day named 7 and 14 days after the infusion; both capped at 56 days,
              no forecast charged as day 28
ref14, refNR  share without forecast on day 14: with a benefit (low is good), without one (high is good)
cov, width    share of the 80 % intervals that cover the truth, mean width in days on day 14
IS80          interval score on day 14, days, lower is better
sens, delay   share of wear-offs detected between a third gone and a week after half; median days from half
FA/py, dipFA  false alarms a patient-year; share of short dips that set one off
sens@1        sens at the level that on these same patients gives one false alarm a year
timely        share of cycles flagged 2 to 12 days before half was gone
Brier, calib  skill of the probability (1 is perfect), and its mean error; only of forecasters that give one
saved         days below half of the benefit spared against a fixed calendar of the same mean interval"""


def tables(figures: Figures) -> Iterator[str]:
    """Return the main table a level of missing days, errors by cycle, and what each question adds."""
    for missing in sorted({entry.missing for entry in figures.entries}):
        of_level = [entry for entry in figures.entries if entry.missing == missing]
        yield f"{missing:.0%} of days missing\n\n" + _table(of_level)
    yield _by_cycle(figures.entries)
    yield _questions(figures.questions, figures.gaps)


def speed_table(speed: Speed) -> str:
    """Return the engine's times, and how many times as long each maximum-likelihood fit takes."""
    fits = [f"{name}: {times.median:.1f} ms" for name, times in speed.fits.items()]
    ratios = [f"against {name}" for name in speed.fits]
    rows = [
        _line(
            name,
            [f"{times.median:.2f} ms", f"{times.p99:.2f} ms"]
            + [f"{fit.median / times.median:.0f} times" for fit in speed.fits.values()],
            30,
        )
        for name, times in speed.ours.items()
    ]
    return "\n".join(
        (
            f"One patient of {speed.readings} stored days and {speed.cycles} cycles, the engine alone",
            f"Fits of statsmodels' UnobservedComponents to the same moods: {', '.join(fits)}",
            "",
            _line("", ["median", "p99", *ratios], 30),
            *rows,
        )
    )


def _table(entries: Sequence[Entry]) -> str:
    header = _line("", [name for name, _ in COLUMNS])
    rows = [_line(entry.method, [cell(entry) for _, cell in COLUMNS]) for entry in entries]
    return "\n".join((header, *rows))


def _by_cycle(entries: Sequence[Entry]) -> str:
    shown = [entry for entry in entries if entry.method.startswith(("calendar 28", "7-day mean, ", "ours"))]
    names = [f"{what} c{number}" for number in CYCLES for what in ("err14", "cov14", "width")]
    rows = []
    for entry in shown:
        cells = [
            _number(figure, digits)
            for one in entry.by_cycle
            for figure, digits in ((one.mean_error, 1), (one.coverage, 2), (one.mean_width, 0))
        ]
        rows.append(_line(f"{entry.method}, {entry.missing:.0%}", cells, 10))
    return "\n".join(("By the number of the cycle (c)", "", _line("", names, 10), *rows))


def _questions(entries: Sequence[Entry], gaps: Sequence[Gap | None]) -> str:
    against = ["", *("-" if gap is None else f"{gap.days:+.2f} +- {gap.standard_error:.2f}" for gap in gaps)]
    header = _line("", [name for name, _ in COLUMNS]) + "   err14 against the first line"
    rows = [
        f"{_line(entry.method, [cell(entry) for _, cell in COLUMNS])}   {gap_text}".rstrip()
        for entry, gap_text in zip(entries, against, strict=True)
    ]
    title = f"What each further question adds, {entries[0].missing:.0%} of days missing, ours"
    return "\n".join((title, "", header, *rows))


def _line(name: str, cells: Sequence[str], width: int = WIDTH) -> str:
    return name.ljust(NAME_WIDTH) + "".join(cell.rjust(width) for cell in cells)


def _number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
