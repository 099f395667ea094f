"""Where directories and files on this disk were downloaded from by this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import uri

if TYPE_CHECKING:
    from pathlib import Path

_origins: dict[Path, str] = {}


def note(path: Path, artifact_uri: str) -> None:
    """Remember that what lies at a path came from an artifact URI; a local path is where it has been all along."""
    if not is_local(artifact_uri):
        _origins[path.resolve()] = artifact_uri


def of(path: Path) -> str | None:
    """The URI that a file, or a directory above it, was downloaded from by this process; None for others."""
    place = path.resolve()
    return next((_origins[one] for one in (place, *place.parents) if one in _origins), None)


def is_local(artifact_uri: str) -> bool:
    """Whether a URI names a path on this disk."""
    return uri.scheme(artifact_uri) in ("", "file")
