"""The complete table of operations: importing this module imports every message."""

from __future__ import annotations

from assay.wire import artifacts, experiments, journal, metrics, models, runs, server, views
from assay.wire.base import OPERATIONS, Operation

__all__ = [
    "OPERATIONS",
    "Operation",
    "artifacts",
    "experiments",
    "journal",
    "metrics",
    "models",
    "runs",
    "server",
    "views",
]
