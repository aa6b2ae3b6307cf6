"""CSV import: a diary kept elsewhere as check-ins."""
