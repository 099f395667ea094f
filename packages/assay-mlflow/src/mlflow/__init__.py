"""`import mlflow`, served by Assay: the same names and signatures, loaded on first use.

Scripts and tools written for MLflow run unchanged. What Assay does not offer yet raises `NotOffered`, an
`AttributeError` that says so. This package takes the place of MLflow's own and refuses to be installed beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.lazy import lazy_names
from mlflow._alone import check_alone
from mlflow._offer import LATER, missing
from mlflow.version import VERSION

if TYPE_CHECKING:
    from assay import (
        ActiveRun,
        active_run,
        create_experiment,
        delete_experiment,
        delete_experiment_tag,
        delete_run,
        delete_tag,
        end_run,
        flush_async_logging,
        get_artifact_uri,
        get_experiment,
        get_experiment_by_name,
        get_parent_run,
        get_run,
        get_tracking_uri,
        is_tracking_uri_set,
        last_active_run,
        log_artifact,
        log_artifacts,
        log_dict,
        log_figure,
        log_image,
        log_metric,
        log_metrics,
        log_param,
        log_params,
        log_stream,
        log_text,
        register_model,
        restore_experiment,
        restore_run,
        search_experiments,
        search_model_versions,
        search_registered_models,
        search_runs,
        set_experiment,
        set_experiment_tag,
        set_experiment_tags,
        set_model_version_tag,
        set_tag,
        set_tags,
        set_tracking_uri,
        start_run,
    )
    from mlflow import artifacts, client, entities, exceptions, models, sklearn, tracking, types, utils
    from mlflow.client import MlflowClient
    from mlflow.exceptions import MlflowException

check_alone()

__version__ = VERSION

__all__ = [
    "ActiveRun",
    "MlflowClient",
    "MlflowException",
    "active_run",
    "artifacts",
    "client",
    "create_experiment",
    "delete_experiment",
    "delete_experiment_tag",
    "delete_run",
    "delete_tag",
    "end_run",
    "entities",
    "exceptions",
    "flush_async_logging",
    "get_artifact_uri",
    "get_experiment",
    "get_experiment_by_name",
    "get_parent_run",
    "get_run",
    "get_tracking_uri",
    "is_tracking_uri_set",
    "last_active_run",
    "log_artifact",
    "log_artifacts",
    "log_dict",
    "log_figure",
    "log_image",
    "log_metric",
    "log_metrics",
    "log_param",
    "log_params",
    "log_stream",
    "log_text",
    "models",
    "register_model",
    "restore_experiment",
    "restore_run",
    "search_experiments",
    "search_model_versions",
    "search_registered_models",
    "search_runs",
    "set_experiment",
    "set_experiment_tag",
    "set_experiment_tags",
    "set_model_version_tag",
    "set_tag",
    "set_tags",
    "set_tracking_uri",
    "sklearn",
    "start_run",
    "tracking",
    "types",
    "utils",
]

_MODULES = ("artifacts", "client", "entities", "exceptions", "models", "sklearn", "tracking", "types", "utils")
_HOMES = {
    "ActiveRun": "assay.client.run",
    "MlflowClient": "mlflow.client",
    "MlflowException": "mlflow.exceptions",
    **{name: f"mlflow.{name}" for name in _MODULES},
}
_load, __dir__ = lazy_names(__name__, {name: _HOMES.get(name, "assay.client.fluent") for name in __all__})


def __getattr__(name: str) -> Any:
    if name in __all__:
        return _load(name)
    raise missing(__name__, name, LATER)
