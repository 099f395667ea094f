"""The complete table of operations: importing this module imports every message."""

from __future__ import annotations

from assay.wire import (
    artifacts,
    experiments,
    files,
    gates,
    inputs,
    journal,
    lineage,
    metric_views,
    metrics,
    model_views,
    models,
    pages,
    registry,
    run_views,
    runs,
    server,
    trash,
    uploads,
    views,
    webhooks,
)
from assay.wire.base import OPERATIONS, TRANSFERS, Operation

__all__ = [
    "OPERATIONS",
    "TRANSFERS",
    "Operation",
    "artifacts",
    "experiments",
    "files",
    "gates",
    "inputs",
    "journal",
    "lineage",
    "metric_views",
    "metrics",
    "model_views",
    "models",
    "pages",
    "registry",
    "run_views",
    "runs",
    "server",
    "trash",
    "uploads",
    "views",
    "webhooks",
]
