"""Take a file into the spool: cloned where the file system can, otherwise copied; its digest is taken on the way."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import sys
from typing import IO, TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.journal.disk import storage_full, write_all

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "linux":
    import fcntl

_CHUNK = 1 << 20
_CLONE = 0x40049409
"""`FICLONE` of Linux: shared blocks that part when one side is written (Btrfs, XFS, bcachefs, overlays of them)."""


def waiting_bytes(source: IO[bytes]) -> int:
    """How many bytes a file on disk still holds; 0 for a stream that does not tell."""
    descriptor = _descriptor(source)
    if descriptor is None:
        return 0
    facts = os.fstat(descriptor)
    return max(0, facts.st_size - source.tell()) if stat.S_ISREG(facts.st_mode) else 0


def take(descriptor: int, source: IO[bytes], *, directory: Path) -> tuple[int, str]:
    """Fill the open, empty file `descriptor`; returns size in bytes and hexadecimal SHA-256.

    Raises:
        InvalidParameterValue: the source cannot be read, or gives no bytes.
        StorageFull: the disk, of which `directory` is told, is full or failed.
    """
    digest = hashlib.sha256()
    size = 0
    cloned = _clone(descriptor, source)
    while chunk := os.read(descriptor, _CHUNK) if cloned else _read(source):
        digest.update(chunk)
        size += len(chunk)
        if not cloned:
            try:
                write_all(descriptor, chunk)
            except OSError as error:  # told apart from an error of reading the source
                raise storage_full("stage a file", directory, error) from error
    return size, digest.hexdigest()


def _clone(descriptor: int, source: IO[bytes]) -> bool:
    origin = _descriptor(source)
    if sys.platform != "linux" or origin is None or source.tell() != 0:
        return False
    try:
        fcntl.ioctl(descriptor, _CLONE, origin)
    except OSError:  # not on this file system, or not between these two
        return False
    return True


def _descriptor(source: IO[bytes]) -> int | None:
    """The descriptor of a plain file; None for what only reads from one, such as a file that unpacks another."""
    plain = source.raw if isinstance(source, io.BufferedReader) else source
    return plain.fileno() if isinstance(plain, io.FileIO) and plain.seekable() else None


def _read(source: IO[bytes]) -> bytes:
    try:
        chunk = source.read(_CHUNK)
    except OSError as error:
        raise InvalidParameterValue(f"The file to log cannot be read: {error.strerror or error}.") from error
    if chunk and not isinstance(chunk, bytes | bytearray | memoryview):
        raise InvalidParameterValue("The stream to log gives text. Open it in binary mode.")
    return bytes(chunk)
