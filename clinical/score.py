"""Totals of questionnaires by day, and the questionnaires whose totals are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from clinical.direction import Direction


class Instrument(StrEnum):
    """Questionnaires whose totals are stored, whether or not they are asked here."""

    PHQ_9 = "phq-9"
    PHQ_2 = "phq-2"
    GAD_7 = "gad-7"
    GAD_2 = "gad-2"
    PCL_5 = "pcl-5"
    WHO_5 = "who-5"
    AUDIT_C = "audit-c"
    QIDS_SR = "qids-sr"
    MADRS = "madrs"
    OCI_12 = "oci-12"
    EDE_QS = "ede-qs"
    ISI = "isi"
    Y_BOCS = "y-bocs"
    DAST_10 = "dast-10"
    DAYS_OF_USE = "days-of-use"
    CADSS = "cadss"
    C_SSRS = "c-ssrs"


class Rater(StrEnum):
    """Who rated: the patient, a clinician, or somebody else."""

    SELF = "self"
    CLINICIAN = "clinician"
    OTHER = "other"


class ScoreSource(StrEnum):
    """Where a total comes from: a questionnaire answered here, an entry by hand, or an imported file."""

    QUESTIONNAIRE = "questionnaire"
    ENTERED = "entered"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Kind:
    """Properties of one questionnaire's total.

    The lowest total is 0. `highest` is None where no range was seen in a source: a total is then entered with
    its range.
    """

    title: str
    condition: str
    highest: int | None
    source: str | None
    direction: Direction = Direction.HIGHER_IS_WORSE


PHQ_9_HIGHEST: Final = 27
"""Highest total of the PHQ-9: nine items of 0 to 3, higher is worse. Source: Kroenke 2001. Changed by:
nobody."""

KINDS: Final[dict[Instrument, Kind]] = {
    Instrument.PHQ_9: Kind("PHQ-9", "depression", PHQ_9_HIGHEST, "Kroenke 2001"),
    Instrument.PHQ_2: Kind("PHQ-2", "depression", 6, "Kroenke 2003"),
    Instrument.GAD_7: Kind("GAD-7", "anxiety", 21, "Spitzer 2006"),
    Instrument.GAD_2: Kind("GAD-2", "anxiety", 6, "Kroenke 2007"),
    Instrument.PCL_5: Kind("PCL-5", "ptsd", 80, "Weathers 2013"),
    Instrument.WHO_5: Kind("WHO-5", "well-being", 100, "Topp 2015", Direction.HIGHER_IS_BETTER),
    Instrument.AUDIT_C: Kind("AUDIT-C", "addiction", 12, "Bush 1998"),
    Instrument.QIDS_SR: Kind("QIDS-SR16", "depression", 27, "Rush 2003"),
    Instrument.MADRS: Kind("MADRS", "depression", 60, "Montgomery and Asberg 1979"),
    Instrument.OCI_12: Kind("OCI-12", "ocd", 48, "Abramovitch 2021: twelve items of 0 to 4"),
    Instrument.EDE_QS: Kind("EDE-QS", "eating disorder", 36, "Gideon 2016: twelve items of 0 to 3"),
    Instrument.ISI: Kind("ISI", "insomnia", 28, "Morin 2011"),
    Instrument.Y_BOCS: Kind("Y-BOCS", "ocd", 40, "Goodman 1989: ten items of 0 to 4"),
    Instrument.DAST_10: Kind("DAST-10", "addiction", 10, "Skinner 1982; Yudko 2007: ten items of 0 or 1"),
    Instrument.DAYS_OF_USE: Kind(
        "Days of use of the last 28", "addiction", 28, "days used, with 28 days of recall: Marsden 2008"
    ),
    Instrument.CADSS: Kind("CADSS", "dissociation", None, None),
    Instrument.C_SSRS: Kind("C-SSRS", "suicidal thoughts", None, None),
}
"""Total of a questionnaire. Ranges seen in a source; CADSS is used in versions of 23 and of 6 items, each
with a range of its own. Source: with each. Changed by: nobody."""

STEPS: Final[dict[Instrument, int]] = {Instrument.WHO_5: 4}
"""Step of totals where it is not 1: the factor of the sum of items. Source: Topp 2015. Changed by: nobody."""

MAX: Final = 1000
"""Highest total or range of any other scale. Source: plausibility only: a slipped digit."""

PHQ_9_LOOKS_BACK_DAYS: Final = 14
"""Days that a PHQ-9 covers. Source: Kroenke 2001. Changed by: nobody."""


NO_STARTS: Final[Mapping[date, datetime | None]] = {}


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """One total, by the day on which the questionnaire was answered; `answered_at` is None if not known.

    `instrument` is an Instrument, or the code of a custom one (`clinical.custom_instrument`).
    """

    day: date
    instrument: str
    total: int
    answered_at: datetime | None = field(default=None, compare=False)


def one_a_day(
    entered: Sequence[Score],
    filled_in: Sequence[Score],
    starts: Mapping[date, datetime | None] = NO_STARTS,
) -> tuple[Score, ...]:
    """Return one total per instrument and day, in order; a questionnaire answered here precedes an entry.

    `filled_in` is in the order in which responses were recorded: of several on one day the last counts, on
    the day of an infusion the last before its start. `starts` are those of
    `clinical.answer_timing.first_starts`.
    """
    found: dict[tuple[date, str], Score] = {}
    before: set[tuple[date, str]] = set()
    for score in (*entered, *filled_in):
        key, start = (score.day, str(score.instrument)), starts.get(score.day)
        if start is not None and score.answered_at is not None:
            if score.answered_at < start:
                before.add(key)
            elif key in before:
                continue
        found[key] = score
    return tuple(found[key] for key in sorted(found))


def totals(scores: Sequence[Score], instrument: str) -> list[Score]:
    """Return one instrument's scores, in order of day."""
    return sorted(score for score in scores if str(score.instrument) == str(instrument))
