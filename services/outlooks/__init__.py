"""The outlook as a use case: the current one, its history, the decisions on it."""
