"""Spanish: our own translation, a proposal, reviewed by no clinician or patient.

A file for each kind of reader: `patients`, `clinicians`, and whoever reads a refused request (`problems`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clinical.translations.spanish.clinicians import CLINICIANS
from clinical.translations.spanish.patients import PATIENTS
from clinical.translations.spanish.problems import PROBLEMS

SPANISH: Final[Mapping[str, str]] = {**PATIENTS, **CLINICIANS, **PROBLEMS}
