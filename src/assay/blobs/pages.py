"""A part of a directory level, for readers who see a page of it: what is not on the page costs as little as it can."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast, runtime_checkable

from assay.blobs.archive import walk
from assay.blobs.base import Below
from assay.wire.artifacts import FileInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.blobs.base import BlobStore

MOST_MEASURED = 10_000
"""Of how many files at most the sizes are read to tell their sum."""


class Asked(NamedTuple):
    """Which part of a directory level: `most` entries from `start` on, or the part of that length with `around` in it.

    `after` is the name of the entry before `start`, with `/` behind that of a directory, for a store that cannot count.
    """

    start: int
    most: int
    around: str = ""
    after: str = ""


class Page(NamedTuple):
    """Entries of a directory level, its directories first, both by name; those before it number `start`.

    Where not `complete`, the level goes on after the page, nobody knows how far: `total` and `folders` count what is
    known, and entries are in the store's own order. `bytes` is None where it would have cost too much.
    """

    files: list[FileInfo]
    start: int
    total: int
    folders: int
    bytes: int | None
    complete: bool = True


@runtime_checkable
class PagedBlobStore(Protocol):
    """What a store offers besides, when it need not read all of a directory to tell a part of it."""

    def page(self, path: str, asked: Asked) -> Page:
        """A part of one directory level, with paths from the root; empty for a file or a missing path.

        Raises:
            PermissionDenied: the store refuses the credentials.
            TemporarilyUnavailable: it does not answer.
        """

    def below(self, path: str) -> Iterator[tuple[str, int]]:
        """All files below a directory with their sizes in bytes, as they are found.

        Raises:
            PermissionDenied: the store refuses the credentials.
            TemporarilyUnavailable: it does not answer.
        """


def page(store: BlobStore, path: str, asked: Asked) -> Page:
    """A part of one directory level, for which the store reads no more than it must."""
    if isinstance(store, Below):
        found = page(store.whole, store.full(path), asked)
        store.shorten(found.files)
        return found
    if isinstance(store, PagedBlobStore):
        return cast("PagedBlobStore", store).page(path, asked)
    return page_of(store.list(path), asked)


def below(store: BlobStore, path: str) -> Iterator[tuple[str, int]]:
    """All files below a directory with their sizes in bytes, as soon as the store finds them."""
    if isinstance(store, Below):
        cut = len(store.full("x")) - 1
        return ((name[cut:], size) for name, size in below(store.whole, store.full(path)))
    if isinstance(store, PagedBlobStore):
        return cast("PagedBlobStore", store).below(path)
    return walk(store, path)


def page_of(files: Sequence[FileInfo], asked: Asked) -> Page:
    """A part of a directory level that was read whole, sorted by path."""
    ordered = [file for file in files if file.is_dir]
    folders = len(ordered)
    ordered += [file for file in files if not file.is_dir]
    start = start_of([file.path.rpartition("/")[2] for file in ordered] if asked.around else (), asked)
    size = sum(file.file_size or 0 for file in files)
    return Page(ordered[start : start + asked.most], start, len(ordered), folders, size)


def start_of(names: Sequence[str], asked: Asked) -> int:
    """Where the part begins that was asked for."""
    if asked.around and asked.around in names:
        place = names.index(asked.around)
        return place - place % asked.most
    return asked.start


def page_of_directory(directory: int, path: str, names: tuple[list[str], list[str]], asked: Asked) -> Page:
    """A part of an open directory with these directories and files in it, of which only those shown are measured."""
    folders, plain = (sorted(some) for some in names)
    ordered = folders + plain
    start = start_of(ordered, asked)
    prefix = f"{path}/" if path else ""
    files = [
        FileInfo(path=prefix + name, is_dir=True)
        if place < len(folders)
        else FileInfo(path=prefix + name, is_dir=False, file_size=_size(directory, name))
        for place, name in enumerate(ordered[start : start + asked.most], start)
    ]
    size = sum(_size(directory, name) for name in plain) if len(plain) <= MOST_MEASURED else None
    return Page(files, start, len(ordered), len(folders), size)


def _size(directory: int, name: str) -> int:
    """The size of a file; 0 where it was deleted, or is another thing, since its name was read."""
    try:
        found = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0
