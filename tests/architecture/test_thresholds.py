"""docs/clinical/thresholds.md is what the docstrings of the constants state, and they state enough."""

from __future__ import annotations

import re

import pytest

from tests.architecture.numbers_in_code import Note, compared, leaves, numbers, read_note
from tests.architecture.sources import ROOT
from tests.architecture.thresholds import PAGE, page

CLINICAL = ROOT / "docs" / "clinical"
NAME_AND_YEAR = re.compile(r"[A-Z][A-Za-z]+ (?:19|20)\d\d")
NUMBERS = numbers()


def test_the_page_is_generated_from_the_code():
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.architecture.thresholds"
    assert len(NUMBERS) > 250


def test_every_number_has_a_description_a_source_and_somebody_who_may_change_it():
    # How a docstring states them: numbers_in_code.py.
    assert [each.place for each in NUMBERS if not each.note.what] == []
    assert [each.place for each in NUMBERS if not (each.note.operational or each.note.source)] == []
    spec = (ROOT / "openapi.json").read_text(encoding="utf-8")
    for number in NUMBERS:
        source, by = number.note.source, number.note.by
        if number.note.operational:
            continue
        assert not (by == "nobody" and "a proposal" in source), number.place
        assert by in {"nobody", "the code"} or by.startswith(("an admin, ", "a clinician, ")), number.place
        for path in re.findall(r"`[A-Z]+ (/[^`]+)`", by):
            ours = path.replace("/clinics/{id}", "/clinics/{clinic_id}").replace(
                "/patients/{id}", "/patients/{patient_id}"
            )
            assert f'"{ours}"' in spec, number.place


def test_what_is_cited_is_in_the_list_of_sources():
    pages = ("sources.md", "questionnaires.md", "scores.md")
    known = "\n".join((CLINICAL / page).read_text(encoding="utf-8") for page in pages)
    cited = {name for number in NUMBERS for name in NAME_AND_YEAR.findall(number.note.source)}
    assert {name for name in cited if name not in known} == set()


def test_clinical_code_compares_only_with_named_numbers():
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
def test_numbers_are_found_in_every_structure(value, found):
    assert {leaf.path: leaf.text for leaf in leaves("A", value)} == found


@pytest.mark.parametrize(
    ("docstring", "note"),
    [
        ("Days.", Note("Days")),
        ("Days. More.\nSource: Kroenke 2001.", Note("Days", "Kroenke 2001", "the code")),
        ("Days. Source: 6.9 from two. Changed by: nobody.", Note("Days", "6.9 from two", "nobody")),
        ("Seconds. Why.\n\nOperational.", Note("Seconds", operational=True)),
        ("", Note()),
    ],
)
def test_a_docstring_states_what_it_is_its_source_and_who_changes_it(docstring, note):
    assert read_note(docstring) == note


def test_a_comparison_with_a_bare_number_is_found(tmp_path, monkeypatch):
    (tmp_path / "one.py").write_text("def f(x):\n    return x > 4.5 or x == 1 or x is True\n")
    monkeypatch.setattr("tests.architecture.numbers_in_code.ROOT", tmp_path)
    assert compared(tmp_path / "one.py") == ["one.py:2"]
