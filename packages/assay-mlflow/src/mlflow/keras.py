"""Keras models, of Keras 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.lazy import lazy_names
from assay.flavors.keras import (
    get_default_conda_env,
    get_default_pip_requirements,
    load_model,
    log_model,
    save_model,
)

if TYPE_CHECKING:
    from assay.autologging.keras.autolog import autolog

__all__ = [
    "autolog",
    "get_default_conda_env",
    "get_default_pip_requirements",
    "load_model",
    "log_model",
    "save_model",
]

__getattr__, _ = lazy_names(
    __name__,
    {
        "autolog": "assay.autologging.keras.autolog",
        "MlflowCallback": "assay.autologging.keras.callback",
        "MLflowCallback": "assay.autologging.keras.callback",
    },
)
