"""URI scheme to blob store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import uri
from assay.core.errors import ConfigurationError
from assay.core.lazy import require

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore

GROUP = "assay.blobs"
"""Entry points of this group add schemes: the name is the scheme, the object is called with the URI."""
OBJECT_SCHEMES = ("s3", "r2", "gs", "gcs", "az", "abfs", "abfss", "wasb", "wasbs")


def open_blobs(location: str) -> BlobStore:
    """The blob store at a plain path, a `file:` URI, a bucket's URI, or one of a scheme that a package adds.

    Raises:
        ConfigurationError: the scheme is not known, or what it needs is not installed or not set; says what to do.
    """
    kind = uri.scheme(location)
    if kind in ("", "file"):
        from assay.blobs.local import LocalBlobs

        return LocalBlobs(uri.local_path(location))
    if kind in OBJECT_SCHEMES:
        require("obstore", extra="objects")
        from assay.blobs.places import open_place

        return open_place(location)
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP, name=kind):
        store: BlobStore = entry.load()(location)
        return store
    raise ConfigurationError(
        f"Artifacts at {uri.redact(location)!r} cannot be reached: the scheme {kind!r} is none of file, "
        f"{', '.join(OBJECT_SCHEMES)}, and no installed package adds it."
    )
