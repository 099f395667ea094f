"""Assay records machine-learning experiments: fast, lossless, and speaking MLflow's API.

Every name here is loaded on first use; `import assay` itself loads next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.lazy import lazy_names

__version__ = "0.1.0"

if TYPE_CHECKING:
    from assay import artifacts, config, data, entities, evaluation, flavors, system_metrics
    from assay.autologging.autolog import autolog
    from assay.client.api import Client, MlflowClient
    from assay.client.fluent.artifacts import (
        download_artifacts,
        get_artifact_uri,
        list_artifacts,
        load_table,
        log_artifact,
        log_artifacts,
        log_dict,
        log_figure,
        log_image,
        log_stream,
        log_table,
        log_text,
    )
    from assay.client.fluent.experiments import (
        create_experiment,
        delete_experiment,
        delete_experiment_tag,
        get_experiment,
        get_experiment_by_name,
        restore_experiment,
        search_experiments,
        set_experiment,
        set_experiment_tag,
        set_experiment_tags,
    )
    from assay.client.fluent.inputs import (
        log_input,
        log_inputs,
        log_outputs,
    )
    from assay.client.fluent.models import (
        ActiveModel,
        clear_active_model,
        create_external_model,
        delete_logged_model,
        delete_logged_model_tag,
        finalize_logged_model,
        get_active_model_id,
        get_logged_model,
        initialize_logged_model,
        last_logged_model,
        log_model_params,
        search_logged_models,
        set_active_model,
        set_logged_model_tags,
    )
    from assay.client.fluent.records import (
        delete_tag,
        flush,
        flush_artifact_async_logging,
        flush_async_logging,
        log_metric,
        log_metrics,
        log_param,
        log_params,
        set_tag,
        set_tags,
    )
    from assay.client.fluent.registry import (
        register_model,
        search_model_versions,
        search_registered_models,
        set_model_version_tag,
    )
    from assay.client.fluent.runs import (
        active_run,
        delete_run,
        end_run,
        get_parent_run,
        get_run,
        last_active_run,
        restore_run,
        search_runs,
        start_run,
    )
    from assay.client.images import Image
    from assay.client.run import ActiveRun
    from assay.client.tracking import (
        get_registry_uri,
        get_tracking_uri,
        is_tracking_uri_set,
        set_registry_uri,
        set_tracking_uri,
    )
    from assay.core.errors import AssayError, MlflowException
    from assay.evaluation.api import evaluate
    from assay.evaluation.thresholds import validate_evaluation_results
    from assay.flavors import (
        catboost,
        keras,
        lightgbm,
        lightning,
        onnx,
        pyfunc,
        pytorch,
        sklearn,
        statsmodels,
        transformers,
        xgboost,
    )
    from assay.system_metrics import (
        disable_system_metrics_logging,
        enable_system_metrics_logging,
        set_system_metrics_node_id,
        set_system_metrics_samples_before_logging,
        set_system_metrics_sampling_interval,
    )

__all__ = [
    "ActiveModel",
    "ActiveRun",
    "AssayError",
    "Client",
    "Image",
    "MlflowClient",
    "MlflowException",
    "active_run",
    "artifacts",
    "autolog",
    "catboost",
    "clear_active_model",
    "config",
    "create_experiment",
    "create_external_model",
    "data",
    "delete_experiment",
    "delete_experiment_tag",
    "delete_logged_model",
    "delete_logged_model_tag",
    "delete_run",
    "delete_tag",
    "disable_system_metrics_logging",
    "download_artifacts",
    "enable_system_metrics_logging",
    "end_run",
    "entities",
    "evaluate",
    "evaluation",
    "finalize_logged_model",
    "flavors",
    "flush",
    "flush_artifact_async_logging",
    "flush_async_logging",
    "get_active_model_id",
    "get_artifact_uri",
    "get_experiment",
    "get_experiment_by_name",
    "get_logged_model",
    "get_parent_run",
    "get_registry_uri",
    "get_run",
    "get_tracking_uri",
    "initialize_logged_model",
    "is_tracking_uri_set",
    "keras",
    "last_active_run",
    "last_logged_model",
    "lightgbm",
    "lightning",
    "list_artifacts",
    "load_table",
    "log_artifact",
    "log_artifacts",
    "log_dict",
    "log_figure",
    "log_image",
    "log_input",
    "log_inputs",
    "log_metric",
    "log_metrics",
    "log_model_params",
    "log_outputs",
    "log_param",
    "log_params",
    "log_stream",
    "log_table",
    "log_text",
    "onnx",
    "pyfunc",
    "pytorch",
    "register_model",
    "restore_experiment",
    "restore_run",
    "search_experiments",
    "search_logged_models",
    "search_model_versions",
    "search_registered_models",
    "search_runs",
    "set_active_model",
    "set_experiment",
    "set_experiment_tag",
    "set_experiment_tags",
    "set_logged_model_tags",
    "set_model_version_tag",
    "set_registry_uri",
    "set_system_metrics_node_id",
    "set_system_metrics_samples_before_logging",
    "set_system_metrics_sampling_interval",
    "set_tag",
    "set_tags",
    "set_tracking_uri",
    "sklearn",
    "start_run",
    "statsmodels",
    "system_metrics",
    "transformers",
    "validate_evaluation_results",
    "xgboost",
]

_FLUENT = "assay.client.fluent"
_HOMES = {
    "ActiveModel": "assay.client.fluent.models",
    "ActiveRun": "assay.client.run",
    "AssayError": "assay.core.errors",
    "Image": "assay.client.images",
    "MlflowException": "assay.core.errors",
    "Client": "assay.client.api",
    "MlflowClient": "assay.client.api",
    **dict.fromkeys(
        (
            "disable_system_metrics_logging",
            "enable_system_metrics_logging",
            "set_system_metrics_node_id",
            "set_system_metrics_samples_before_logging",
            "set_system_metrics_sampling_interval",
        ),
        "assay.system_metrics",
    ),
    **{name: f"assay.{name}" for name in ("artifacts", "config", "data", "entities", "evaluation", "system_metrics")},
    "autolog": "assay.autologging.autolog",
    "evaluate": "assay.evaluation.api",
    "validate_evaluation_results": "assay.evaluation.thresholds",
    "flavors": "assay.flavors",
    **dict.fromkeys(
        (
            "catboost",
            "keras",
            "lightgbm",
            "lightning",
            "onnx",
            "pyfunc",
            "pytorch",
            "sklearn",
            "statsmodels",
            "transformers",
            "xgboost",
        ),
        "assay.flavors",
    ),
}

__getattr__, __dir__ = lazy_names(__name__, {name: _HOMES.get(name, _FLUENT) for name in __all__})
