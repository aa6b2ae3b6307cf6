"""Every LOINC code we use, of questionnaires and of what is measured, in one place.

Source: the LOINC terms themselves, each seen in the published panel it belongs to. Two traps: 69689-8 (GAD-7
item 6) has "last 4 weeks" in its name although its panel asks for two, and AUDIT-C item 1 is not 68517-2.
No LOINC code was found for PCL-5, WHO-5 and GAD-2, so they have none here; nor has AUDIT-C item 1. The
codes of vital signs are those of the HL7 FHIR vital signs profiles.
This material contains content from LOINC (http://loinc.org). LOINC is copyright 1995 Regenstrief Institute,
Inc. and the LOINC Committee, and is available at no cost under the licence at http://loinc.org/license.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from clinical.vitals import Vital

ANSWERS_0_TO_3: Final[Mapping[int, str]] = {0: "LA6568-5", 1: "LA6569-3", 2: "LA6570-1", 3: "LA6571-9"}
"""Not at all, several days, more than half the days, nearly every day."""


@dataclass(frozen=True, slots=True)
class Loinc:
    """One instrument's codes: of its panel, its total, its items by code, its answers by value."""

    panel: str | None
    total: str
    items: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[int, str] = field(default_factory=dict)
    source: str = ""


LOINC: Final[Mapping[str, Loinc]] = {
    "phq-9": Loinc(
        "44249-1",
        "44261-6",
        {
            "1": "44250-9",
            "2": "44255-8",
            "3": "44259-0",
            "4": "44254-1",
            "5": "44251-7",
            "6": "44258-2",
            "7": "44252-5",
            "8": "44253-3",
            "9": "44260-8",
            "difficulty": "69722-7",
        },
        ANSWERS_0_TO_3,
        "LOINC panel 44249-1",
    ),
    "phq-2": Loinc(
        "55757-9", "55758-7", {"1": "44250-9", "2": "44255-8"}, ANSWERS_0_TO_3, "LOINC panel 55757-9"
    ),
    "gad-7": Loinc(
        "69737-5",
        "70274-6",
        {
            "1": "69725-0",
            "2": "68509-9",
            "3": "69733-4",
            "4": "69734-2",
            "5": "69735-9",
            "6": "69689-8",
            "7": "69736-7",
        },
        ANSWERS_0_TO_3,
        "LOINC panel 69737-5",
    ),
    "audit-c": Loinc(
        "72109-2", "75626-2", {"2": "68519-8", "3": "68520-6"}, {}, "LOINC panel 72109-2, as in US Core"
    ),
}


VITALS: Final[Mapping[Vital, str]] = {
    Vital.HEART_RATE: "8867-4",
    Vital.SYSTOLIC: "8480-6",
    Vital.DIASTOLIC: "8462-4",
    Vital.SPO2: "59408-5",
    Vital.RESPIRATORY_RATE: "9279-1",
}
"""Units in UCUM are /min, mm[Hg], mm[Hg], % and /min. No code was found for a score of the MOAA/S."""

OF_AN_ANSWER: Final = 5
"""Check digit of LOINC answer codes: what the letters LA add to the sum of digits. Source: found from
published codes, on which it is tested. Changed by: nobody."""


def check_digit(stem: str, letters: int = 0) -> int:
    """The mod-10 check digit that LOINC puts behind the hyphen; `stem` is the digits before it.

    Every second digit from the right is doubled, the digits of all are added up, and the check digit makes
    the sum a multiple of ten.
    """
    doubled = "".join(str(2 * int(digit)) for digit in stem[::-1][::2])
    digits = doubled + stem[::-1][1::2]
    return -(sum(int(digit) for digit in digits) + letters) % 10


def is_well_formed(code: str) -> bool:
    """Whether a code, of a term or of an answer (LA...), carries its right check digit."""
    stem, hyphen, digit = code.removeprefix("LA").partition("-")
    letters = OF_AN_ANSWER if code.startswith("LA") else 0
    return bool(hyphen) and stem.isdigit() and digit == str(check_digit(stem, letters))
