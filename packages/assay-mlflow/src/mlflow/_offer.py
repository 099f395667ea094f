"""What of MLflow is not offered yet, and the error that says so."""

from __future__ import annotations

from assay.core.errors import NotSupported

LATER = frozenset(
    """
ActiveModel Image autolog clear_active_model create_external_model delete_logged_model_tag
disable_system_metrics_logging doctor enable_system_metrics_logging evaluate finalize_logged_model
flush_artifact_async_logging get_active_model_id get_logged_model get_registry_uri import_checkpoints
initialize_logged_model last_logged_model load_table log_input log_inputs log_model_params log_outputs log_table
run search_logged_models set_active_model
set_logged_model_tags set_registry_uri set_system_metrics_node_id
set_system_metrics_samples_before_logging set_system_metrics_sampling_interval validate_evaluation_results
config data environment_variables projects pyfunc server system_metrics
""".split()
)
"""Names that MLflow has and Assay will have."""


class NotOffered(NotSupported, AttributeError):
    """A name of MLflow's that is not offered: both an `MlflowException` and an `AttributeError`."""


def missing(module: str, name: str, later: frozenset[str]) -> AttributeError:
    """The error for a name that `module` does not have."""
    if name in later:
        return NotOffered(f"{module}.{name} is not offered by Assay yet; leave it out for now.")
    return AttributeError(f"module {module!r} has no attribute {name!r}")
