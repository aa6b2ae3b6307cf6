"""Catalogue of the questionnaires that are asked here, in every version."""

from __future__ import annotations

from typing import Final

from clinical.instruments.audit_c import AUDIT_C
from clinical.instruments.gad2 import GAD_2
from clinical.instruments.gad7 import GAD_7
from clinical.instruments.instrument import Instrument
from clinical.instruments.pcl5 import PCL_5
from clinical.instruments.phq2 import PHQ_2
from clinical.instruments.phq9 import PHQ_9
from clinical.instruments.who5 import WHO_5

CATALOGUE: Final = (PHQ_9, PHQ_2, GAD_7, GAD_2, PCL_5, WHO_5, AUDIT_C)
"""In the order in which they are offered; of one code, the version in use comes before those retired."""

CODES: Final = tuple(dict.fromkeys(instrument.code for instrument in CATALOGUE))


def offered() -> tuple[Instrument, ...]:
    """Return the current version of each questionnaire that has one."""
    return tuple(instrument for instrument in CATALOGUE if not instrument.retired)


def edition() -> str:
    """Return the name of this edition of the catalogue: each questionnaire offered, with its version."""
    return ".".join(f"{instrument.code}-{instrument.version}" for instrument in offered())


def in_use(code: str) -> Instrument | None:
    """Return the current version of a questionnaire; None where every one is retired."""
    return next((found for found in offered() if found.code == code), None)


def find(code: str, version: str | None = None) -> Instrument | None:
    """Return the instrument of this code, in this version or else in the newest; None where there is none.

    Retired versions are included: responses stored under one are read by it.
    """
    return next(
        (found for found in CATALOGUE if found.code == code and version in (None, found.version)), None
    )
