"""Requests per second against a floor."""
