"""The `BlobStore` contract: files under paths, whole or absent.

Paths are relative, checked by `paths.checked_path`, with `/` between names; the empty path is the root. Reading and
writing stream in constant memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.wire.artifacts import FileInfo

ARTIFACT_SCHEME = "mlflow-artifacts"
CHUNK = 1 << 20
PARTIAL_PREFIX = ".assay-upload-"
"""How names begin of what is not yet whole; nobody else may use such a name, and no list shows it."""


class Blob(Protocol):
    """A file opened for reading; it stays the same file even when it is replaced meanwhile."""

    @property
    def size(self) -> int:
        """Bytes in the file."""

    @property
    def modified(self) -> float:
        """When it was last written, in seconds since the epoch."""

    @property
    def etag(self) -> str:
        """A text that changes when the content does."""

    @property
    def sha256(self) -> str | None:
        """The hexadecimal SHA-256 of the content, where it was kept with the file; it is never computed for this."""

    def chunks(self, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`. Closes the blob at the end."""

    def close(self) -> None:
        """Let go of the file."""


class BlobStore(Protocol):
    """A place for files."""

    def list(self, path: str = "") -> list[FileInfo]:
        """One directory level, sorted by path, with paths from the root; empty for a file or a missing path."""

    def open(self, path: str) -> Blob:
        """Open a file for reading.

        Raises:
            ResourceDoesNotExist: there is no such file.
            InvalidParameterValue: it is a directory.
        """

    def write(self, path: str, chunks: Iterable[bytes], *, sha256: str | None = None) -> int:
        """Store a file, whole or not at all, replacing one of that name; returns its size in bytes.

        Args:
            path: where it goes.
            chunks: its bytes; when the iterator raises, nothing is stored.
            sha256: the digest to keep with the file, for a caller whose `chunks` raise unless it is the right one.

        Raises:
            StorageFull: the disk is full or read-only; nothing was changed.
        """

    def delete(self, path: str) -> None:
        """Delete a file, or a directory with all in it; a missing one is accepted."""


class Below:
    """A blob store seen from one of its directories."""

    def __init__(self, store: BlobStore, path: str) -> None:
        self._store = store
        self._prefix = path

    def list(self, path: str = "") -> list[FileInfo]:
        """One directory level, with paths from this root."""
        cut = len(self._prefix) + 1
        found = self._store.list(self._full(path))
        for file in found:
            file.path = file.path[cut:]
        return found

    def open(self, path: str) -> Blob:
        """Open a file for reading."""
        return self._store.open(self._full(path))

    def write(self, path: str, chunks: Iterable[bytes], *, sha256: str | None = None) -> int:
        """Store a file."""
        return self._store.write(self._full(path), chunks, sha256=sha256)

    def delete(self, path: str) -> None:
        """Delete a file or directory."""
        self._store.delete(self._full(path))

    def _full(self, path: str) -> str:
        return f"{self._prefix}/{path}" if path else self._prefix
