"""Forcing data to disk, whole writes, and the error for a disk that refuses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assay.core.errors import StorageFull

if TYPE_CHECKING:
    from pathlib import Path

force_data = getattr(os, "fdatasync", os.fsync)


def force_directory(path: Path) -> None:
    """Force the names in a directory to disk.

    Raises:
        OSError: the disk failed.
    """
    if os.name == "nt":  # directories cannot be opened there; the file system journals their entries
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes, *, start: int = 0) -> None:
    """Write `data` from `start` on, with as many calls as the system wants.

    Raises:
        OSError: the disk is full or failed; a part may have been written.
    """
    view = memoryview(data)
    while start < len(data):
        start += os.write(descriptor, view[start:])


def storage_full(action: str, directory: Path, error: OSError) -> StorageFull:
    """The error for `action` (such as `write`) refused by the disk under `directory`."""
    return StorageFull(
        f"Cannot {action} in {directory}: {error.strerror or error}. "
        "Free space there, or point the spool at another disk; it goes on when the disk works again."
    )
