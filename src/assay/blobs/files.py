"""Files of this machine as chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.blobs.base import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def chunks_of(source: Path) -> Iterator[bytes]:
    """The bytes of a file, at most a mebibyte at a time.

    Raises:
        OSError: it cannot be read.
    """
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
