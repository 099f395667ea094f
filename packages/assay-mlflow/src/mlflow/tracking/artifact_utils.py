"""Artifacts of runs by URI."""

from __future__ import annotations

import assay

__all__ = ["get_artifact_uri"]


def get_artifact_uri(run_id: str, artifact_path: str | None = None, tracking_uri: str | None = None) -> str:
    """Where the files of a run are, or one of them.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    root = assay.Client(tracking_uri).get_run(run_id).info.artifact_uri
    return f"{root}/{artifact_path}" if artifact_path else root


def _download_artifact_from_uri(
    artifact_uri: str, output_path: str | None = None, tracking_uri: str | None = None
) -> str:
    """Fetch a file or directory; returns where it lies now."""
    return assay.artifacts.download_artifacts(artifact_uri, dst_path=output_path, tracking_uri=tracking_uri)
