"""MLflow's exceptions: other names for Assay's, so that `except MlflowException` catches whatever Assay raises.

A server's refusal arrives as the exception that would have been raised here, so `RestException` is the same class.
"""

from assay.core.errors import AssayError as MlflowException
from assay.core.errors import AssayError as RestException
from assay.core.errors import ConfigurationError as MissingConfigException
from assay.core.errors import InvalidParameterValue as InvalidUrlException
from assay.core.errors import NotSupported as MlflowNotImplementedException


class ExecutionException(MlflowException):
    """The run of a project failed."""


__all__ = [
    "ExecutionException",
    "InvalidUrlException",
    "MissingConfigException",
    "MlflowException",
    "MlflowNotImplementedException",
    "RestException",
]
