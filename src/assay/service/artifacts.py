"""Handlers for `wire.artifacts`, and where the bytes of a run are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.blobs.base import ARTIFACT_SCHEME, Below, direct
from assay.blobs.open import open_blobs
from assay.blobs.paths import checked_path
from assay.core import settings, uri
from assay.core.errors import InvalidParameterValue, NotSupported, PermissionDenied, TemporarilyUnavailable
from assay.service import registry_rules, rules
from assay.service.dispatch import Context, handles
from assay.service.model_sources import parse_run_uri
from assay.wire import artifacts as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore

PART_SECONDS = 3600
UPLOAD_SECONDS = 900
MOST_SECONDS = 604_800
"""A week: no store signs for longer."""
_NO_PARTS = "Multipart upload is not supported for the current artifact repository"
"""MLflow's client looks for this beginning, and then sends the file whole."""
_NO_ADDRESS = "Presigned addresses are not supported for these artifacts"


@handles(wire.ListArtifacts)
def list_artifacts(context: Context, request: wire.ListArtifacts) -> wire.ListArtifactsResponse:
    """List one directory level; a file or a missing path has no entries."""
    root_uri = uri_of_run(context, request.run_id or request.run_uuid)
    path = checked_path(request.path) if request.path else ""
    return wire.ListArtifactsResponse(root_uri=root_uri, files=blobs_at(context, root_uri).list(path))


@handles(wire.ListProxiedArtifacts)
def list_proxied_artifacts(context: Context, request: wire.ListProxiedArtifacts) -> wire.ListArtifactsResponse:
    """List one directory level by names; a file or a missing path has no entries."""
    path = checked_path(request.path) if request.path else ""
    files = proxied(context).list(path)
    for file in files:
        file.path = file.path.rpartition("/")[2]
    return wire.ListArtifactsResponse(files=files)


@handles(wire.DeleteArtifact)
def delete_artifact(context: Context, request: wire.DeleteArtifact) -> Empty:
    """Delete a file or a tree; never everything, for the path is not empty."""
    proxied(context).delete(checked_path(request.path))
    return Empty()


@handles(wire.CreateMultipartUpload)
def create_multipart_upload(
    context: Context, request: wire.CreateMultipartUpload
) -> wire.CreateMultipartUploadResponse:
    """Begin an upload to the object store behind this server."""
    path = _file_of(request)
    store = direct(proxied(context), _NO_PARTS)
    try:
        upload_id, addresses = store.begin_multipart(path, parts=request.num_parts, seconds=PART_SECONDS)
    except NotSupported as error:
        raise NotSupported(f"{_NO_PARTS}: {error.message}") from error
    credentials = [
        wire.MultipartUploadCredential(url=address, part_number=number)
        for number, address in enumerate(addresses, start=1)
    ]
    return wire.CreateMultipartUploadResponse(upload_id=upload_id, credentials=credentials)


@handles(wire.CompleteMultipartUpload)
def complete_multipart_upload(context: Context, request: wire.CompleteMultipartUpload) -> Empty:
    """Make the parts a file; the addresses that come with them are not looked at."""
    path = _file_of(request)
    direct(proxied(context), _NO_PARTS).complete_multipart(path, request.upload_id, request.parts)
    return Empty()


@handles(wire.AbortMultipartUpload)
def abort_multipart_upload(context: Context, request: wire.AbortMultipartUpload) -> Empty:
    """Drop an upload."""
    path = _file_of(request)
    direct(proxied(context), _NO_PARTS).abort_multipart(path, request.upload_id)
    return Empty()


@handles(wire.GetPresignedDownloadUrl)
def get_presigned_download_url(
    context: Context, request: wire.GetPresignedDownloadUrl
) -> wire.PresignedDownloadUrlResponse:
    """Sign the address of a file that is there."""
    address, size = _signed_download(proxied(context), checked_path(request.path), seconds=_download_seconds(None))
    return wire.PresignedDownloadUrlResponse(url=address, file_size=size)


@handles(wire.CreatePresignedUploadUrl)
def create_presigned_upload_url(context: Context, request: wire.CreatePresignedUploadUrl) -> wire.PresignedUrlResponse:
    """Sign an address for a file of a run or of a logged model, whose artifacts clients reach directly."""
    if bool(request.run_id) == bool(request.model_id):
        raise InvalidParameterValue("Give exactly one of 'run_id' and 'model_id'.")
    path = checked_path(request.path)
    seconds = _seconds(request.expiration, default=UPLOAD_SECONDS)
    root_uri = uri_of_run(context, request.run_id) if request.run_id else uri_of_model(context, request.model_id)
    store = _reached_directly(context, root_uri)
    address = direct(store, _NO_ADDRESS).presign("PUT", path, seconds=seconds)
    return wire.PresignedUrlResponse(presigned_url=address)


@handles(wire.CreatePresignedDownloadUrl)
def create_presigned_download_url(
    context: Context, request: wire.CreatePresignedDownloadUrl
) -> wire.PresignedUrlResponse:
    """Sign the address of a file of a run whose artifacts clients reach directly."""
    path = checked_path(request.path)
    seconds = _download_seconds(request.expiration)
    store = _reached_directly(context, uri_of_run(context, request.run_id))
    address, size = _signed_download(store, path, seconds=seconds)
    return wire.PresignedUrlResponse(presigned_url=address, file_size=size)


def uri_of_run(context: Context, run_id: str) -> str:
    """Where the artifacts of a run are.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    checked = rules.run_id(run_id)
    return context.store.read(lambda session: session.runs.info(checked)).artifact_uri


def uri_of_model(context: Context, model_id: str) -> str:
    """Where the artifacts of a logged model are.

    Raises:
        ResourceDoesNotExist: there is no such model.
    """
    return context.store.read(lambda session: session.models.get(model_id)).info.artifact_uri


def blobs_of_model(context: Context, model_id: str) -> BlobStore:
    """The artifacts of a logged model.

    Raises:
        ResourceDoesNotExist: there is no such model.
        PermissionDenied: they are where this server may not reach.
    """
    return blobs_at(context, uri_of_model(context, model_id))


def blobs_of_version(context: Context, name: str, version: str) -> BlobStore:
    """The files of a version of a registered model.

    Raises:
        ResourceDoesNotExist: there is no such version.
        PermissionDenied: they are where this server may not reach.
    """
    number = registry_rules.version_number(version)
    location = context.store.read(lambda session: session.model_versions.location(name, number))
    if uri.scheme(location) != "runs":
        return blobs_at(context, location)
    run_id, path = parse_run_uri(location)
    blobs = blobs_of_run(context, run_id)
    return Below(blobs, checked_path(path)) if path else blobs


def blobs_of_run(context: Context, run_id: str) -> BlobStore:
    """The artifacts of a run, paths being relative to the run's root.

    Raises:
        ResourceDoesNotExist: there is no such run.
        PermissionDenied: they are where this server may not reach.
    """
    return blobs_at(context, uri_of_run(context, run_id))


def blobs_at(context: Context, artifact_uri: str) -> BlobStore:
    """The artifacts below a URI that the store holds: behind this server, or wherever the URI says.

    What a URI says was once said by a client. So a server opens, with its own rights, only what lies below the places
    that its operator named.

    Raises:
        TemporarilyUnavailable: they are behind a server that does not serve artifacts.
        PermissionDenied: they are where this server may not reach.
    """
    if artifact_uri.startswith(f"{ARTIFACT_SCHEME}:"):
        path = artifact_uri[len(ARTIFACT_SCHEME) + 1 :]
        if path.startswith("//"):
            raise InvalidParameterValue(
                f"{artifact_uri!r} names another server; only mlflow-artifacts:/path is served here."
            )
        below = path.strip("/")
        return Below(proxied(context), checked_path(below)) if below else proxied(context)
    if context.reach is not None and not any(uri.is_below(artifact_uri, root) for root in context.reach):
        raise PermissionDenied(
            f"The artifacts at {uri.redact(artifact_uri)!r} are not this server's to open: reach them directly, or let "
            "its operator add their place to --allowed-artifact-roots."
        )
    return open_blobs(artifact_uri)


def proxied(context: Context) -> BlobStore:
    """What this server keeps for its clients.

    Raises:
        TemporarilyUnavailable: it keeps nothing.
    """
    if context.destination is None:
        raise TemporarilyUnavailable("This server runs with --no-serve-artifacts: reach the artifacts directly.")
    return context.destination


def _reached_directly(context: Context, artifact_uri: str) -> BlobStore:
    if artifact_uri.startswith(f"{ARTIFACT_SCHEME}:"):
        raise InvalidParameterValue(
            f"The artifacts at {artifact_uri!r} go through the server and have no addresses of their own. Use the "
            "routes below mlflow-artifacts/."
        )
    return blobs_at(context, artifact_uri)


def _signed_download(store: BlobStore, path: str, *, seconds: int) -> tuple[str, int]:
    signing = direct(store, _NO_ADDRESS)
    blob = store.open(path)
    blob.close()
    return signing.presign("GET", path, seconds=seconds), blob.size


def _download_seconds(given: int | None) -> int:
    return _seconds(given, default=settings.presigned_download_seconds.get())


def _seconds(given: int | None, *, default: int) -> int:
    seconds = default if given is None else given
    if not 1 <= seconds <= MOST_SECONDS:
        raise InvalidParameterValue(
            f"Invalid value {seconds} for parameter 'expiration': give 1 to {MOST_SECONDS} seconds."
        )
    return seconds


def _file_of(
    request: wire.CreateMultipartUpload | wire.CompleteMultipartUpload | wire.AbortMultipartUpload,
) -> str:
    """The file that an upload makes: clients send its path on their disk, of which only the name counts."""
    name = request.path.replace("\\", "/").rpartition("/")[2]
    return checked_path(f"{checked_path(request.directory)}/{name}")
