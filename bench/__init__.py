"""The races: speed against a floor, forecasts against the truth."""
