from __future__ import annotations

from dataclasses import replace
from datetime import date

from clinical.suitability import (
    CHECKLIST,
    CODES,
    SNOMED,
    Answer,
    Consulted,
    Decision,
    Indication,
    Weight,
    consulted_for_earlier_course,
    to_review,
)

ALL_NO = dict.fromkeys(CODES, Answer.NO)


def test_what_was_not_asked_is_for_review_as_much_as_a_yes_or_an_unknown():
    assert to_review({}) == tuple(question.code for question in CHECKLIST)
    assert to_review(ALL_NO) == ()
    some = ALL_NO | {"porphyria": Answer.UNKNOWN, "arrhythmia": Answer.YES}
    del some["hypersensitivity"]
    assert to_review(some) == ("hypersensitivity", "arrhythmia", "porphyria")


def test_every_question_has_a_source_and_what_the_label_forbids_comes_first():
    assert len(CODES) == len(CHECKLIST)
    assert all(question.source and question.text for question in CHECKLIST)
    weights = [question.weight for question in CHECKLIST]
    assert weights.count(Weight.CONTRAINDICATED) == 3
    assert weights == sorted(weights, key=list(Weight).index)


def test_a_code_of_snomed_passes_its_check_digit():
    assert set(SNOMED) < set(Indication)
    assert all(verhoeff(code) == 0 for code in SNOMED.values())


def verhoeff(digits: str) -> int:
    """The check sum of SNOMED CT identifiers: 0 where the last digit is right."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        permuted = int(digit)
        for _ in range(place % 8):
            permuted = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[permuted]
        check = times(check, permuted)
    return check


def times(left: int, right: int) -> int:
    """Multiply in the group of ten turns and flips of a pentagon."""
    if left < 5:
        return (left + right) % 5 if right < 5 else 5 + (left + right) % 5
    return 5 + (left - right) % 5 if right < 5 else (left - right) % 5


def test_a_consultation_of_before_an_earlier_course_is_a_reason_to_hold_the_next():
    seen, given, day = date(2024, 9, 9), date(2024, 12, 1), date(2026, 11, 27)
    old = Consulted(seen, Decision.SUITABLE, seen)
    (hold,) = consulted_for_earlier_course(old, given, day)
    assert (hold.code, hold.against_treatment) == ("consultation_of_earlier_course", False)
    assert hold.text == (
        "The consultation of 9 September 2024 was before an earlier course of treatment; none is recorded "
        "since."
    )
    assert consulted_for_earlier_course(old, None, day) == ()
    again = replace(old, seen_on=date(2026, 11, 10))
    assert consulted_for_earlier_course(again, given, day) == ()
