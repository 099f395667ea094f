"""Logged models that answer over HTTP, or about a file: MLflow's scoring protocol."""

from __future__ import annotations

from assay.core.lazy import lazy_names

__all__ = ["predict_file", "serve"]

__getattr__, __dir__ = lazy_names(__name__, {"predict_file": "assay.serving.files", "serve": "assay.serving.run"})
