"""What a clinic's own finished cycles say about the population prior."""
