"""Artifacts by URI or by run: fetch, list, read."""

from __future__ import annotations

from assay.client.artifact_uris import download_artifacts, list_artifacts, load_dict, load_image, load_text

__all__ = ["download_artifacts", "list_artifacts", "load_dict", "load_image", "load_text"]
