"""Artifacts in a bucket of S3, Google Cloud Storage or Azure, through obstore.

A file is one object. What obstore retries by itself is one request to the store, for a few seconds (`RETRY` in
`places.py`); what still fails then is told as a temporary error, for the caller's own retry loop. A file larger than
one part goes up in parts, which the store puts together only at the end and drops when the upload breaks off.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import obstore

from assay.blobs.base import CHUNK, PARTIAL_PREFIX
from assay.blobs.multipart import SECONDS
from assay.blobs.object_errors import STORE_ERRORS, told
from assay.blobs.object_pages import Level
from assay.blobs.pages import page_of
from assay.core.errors import InvalidParameterValue, NotSupported, ResourceConflict, ResourceDoesNotExist
from assay.wire.artifacts import FileInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.blobs.multipart import Multipart
    from assay.blobs.pages import Asked, Page
    from assay.wire.artifacts import MultipartUploadPart

PART = 16 << 20
"""Bytes of one part; a store takes up to 10,000 of them, so that a file has at most 160 GiB."""
_PARTS_UNDER_WAY = 3
_WINDOW = 8 << 20
_PAGE = 1000
_DIGEST = "assay-sha256"


class ObjectBlob:
    """An object as it was when it was opened; a reader is told when it was replaced since."""

    def __init__(self, blobs: ObjectBlobs, path: str, head: Any) -> None:
        self._blobs = blobs
        self._path = path
        self._facts = head.meta
        self._digest = head.attributes.get(_DIGEST)

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return int(self._facts["size"])

    @property
    def modified(self) -> float:
        """When it was last written, in seconds since the epoch."""
        return float(self._facts["last_modified"].timestamp())

    @property
    def etag(self) -> str:
        """The store's own, which changes when the content does."""
        return _plain(self._facts)

    @property
    def sha256(self) -> str | None:
        """The SHA-256 that was kept among the object's metadata."""
        return None if self._digest is None else str(self._digest)

    def chunks(self, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`.

        They come in windows, each fetched whole: a slow reader keeps no connection to the store waiting.

        Raises:
            ResourceConflict: the object was replaced since it was opened.
            TemporarilyUnavailable: the store does not answer.
        """
        stop = self.size if end is None else min(end, self.size)
        while start < stop:
            end = min(start + _WINDOW, stop)
            found = self._blobs.window(
                self._path, None if (start, end) == (0, self.size) else (start, end), etag=self.etag
            )
            if found is None:
                yield from self._blobs.passing(self._path, start, stop, etag=self.etag)
                return
            window = memoryview(found)
            for offset in range(0, len(window), CHUNK):
                yield bytes(window[offset : offset + CHUNK])
            start = end

    def close(self) -> None:
        """Nothing is open between requests."""


class ObjectBlobs:
    """The objects below a prefix of one bucket.

    Args:
        store: The bucket, an object of `obstore.store`.
        name: What errors call it, such as `s3://bucket`.
        prefix: Path of the root in the bucket; empty for the bucket itself.
        parts: Uploads in parts that clients send by themselves, where the store has them.
    """

    def __init__(self, store: Any, *, name: str, prefix: str = "", parts: Multipart | None = None) -> None:
        self._store = store
        self._name = name
        self._prefix = prefix
        self._parts = parts

    def list(self, path: str = "") -> list[FileInfo]:
        """One directory level, sorted by path.

        Raises:
            PermissionDenied: the store refuses the credentials.
            TemporarilyUnavailable: it does not answer.
        """
        with self._telling(path):
            found = self._store.list_with_delimiter(self._key(path) or None)
        cut = len(self._prefix) + 1 if self._prefix else 0
        directories = [
            FileInfo(path=key[cut:].rstrip("/"), is_dir=True)
            for key in found["common_prefixes"]
            if not key.rstrip("/").rpartition("/")[2].startswith(PARTIAL_PREFIX)
        ]
        files = [
            FileInfo(path=one["path"][cut:], is_dir=False, file_size=one["size"])
            for one in found["objects"]
            if one["path"] != self._key(path)  # a marker that some tools leave for a directory
        ]
        return sorted(directories + files, key=lambda file: file.path)

    def page(self, path: str, asked: Asked) -> Page:
        """A part of one directory level; by the order of the keys, and without an end, where there are very many files.

        Raises:
            PermissionDenied: the store refuses the credentials.
            TemporarilyUnavailable: it does not answer.
        """
        level = Level(self._store, prefix=self._key(path), path=path)
        with self._telling(path):
            if asked.after or level.is_large():
                return level.page(asked)
        return page_of(self.list(path), asked)

    def below(self, path: str) -> Iterator[tuple[str, int]]:
        """All files below a directory with their sizes in bytes, in the order of their keys.

        Raises:
            PermissionDenied: the store refuses the credentials.
            TemporarilyUnavailable: it does not answer.
        """
        with self._telling(path):
            for name, size in Level(self._store, prefix=self._key(path), path=path).below():
                yield (f"{path}/{name}" if path else name), size

    def open(self, path: str) -> ObjectBlob:
        """Open a file for reading.

        Raises:
            ResourceDoesNotExist: there is no such file, or no such bucket.
            InvalidParameterValue: it is a directory.
            PermissionDenied: the store refuses the credentials.
            TemporarilyUnavailable: it does not answer.
        """
        if not path:
            raise _is_directory(path)
        with self._telling(path):
            try:
                return ObjectBlob(self, path, self._store.get(self._key(path), options={"head": True}))
            except FileNotFoundError as error:
                if self._has_below(path):
                    raise _is_directory(path) from error
                raise ResourceDoesNotExist(f"There is no artifact {path!r}. Check the path.") from error

    def window(self, path: str, wanted: tuple[int, int] | None, *, etag: str) -> Any:
        """Bytes of an object in one request: those from the first up to, not including, the second; None for all.

        The answer is None where the store, against the rules of HTTP, does not say that it gives a part.

        Raises:
            ResourceConflict: the object has another etag.
        """
        with self._telling(path):
            try:
                return self._get(path, {"range": wanted} if wanted else {}, etag=etag).bytes()
            except STORE_ERRORS as error:
                if "non-partial response" in str(error):
                    return None
                raise

    def passing(self, path: str, start: int, stop: int, *, etag: str) -> Iterator[bytes]:
        """Bytes of an object of which the whole is fetched.

        Raises:
            ResourceConflict: the object has another etag.
        """
        position = 0
        with self._telling(path):
            for piece in self._get(path, {}, etag=etag).stream(CHUNK):
                wanted = bytes(piece)[max(0, start - position) : max(0, stop - position)]
                position += len(piece)
                if wanted:
                    yield wanted
                if position >= stop:
                    return

    def write(self, path: str, chunks: Iterable[bytes], *, sha256: str | None = None) -> int:
        """Store a file, whole or not at all, replacing one of that name; returns its size in bytes.

        Raises:
            InvalidParameterValue: a directory of that name exists.
            PermissionDenied: the store refuses the credentials.
            TemporarilyUnavailable: it does not answer; nothing was changed.
        """
        self._check_no_directory(path)
        source = _Counted(chunks)
        first = source.take(PART)
        kept = {} if sha256 is None else {_DIGEST: sha256}
        with self._telling(path):
            if source.size < PART:
                self._store.put(self._key(path), first, attributes=kept, use_multipart=False)
            else:
                self._store.put(
                    self._key(path),
                    chain([first], source),
                    attributes=kept,
                    use_multipart=True,
                    chunk_size=PART,
                    max_concurrency=_PARTS_UNDER_WAY,
                )
        return source.size

    def delete(self, path: str) -> None:
        """Delete a file, or a directory with all in it; a missing one is accepted.

        Raises:
            PermissionDenied: the store refuses the credentials.
            TemporarilyUnavailable: it does not answer; some files may be gone.
        """
        with self._telling(path):
            for page in self._store.list(self._key(path) or None, chunk_size=_PAGE):
                self._delete([one["path"] for one in page])
            if path and self._is_file(path):  # not every server takes it well when there is no such object
                self._delete([self._key(path)])

    def presign(self, method: str, path: str, *, seconds: int) -> str:
        """An address that gives whoever has it this one object, to GET or to PUT, for so long.

        Raises:
            NotSupported: the credentials at hand cannot sign.
        """
        try:
            return str(obstore.sign(self._store, method, self._key(path), timedelta(seconds=seconds)))  # type: ignore[call-overload]
        except (*STORE_ERRORS, ValueError) as error:
            raise NotSupported(f"{self._name} gives no presigned addresses with these credentials.") from error

    def begin_multipart(self, path: str, *, parts: int, seconds: int) -> tuple[str, Sequence[str]]:
        """Begin an upload whose parts others send; its id, and where each part is PUT.

        Raises:
            NotSupported: the store has no such uploads, or not with these credentials.
        """
        uploads = self._multipart()
        self._check_no_directory(path)
        post, put = (self.presign(method, path, seconds=seconds) for method in ("POST", "PUT"))
        return uploads.begin(post, put, parts)

    def complete_multipart(self, path: str, upload_id: str, parts: Sequence[MultipartUploadPart]) -> None:
        """Make the parts one file.

        Raises:
            ResourceDoesNotExist: there is no such upload.
            InvalidParameterValue: a part is missing, or its etag is another one.
        """
        uploads = self._multipart()
        self._check_no_directory(path)
        uploads.complete(self.presign("POST", path, seconds=SECONDS), upload_id, parts)

    def abort_multipart(self, path: str, upload_id: str) -> None:
        """Drop an upload and its parts; a missing one is accepted."""
        self._multipart().abort(self.presign("DELETE", path, seconds=SECONDS), upload_id)

    def _multipart(self) -> Multipart:
        if self._parts is None:
            raise NotSupported(f"{self._name} takes no multipart uploads from clients with these credentials.")
        return self._parts

    def _get(self, path: str, options: dict[str, Any], *, etag: str) -> Any:
        try:
            found = self._store.get(self._key(path), options=options)
        except FileNotFoundError as error:
            raise _was_replaced(path) from error
        if _plain(found.meta) != etag:
            raise _was_replaced(path)
        return found

    def _key(self, path: str) -> str:
        return f"{self._prefix}/{path}" if self._prefix and path else self._prefix or path

    def _is_file(self, path: str) -> bool:
        try:
            self._store.head(self._key(path))
        except FileNotFoundError:
            return False
        return True

    def _has_below(self, path: str) -> bool:
        return any(page for page in self._store.list(self._key(path), chunk_size=1))

    def _check_no_directory(self, path: str) -> None:
        with self._telling(path):
            if not path or self._has_below(path):
                raise _is_directory(path)

    def _delete(self, keys: Sequence[str]) -> None:
        try:
            self._store.delete(keys)
        except FileNotFoundError:  # some stores say so, and others have deleted one meanwhile
            for key in keys:
                with suppress(FileNotFoundError):
                    self._store.delete(key)

    @contextmanager
    def _telling(self, path: str) -> Iterator[None]:
        """Errors of the store become ours."""
        try:
            yield
        except (*STORE_ERRORS, FileNotFoundError) as error:
            raise told(error, name=self._name, path=path) from error


class _Counted:
    """Chunks as they come, and how many bytes they were."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            if chunk:  # an empty one would end the upload
                self.size += len(chunk)
                yield chunk

    def take(self, size: int) -> bytes:
        """The first bytes: at least `size`, or all."""
        pieces = []
        for chunk in self:
            pieces.append(chunk)
            if self.size >= size:
                break
        return b"".join(pieces)


def _plain(facts: Any) -> str:
    etag = facts["e_tag"] or f"{facts['last_modified'].timestamp():.6f}-{facts['size']}"
    return str(etag).removeprefix("W/").strip('"')


def _is_directory(path: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"{path!r} is a directory, not a file. Name a file in it.")


def _was_replaced(path: str) -> ResourceConflict:
    return ResourceConflict(f"{path!r} was replaced or deleted while it was read. Read it again.")
