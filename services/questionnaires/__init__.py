"""Questionnaires: responses, schedules, totals over a course of treatment."""
