"""Files of runs: kept, listed and fetched."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from assay.blobs.base import CHUNK
from assay.blobs.paths import checked_path
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.blobs.base import BlobStore
    from assay.client.connection import Connection


def log_file(connection: Connection, run_id: str, source: Path, *, path: str) -> None:
    """Keep one file as the artifact `path` of a run.

    Raises:
        InvalidParameterValue: the path is not acceptable, or the source is no file.
        StorageFull: the disk of a local store is full.
    """
    checked_path(path)
    if not source.is_file():
        raise InvalidParameterValue(f"There is no file {str(source)!r} to log. Check the path.")
    if connection.remote:
        connection.recorder(run_id)
        connection.outbox.append_file(run_id, path, source)
        return
    connection.blobs(run_id).write(path, _chunks(source))


def log_bytes(connection: Connection, run_id: str, data: bytes, *, path: str) -> None:
    """Keep `data` as the artifact `path` of a run.

    Raises:
        InvalidParameterValue: the path is not acceptable.
        StorageFull: the disk of a local store is full.
    """
    checked_path(path)
    if connection.remote:
        connection.recorder(run_id)
        connection.outbox.append_file(run_id, path, data)
        return
    connection.blobs(run_id).write(path, [data])


def log_tree(connection: Connection, run_id: str, directory: Path, *, path: str) -> None:
    """Keep every file below `directory` under the artifact path, which may be empty.

    Raises:
        InvalidParameterValue: `directory` is none.
        StorageFull: the disk of a local store is full.
    """
    if not directory.is_dir():
        raise InvalidParameterValue(f"There is no directory {str(directory)!r} to log. Check the path.")
    for source in sorted(directory.rglob("*")):
        if source.is_file():
            log_file(connection, run_id, source, path=_joined(path, source.relative_to(directory).as_posix()))


def log_path(connection: Connection, run_id: str, source: Path, *, path: str | None) -> None:
    """Keep a file, or a directory under its own name, in the artifact directory `path`.

    Raises:
        InvalidParameterValue: there is nothing at `source`.
        StorageFull: the disk of a local store is full.
    """
    target = _joined(path or "", source.resolve().name if source.name in ("", "..") else source.name)
    if source.is_dir():
        log_tree(connection, run_id, source, path=target)
    else:
        log_file(connection, run_id, source, path=target)


def download(blobs: BlobStore, path: str, *, destination: Path | None) -> Path:
    """Fetch an artifact file, or a directory with all below it; returns where it lies now.

    Raises:
        ResourceDoesNotExist: there is no such artifact.
    """
    if destination is None:
        destination = Path(tempfile.mkdtemp(prefix="assay-"))
    destination.mkdir(parents=True, exist_ok=True)
    root = destination / path if path else destination
    files = list(_files_below(blobs, path))
    if not files and path:
        _fetch(blobs, path, root)
        return root.absolute()
    root.mkdir(parents=True, exist_ok=True)
    for name in files:
        _fetch(blobs, name, destination / name)
    return root.absolute()


def _files_below(blobs: BlobStore, path: str) -> Iterator[str]:
    for entry in blobs.list(path):
        if entry.is_dir:
            yield from _files_below(blobs, entry.path)
        else:
            yield entry.path


def _fetch(blobs: BlobStore, path: str, target: Path) -> None:
    try:
        blob = blobs.open(checked_path(path))
    except InvalidParameterValue as error:  # an empty directory
        raise ResourceDoesNotExist(f"There is no artifact file {path!r}. Check the path.") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    try:
        with partial.open("wb") as file:
            for chunk in blob.chunks():
                file.write(chunk)
        partial.replace(target)
    finally:
        blob.close()
        partial.unlink(missing_ok=True)


def _chunks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _joined(directory: str, name: str) -> str:
    directory = directory.strip("/")
    return f"{directory}/{name}" if directory else name
