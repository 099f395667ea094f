"""The tags that every run gets."""

from mlflow.tracking.context import registry
from mlflow.tracking.context.registry import resolve_tags

__all__ = ["registry", "resolve_tags"]
