"""Use cases: one function each; they run in a transaction and never end it."""
