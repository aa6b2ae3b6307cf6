from __future__ import annotations

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.check_in import Severity, SideEffect
from clinical.side_effects import CATALOGUE, CODES, Group, burden

EFFECTS = st.builds(SideEffect, code=st.sampled_from(sorted(CODES)), severity=st.sampled_from(Severity))


def test_side_effect_codes_are_unique_and_lower_case():
    assert Counter(kind.code for kind in CATALOGUE).most_common(1)[0][1] == 1
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in CODES)
    assert len({kind.label for kind in CATALOGUE}) == len(CATALOGUE)


def test_the_catalogue_has_the_known_side_effects_of_ketamine():
    assert {"dissociation", "nausea", "headache", "dizziness", "raised_blood_pressure", "warmth"} <= CODES
    urinary = {kind.code for kind in CATALOGUE if kind.group is Group.URINARY}
    assert {"painful_urination", "frequent_urination", "urgent_urination", "blood_in_urine"} <= urinary


def test_snomed_concepts_carry_a_sound_check_digit_or_are_absent():
    given_concepts = [kind.snomed for kind in CATALOGUE if kind.snomed is not None]
    assert len(set(given_concepts)) == len(given_concepts)
    assert all(verhoeff(concept) == 0 for concept in given_concepts)
    assert [kind.code for kind in CATALOGUE if kind.snomed is None] == ["dissociation"]


def verhoeff(number: str) -> int:
    """Nought for a number whose last digit fits the others: turns and flips of a pentagon (Verhoeff 1969)."""
    shift = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    check = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit)
        for _ in range(place % 8):
            value = shift[value]
        check = turned(check, value)
    return check


def turned(left: int, right: int) -> int:
    sign = -1 if left >= 5 else 1
    turn = (left + sign * right) % 5
    return turn + 5 * ((left >= 5) != (right >= 5))


def test_a_day_adds_up_one_two_and_three():
    day = [SideEffect("nausea", Severity.MILD), SideEffect("headache", Severity.MODERATE)]
    assert burden([]) == 0
    assert burden(day) == 3
    assert burden([*day, SideEffect("fatigue", Severity.SEVERE)]) == 6


@settings(deadline=None)
@given(st.lists(EFFECTS), EFFECTS)
def test_one_more_side_effect_is_a_greater_burden(day, another):
    assert burden(day) < burden([*day, another]) <= burden(day) + 3
