"""Where older code finds the client and the tracking URI."""

from assay.client.api import MlflowClient
from assay.client.fluent import get_tracking_uri, is_tracking_uri_set, set_tracking_uri

__all__ = ["MlflowClient", "get_tracking_uri", "is_tracking_uri_set", "set_tracking_uri"]
