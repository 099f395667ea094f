"""Models of one's own."""

from __future__ import annotations

from typing import Any

from assay.flavors.pyfunc import (
    PythonModel,
    PythonModelContext,
    get_default_conda_env,
    get_default_pip_requirements,
)
from mlflow._offer import missing

__all__ = [
    "CONFIG_KEY_ARTIFACTS",
    "CONFIG_KEY_ARTIFACT_RELATIVE_PATH",
    "CONFIG_KEY_ARTIFACT_URI",
    "CONFIG_KEY_CLOUDPICKLE_VERSION",
    "CONFIG_KEY_PYTHON_MODEL",
    "PythonModel",
    "PythonModelContext",
    "get_default_conda_env",
    "get_default_pip_requirements",
]

CONFIG_KEY_ARTIFACTS = "artifacts"
CONFIG_KEY_ARTIFACT_RELATIVE_PATH = "path"
CONFIG_KEY_ARTIFACT_URI = "uri"
CONFIG_KEY_PYTHON_MODEL = "python_model"
CONFIG_KEY_CLOUDPICKLE_VERSION = "cloudpickle_version"


def __getattr__(name: str) -> Any:
    raise missing(__name__, name, frozenset())
