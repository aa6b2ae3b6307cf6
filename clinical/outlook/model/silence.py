"""Silence as an observation of the benefit: patients may answer less often once it is lost.

With s the share of the benefit left, and its mean over the days of a cycle on which an answer could have been
given,

    logit P(answered on day t) = a + slope * (s(t) - mean of s)

a is the logit of the share of these days that were answered, so that only when a patient was silent counts,
and not how often. A slope of 0 means that silence says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clinical.outlook.model.wear_off_curve import FIRST_USABLE_DAY, REMAINING
from clinical.outlook.model.wellbeing import Floats


def log_likelihood(answered: Sequence[int], observed_to: int, slope: float) -> Floats:
    """Return the log likelihood (200,) of which days of a cycle were answered, up to a day."""
    days = np.arange(FIRST_USABLE_DAY, observed_to + 1)
    if not days.size:
        return np.zeros(REMAINING.shape[1])
    is_answered = np.isin(days, answered)
    # One day of each kind is added: of nobody is it known that they answer always, or never.
    yes, no = np.count_nonzero(is_answered) + 1, np.count_nonzero(~is_answered) + 1
    left = REMAINING[days]
    logits = np.log(yes / no) + slope * (left - left.mean(axis=0))
    return np.asarray(is_answered @ logits - np.logaddexp(0.0, logits).sum(axis=0), dtype=np.float64)
