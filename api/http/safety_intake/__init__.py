"""Safety answers are found in a request before the request is validated."""
