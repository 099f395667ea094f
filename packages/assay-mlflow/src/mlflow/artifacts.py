"""Artifacts by URI or by run: fetch, list, read."""

from assay.artifacts import download_artifacts, list_artifacts, load_dict, load_image, load_text

__all__ = ["download_artifacts", "list_artifacts", "load_dict", "load_image", "load_text"]
