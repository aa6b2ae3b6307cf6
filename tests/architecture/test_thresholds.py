"""docs/clinical/thresholds.md says of every number what the code says."""

from __future__ import annotations

import re

import pytest

from tests.architecture.numbers_in_code import compared, leaves, numbers
from tests.architecture.sources import ROOT

CLINICAL = ROOT / "docs" / "clinical"
PAGE = (CLINICAL / "thresholds.md").read_text(encoding="utf-8")
MEDICINE, MACHINE = PAGE.split("\n## Of the machine\n")
NAME_AND_YEAR = re.compile(r"[A-Z][A-Za-z]+ (?:19|20)\d\d")


def rows(text: str) -> list[list[str]]:
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [line for line in lines if line[0] not in {"what", "file", "who may change it"}]


THRESHOLDS = [row for row in rows(MEDICINE) if len(row) == 5]


def of_the_machine(name: str) -> bool:
    """Whether a number is listed as the machine's: all of a name, however many it holds."""
    file, way = name.split(" ", 1)
    return f"{file} {re.split(r'[.[]', way)[0]}" in MACHINES


MACHINES = {
    f"{file.strip('`')} {name.strip('`')}" for file, names in rows(MACHINE) for name in names.split(", ")
}


def test_every_number_in_the_code_stands_on_the_page_with_its_value():
    result = {place.strip("`"): value.strip("`") for _, value, place, _, _ in THRESHOLDS}
    assert result == {name: value for name, value in numbers().items() if not of_the_machine(name)}
    assert len(result) == len(THRESHOLDS) > 250


def test_no_number_is_listed_that_there_is_not():
    there = {
        f"{file} {re.split(r'[.[]', way)[0]}" for file, way in (name.split(" ", 1) for name in numbers())
    }
    assert there >= MACHINES


def test_every_number_has_a_source_and_somebody_who_may_change_it():
    spec = (ROOT / "openapi.json").read_text(encoding="utf-8")
    for what, _, place, source, who in THRESHOLDS:
        assert what, place
        assert source, place
        assert not (who.startswith("nobody") and "a proposal" in source), place
        assert who in {"nobody: published", "the code"} or who.startswith(("admin: ", "clinician, ")), place
        for path in re.findall(r"`[A-Z]+ (/[^`]+)`", who):
            ours = path.replace("/clinics/{id}", "/clinics/{clinic_id}").replace(
                "/patients/{id}", "/patients/{patient_id}"
            )
            assert f'"{ours}"' in spec, place


def test_what_is_cited_is_on_record():
    pages = ("sources.md", "questionnaires.md", "scores.md")
    known = "\n".join((CLINICAL / page).read_text(encoding="utf-8") for page in pages)
    cited = {name for row in THRESHOLDS for name in NAME_AND_YEAR.findall(row[3])}
    assert {name for name in cited if name not in known} == set()


def test_nothing_in_medicine_is_compared_with_a_number_that_has_no_name():
    assert [place for path in (ROOT / "clinical").rglob("*.py") for place in compared(path)] == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (3, {"A": "3"}),
        ((2, 8), {"A": "2, 8"}),
        ({"phq-9": 0.5, "x": None}, {"A[phq-9]": "0.5"}),
        (({"n": 1}, {"n": 2}), {"A[0][n]": "1", "A[1][n]": "2"}),
        (True, {}),
        ("7", {}),
    ],
)
def test_numbers_are_found_wherever_they_are_held(value, found):
    assert dict(leaves("A", value)) == found


def test_a_comparison_with_a_bare_number_is_found(tmp_path, monkeypatch):
    (tmp_path / "one.py").write_text("def f(x):\n    return x > 4.5 or x == 1 or x is True\n")
    monkeypatch.setattr("tests.architecture.numbers_in_code.ROOT", tmp_path)
    assert compared(tmp_path / "one.py") == ["one.py:2"]
