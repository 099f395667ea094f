"""An artifact file of this machine, open."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assay.blobs.base import CHUNK
from assay.blobs.digests import kept_digest
from assay.core.errors import DataLoss

if TYPE_CHECKING:
    from collections.abc import Iterator


class LocalBlob:
    """An open file of a local directory."""

    def __init__(self, descriptor: int, *, path: str) -> None:
        self._descriptor = descriptor
        self._path = path
        self._facts = os.fstat(descriptor)

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._facts.st_size

    @property
    def modified(self) -> float:
        """When it was last written, in seconds since the epoch."""
        return self._facts.st_mtime

    @property
    def etag(self) -> str:
        """Made of the file's identity, time and size: replacing the file changes it."""
        return f"{self._facts.st_ino:x}-{self._facts.st_mtime_ns:x}-{self._facts.st_size:x}"

    @property
    def sha256(self) -> str | None:
        """The SHA-256 that was kept with the file, unless it was changed since."""
        return kept_digest(self._descriptor, self._facts)

    def chunks(self, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`. Closes the blob at the end.

        Raises:
            DataLoss: somebody shortened the file meanwhile.
        """
        stop = self.size if end is None else min(end, self.size)
        try:
            while start < stop:
                chunk = os.pread(self._descriptor, min(CHUNK, stop - start), start)
                if not chunk:
                    raise DataLoss(
                        f"{self._path!r} became shorter while it was read: {start} of {stop} bytes were there."
                    )
                start += len(chunk)
                yield chunk
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file. Doing so again does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __del__(self) -> None:
        self.close()
