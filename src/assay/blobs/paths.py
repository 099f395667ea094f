"""The one path check for artifacts: relative, normal, readable in one way only."""

from __future__ import annotations

from assay.blobs.base import PARTIAL_PREFIX
from assay.core.errors import InvalidParameterValue

MAX_PATH = 4096
MAX_DEPTH = 64
"""Names in a path: whatever walks through a tree, here or at a client, keeps one directory open for each level."""


def checked_path(path: str) -> str:
    """The path without a trailing slash.

    Raises:
        InvalidParameterValue: it is empty, absolute, not normal (`..`, `.`, `//`), too long or too deep, holds a
            backslash, drive, percent escape or control character, or a name that is kept for uploads under way.
    """
    given = path.removesuffix("/")
    parts = given.split("/")
    if (
        not given
        or len(given) > MAX_PATH
        or len(parts) > MAX_DEPTH
        or any(part in ("", ".", "..") or part.startswith(PARTIAL_PREFIX) for part in parts)
        or any(c in "\\%" or ord(c) < 32 or ord(c) == 127 for c in given)
        or (len(parts[0]) > 1 and parts[0][1] == ":")
    ):
        raise InvalidParameterValue(
            f"Invalid path {path[:200]!r}: artifact paths are relative, with / between at most {MAX_DEPTH} names, no "
            "'..', '\\' or '%'."
        )
    return given
