"""The `BlobStore` contract: files under paths, whole or absent.

Paths are relative, checked by `paths.checked_path`, with `/` between names; the empty path is the root. Reading and
writing stream in constant memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from assay.core.errors import NotSupported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from assay.wire.artifacts import FileInfo, MultipartUploadPart

ARTIFACT_SCHEME = "mlflow-artifacts"
CHUNK = 1 << 20
PARTIAL_PREFIX = ".assay-upload-"
"""How names begin of what is not yet whole; nobody else may use such a name, and no list shows it."""


class Blob(Protocol):
    """A file opened for reading. Replaced meanwhile, it gives the old content or raises `ResourceConflict`."""

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


@runtime_checkable
class DirectBlobStore(Protocol):
    """What a store offers besides, when clients may reach it by addresses that were signed for them."""

    def presign(self, method: str, path: str, *, seconds: int) -> str:
        """An address that gives whoever has it this one file, to GET or to PUT, for so long.

        Raises:
            NotSupported: not with the credentials at hand.
        """

    def begin_multipart(self, path: str, *, parts: int, seconds: int) -> tuple[str, Sequence[str]]:
        """Begin an upload whose parts clients send; its id, and the address to which each part is PUT.

        Raises:
            NotSupported: the store has no such uploads.
            InvalidParameterValue: not so many parts, or a directory of that name exists.
        """

    def complete_multipart(self, path: str, upload_id: str, parts: Sequence[MultipartUploadPart]) -> None:
        """Make the parts one file.

        Raises:
            ResourceDoesNotExist: there is no such upload.
            InvalidParameterValue: a part is missing, or its etag is another one.
        """

    def abort_multipart(self, path: str, upload_id: str) -> None:
        """Drop an upload and its parts; a missing one is accepted."""


@runtime_checkable
class SendingBlobStore(Protocol):
    """What a store behind a server offers besides: files of this machine go there without being held in memory."""

    def send(self, path: str, source: Path, *, sha256: str) -> None:
        """Store a file; what arrives is checked against its SHA-256.

        Raises:
            ServerUnreachable: the server does not answer, or stopped doing so.
            AssayError: the server refused it.
        """


def direct(store: BlobStore, what: str) -> DirectBlobStore:
    """The store as one that clients may reach directly; `what` begins the message of the error.

    Raises:
        NotSupported: it keeps its files where only this process reaches them.
    """
    if is_direct(store):
        return cast("DirectBlobStore", store)
    raise NotSupported(f"{what}: it is no object store.")


def is_direct(store: BlobStore) -> bool:
    """Whether clients may reach the store directly."""
    return is_direct(store.whole) if isinstance(store, Below) else isinstance(store, DirectBlobStore)


class Below:
    """A blob store seen from one of its directories."""

    def __init__(self, store: BlobStore, path: str) -> None:
        self.whole = store
        self._prefix = path

    def list(self, path: str = "") -> list[FileInfo]:
        """One directory level, with paths from this root."""
        found = self.whole.list(self.full(path))
        self.shorten(found)
        return found

    def shorten(self, files: Iterable[FileInfo]) -> None:
        """Give files of the whole store their paths from this root."""
        cut = len(self._prefix) + 1
        for file in files:
            file.path = file.path[cut:]

    def full(self, path: str) -> str:
        """The path in the whole store."""
        return f"{self._prefix}/{path}" if path else self._prefix

    def open(self, path: str) -> Blob:
        """Open a file for reading."""
        return self.whole.open(self.full(path))

    def write(self, path: str, chunks: Iterable[bytes], *, sha256: str | None = None) -> int:
        """Store a file."""
        return self.whole.write(self.full(path), chunks, sha256=sha256)

    def delete(self, path: str) -> None:
        """Delete a file or directory."""
        self.whole.delete(self.full(path))

    def presign(self, method: str, path: str, *, seconds: int) -> str:
        """A signed address of a file."""
        return self._direct().presign(method, self.full(path), seconds=seconds)

    def begin_multipart(self, path: str, *, parts: int, seconds: int) -> tuple[str, Sequence[str]]:
        """Begin an upload in parts."""
        return self._direct().begin_multipart(self.full(path), parts=parts, seconds=seconds)

    def complete_multipart(self, path: str, upload_id: str, parts: Sequence[MultipartUploadPart]) -> None:
        """Make the parts one file."""
        self._direct().complete_multipart(self.full(path), upload_id, parts)

    def abort_multipart(self, path: str, upload_id: str) -> None:
        """Drop an upload."""
        self._direct().abort_multipart(self.full(path), upload_id)

    def _direct(self) -> DirectBlobStore:
        return direct(self.whole, "These artifacts have no addresses of their own")
