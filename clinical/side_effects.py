"""The side effects a patient may name, each with its code and source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from clinical.check_in import Severity, SideEffect
from clinical.sentences import Sentence


class Group(StrEnum):
    """Where a side effect belongs in a list a patient reads."""

    BODY = "body"
    MIND = "mind"
    URINARY = "urinary"


@dataclass(frozen=True, slots=True)
class SideEffectKind:
    """One entry of the catalogue.

    `snomed` is its SNOMED CT concept in the Global Patient Set (HL7 UTG, September 2020, CC BY 4.0), None
    where that set holds nothing fit: for dissociation it holds only a disorder, which a passing effect of
    the drug is not.
    """

    code: str
    label: Sentence
    group: Group
    snomed: str | None


EDITION: Final = "side-effects-1"
"""Name of this edition of the catalogue; another list of effects, or other labels, is another edition."""

CATALOGUE: Final = (
    SideEffectKind("nausea", Sentence("Nausea"), Group.BODY, "422587007"),
    SideEffectKind("vomiting", Sentence("Vomiting"), Group.BODY, "422400008"),
    SideEffectKind("dizziness", Sentence("Dizziness"), Group.BODY, "404640003"),
    SideEffectKind("lightheadedness", Sentence("Light-headedness"), Group.BODY, "386705008"),
    SideEffectKind("feeling_faint", Sentence("Feeling faint"), Group.BODY, "248223005"),
    SideEffectKind("headache", Sentence("Headache"), Group.BODY, "25064002"),
    SideEffectKind("fatigue", Sentence("Tiredness"), Group.BODY, "84229001"),
    SideEffectKind("drowsiness", Sentence("Drowsiness"), Group.BODY, "271782001"),
    SideEffectKind("palpitations", Sentence("Palpitations"), Group.BODY, "80313002"),
    SideEffectKind("fast_heartbeat", Sentence("Fast heartbeat"), Group.BODY, "3424008"),
    SideEffectKind("raised_blood_pressure", Sentence("Raised blood pressure"), Group.BODY, "24184005"),
    SideEffectKind("warmth", Sentence("Feeling of warmth"), Group.BODY, "724232004"),
    SideEffectKind("numbness", Sentence("Numbness"), Group.BODY, "44077006"),
    SideEffectKind("blurred_vision", Sentence("Blurred vision"), Group.BODY, "111516008"),
    SideEffectKind("visual_disturbance", Sentence("Changed vision"), Group.BODY, "63102001"),
    SideEffectKind("dissociation", Sentence("Feeling detached or unreal"), Group.MIND, None),
    SideEffectKind("hallucinations", Sentence("Seeing or hearing what is not there"), Group.MIND, "7011001"),
    SideEffectKind("anxiety", Sentence("Anxiety"), Group.MIND, "48694002"),
    SideEffectKind("painful_urination", Sentence("Pain when passing urine"), Group.URINARY, "49650001"),
    SideEffectKind("frequent_urination", Sentence("Passing urine often"), Group.URINARY, "162116003"),
    SideEffectKind("urgent_urination", Sentence("Sudden need to pass urine"), Group.URINARY, "75088002"),
    SideEffectKind("blood_in_urine", Sentence("Blood in the urine"), Group.URINARY, "34436003"),
    SideEffectKind("nocturia", Sentence("Getting up at night to pass urine"), Group.URINARY, "139394000"),
    SideEffectKind("bladder_pain", Sentence("Pain in the bladder"), Group.URINARY, "15803009"),
    SideEffectKind("urinary_symptoms", Sentence("Other urinary trouble"), Group.URINARY, "249274008"),
)

CODES: Final = frozenset(kind.code for kind in CATALOGUE)
LABELS: Final = {kind.code: kind.label for kind in CATALOGUE}

_WEIGHT: Final = {Severity.MILD: 1, Severity.MODERATE: 2, Severity.SEVERE: 3}
"""Weight of a side effect in a day's burden, by severity. Source: a proposal: our own sum, no scale."""


def burden(side_effects: Iterable[SideEffect]) -> int:
    """Add up one day: mild 1, moderate 2, severe 3. Our own sum for comparing days, not a clinical scale."""
    return sum(_WEIGHT[effect.severity] for effect in side_effects)
