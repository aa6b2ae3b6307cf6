"""The Bayesian wear-off model."""
