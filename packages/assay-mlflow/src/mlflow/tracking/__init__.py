"""Where older code finds the client and the tracking URI."""

from assay.client.api import MlflowClient
from assay.client.fluent import (
    get_registry_uri,
    get_tracking_uri,
    is_tracking_uri_set,
    set_registry_uri,
    set_tracking_uri,
)
from mlflow.tracking import artifact_utils, client, context, fluent

__all__ = [
    "MlflowClient",
    "artifact_utils",
    "client",
    "context",
    "fluent",
    "get_registry_uri",
    "get_tracking_uri",
    "is_tracking_uri_set",
    "set_registry_uri",
    "set_tracking_uri",
]
