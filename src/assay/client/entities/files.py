"""Artifact files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.client.entities.base import Entity

if TYPE_CHECKING:
    from assay.wire import artifacts as wire


class FileInfo(Entity):
    """An artifact file or directory; `file_size` in bytes, None for directories."""

    path: str
    is_dir: bool
    file_size: int | None = None


def file_info(message: wire.FileInfo) -> FileInfo:
    """The file of a wire message."""
    return FileInfo(path=message.path, is_dir=message.is_dir, file_size=None if message.is_dir else message.file_size)
