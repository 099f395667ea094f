"""The description of a saved model."""

from assay.flavors.mlmodel import Model, ModelInfo

__all__ = ["Model", "ModelInfo"]
