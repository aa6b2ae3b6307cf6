from __future__ import annotations

from datetime import date
from fractions import Fraction
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.costs.arithmetic import Charge, Coverage, Line, annual_estimate, per_year, totals

AMOUNTS = st.integers(0, 2**31 - 1)


def line(charge: Charge, *, was_given: bool = True) -> Line:
    return Line(uuid4(), 1, date(2026, 11, 17), was_given, charge)


def test_only_what_was_given_is_added_up_and_currencies_never_together():
    euros = Charge("EUR", 35000, Coverage.PARTLY, 12000)
    yen = Charge("JPY", 60000, Coverage.NONE, 0)
    booked = line(euros, was_given=False)
    found = totals([line(yen), line(euros), booked, line(euros)])
    assert [
        (sum_.currency, sum_.infusion_count, sum_.price, sum_.covered, sum_.patient_share) for sum_ in found
    ] == [
        ("EUR", 2, 70000, 24000, 46000),
        ("JPY", 1, 60000, 0, 60000),
    ]


def test_an_annual_estimate_matches_figures_made_by_hand():
    charge = Charge("EUR", 35000, Coverage.REIMBURSED, 35000)
    # 365 / 21 = 17.38 infusions; 365 / 14 = 26.07.
    assert [
        (year.price, year.patient_share) for year in annual_estimate(charge, [("now", 21), ("short", 14)])
    ] == [
        (608333, 0),
        (912500, 0),
    ]


@given(AMOUNTS, st.integers(1, 366))
def test_a_year_is_the_nearest_whole_minor_unit_and_no_float(amount, days):
    found = per_year(amount, days)
    assert isinstance(found, int)
    exact = Fraction(amount * 365, days)
    assert exact - Fraction(1, 2) < found <= exact + Fraction(1, 2)
