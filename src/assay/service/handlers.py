"""The complete table of handlers: importing this module imports them all."""

from __future__ import annotations

from assay.service import (
    aliases,
    artifacts,
    experiments,
    files,
    gates,
    inputs,
    journal,
    lineage,
    metrics,
    model_versions,
    model_views,
    models,
    pages,
    registry,
    run_views,
    runs,
    server,
    trash,
    views,
    webhooks,
)
from assay.service.dispatch import HANDLERS, Context, dispatch, unit_of_work

__all__ = [
    "HANDLERS",
    "Context",
    "aliases",
    "artifacts",
    "dispatch",
    "experiments",
    "files",
    "gates",
    "inputs",
    "journal",
    "lineage",
    "metrics",
    "model_versions",
    "model_views",
    "models",
    "pages",
    "registry",
    "run_views",
    "runs",
    "server",
    "trash",
    "unit_of_work",
    "views",
    "webhooks",
]
