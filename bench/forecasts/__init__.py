"""Forecasts compared with simulated patients whose true wear-off is known."""
