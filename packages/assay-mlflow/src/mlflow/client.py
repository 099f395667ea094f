"""`MlflowClient`, MLflow's client by run and experiment ids."""

from assay.client.api import MlflowClient

__all__ = ["MlflowClient"]
