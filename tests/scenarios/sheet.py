"""The page of patients in docs/clinical; `make patients` runs this file to generate it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rendering import charts
from tests.rendering.charts.examples import chart_of
from tests.scenarios import worklist_order
from tests.scenarios.patients import KINDS, three_week_wear_off

FOLDER: Final = Path(__file__).parents[2] / "docs" / "clinical"
HEAD: Final = """# One patient of each kind

Simulated patients (and one real diary), each as the clinic sees them on one day. The pictures are those of
`GET /v1/patients/{patient_id}/trends`. `make patients` generates this page after a change of the forecast or
the charts, and a test compares it. The expected outlook of each patient is in `tests/scenarios/`.
"""
OTHERS: Final = """## The same patient on a phone

The three-week patient, 360 pixels wide and dark, and what that patient sees: no line, no window, no forecast.

![The clinic's view, dark](patients/on-a-phone.svg) ![The patient's own view](patients/for-the-patient.svg)

## Where the real diary comes from

The numbers in `tests/scenarios/real_diary.csv` are derived from Kossakowski J. J., Groot P. C.,
Haslbeck J. M. B., Borsboom D., Wichers M. (2017), Data from 'Critical slowing down as a personalized early
warning signal for depression', Journal of Open Psychology Data 5:1, doi 10.5334/jopd.29, published under
CC BY 4.0: one rating an evening, positive-mood items as `mood`, restlessness and worry as `anxiety`, both
scaled to 0-10 and rounded; all else is omitted.
"""


def files() -> Iterator[tuple[str, str]]:
    """Yield every generated file: its name below docs/clinical and its text."""
    page = [HEAD]
    for kind in KINDS:
        title = kind.name.replace("-", " ").capitalize()
        page.append(
            f"## {title}\n\n{kind.about[0]}\n{kind.about[1]}\n\n![{title}](patients/{kind.name}.svg)\n"
        )
        yield (
            f"patients/{kind.name}.svg",
            charts.trend_svg(chart_of(*kind.result()), charts.Appearance(charts.WIDTH)) + "\n",
        )
    result = three_week_wear_off()
    yield (
        "patients/on-a-phone.svg",
        charts.trend_svg(chart_of(*result), charts.Appearance(360, charts.Theme.DARK)) + "\n",
    )
    yield (
        "patients/for-the-patient.svg",
        charts.trend_svg(chart_of(*result, staff=False), charts.Appearance(360)) + "\n",
    )
    yield "patients.md", "\n".join([*page, OTHERS])
    yield "attention.md", worklist_order.page()


def write() -> None:
    """Write every generated file."""
    (FOLDER / "patients").mkdir(exist_ok=True)
    for name, text in files():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
