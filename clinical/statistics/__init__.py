"""Statistics that are not a model of ours: survival, proportions, cell suppression."""
