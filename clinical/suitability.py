"""Suitability checklist before ketamine, and what its answers leave for a clinician to review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from clinical.formatting import on
from clinical.holds import HoldCode, HoldReason
from clinical.sentences import NOTHING, Sentence

LABEL: Final = "esketamine label: contraindicated"
TRIALS: Final = "exclusion or precaution in trials and labels of ketamine and esketamine"
DRAFT: Final = "BC College draft standard on ketamine: work-up"
PROPOSAL: Final = "a proposal: no source at hand; asked because missing it would cost more"


class Answer(StrEnum):
    """Answer to one question; a yes is always the answer that calls for care."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Weight(StrEnum):
    """How the source of a question treats a yes."""

    CONTRAINDICATED = "contraindicated"
    REVIEW = "review"


class Decision(StrEnum):
    """What a clinician decided about treatment."""

    SUITABLE = "suitable"
    NOT_SUITABLE = "not_suitable"
    DEFERRED = "deferred"


class Indication(StrEnum):
    """What the treatment is for: the conditions the service covers."""

    MAJOR_DEPRESSION = "major_depression"
    GENERALISED_ANXIETY = "generalised_anxiety"
    PTSD = "ptsd"
    OCD = "ocd"
    ALCOHOL_DEPENDENCE = "alcohol_dependence"
    OTHER_ADDICTION = "other_addiction"
    EATING_DISORDER = "eating_disorder"
    OTHER = "other"


SNOMED: Final[Mapping[Indication, str]] = {
    Indication.MAJOR_DEPRESSION: "370143000",
    Indication.GENERALISED_ANXIETY: "21897009",
    Indication.PTSD: "47505003",
    Indication.OCD: "191736004",
    Indication.ALCOHOL_DEPENDENCE: "66590003",
    Indication.EATING_DISORDER: "72366004",
}
"""SNOMED CT concepts of the Global Patient Set (HL7 UTG, September 2020, CC BY 4.0), where one fits."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the checklist, worded so that a yes calls for care, with its source."""

    code: str
    text: Sentence
    weight: Weight
    source: str


@dataclass(frozen=True, slots=True, order=True)
class Answered:
    """One question of the checklist by its code, its answer, and the day on which it was answered."""

    question: str
    answer: Answer
    answered_on: date


def _contraindicated(code: str, text: Sentence) -> Question:
    return Question(code, text, Weight.CONTRAINDICATED, LABEL)


def _review(code: str, text: Sentence, source: str = TRIALS) -> Question:
    return Question(code, text, Weight.REVIEW, source)


CHECKLIST: Final = (
    _contraindicated(
        "aneurysm_or_avm", Sentence("Aneurysmal vascular disease or arteriovenous malformation")
    ),
    _contraindicated("intracerebral_haemorrhage", Sentence("Intracerebral haemorrhage, ever")),
    _contraindicated("hypersensitivity", Sentence("Hypersensitivity to ketamine or esketamine")),
    _review("uncontrolled_hypertension", Sentence("High blood pressure that is not controlled")),
    _review("arrhythmia", Sentence("Arrhythmia")),
    _review("unstable_cardiovascular", Sentence("Unstable cardiovascular or cerebrovascular disease")),
    _review("psychosis_or_mania", Sentence("Psychosis or mania, now or ever")),
    _review("substance_use", Sentence("Substance use, ketamine, PCP and opioids included")),
    _review("pregnancy_or_lactation", Sentence("Pregnancy, or breast-feeding")),
    _review("hepatic_impairment", Sentence("Impaired liver function")),
    _review(
        "benzodiazepines",
        Sentence("Benzodiazepines; more than 3 mg of lorazepam a day excluded from one trial"),
    ),
    _review("maoi_or_stimulant", Sentence("A monoamine oxidase inhibitor or a stimulant")),
    _review("capacity_in_doubt", Sentence("Doubt about the capacity to consent")),
    _review("sleep_apnoea_risk", Sentence("Risk of sleep apnoea by STOP-BANG")),
    _review("ecg_abnormal", Sentence("An electrocardiogram that is not normal, or none taken"), DRAFT),
    _review("renal_tests_abnormal", Sentence("Kidney tests that are not normal, or none taken"), DRAFT),
    _review("liver_tests_abnormal", Sentence("Liver tests that are not normal, or none taken"), DRAFT),
    _review("raised_pressure", Sentence("Raised intracranial or intraocular pressure"), PROPOSAL),
    _review("thyrotoxicosis", Sentence("Overactive thyroid"), PROPOSAL),
    _review("porphyria", Sentence("Porphyria"), PROPOSAL),
)
"""In the order in which they are asked. None of them decides: a clinician does."""

CODES: Final = frozenset(question.code for question in CHECKLIST)


def to_review(answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Return the questions for a clinician to review: answered yes or unknown, or not asked at all.

    A decision clears nothing: a question is returned until its answer is no.
    """
    return tuple(
        question.code for question in CHECKLIST if answers.get(question.code, Answer.UNKNOWN) is not Answer.NO
    )


@dataclass(frozen=True, slots=True)
class Consulted:
    """What one revision of a consultation decided, and the day of the consent; None where there is none."""

    seen_on: date
    decision: Decision | None = None
    consent_given_on: date | None = None


def consulted_before(revisions: Sequence[Consulted], day: date) -> Consulted | None:
    """Return the newest revision of a consultation held by a day; `revisions` are in order of version."""
    return next((each for each in reversed(revisions) if each.seen_on <= day), None)


def consultation_holds(
    consulted: Consulted | None, day: date, last_infusion_on: date | None = None
) -> tuple[HoldReason, ...]:
    """Return why a consultation does not clear an infusion on a day; empty where it does.

    `last_infusion_on` is that of the last infusion before the day: one given after a decision against
    treatment is named.
    """
    if consulted is None:
        return (HoldReason(HoldCode.NO_CONSULTATION, Sentence("No consultation is recorded."), {}),)
    holds = []
    if consulted.decision is None:
        seen = on(consulted.seen_on, day)
        text = Sentence("The consultation of {day} ended without a decision.", day=seen)
        holds.append(HoldReason(HoldCode.NO_DECISION, text, {}))
    elif consulted.decision is not Decision.SUITABLE:
        holds.append(_against_treatment(consulted, day, last_infusion_on))
    consented = consulted.consent_given_on
    if consented is None:
        text = Sentence("No consent to treatment is recorded.")
        holds.append(HoldReason(HoldCode.NO_CONSENT, text, {}))
    elif consented > day:
        given = on(consented, day)
        text = Sentence("Consent to treatment was given on {day}, after this day.", day=given)
        holds.append(HoldReason(HoldCode.NO_CONSENT, text, {}))
    return tuple(holds)


def consulted_for_earlier_course(
    consulted: Consulted | None, earlier_infusion_on: date | None, day: date
) -> tuple[HoldReason, ...]:
    """Return that the consultation is that of an earlier course; empty where it is not.

    `earlier_infusion_on` is the day of the last infusion of earlier courses, None in the first one. It holds
    back nothing by itself: a clinic that refuses what a consultation does not clear does not refuse this.
    """
    if consulted is None or earlier_infusion_on is None or consulted.seen_on > earlier_infusion_on:
        return ()
    text = Sentence(
        "The consultation of {day} was before an earlier course of treatment; none is recorded since.",
        day=on(consulted.seen_on, day),
    )
    return (HoldReason(HoldCode.CONSULTATION_OF_EARLIER_COURSE, text, {}),)


def _against_treatment(consulted: Consulted, day: date, last_infusion_on: date | None) -> HoldReason:
    refused, seen = consulted.decision is Decision.NOT_SUITABLE, on(consulted.seen_on, day)

    def text(treated: Sentence) -> Sentence:
        return Sentence(
            "The consultation of {day} found treatment not suitable{treated}."
            if refused
            else "The consultation of {day} deferred treatment{treated}.",
            day=seen,
            treated=treated,
        )

    treated = short = NOTHING
    if last_infusion_on is not None and last_infusion_on >= consulted.seen_on:
        treated = Sentence("; treated since, last on {day}", day=on(last_infusion_on, day))
        short = Sentence("; treated since")
    return HoldReason(
        HoldCode.NOT_SUITABLE if refused else HoldCode.TREATMENT_DEFERRED,
        text(treated),
        {},
        against_treatment=True,
        since_on=consulted.seen_on,
        short_text=text(short),
    )
