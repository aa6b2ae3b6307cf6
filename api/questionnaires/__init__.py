"""Questionnaires: the published instruments, responses, schedules and courses."""
