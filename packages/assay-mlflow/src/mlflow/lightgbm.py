"""LightGBM models."""

from __future__ import annotations

from typing import NoReturn

from assay.flavors.lightgbm import (
    get_default_conda_env,
    get_default_pip_requirements,
    load_model,
    log_model,
    save_model,
)
from mlflow._offer import missing

__all__ = ["get_default_conda_env", "get_default_pip_requirements", "load_model", "log_model", "save_model"]

_LATER = frozenset({"autolog"})


def __getattr__(name: str) -> NoReturn:
    raise missing(__name__, name, _LATER)
