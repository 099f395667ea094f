"""Listing of artifact files; their bytes are streamed by the server, see `server/artifacts.py`."""

from __future__ import annotations

from assay.wire.base import Message, operation


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
