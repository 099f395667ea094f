"""PyTorch models, LightningModules among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.lazy import lazy_names
from assay.flavors.pytorch import (
    get_default_conda_env,
    get_default_pip_requirements,
    load_model,
    load_state_dict,
    log_model,
    log_state_dict,
    save_model,
    save_state_dict,
)

if TYPE_CHECKING:
    from assay.autologging.pytorch.autolog import autolog
    from assay.autologging.pytorch.checkpoints import load_checkpoint

__all__ = [
    "autolog",
    "get_default_conda_env",
    "get_default_pip_requirements",
    "load_checkpoint",
    "load_model",
    "load_state_dict",
    "log_model",
    "log_state_dict",
    "save_model",
    "save_state_dict",
]

__getattr__, _ = lazy_names(
    __name__,
    {
        "autolog": "assay.autologging.pytorch.autolog",
        "load_checkpoint": "assay.autologging.pytorch.checkpoints",
        "MlflowModelCheckpointCallback": "assay.autologging.pytorch.checkpoints",
    },
)
