"""`MlflowClient` under its older path."""

from assay.client.api import MlflowClient

__all__ = ["MlflowClient"]
