"""Predictions made during one cycle, with the reference that they are scored against."""

from __future__ import annotations

from dataclasses import dataclass

LaterEvidence = tuple[tuple[int, tuple[float, ...]], ...]
"""For each landmark day the likelihood (40) of the cycle's later days given T, on the model's grid of T."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A prediction made `day` whole days after the infusion that opened the cycle.

    `median`, `lo80` and `hi80` are the predicted day on which half of the benefit is lost, in days after
    that infusion; `p_half_lost` is the probability that it already is. All four are None without a forecast;
    a rule that only names a day leaves `lo80` and `hi80` None.
    """

    day: int
    median: float | None = None
    lo80: float | None = None
    hi80: float | None = None
    p_half_lost: float | None = None


@dataclass(frozen=True, slots=True)
class CyclePredictions:
    """One cycle and its predictions in order of day, at most one a day.

    `number` is that of the patient's cycle, from 1. `length` is the days until the next infusion, or until
    the end of what is known. `half_gone` is the day on which half of the benefit was gone and `third_gone`
    that on which a third was; each is None when it was not observed before the cycle ended. A simulated truth
    may lie beyond `length`. `observable_until` is the last day on which a loss of half would have been seen,
    None where it is seen on every day; `later_evidence` is what the days after a landmark showed. Every day
    counts from the infusion that opened the cycle.
    """

    number: int
    length: int
    half_gone: float | None
    third_gone: float | None
    predictions: tuple[Prediction, ...]
    observable_until: int | None = None
    later_evidence: LaterEvidence = ()

    def on(self, day: int) -> Prediction | None:
        """Return the prediction of that day of the cycle, or None."""
        return next((prediction for prediction in self.predictions if prediction.day == day), None)
