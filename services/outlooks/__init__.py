"""Use cases of the outlook: compute and cache the current one, its history, decisions on it."""
