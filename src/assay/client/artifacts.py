"""Files of runs, kept."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from assay.blobs.base import CHUNK, SendingBlobStore
from assay.blobs.digests import sha256_of
from assay.blobs.local import LocalBlobs
from assay.blobs.paths import checked_path
from assay.core import settings
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.core.log import logger
from assay.core.parallel import each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.blobs.base import BlobStore
    from assay.client.connection import Connection

_log = logger("client")


def log_file(connection: Connection, run_id: str, source: Path, *, path: str) -> None:
    """Keep one file, as it is now, as the artifact `path` of a run.

    Raises:
        InvalidParameterValue: the path is not acceptable, or the source is no file, or cannot be read.
        StorageFull: the disk of a local store is full.
    """
    checked_path(path)
    with _opened(_existing(source)) as file:
        log_stream(connection, run_id, file, path=path)


def log_bytes(connection: Connection, run_id: str, data: bytes, *, path: str) -> None:
    """Keep `data` as the artifact `path` of a run.

    Raises:
        InvalidParameterValue: the path is not acceptable.
        StorageFull: the disk of a local store is full.
    """
    log_stream(connection, run_id, BytesIO(data), path=path)


def log_stream(connection: Connection, run_id: str, stream: IO[bytes], *, path: str) -> None:
    """Keep what a binary file object still holds, in constant memory, as the artifact `path` of a run.

    Raises:
        InvalidParameterValue: the path is not acceptable, or the stream gives no bytes.
        StorageFull: the disk of a local store is full.
    """
    checked_path(path)
    if connection.remote:
        connection.recorder(run_id)
        connection.outbox.append_file(run_id, path, stream)
        return
    connection.blobs(run_id).write(path, _read(stream, path))


def log_tree(connection: Connection, run_id: str, directory: Path, *, path: str) -> None:
    """Keep every file below `directory` under the artifact path, which may be empty.

    Links to files are followed, links to directories are not; empty directories, sockets and the like are left out. A
    file that somebody deletes meanwhile is left out with a warning.

    Raises:
        InvalidParameterValue: `directory` is none, or a file in it cannot be read or has a name that cannot be kept.
        StorageFull: the disk of a local store is full.
    """
    sources = _sources(directory, path)
    if connection.remote:
        connection.recorder(run_id)
        for target, file in _each_opened(sources):
            connection.outbox.append_file(run_id, target, file)
        return
    _write_all(connection.blobs(run_id), sources)


def write_file(blobs: BlobStore, source: Path, *, path: str) -> None:
    """Store one file, as it is now, under a path; it is there when this returns, and no journal knows of it.

    Raises:
        InvalidParameterValue: the path is not acceptable, or the source is no file, or cannot be read.
        AssayError: the store cannot take it now.
    """
    target = checked_path(path)
    with _opened(_existing(source)) as file:
        _write(blobs, target, source, file)


def write_tree(blobs: BlobStore, directory: Path, *, path: str) -> None:
    """Store every file that `log_tree` would keep under a path, which may be empty; all are there when this returns.

    Raises:
        InvalidParameterValue: `directory` is none, or a file in it cannot be read or has a name that cannot be kept.
        AssayError: the store cannot take them now; some may be there.
    """
    _write_all(blobs, _sources(directory, path))


def log_path(connection: Connection, run_id: str, source: Path, *, path: str | None) -> None:
    """Keep a file, or a directory under its own name, in the artifact directory `path`.

    Raises:
        InvalidParameterValue: there is nothing at `source`.
        StorageFull: the disk of a local store is full.
    """
    target = path_for(source, path)
    if source.is_dir():
        log_tree(connection, run_id, source, path=target)
    else:
        log_file(connection, run_id, source, path=target)


def path_for(source: Path, path: str | None) -> str:
    """Where a file or directory goes that is kept under its own name in the artifact directory `path`."""
    return _joined(path or "", source.resolve().name if source.name in ("", "..") else source.name)


def _existing(source: Path) -> Path:
    if not source.is_file():
        raise InvalidParameterValue(f"There is no file {str(source)!r} to log. Check the path.")
    return source


def _sources(directory: Path, path: str) -> list[tuple[str, Path]]:
    """Where each file below a directory goes, and the file."""
    if not directory.is_dir():
        raise InvalidParameterValue(f"There is no directory {str(directory)!r} to log. Check the path.")
    return [(checked_path(_joined(path, name)), directory / name) for name in _names_below(directory)]


def _names_below(directory: Path) -> list[str]:
    """The files below a directory, by their path from there, sorted."""
    names: list[str] = []
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(directory / below) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{below}{entry.name}/")
                    elif entry.is_file():
                        names.append(below + entry.name)
                    elif entry.is_symlink() and not entry.is_dir():
                        _log.warning("%s is left out: it is a link to nothing.", entry.path)
        except OSError as error:
            raise _unreadable(directory / below, error) from error
    return sorted(names)


def _each_opened(sources: Iterable[tuple[str, Path]]) -> Iterator[tuple[str, IO[bytes]]]:
    """Each file, open until the next one is asked for."""
    for target, source in sources:
        try:
            file = _opened(source)
        except ResourceDoesNotExist as error:
            _log.warning("%s", error.message)
            continue
        with file:
            yield target, file


def _write_all(blobs: BlobStore, sources: Sequence[tuple[str, Path]]) -> None:
    if isinstance(blobs, LocalBlobs):
        blobs.write_many((target, _read(file, target)) for target, file in _each_opened(sources))
        return
    each(lambda source: _write_one(blobs, source), sources, threads=settings.transfer_threads.get())


def _write_one(blobs: BlobStore, source: tuple[str, Path]) -> None:
    for target, file in _each_opened([source]):
        _write(blobs, target, source[1], file)


def _write(blobs: BlobStore, target: str, source: Path, file: IO[bytes]) -> None:
    if isinstance(blobs, SendingBlobStore):
        blobs.send(target, source, sha256=sha256_of(source))
    else:
        blobs.write(target, _read(file, target))


def _opened(source: Path) -> IO[bytes]:
    try:
        return source.open("rb")
    except FileNotFoundError as error:
        raise ResourceDoesNotExist(f"{source} is left out: somebody deleted it while it was to be logged.") from error
    except OSError as error:
        raise _unreadable(source, error) from error


def _read(stream: IO[bytes], path: str) -> Iterator[bytes]:
    while True:
        try:
            chunk = stream.read(CHUNK)
        except OSError as error:
            raise _unreadable(Path(path), error) from error
        if not chunk:
            return
        if not isinstance(chunk, bytes | bytearray | memoryview):
            raise InvalidParameterValue(f"The stream for {path!r} gives text. Open it in binary mode.")
        yield bytes(chunk)


def _unreadable(source: Path, error: OSError) -> InvalidParameterValue:
    return InvalidParameterValue(f"Cannot read {source} to log it: {error.strerror or error}.")


def _joined(directory: str, name: str) -> str:
    directory = directory.strip("/")
    return f"{directory}/{name}" if directory else name
