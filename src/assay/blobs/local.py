"""Artifacts in a directory of this machine.

Every component of a path is opened beneath the descriptor of the one before, and no symbolic link is followed: there is
no path, and no race, that leads out of the root. A file is written under another name, forced to disk, and renamed.
"""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from contextlib import contextmanager, suppress
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.blobs.archive import walk
from assay.blobs.base import PARTIAL_PREFIX
from assay.blobs.digests import keep_digest
from assay.blobs.files import chunks_of
from assay.blobs.leftovers import sweep_once
from assay.blobs.local_blob import LocalBlob
from assay.blobs.pages import page_of, page_of_directory
from assay.core.errors import AssayError, InvalidParameterValue, ResourceDoesNotExist, StorageFull
from assay.core.force import can_force_all, force_all
from assay.core.ids import hex_id
from assay.wire.artifacts import FileInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.blobs.pages import Asked, Page

_TOGETHER = 1000
_WORTH_TOGETHER = 32
"""Fewer files are forced one by one, and nobody else's data with them."""
_DIRECTORY = os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_REFUSING_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO, errno.EACCES, errno.EPERM)


class LocalBlobs:
    """The files below `root`, which is made at the first write."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def list(self, path: str = "") -> list[FileInfo]:
        """One directory level, sorted by path.

        Files that are being written, links, devices, and names that are no Unicode are left out.
        """
        try:
            with self._directory(_parts(path)) as directory, os.scandir(directory) as entries:
                found = [_info(entry, path) for entry in entries if _is_public(entry.name)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted((file for file in found if file), key=lambda file: file.path)

    def page(self, path: str, asked: Asked) -> Page:
        """A part of one directory level, of whose files only those shown are measured."""
        folders: list[str] = []
        files: list[str] = []
        try:
            with self._directory(_parts(path)) as directory, os.scandir(directory) as entries:
                for entry in entries:
                    if not _is_public(entry.name):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.name)
                    elif entry.is_file(follow_symlinks=False):
                        files.append(entry.name)
                return page_of_directory(directory, path, (folders, files), asked)
        except (FileNotFoundError, NotADirectoryError):
            return page_of([], asked)

    def below(self, path: str) -> Iterator[tuple[str, int]]:
        """All files below a directory with their sizes in bytes, directory by directory."""
        return walk(self, path)

    def open(self, path: str) -> LocalBlob:
        """Open a file for reading.

        Raises:
            ResourceDoesNotExist: there is no such file.
            InvalidParameterValue: it is a directory.
        """
        *parents, name = _parts(path) or [""]
        if not name:
            raise _is_directory(path)
        if name.startswith(PARTIAL_PREFIX):
            raise ResourceDoesNotExist(f"There is no artifact {path!r}. Check the path.")
        try:
            with self._directory(parents) as directory:
                descriptor = os.open(name, _READ, dir_fd=directory)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise _too_long(path) from error
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO):
                raise ResourceDoesNotExist(f"There is no artifact {path!r}. Check the path.") from error
            raise
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISREG(kind):
            return LocalBlob(descriptor, path=path)
        os.close(descriptor)
        if stat.S_ISDIR(kind):
            raise _is_directory(path)
        raise ResourceDoesNotExist(f"{path!r} is no file. Check the path.")

    def write(self, path: str, chunks: Iterable[bytes], *, sha256: str | None = None) -> int:
        """Store a file, whole or not at all, replacing one of that name; returns its size in bytes.

        Raises:
            StorageFull: the disk is full or cannot be written; nothing was changed.
            InvalidParameterValue: a directory of that name exists, or a file where a directory is needed.
        """
        with self._place_of(path) as (directory, name):
            sweep_once(self.root, directory)
            partial, size = _write_partial(directory, chunks, sha256=sha256, force=True)
            _publish(directory, partial, name)
            os.fsync(directory)
            return size

    def write_many(self, files: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """Store files, each whole or not at all, and force them to disk together; the first error ends it.

        A file system forces a thousand files at once as fast as a few one by one, and each gets its name only then. A
        file's chunks are read before the next file is asked for.

        Raises:
            StorageFull: the disk is full or cannot be written; what was stored before stays.
            InvalidParameterValue: a directory of that name exists, or a file where a directory is needed.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        waiting = iter(files)
        while self._write_together(islice(waiting, _TOGETHER)):
            pass

    def adopt(self, path: str, source: Path, *, sha256: str) -> None:
        """Make a whole, forced file, which has this digest, the one at `path`; `source` is gone then, or to be removed.

        Raises:
            StorageFull: the disk is full or cannot be written; nothing was changed.
            InvalidParameterValue: a directory of that name exists, or a file where a directory is needed.
        """
        with _opened(source) as descriptor:
            keep_digest(descriptor, sha256)
        try:
            with self._place_of(path) as (directory, name):
                os.rename(source, name, dst_dir_fd=directory)
                os.fsync(directory)
        except AssayError as error:
            if not isinstance(error.__cause__, OSError) or error.__cause__.errno != errno.EXDEV:
                raise
            self.write(path, chunks_of(source), sha256=sha256)  # another file system is mounted below the root

    def delete(self, path: str) -> None:
        """Delete a file, or a directory with all in it; a missing one is accepted.

        Raises:
            StorageFull: the disk cannot be written.
        """
        *parents, name = _parts(path) or [""]
        try:
            with self._directory(parents) as directory:
                if name.startswith(PARTIAL_PREFIX):
                    return
                if name:
                    _remove(directory, name)
                else:
                    _remove_all(directory)
                os.fsync(directory)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise self._write_error(path, error) from error

    def _write_together(self, files: Iterator[tuple[str, Iterable[bytes]]]) -> int:
        """Store some files; returns how many."""
        partials: deque[tuple[str, str]] = deque()
        try:
            for parent, group in groupby(files, key=_parent):
                with self._parent(parent) as directory:
                    for path, chunks in group:
                        _file_name(path)
                        partials.append((path, _write_partial(directory, chunks, sha256=None, force=False)[0]))
            count = len(partials)
            self._force(partials)
            self._publish_all(partials)
        finally:
            for path, partial in partials:
                with suppress(AssayError), self._parent(_parent((path,))) as directory:
                    _forget(directory, partial)
        return count

    def _force(self, partials: Iterable[tuple[str, str]]) -> None:
        waiting = tuple(partials)
        if len(waiting) >= _WORTH_TOGETHER and can_force_all():
            with self._telling("many files"):
                force_all(self.root)
            return
        for path, partial in waiting:
            with self._parent(_parent((path,))) as directory, _opened(partial, directory) as descriptor:
                os.fsync(descriptor)

    def _publish_all(self, partials: deque[tuple[str, str]]) -> None:
        """Give whole files their names, the earliest first, and force every directory."""
        for parent, group in groupby(tuple(partials), key=_parent):
            with self._parent(parent) as directory:
                for path, partial in group:
                    with self._telling(path):
                        _publish(directory, partial, _file_name(path))
                    partials.popleft()
                os.fsync(directory)

    @contextmanager
    def _place_of(self, path: str) -> Iterator[tuple[int, str]]:
        """The descriptor of the directory that a new file goes to, and its name there; errors say what is wrong."""
        name = _file_name(path)
        with self._parent(_parent((path,)), path) as directory:
            yield directory, name

    @contextmanager
    def _parent(self, parent: str, path: str | None = None) -> Iterator[int]:
        """The descriptor of a directory for new files, made where it is missing; errors are told of `path`."""
        parts = _parts(parent)
        for part in parts:
            _file_name(part)
        with self._telling(path or parent):
            self.root.mkdir(parents=True, exist_ok=True)
            with self._directory(parts, create=True) as directory:
                yield directory

    @contextmanager
    def _telling(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._write_error(path, error) from error

    @contextmanager
    def _directory(self, parts: Sequence[str], *, create: bool = False) -> Iterator[int]:
        """The descriptor of a directory beneath the root, reached without following links."""
        current = os.open(self.root, _DIRECTORY)
        try:
            for part in parts:
                below = _enter(current, part, create=create)
                os.close(current)
                current = below
            yield current
        finally:
            os.close(current)

    def _write_error(self, path: str, error: OSError) -> AssayError:
        if error.errno in (errno.EISDIR, errno.ENOTEMPTY, errno.EEXIST):
            return _is_directory(path)
        if error.errno in (errno.ENOTDIR, errno.ELOOP):
            return InvalidParameterValue(f"Invalid path {path!r}: a part of it is a file or a link, not a directory.")
        if error.errno == errno.ENAMETOOLONG:
            return _too_long(path)
        if error.errno in _REFUSING_DISK:
            return StorageFull(
                f"Cannot write {path!r} in {self.root}: {os.strerror(error.errno)}. Nothing was changed; "
                "free space, or make the directory writable, and try again."
            )
        return AssayError(f"Cannot write {path!r}: {os.strerror(error.errno or 0)}.")


@contextmanager
def _opened(name: str | Path, directory: int | None = None) -> Iterator[int]:
    descriptor = os.open(name, _READ, dir_fd=directory)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _parent(file: tuple[Any, ...]) -> str:
    """The directory of a file that comes with its path first."""
    return str(file[0]).rpartition("/")[0]


def _file_name(path: str) -> str:
    name = path.rpartition("/")[2]
    if not name or name.startswith(PARTIAL_PREFIX):
        raise InvalidParameterValue(f"Invalid path {path!r}: it does not name a file.")
    return name


def _parts(path: str) -> list[str]:
    return path.split("/") if path else []


def _is_public(name: str) -> bool:
    if name.startswith(PARTIAL_PREFIX):
        return False
    return name.isascii() or not any("\ud800" <= c <= "\udfff" for c in name)


def _info(entry: os.DirEntry[str], path: str) -> FileInfo | None:
    full = f"{path}/{entry.name}" if path else entry.name
    if entry.is_dir(follow_symlinks=False):
        return FileInfo(path=full, is_dir=True)
    if not entry.is_file(follow_symlinks=False):
        return None
    try:
        return FileInfo(path=full, is_dir=False, file_size=entry.stat(follow_symlinks=False).st_size)
    except FileNotFoundError:  # deleted since it was listed
        return None


def _enter(parent: int, name: str, *, create: bool) -> int:
    if name.startswith(PARTIAL_PREFIX):
        raise FileNotFoundError(errno.ENOENT, "what is not whole is not told", name)
    try:
        return os.open(name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    except FileNotFoundError:
        if not create:
            raise
    with suppress(FileExistsError):  # somebody else made it at the same moment
        os.mkdir(name, dir_fd=parent)
        os.fsync(parent)
    return os.open(name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)


def _write_partial(directory: int, chunks: Iterable[bytes], *, sha256: str | None, force: bool) -> tuple[str, int]:
    """Write a file under a name that no list shows; returns the name and the size."""
    partial = PARTIAL_PREFIX + hex_id()
    descriptor = os.open(partial, _CREATE, 0o666, dir_fd=directory)
    try:
        try:
            size = _write_chunks(descriptor, chunks)
            if sha256 is not None:
                keep_digest(descriptor, sha256)
            if force:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        _forget(directory, partial)
        raise
    return partial, size


def _publish(directory: int, partial: str, name: str) -> None:
    """Give a whole file its name."""
    try:
        os.rename(partial, name, src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        _forget(directory, partial)
        raise


def _forget(directory: int, partial: str) -> None:
    with suppress(OSError):
        os.unlink(partial, dir_fd=directory)


def _write_chunks(descriptor: int, chunks: Iterable[bytes]) -> int:
    size = 0
    for chunk in chunks:
        rest = memoryview(chunk)
        size += len(rest)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    return size


def _remove(directory: int, name: str) -> None:
    try:
        os.unlink(name, dir_fd=directory)
    except (IsADirectoryError, PermissionError) as error:  # some systems say EPERM for a directory
        try:
            below = os.open(name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)
        except NotADirectoryError:
            raise error from None
        try:
            _remove_all(below)
        finally:
            os.close(below)
        os.rmdir(name, dir_fd=directory)


def _remove_all(directory: int) -> None:
    for name in os.listdir(directory):
        with suppress(FileNotFoundError):  # somebody else deletes it too
            _remove(directory, name)


def _is_directory(path: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"{path!r} is a directory, not a file. Name a file in it.")


def _too_long(path: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Invalid path {path[:100]!r}...: a name in it is longer than the disk allows.")
