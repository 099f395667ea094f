"""Assay records machine-learning experiments: fast, lossless, and speaking MLflow's API."""

__version__ = "0.1.0"
