"""The description of a saved model."""

from assay.flavors.mlmodel import MLMODEL_FILE as MLMODEL_FILE_NAME
from assay.flavors.mlmodel import Model, ModelInfo
from assay.flavors.scripts import set_model
from assay.flavors.stored import get_model_info, update_model_requirements

__all__ = ["MLMODEL_FILE_NAME", "Model", "ModelInfo", "get_model_info", "set_model", "update_model_requirements"]
