"""The one path check for artifacts: relative, normal, readable in one way only."""

from __future__ import annotations

from assay.blobs.base import PARTIAL_PREFIX
from assay.core.errors import InvalidParameterValue

MAX_PATH = 4096
MAX_DEPTH = 64
"""Names in a path: whatever walks through a tree, here or at a client, keeps one directory open for each level."""
MAX_NAME_BYTES = 255
"""Of one name, in UTF-8: what the file systems take to which artifacts are fetched, wherever they are kept."""


def checked_path(path: str) -> str:
    """The path without a trailing slash.

    Raises:
        InvalidParameterValue: it is empty, absolute, not normal (`..`, `.`, `//`), too deep or too long, holds a
            backslash, drive, percent escape or control character, or a name that is kept for uploads under way.
    """
    given = path.removesuffix("/")
    parts = given.split("/")
    if (
        not given
        or len(given) > MAX_PATH
        or len(parts) > MAX_DEPTH
        or any(part in ("", ".", "..") or part.startswith(PARTIAL_PREFIX) or _is_long(part) for part in parts)
        or any(c in "\\%" or ord(c) < 32 or ord(c) == 127 for c in given)
        or (len(parts[0]) > 1 and parts[0][1] == ":")
    ):
        raise InvalidParameterValue(
            f"Invalid path {path[:200]!r}: artifact paths are relative, with / between at most {MAX_DEPTH} names of at "
            f"most {MAX_NAME_BYTES} bytes, no '..', '\\' or '%'."
        )
    return given


def _is_long(name: str) -> bool:
    return len(name) * 4 > MAX_NAME_BYTES and len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES
