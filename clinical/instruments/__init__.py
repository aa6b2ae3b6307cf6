"""Questionnaires: what they ask, under which licence, how they are scored, and what a change means."""
