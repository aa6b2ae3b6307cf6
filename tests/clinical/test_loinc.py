from __future__ import annotations

import re

import pytest

from clinical.instruments.catalogue import CODES, find
from clinical.loinc import ANSWERS_0_TO_3, LOINC, VITALS, is_well_formed
from clinical.vitals import Vital
from tests.architecture.sources import PACKAGES, ROOT

CODE = re.compile(r"""["'](?:LA)?[0-9]{3,7}-[0-9]["']""")


def codes_of(loinc):
    return [loinc.panel, loinc.total, *loinc.items.values(), *loinc.answers.values()]


@pytest.mark.parametrize("instrument", LOINC)
def test_every_code_passes_its_check_digit_and_has_a_source(instrument):
    assert LOINC[instrument].source
    for code in codes_of(LOINC[instrument]):
        assert is_well_formed(code), code


@pytest.mark.parametrize("code", ["8867-4", "85354-9", "59408-5", "29463-7", "LA6270-8"])
def test_the_check_digit_rule_holds_for_published_codes(code):
    assert is_well_formed(code)


@pytest.mark.parametrize("code", ["69689-6", "44261-5", "44216-6", "LA6568-6", "44261", "44261-", "", "x-1"])
def test_a_slipped_or_swapped_digit_is_found(code):
    assert not is_well_formed(code)


@pytest.mark.parametrize("instrument", LOINC)
def test_codes_belong_to_items_and_answers_that_there_are(instrument):
    found = find(instrument)
    assert instrument in CODES
    assert found
    assert set(LOINC[instrument].items) <= {item.code for item in found.items}
    assert set(LOINC[instrument].answers) <= set.union(*(set(item.values) for item in found.items))


def test_a_code_means_one_thing():
    totals = [loinc.total for loinc in LOINC.values()]
    panels = [loinc.panel for loinc in LOINC.values()]
    items = {code for loinc in LOINC.values() for code in loinc.items.values()}
    assert len(set(totals)) == len(totals)
    assert not {*totals, *panels} & items
    assert not set(totals) & set(panels)
    assert "68517-2" not in items
    assert len(set(ANSWERS_0_TO_3.values())) == 4


@pytest.mark.parametrize("vital", [vital for vital in Vital if vital is not Vital.SEDATION])
def test_every_vital_sign_has_a_code_that_passes_its_check_digit(vital):
    assert is_well_formed(VITALS[vital])


def test_no_code_is_written_anywhere_else():
    held = {*VITALS.values()} | {code for loinc in LOINC.values() for code in codes_of(loinc)}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            found = {code.strip("\"'") for code in CODE.findall(path.read_text())}
            # An example of the API shows codes as it gives them out.
            shown = found & held if path.parent.name == "examples" else set()
            assert path == ROOT / "clinical" / "loinc.py" or found == shown, path
    assert {code.strip("\"'") for code in CODE.findall((ROOT / "clinical" / "loinc.py").read_text())} == held
