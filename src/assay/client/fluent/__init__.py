"""The module-level verbs: `start_run`, `log_metric`, and the rest, for the active run of a thread."""

from __future__ import annotations

from assay.core.lazy import lazy_names

_HOMES = {
    "experiments": (
        "create_experiment delete_experiment delete_experiment_tag get_experiment get_experiment_by_name "
        "restore_experiment search_experiments set_experiment set_experiment_tag set_experiment_tags"
    ),
    "runs": ("active_run delete_run end_run get_parent_run get_run last_active_run restore_run search_runs start_run"),
    "records": (
        "delete_tag flush flush_artifact_async_logging flush_async_logging log_metric log_metrics log_param log_params "
        "set_tag set_tags"
    ),
    "registry": "register_model search_model_versions search_registered_models set_model_version_tag",
    "inputs": "log_input log_inputs log_outputs",
    "models": (
        "clear_active_model create_external_model delete_logged_model delete_logged_model_tag finalize_logged_model "
        "get_active_model_id get_logged_model initialize_logged_model last_logged_model log_model_params "
        "search_logged_models set_active_model set_logged_model_tags"
    ),
    "artifacts": (
        "download_artifacts get_artifact_uri list_artifacts load_table log_artifact log_artifacts log_dict log_figure "
        "log_image log_stream log_table log_text"
    ),
}
NAMES = {
    **{name: f"{__name__}.{home}" for home, names in _HOMES.items() for name in names.split()},
    **dict.fromkeys(
        ("get_registry_uri", "get_tracking_uri", "is_tracking_uri_set", "set_registry_uri", "set_tracking_uri"),
        "assay.client.tracking",
    ),
}
"""Every verb, and the module that defines it."""

__getattr__, __dir__ = lazy_names(__name__, NAMES)
