"""Imports: the lines of a file as check-ins, patients, infusions or totals of questionnaires."""
