"""Safety answers are found in a request, stored and acted on before the request is validated."""
