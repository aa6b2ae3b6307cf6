"""Made-up patients whose true wear-off is known, for forecasts to be measured against.

Nothing here is a patient: the figures are drawn at random from the ranges that each module names.
"""
