"""Artifacts come down: several files at once, large ones by parts that a break does not undo.

A file appears under its name when it is whole and, where its store tells a digest, right. What a list says of where
files lie is checked: nothing is written outside of the destination, whoever wrote the list.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assay.blobs.local import LocalBlobs
from assay.blobs.partial import PartialFile, Plan
from assay.blobs.paths import checked_path
from assay.client.progress import Progress
from assay.core import settings
from assay.core.errors import (
    DataLoss,
    InvalidParameterValue,
    ResourceConflict,
    ResourceDoesNotExist,
    StorageFull,
    TemporarilyUnavailable,
)
from assay.core.ids import hex_id
from assay.core.parallel import each
from assay.core.retry import retry
from assay.journal.locks import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.blobs.base import Blob, BlobStore

PARTIAL_PREFIX = ".assay-download-"
"""How names begin of what is not yet whole, beside where it will be."""


@dataclass(frozen=True)
class _Wanted:
    """A file to fetch; its size in bytes where the list told it."""

    path: str
    size: int | None = None


def download(blobs: BlobStore, path: str, *, destination: Path | None) -> Path:
    """Fetch an artifact file, or a directory with all below it; returns where it lies now.

    Files that were fetched in part before, into the same destination, are gone on with.

    Raises:
        ResourceDoesNotExist: there is no such artifact.
        InvalidParameterValue: the list of files leads elsewhere.
        StorageFull: the destination cannot be written.
        AssayError: the files cannot be had now; what has come of large ones is kept.
    """
    if destination is None:
        destination = Path(tempfile.mkdtemp(prefix="assay-"))
    root = destination / checked_path(path) if path else destination
    wanted = _files_below(blobs, path)
    if not wanted and path:
        wanted = [_Wanted(path)]
    else:
        _make(root)
    _make(destination)
    size = sum(one.size or 0 for one in wanted)
    with Progress("Downloading", size=size, files=len(wanted)) as progress:
        _Journey(blobs, destination, progress).fetch(wanted)
    return root.absolute()


class _Journey:
    """The fetching of some files."""

    def __init__(self, blobs: BlobStore, destination: Path, progress: Progress) -> None:
        self._blobs = blobs
        self._destination = destination
        self._progress = progress
        self._threads = settings.transfer_threads.get()
        self._retries = settings.http_max_retries.get()
        self._parts_from = settings.download_parts_from.get()
        self._part_bytes = settings.download_part_bytes.get()

    def fetch(self, wanted: list[_Wanted]) -> None:
        """Small files side by side, large ones one after another, by their parts."""
        small: list[_Wanted] = []
        large: list[_Wanted] = []
        for one in wanted:
            (large if self._is_large(one) else small).append(one)
        each(self._fetch_whole, small, threads=1 if isinstance(self._blobs, LocalBlobs) else self._threads)
        for one in large:
            self._fetch_large(one)

    def _is_large(self, wanted: _Wanted) -> bool:
        if isinstance(self._blobs, LocalBlobs):  # a copy on one disk is no faster in parts
            return False
        if wanted.size is not None:
            return wanted.size >= self._parts_from
        return retry(lambda: self._size(wanted), retries=self._retries) >= self._parts_from

    def _size(self, wanted: _Wanted) -> int:
        blob = self._open(wanted.path)
        try:
            return blob.size
        finally:
            blob.close()

    def _fetch_whole(self, wanted: _Wanted) -> None:
        target = self._target(wanted)
        draft = target.with_name(f"{PARTIAL_PREFIX}{hex_id()}")
        try:
            retry(partial(self._copy, wanted.path, draft), retries=self._retries)
            draft.replace(target)
        except OSError as error:
            raise _refused(target, error) from error
        finally:
            draft.unlink(missing_ok=True)
        self._progress.add(0, files=1)

    def _copy(self, path: str, draft: Path) -> None:
        blob = self._open(path)
        came = 0
        try:
            with draft.open("wb") as file:
                for chunk in blob.chunks():
                    file.write(chunk)
                    came += len(chunk)
                    self._progress.add(len(chunk))
        except BaseException:
            self._progress.add(-came)
            raise
        finally:
            blob.close()

    def _fetch_large(self, wanted: _Wanted) -> None:
        """By parts, where the store gives them; anew when the file was replaced meanwhile."""
        blob = retry(partial(self._looked_at, wanted.path), retries=self._retries)
        if not getattr(blob, "ranges", True):
            self._fetch_whole(wanted)
            return
        target = self._target(wanted)
        gathering = target.with_name(f"{PARTIAL_PREFIX}{hashlib.sha256(target.name.encode()).hexdigest()[:32]}")
        try:
            lock = FileLock.acquire(gathering.with_name(f"{gathering.name}.lock"))
        except OSError as error:
            raise _refused(target, error) from error
        if lock is None:  # another process fetches the same file to the same place: each by itself
            self._fetch_whole(wanted)
            return
        begun = self._progress.done
        try:
            retry(partial(self._gather, wanted.path, gathering, target, begun), retries=self._retries)
        finally:
            gathering.with_name(f"{gathering.name}.lock").unlink(missing_ok=True)
            lock.release()
        self._progress.add(0, files=1)

    def _gather(self, path: str, gathering: Path, target: Path, begun: int) -> None:
        blob = self._looked_at(path)
        file = PartialFile(gathering, Plan(f"{blob.etag} {path}", blob.size, self._part_bytes))
        missing = file.missing()
        came = blob.size - sum(end - start for start, end in map(file.plan.span, missing))
        self._progress.add(begun + came - self._progress.done)
        try:
            each(partial(self._fetch_part, file, blob, path), missing, threads=self._threads)
            if blob.sha256 is not None and file.digest() != blob.sha256:
                file.discard()
                raise DataLoss(f"{path!r} came with another SHA-256 than its store tells. Fetch it again.")
        except ResourceConflict as error:
            raise TemporarilyUnavailable(f"{path!r} is replaced again and again while it is read.") from error
        try:
            gathering.replace(target)
        except OSError as error:
            raise _refused(target, error) from error
        file.discard()

    def _fetch_part(self, file: PartialFile, blob: Blob, path: str, number: int) -> None:
        start, end = file.plan.span(number)

        def attempt() -> None:
            file.write(number, self._part(blob, path, start, end))

        retry(attempt, retries=self._retries)
        self._progress.add(end - start)

    def _part(self, known: Blob, path: str, start: int, end: int) -> Iterator[bytes]:
        if hasattr(known, "ranges"):  # behind a server, which tells itself when the file was replaced
            return known.chunks(start=start, end=end)
        blob = self._open(path)
        if blob.etag != known.etag:
            blob.close()
            raise ResourceConflict(f"{path!r} was replaced while it was read. Read it again.")
        return blob.chunks(start=start, end=end)

    def _looked_at(self, path: str) -> Blob:
        """The file, its facts known and nothing held open."""
        blob = self._open(path)
        blob.size  # noqa: B018 -- asks the server, where it is one
        blob.close()
        return blob

    def _open(self, path: str) -> Blob:
        try:
            return self._blobs.open(path)
        except InvalidParameterValue as error:  # an empty directory
            raise ResourceDoesNotExist(f"There is no artifact file {path!r}. Check the path.") from error

    def _target(self, wanted: _Wanted) -> Path:
        target = self._destination / wanted.path
        _make(target.parent)
        return target


def _files_below(blobs: BlobStore, path: str) -> list[_Wanted]:
    """Every file below a directory; the directories of one level are listed side by side."""
    retries, threads = settings.http_max_retries.get(), settings.transfer_threads.get()
    found: list[_Wanted] = []
    level = [path]
    while level:
        entries: dict[str, list[tuple[_Wanted, bool]]] = {}

        def look(directory: str, entries: dict[str, list[tuple[_Wanted, bool]]] = entries) -> None:
            listed = retry(lambda: blobs.list(directory), retries=retries)
            entries[directory] = [
                (_Wanted(_inside(file.path, directory), file.file_size), file.is_dir) for file in listed
            ]

        each(look, level, threads=threads)
        listed = [entry for directory in level for entry in entries[directory]]
        found += [wanted for wanted, is_directory in listed if not is_directory]
        level = [wanted.path for wanted, is_directory in listed if is_directory]
    return found


def _inside(path: str, directory: str) -> str:
    """The path of an entry, which must lie right in the directory that was listed.

    Raises:
        InvalidParameterValue: it does not, or it is a name of our own.
    """
    checked = checked_path(path)
    parent, _, name = checked.rpartition("/")
    if parent != directory or name.startswith(PARTIAL_PREFIX):
        raise InvalidParameterValue(
            f"The list of {directory or 'the root'!r} names {path[:200]!r}, which does not belong there. Nothing is "
            "fetched: check the server."
        )
    return checked


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(directory, error) from error


def _refused(target: Path, error: OSError) -> StorageFull:
    return StorageFull(f"Cannot write {target}: {error.strerror or error}. Free space there, or name another place.")
