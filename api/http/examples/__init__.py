"""One example per schema for the OpenAPI document, each tested against its schema."""
