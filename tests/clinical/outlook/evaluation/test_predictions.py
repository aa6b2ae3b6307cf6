from __future__ import annotations

from clinical.outlook.evaluation import Prediction
from tests.clinical.outlook.evaluation.tables import cycle


def test_a_prediction_is_found_by_its_day():
    predictions = cycle(Prediction(7, median=20.0), Prediction(14, median=22.0))
    assert predictions.on(14) == Prediction(14, median=22.0)
    assert predictions.on(8) is None
