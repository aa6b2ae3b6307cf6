"""Forecasts against the simulated truth."""
