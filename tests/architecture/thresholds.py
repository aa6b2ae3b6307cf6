"""docs/clinical/thresholds.md, written from the docstrings of the constants: `make thresholds`.

What a docstring has to state is in numbers_in_code.py. The rows of a file belong to the section with the
longest prefix of its path.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.architecture.numbers_in_code import Number, numbers
from tests.architecture.sources import ROOT

PAGE: Final = ROOT / "docs" / "clinical" / "thresholds.md"

HEAD: Final = """\
# Every threshold, limit and clinical number

Each number that the product applies: its value, its place in the code, its source, and who may change it.
This page is generated from the docstrings of the constants by `make thresholds`, and a test compares it
with the code (`tests/architecture/test_thresholds.py`). Citations by name and year are in
[sources](sources.md), or with the questionnaire that they belong to.

| who may change it | |
|---|---|
| nobody | a published rule or figure; it changes when another is published, with a release |
| the code | a proposal of ours, a definition or arithmetic; a change of the code, with its test |
| an admin | a setting of the clinic, by the endpoint named |
| a clinician | a setting of one patient, by the endpoint named |

A limit that nobody published is a setting of the clinic: it has no value until an admin sets one, and the
rows here are the bounds of what can be set. "Plausibility only" refuses a slipped digit and states nothing
about health.
"""

SECTIONS: Final = {
    "Questionnaires": (
        (
            "Cut-offs are shown with a scale and applied to nobody. More on sources: "
            "[questionnaires](questionnaires.md) and [scores](scores.md)."
        ),
        (
            "clinical/instruments/",
            "clinical/loinc.py",
            "clinical/score.py",
            "services/questionnaires/",
            "services/scores.py",
            "services/summaries.py",
            "schemas/questionnaires/",
            "schemas/scores.py",
        ),
    ),
    "Daily answers": (
        "",
        (
            "clinical/baseline.py",
            "clinical/check_in.py",
            "clinical/daily_ratings.py",
            "clinical/local_day.py",
            "clinical/questions.py",
            "services/check_ins.py",
            "services/clinics.py",
            "services/patients.py",
            "services/treatment_courses.py",
            "schemas/baselines.py",
            "schemas/check_ins.py",
            "schemas/imports.py",
            "schemas/patients.py",
            "schemas/response_reviews.py",
            "schemas/treatment_courses.py",
        ),
    ),
    "Safety": (
        "What is done, and why: [safety](safety.md).",
        ("clinical/safety.py", "services/safety/", "schemas/safety.py"),
    ),
    "Plan": (
        "",
        (
            "clinical/protocol.py",
            "clinical/response_review.py",
            "services/outlooks/decisions.py",
            "schemas/clinics.py",
            "schemas/protocols.py",
        ),
    ),
    "Infusion sessions, side effects, exposure": (
        (
            "The label of esketamine advises to consider waiting above 140/90 mmHg; a clinic is shown "
            "that and sets its own limits ([infusion sessions](infusion_sessions.md))."
        ),
        (
            "clinical/exposure.py",
            "clinical/infusion",
            "clinical/side_effect",
            "clinical/vitals.py",
            "services/infusion",
            "schemas/infusion",
        ),
    ),
    "Response curves": ("", ("clinical/response_curve.py",)),
    "Outcomes of the clinic": (
        (
            "What is counted how: [outcomes](outcomes.md). No setting changes these: a clinic that could "
            "change them would choose its own rates."
        ),
        ("clinical/outcome.py", "clinical/statistics/", "services/reports/"),
    ),
    "Outlook": ("In words: [outlook](outlook.md).", ("clinical/outlook/",)),
    "Wear-off model": (
        "The equations are in `clinical/outlook/model/__init__.py`.",
        ("clinical/outlook/model/", "clinical/outlook/learning/"),
    ),
    "Trends": ("", ("clinical/trend.py", "services/trends.py")),
    "Evaluation of forecasts": (
        "The report on a clinic's own past forecasts.",
        ("clinical/outlook/evaluation/",),
    ),
    "Published figures shown with a clinic's own": ("", ("clinical/benchmarks.py",)),
    "Other": ("", ("",)),
}

OPERATIONAL: Final = (
    "Operational limits",
    (
        "Numbers of the machine and of text lengths, not of medicine. They change with the code; what an "
        "operator may set is in [configuration](../configuration.md). The demo clinic's numbers and the "
        "charts' pixels are not listed."
    ),
)


def section(file: str) -> str:
    """Return the section whose longest prefix a file has."""
    prefixes = {prefix: title for title, (_, listed) in SECTIONS.items() for prefix in listed}
    return prefixes[max((prefix for prefix in prefixes if file.startswith(prefix)), key=len)]


def page() -> str:
    """Return the whole page."""
    found = numbers()
    parts = [HEAD]
    for title, (text, _) in SECTIONS.items():
        rows = [
            f"| {each.note.what} | `{each.value}` | `{each.place}` | {each.note.source} | {each.note.by} |"
            for each in found
            if not each.note.operational and section(each.file) == title
        ]
        if rows:
            head = ["| what | value | in code | source | who may change it |", "|---|---|---|---|---|"]
            parts.append(_section(title, text, [*head, *rows]))
    title, text = OPERATIONAL
    head = ["| what | value | in code |", "|---|---|---|"]
    parts.append(_section(title, text, [*head, *_operational(found)]))
    return "\n".join(parts)


def _section(title: str, text: str, table: list[str]) -> str:
    return "\n".join([f"## {title}", "", *([text, ""] if text else []), *table, ""])


def _operational(found: list[Number]) -> Iterator[str]:
    """Return one row per name: a table of numbers is named with how many it holds."""
    by_name: dict[tuple[str, str], list[Number]] = {}
    for each in found:
        if each.note.operational:
            by_name.setdefault((each.file, each.name), []).append(each)
    for (file, name), held in by_name.items():
        value = f"`{held[0].value}`" if len(held) == 1 else f"{len(held)} numbers"
        yield f"| {held[0].note.what} | {value} | `{file} {name}` |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
