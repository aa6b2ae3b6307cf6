"""Empirical Bayes: the population prior estimated from a clinic's finished cycles."""
