"""Saved models: their description, signature, what a model's inputs look like, and how good a model is."""

from __future__ import annotations

from assay.data.schema import ModelSignature
from assay.data.signature import infer_signature
from assay.evaluation import (
    EvaluationArtifact,
    EvaluationMetric,
    EvaluationResult,
    MetricThreshold,
    evaluate,
    list_evaluators,
    make_metric,
    validate_evaluation_results,
)
from assay.flavors.bundle import fetch
from assay.flavors.mlmodel import Model, ModelInfo
from mlflow._aliases import offer

__all__ = [
    "EvaluationArtifact",
    "EvaluationMetric",
    "EvaluationResult",
    "MetricThreshold",
    "Model",
    "ModelInfo",
    "ModelSignature",
    "evaluate",
    "get_model_info",
    "infer_signature",
    "list_evaluators",
    "make_metric",
    "validate_evaluation_results",
]

offer(
    __name__,
    {
        "evaluation": "EvaluationArtifact EvaluationMetric EvaluationResult MetricThreshold evaluate list_evaluators "
        "make_metric validate_evaluation_results"
    },
    home="assay.evaluation",
)


def get_model_info(model_uri: str) -> ModelInfo:
    """What the MLmodel file at `runs:/<run id>/<path>` or in a local directory says.

    Raises:
        ResourceDoesNotExist: there is no model.
    """
    return Model.load(fetch(model_uri)).get_model_info(model_uri)
