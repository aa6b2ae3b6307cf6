from __future__ import annotations

from clinical.suitability import CHECKLIST, CODES, SNOMED, Answer, Indication, Weight, to_review

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
