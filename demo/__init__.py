"""Simulated clinic for demonstrations; nothing in production imports it."""
