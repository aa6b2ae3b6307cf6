"""CSV import: the lines of a diary as check-ins."""
