"""URI scheme to blob store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import uri
from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore


def open_blobs(location: str) -> BlobStore:
    """The blob store at a plain path or `file:` URI.

    Raises:
        ConfigurationError: the scheme is not supported; names those that are.
    """
    if uri.scheme(location) in ("", "file"):
        from assay.blobs.local import LocalBlobs

        return LocalBlobs(uri.local_path(location))
    raise ConfigurationError(
        f"Artifacts at {uri.redact(location)!r} cannot be reached: use a directory or a file: URI "
        f"(the scheme {uri.scheme(location)!r} is not supported yet)."
    )
