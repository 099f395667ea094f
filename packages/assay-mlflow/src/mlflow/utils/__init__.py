"""Names that other projects import from here."""

from mlflow.utils import mlflow_tags, validation

__all__ = ["mlflow_tags", "validation"]
