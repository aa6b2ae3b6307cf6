"""Spanish: our own translation, a proposal, reviewed by no clinician or patient.

A file for each kind of text: what `patients` and `clinicians` read, the texts of `pictures` and of the
printed statement, and `problems`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clinical.translations.spanish.clinicians import CLINICIANS
from clinical.translations.spanish.patients import PATIENTS
from clinical.translations.spanish.pictures import PICTURES
from clinical.translations.spanish.problems import PROBLEMS

SPANISH: Final[Mapping[str, str]] = {**PATIENTS, **CLINICIANS, **PICTURES, **PROBLEMS}
