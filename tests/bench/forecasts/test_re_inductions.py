from __future__ import annotations

from bench.forecasts.re_inductions import ALONE, METHODS, WITH_EARLIER, Clinic, clinics, run, tables
from bench.simulation.re_inductions import BETWEEN_SPREAD


def test_each_method_forecasts_the_same_cycles():
    (clinic,) = wanted = (Clinic(3, BETWEEN_SPREAD, frozenset()),)
    found = run(wanted, 2)
    assert set(found[clinic]) == set(METHODS)
    cycles = {
        name: [(one.patient, one.record.number, one.record.length) for one in replayed]
        for name, replayed in found[clinic].items()
    }
    assert cycles[WITH_EARLIER] == cycles[ALONE]
    printed = tables(found)
    assert all(name in printed for name in METHODS)


def test_the_doubt_is_measured_for_several_changes_between_courses():
    assert len({clinic.spread for clinic in clinics(7)}) == 3
