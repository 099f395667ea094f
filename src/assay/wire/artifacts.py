"""Artifact files: lists, uploads in parts, signed addresses; and what carries bytes, see `server/artifacts.py`."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation, transfer


class FileInfo(Message):
    """A file or directory, by its path below the root of the run's artifacts; `file_size` in bytes."""

    path: str
    is_dir: bool
    file_size: int | None = None


class ListArtifactsResponse(Message):
    """One directory level, sorted by path."""

    root_uri: str = ""
    files: list[FileInfo] = []
    next_page_token: str = ""


@operation("GET", "2.0/mlflow/artifacts/list", returns=ListArtifactsResponse, access="run:read", resources=True)
class ListArtifacts(Message):
    """List one directory level of a run's artifacts."""

    run_id: str = ""
    run_uuid: str = ""
    path: str | None = None
    page_token: str | None = None


@transfer("GET", "/get-artifact", access="run:read")
class GetArtifact(Message):
    """Fetch a file of a run, or a range of it; `inline` lets browsers show a page or a PDF, without any rights."""

    path: str
    run_id: str = ""
    run_uuid: str = ""
    inline: bool = False


@transfer("POST", "/ajax-api/2.0/mlflow/upload-artifact", access="run:append")
class UploadRunArtifact(Message):
    """Store a small file for a run; the body is its bytes."""

    run_uuid: str
    path: str


@transfer("GET", "/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files", access="model:read")
class GetLoggedModelArtifact(Message):
    """Fetch a file of a logged model, or a range of it; `inline` as for a run's."""

    model_id: str
    artifact_file_path: str
    inline: bool = False


@transfer("GET", "/model-versions/get-artifact", access="registered_model:read")
class GetModelVersionArtifact(Message):
    """Fetch a file of a version of a registered model, or a range of it."""

    name: str
    version: str
    path: str


@operation(
    "GET",
    "2.0/mlflow-artifacts/artifacts",
    returns=ListArtifactsResponse,
    access="artifact:read",
    resources=True,
)
class ListProxiedArtifacts(Message):
    """List one directory level of what the server keeps, by the names in it."""

    path: str = ""


@transfer("GET", "2.0/mlflow-artifacts/artifacts/{path*}", access="artifact:read")
class DownloadArtifact(Message):
    """Fetch a file that the server keeps, or a range of it."""

    path: str


@transfer("PUT", "2.0/mlflow-artifacts/artifacts/{path*}", access="artifact:append")
class UploadArtifact(Message):
    """Store a file with the server; the body is its bytes, `X-Assay-SHA256` may say what they must be."""

    path: str


@operation("DELETE", "2.0/mlflow-artifacts/artifacts/{path*}", access="artifact:manage", resources=True)
class DeleteArtifact(Message):
    """Delete a file or directory that the server keeps; a missing one is accepted."""

    path: str


class MultipartUploadCredential(Message):
    """Where one part of an upload is PUT."""

    url: str
    part_number: int
    headers: dict[str, str] = msgspec.field(default_factory=dict)


class MultipartUploadPart(Message):
    """A part that was sent: its number from 1 on, and the etag with which the store answered."""

    part_number: int
    etag: str
    url: str = ""


class CreateMultipartUploadResponse(Message):
    """An upload that has begun."""

    upload_id: str
    credentials: list[MultipartUploadCredential] = []


@operation(
    "POST",
    "2.0/mlflow-artifacts/mpu/create/{directory*}",
    returns=CreateMultipartUploadResponse,
    access="artifact:append",
    resources=True,
)
class CreateMultipartUpload(Message):
    """Begin an upload whose parts go straight to the object store; `path` is the file's name."""

    directory: str
    path: str
    num_parts: int = 1


@operation("POST", "2.0/mlflow-artifacts/mpu/complete/{directory*}", access="artifact:append", resources=True)
class CompleteMultipartUpload(Message):
    """Make the parts of an upload one file."""

    directory: str
    path: str
    upload_id: str
    parts: list[MultipartUploadPart] = []


@operation("POST", "2.0/mlflow-artifacts/mpu/abort/{directory*}", access="artifact:append", resources=True)
class AbortMultipartUpload(Message):
    """Drop an upload and its parts."""

    directory: str
    path: str
    upload_id: str


class PresignedDownloadUrlResponse(Message):
    """An address from which a file can be fetched for a while, and how large the file is in bytes."""

    url: str
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    file_size: int | None = None


@operation(
    "GET",
    "2.0/mlflow-artifacts/presigned/{path*}",
    returns=PresignedDownloadUrlResponse,
    access="artifact:read",
    resources=True,
)
class GetPresignedDownloadUrl(Message):
    """Get an address in the object store for a file that the server keeps."""

    path: str


class PresignedUrlResponse(Message):
    """An address in the object store that works for a while; `file_size` in bytes, for a download."""

    presigned_url: str
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    file_size: int | None = None


@operation(
    "POST",
    "2.0/mlflow/artifacts/presigned-upload-url",
    returns=PresignedUrlResponse,
    access="run:append",
    resources=True,
)
class CreatePresignedUploadUrl(Message):
    """Get an address in the object store to which a file of a run or of a logged model is PUT."""

    path: str
    run_id: str = ""
    model_id: str = ""
    expiration: int | None = None


@operation(
    "POST",
    "2.0/mlflow/artifacts/presigned-download-url",
    returns=PresignedUrlResponse,
    access="run:read",
    resources=True,
)
class CreatePresignedDownloadUrl(Message):
    """Get an address in the object store from which a file of a run is fetched."""

    path: str
    run_id: str
    expiration: int | None = None
