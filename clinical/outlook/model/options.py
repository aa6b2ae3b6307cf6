"""Parts of the model that can be switched off, to measure what each of them is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Which parts of the model are in use.

    `slow_noise` is noise that lasts for weeks; `dated_reasons` takes an infusion given because symptoms had
    returned for an observation of the day on which they did, and one given while they had not for the
    opposite; `changing_interval` lets the median of a patient shorten or lengthen steadily;
    `treatment_changes` makes the cycles before a change of dose or medication, or before a long pause, count
    less. `silence_slope` is how much silence says about the benefit (`silence`): nothing, unless it was
    estimated from a clinic's own patients and shown to make their forecasts better.
    """

    slow_noise: bool = True
    dated_reasons: bool = True
    changing_interval: bool = True
    treatment_changes: bool = True
    silence_slope: float = 0.0


IN_USE: Final = ModelOptions()
"""Every part, as the outlook uses them."""
