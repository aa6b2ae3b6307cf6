"""Disclaimers shown with every outlook."""

from __future__ import annotations

from typing import Final

from clinical.outlook.recalibration import Recalibration
from clinical.sentences import Sentence
from clinical.target_measure import TargetMeasure, is_rating, name

DISCLAIMERS: Final = (
    Sentence("Decision support for a clinician: it advises nothing, books nothing and orders nothing."),
    Sentence("Measured on simulated patients only, never yet on the daily ratings of ketamine patients."),
    Sentence("Losing half of the self-rated benefit is not the same as a clinical relapse."),
    Sentence("An 80 % range is wrong for two cycles in ten, and usually several weeks wide."),
    Sentence("Not for emergencies: safety answers are handled apart from it and never wait for it."),
)


def disclaimers(measure: TargetMeasure) -> tuple[Sentence, ...]:
    """Return the disclaimers of an outlook by a measure: one more by a rating than by wellbeing."""
    if not is_rating(measure):
        return DISCLAIMERS
    assumed = Sentence(
        "It times {measure} alone, with assumptions from studies of depression, none of its own.",
        measure=name(measure),
    )
    return (*DISCLAIMERS, assumed)


def recalibration_disclaimers(
    selected: Recalibration | None, applied: Recalibration | None, measure: TargetMeasure
) -> tuple[Sentence, ...]:
    """Return what a forecast states of the clinic's recalibration: that it was applied, or why it was not."""
    if selected is None:
        return ()
    if applied is not None:
        return (
            Sentence(
                "Its days and chances are recalibrated by how this clinic's own cycles ended ({name}).",
                name=applied.version,
            ),
        )
    if is_rating(measure):
        return (
            Sentence(
                "Its days and chances are not recalibrated: {name} is of forecasts by wellbeing.",
                name=selected.version,
            ),
        )
    return (
        Sentence(
            "Its days and chances are not recalibrated: {name} was fitted to forecasts of another version of "
            "the engine or of another prior.",
            name=selected.version,
        ),
    )
