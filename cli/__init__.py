"""The other edge: what a person at a terminal may ask of the server."""
