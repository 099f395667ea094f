"""Saved models: their description, signature, and what a model's inputs look like."""

from __future__ import annotations

from assay.data.schema import ModelSignature
from assay.data.signature import infer_signature
from assay.flavors.bundle import fetch
from assay.flavors.mlmodel import Model, ModelInfo

__all__ = ["Model", "ModelInfo", "ModelSignature", "get_model_info", "infer_signature"]


def get_model_info(model_uri: str) -> ModelInfo:
    """What the MLmodel file at `runs:/<run id>/<path>` or in a local directory says.

    Raises:
        ResourceDoesNotExist: there is no model.
    """
    return Model.load(fetch(model_uri)).get_model_info(model_uri)
