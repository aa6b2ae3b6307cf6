from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from clinical import instruments as package
from clinical.instruments.catalogue import CATALOGUE, CODES, find
from clinical.instruments.instrument import Instrument, Item
from clinical.score import Instrument as Scale

every = pytest.mark.parametrize("instrument", CATALOGUE, ids=lambda instrument: instrument.code)


def test_depression_anxiety_ptsd_and_addiction_are_covered():
    assert CODES == ("phq-9", "phq-2", "gad-7", "gad-2", "pcl-5", "who-5", "audit-c")
    assert {"depression", "anxiety", "ptsd", "addiction"} <= {found.condition for found in CATALOGUE}


@every
def test_no_item_ships_without_its_licence_and_its_source(instrument):
    assert instrument.items
    assert len(instrument.licence) > 40
    assert any(word in instrument.licence for word in ("permission", "copyright"))
    assert any(year in instrument.source for year in ("199", "200", "201"))
    for cutoff in instrument.cutoffs:
        assert cutoff.source
        assert 0 < cutoff.total <= instrument.highest


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (
            ("phq-9", "phq-2", "gad-7", "gad-2"),
            "No permission required to reproduce, translate, display or distribute.",
        ),
        (("pcl-5",), "a work of the US Government (National Center for PTSD); not copyrighted."),
        (("who-5",), "no permission needed; its text keeps its own terms"),
        (("audit-c",), "copyright World Health Organization, for non-commercial use"),
    ],
)
def test_each_licence_states_what_was_granted(codes, words):
    for code in codes:
        found = find(code)
        assert found
        assert words in found.licence


def things(kind):
    """Whatever of a kind a module of the instruments names, and what it holds in itself."""
    modules = [
        import_module(f"clinical.instruments.{found.name}") for found in iter_modules(package.__path__)
    ]
    return [thing for module in modules for thing in vars(module).values() if isinstance(thing, kind)]


def test_item_texts_occur_only_in_licensed_instruments():
    offered = {item for instrument in CATALOGUE for item in instrument.items}
    assert len(things(Instrument)) >= len(CATALOGUE)
    assert all(instrument in CATALOGUE for instrument in things(Instrument))
    assert all(item in offered for item in things(Item))
    # Nor of a scale of which totals alone may be kept.
    for scale in set(Scale) - {Scale(code) for code in CODES}:
        assert not (Path(package.__file__ or "").parent / f"{scale.replace('-', '')}.py").exists()


@every
def test_items_clusters_and_bands_fit_together(instrument):
    codes = [item.code for item in instrument.items]
    assert len(set(codes)) == len(codes)
    assert all(len(item.values) == len(item.options) > 1 for item in instrument.items)
    assert all(min(item.values) == 0 for item in instrument.items)
    assert all(item.unless_zero in (None, *codes) for item in instrument.items)
    inside = [code for cluster in instrument.clusters for code in cluster.items]
    assert not inside or inside == codes
    edges = [edge for band in instrument.bands for edge in range(band.low, band.high + 1)]
    assert not edges or edges == list(range(instrument.highest + 1))


def test_the_first_answer_of_a_gad_7_is_not_at_all():
    found = find("gad-7")
    assert found
    assert {item.options[0].text for item in found.items} == {"Not at all"}


def test_an_instrument_is_found_by_its_code_and_version_and_by_nothing_else():
    assert find("phq-9") is find("phq-9", "1")
    assert find("phq-9", "0") is None
    assert find("PHQ-9") is None


def test_only_one_version_of_a_questionnaire_is_in_use():
    in_use = [found.code for found in CATALOGUE if not found.retired]
    assert len(set(in_use)) == len(in_use)
    found = [find(code) for code in CODES]
    assert all(instrument and not instrument.retired for instrument in found)
