"""Saved models: their description, signature, what a model's inputs look like, and how good a model is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.lazy import lazy_names
from assay.data.enforcement import enforce_input
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
from assay.flavors import examples, stored
from assay.flavors.mlmodel import Model, ModelInfo
from assay.flavors.scripts import ModelConfig, set_model
from assay.flavors.stored import get_model_info, set_signature, update_model_requirements
from mlflow._aliases import offer
from mlflow._offer import missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from assay.data.schema import Schema
    from mlflow.models.python_api import predict, validate_serving_input

__all__ = [
    "EvaluationArtifact",
    "EvaluationMetric",
    "EvaluationResult",
    "MetricThreshold",
    "Model",
    "ModelConfig",
    "ModelInfo",
    "ModelInputExample",
    "ModelSignature",
    "convert_input_example_to_serving_input",
    "evaluate",
    "get_model_info",
    "infer_pip_requirements",
    "infer_signature",
    "list_evaluators",
    "make_metric",
    "predict",
    "set_model",
    "set_signature",
    "update_model_requirements",
    "validate_evaluation_results",
    "validate_schema",
    "validate_serving_input",
]

ModelInputExample = Any
"""Data as a model takes it, or a pair of data and params."""

offer(
    __name__,
    {
        "evaluation": "EvaluationArtifact EvaluationMetric EvaluationResult MetricThreshold evaluate list_evaluators "
        "make_metric validate_evaluation_results"
    },
    home="assay.evaluation",
)
offer(__name__, {"model_config": "ModelConfig"}, home="assay.flavors.scripts")
offer(
    __name__,
    {"utils": "ModelInputExample convert_input_example_to_serving_input validate_schema validate_serving_input"},
    home=__name__,
)


def convert_input_example_to_serving_input(input_example: Any) -> str | None:
    """The body of a request to a model server for an input example, None for none.

    Raises:
        InvalidParameterValue: the example is no data that JSON can carry.
    """
    if input_example is None:
        return None
    data, params = examples.parts(input_example)
    return examples.serving_text(data, params=params)


def validate_schema(data: Any, expected_schema: Schema) -> None:
    """Return when data fits a schema.

    Raises:
        InvalidParameterValue: it does not; says where.
    """
    enforce_input(data, expected_schema)


def infer_pip_requirements(
    model_uri: str | Path,
    flavor: str,
    fallback: Sequence[str] | None = None,
    timeout: int | None = None,
    extra_env_vars: Mapping[str, str] | None = None,
    uv_project_dir: str | Path | None = None,
    uv_groups: Sequence[str] | None = None,
    uv_extras: Sequence[str] | None = None,
) -> list[str]:
    """Pins of what the pickles and Python files in a model's directory import, beside the lines of `fallback`.

    Files are read and not loaded, in no environment but this one: the arguments after `fallback` change nothing.
    """
    del flavor, timeout, extra_env_vars, uv_project_dir, uv_groups, uv_extras
    return stored.infer_pip_requirements(model_uri, fallback or ())


_load, _ = lazy_names(__name__, dict.fromkeys(("predict", "validate_serving_input"), "mlflow.models.python_api"))


def __getattr__(name: str) -> Any:
    if name in __all__:
        return _load(name)
    raise missing(__name__, name, frozenset({"add_libraries_to_model", "build_docker"}))
