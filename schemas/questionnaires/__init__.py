"""Questionnaires on the wire: catalogue, responses, schedules, courses."""
