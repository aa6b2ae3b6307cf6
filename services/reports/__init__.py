"""Reports on a clinic's own patients: forecast performance and outcomes."""
