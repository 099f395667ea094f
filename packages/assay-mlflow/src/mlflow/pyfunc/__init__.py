"""Models as functions from data to predictions: your own, and those of any library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.errors import NotSupported
from assay.flavors.pyfunc import (
    PyFuncModel,
    PythonModel,
    PythonModelContext,
    add_to_model,
    get_default_conda_env,
    get_default_pip_requirements,
    get_model_dependencies,
    load_model,
    log_model,
    save_model,
)
from mlflow._offer import missing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "CODE",
    "DATA",
    "ENV",
    "FLAVOR_NAME",
    "MAIN",
    "MODEL_CODE_PATH",
    "MODEL_CONFIG",
    "PY_VERSION",
    "TASK",
    "EnvType",
    "PyFuncModel",
    "PythonModel",
    "PythonModelContext",
    "add_to_model",
    "get_default_conda_env",
    "get_default_pip_requirements",
    "get_model_dependencies",
    "load_model",
    "load_pyfunc",
    "log_model",
    "save_model",
    "spark_udf",
]

FLAVOR_NAME = "python_function"
MAIN = "loader_module"
CODE = "code"
DATA = "data"
ENV = "env"
PY_VERSION = "python_version"
MODEL_CONFIG = "config"
MODEL_CODE_PATH = "model_code_path"
TASK = "task"


class EnvType:
    """The kinds of environment that an MLmodel file names."""

    CONDA = "conda"
    VIRTUALENV = "virtualenv"


def load_pyfunc(model_uri: str | Path, suppress_warnings: bool = False) -> PyFuncModel:
    """`load_model`, by its older name."""
    return load_model(model_uri, suppress_warnings)


def spark_udf(
    spark: Any,
    model_uri: str,
    result_type: Any = None,
    env_manager: str | None = None,
    params: Mapping[str, Any] | None = None,
    extra_env: Mapping[str, str] | None = None,
    prebuilt_env_uri: str | None = None,
    model_config: str | Path | dict[str, Any] | None = None,
) -> Any:
    """Refused: Spark is out of scope.

    Raises:
        NotSupported: always; says what to do instead.
    """
    del spark, result_type, env_manager, params, extra_env, prebuilt_env_uri, model_config
    raise NotSupported(
        "spark_udf is not supported: Spark is out of scope. Load the model in a pandas UDF of yours: "
        f"mlflow.pyfunc.load_model({model_uri!r}).predict(...)."
    )


def __getattr__(name: str) -> Any:
    raise missing(__name__, name, frozenset({"build_model_env"}))
