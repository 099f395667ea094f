"""The description of a saved model."""

from assay.flavors.mlmodel import MLMODEL_FILE as MLMODEL_FILE_NAME
from assay.flavors.mlmodel import Model, ModelInfo

__all__ = ["MLMODEL_FILE_NAME", "Model", "ModelInfo"]
