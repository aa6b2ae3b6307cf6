"""A made-up clinic to look at; nothing in production imports it."""
