"""LightningModules: they are PyTorch modules, and are saved, logged and loaded as such.

`assay.lightning` has the names of `assay.pytorch` that training with Lightning needs.
"""

from __future__ import annotations

from assay.core.lazy import lazy_names
from assay.flavors.pytorch import load_model, log_model, predict, save_model

__all__ = ["load_model", "log_model", "predict", "save_model"]

__getattr__, _ = lazy_names(
    __name__,
    {
        "autolog": "assay.autologging.pytorch.autolog",
        "load_checkpoint": "assay.autologging.pytorch.checkpoints",
        "MlflowModelCheckpointCallback": "assay.autologging.pytorch.checkpoints",
    },
)
