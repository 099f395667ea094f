"""Handlers for `wire.artifacts`, and where the bytes of a run are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.blobs.base import ARTIFACT_SCHEME, Below
from assay.blobs.open import open_blobs
from assay.blobs.paths import checked_path
from assay.core.errors import InvalidParameterValue, TemporarilyUnavailable
from assay.service import rules
from assay.service.dispatch import Context, handles
from assay.wire import artifacts as wire

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore


@handles(wire.ListArtifacts)
def list_artifacts(context: Context, request: wire.ListArtifacts) -> wire.ListArtifactsResponse:
    """List one directory level; a file or a missing path has no entries."""
    run_id = rules.run_id(request.run_id or request.run_uuid)
    root_uri = context.store.read(lambda session: session.runs.info(run_id)).artifact_uri
    path = checked_path(request.path) if request.path else ""
    return wire.ListArtifactsResponse(root_uri=root_uri, files=blobs_at(context, root_uri).list(path))


def blobs_of_run(context: Context, run_id: str) -> BlobStore:
    """The artifacts of a run, paths being relative to the run's root.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    return blobs_at(context, context.store.read(lambda session: session.runs.info(rules.run_id(run_id))).artifact_uri)


def blobs_at(context: Context, artifact_uri: str) -> BlobStore:
    """The artifacts below a URI that the store holds: behind this server, or wherever the URI says.

    Raises:
        TemporarilyUnavailable: they are behind a server that does not serve artifacts.
    """
    if not artifact_uri.startswith(f"{ARTIFACT_SCHEME}:"):
        return open_blobs(artifact_uri)
    if context.destination is None:
        raise TemporarilyUnavailable(
            f"{artifact_uri!r} is served by a tracking server; this one runs with --no-serve-artifacts."
        )
    path = artifact_uri[len(ARTIFACT_SCHEME) + 1 :]
    if path.startswith("//"):
        raise InvalidParameterValue(
            f"{artifact_uri!r} names another server; only mlflow-artifacts:/path is served here."
        )
    return Below(context.destination, checked_path(path.lstrip("/")))
