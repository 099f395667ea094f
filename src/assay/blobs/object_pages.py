"""A part of one level of a bucket, for levels of so many objects that nobody waits until all their names are read.

Object stores list keys in order, a thousand in a request, and can begin behind any key. So a page is read from behind
the last entry of the page before, and a directory with much in it is stepped over by beginning behind all of it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from assay.blobs.base import PARTIAL_PREFIX
from assay.blobs.pages import Page
from assay.wire.artifacts import FileInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.blobs.pages import Asked

PEEKED = 5000
"""How many keys are looked at to tell whether a level is large, of which half are files in it then."""
_REQUEST = 1000
_BEHIND_ALL = "\U0010ffff"


class Level:
    """One level of a bucket, read in the order of its keys.

    Args:
        store: The bucket, an object of `obstore.store`.
        prefix: The level's directory in the bucket; empty for the bucket itself.
        path: The same directory from the root of the blob store.
    """

    def __init__(self, store: Any, *, prefix: str, path: str) -> None:
        self._store = store
        self._prefix = prefix
        self._below = f"{prefix}/" if prefix else ""
        self._path = f"{path}/" if path else ""
        self._answers = 0

    def is_large(self) -> bool:
        """Whether the level begins with so many files that it is better told by parts than whole."""
        files = 0
        for entry in self._entries(""):
            files += not entry.is_dir
            if self._answers * _REQUEST > PEEKED:
                return 2 * files > PEEKED
        return False

    def below(self) -> Iterator[tuple[str, int]]:
        """All objects from the level on by name, with sizes."""
        for keys in self._requests(""):
            yield from (one for one in keys if one[0] and not one[0].rpartition("/")[2].startswith(PARTIAL_PREFIX))

    def page(self, asked: Asked) -> Page:
        """The entries behind the name that was asked for."""
        found: list[FileInfo] = []
        for entry in islice(self._entries(asked.after), 0 if asked.after else asked.start, None):
            if len(found) == asked.most:
                return self._told(found, asked, complete=False)
            found.append(entry)
        return self._told(found, asked, complete=True)

    def _told(self, found: list[FileInfo], asked: Asked, *, complete: bool) -> Page:
        folders = sum(file.is_dir for file in found)
        return Page(found, asked.start, asked.start + len(found), folders, None, complete)

    def _entries(self, after: str) -> Iterator[FileInfo]:
        """Files and directories behind a name; a directory's name has `/` behind it there."""
        behind = f"{after}{_BEHIND_ALL}" if after.endswith("/") else after
        folder = None
        while True:
            for keys in self._requests(behind):
                for name, size in keys:
                    top, deeper, _ = name.partition("/")
                    if not top or top.startswith(PARTIAL_PREFIX) or (deeper and top == folder):
                        continue
                    if deeper:
                        folder = top
                    is_dir = bool(deeper)
                    yield FileInfo(path=self._path + top, is_dir=is_dir, file_size=None if is_dir else size)
                if folder and all(name.startswith(f"{folder}/") for name, _ in keys):
                    behind = f"{folder}/{_BEHIND_ALL}"
                    break
            else:
                return

    def _requests(self, behind: str) -> Iterator[list[tuple[str, int]]]:
        """Keys from the level on, with sizes, as many at a time as the store gives in one answer."""
        offset = self._below + behind if behind else None
        cut = len(self._below)
        for keys in self._store.list(self._prefix or None, offset=offset, chunk_size=_REQUEST):
            self._answers += 1
            yield [(one["path"][cut:], one["size"]) for one in keys]
