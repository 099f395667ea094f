"""The SHA-256 of a file, kept beside its content in an extended attribute of the file system.

It holds the digest with size and time of the content it is of, so that a file changed by somebody else has none.
File systems without extended attributes keep nothing, and then no digest is told.
"""

from __future__ import annotations

import os
import struct

_NAME = "user.assay.sha256"
_FIELDS = struct.Struct("<32sQQ")
_SET = getattr(os, "setxattr", None)
_GET = getattr(os, "getxattr", None)


def keep_digest(descriptor: int, sha256: str) -> None:
    """Keep the hexadecimal digest of a file that is written whole, where the file system can."""
    if _SET is None:
        return
    facts = os.fstat(descriptor)
    try:
        _SET(descriptor, _NAME, _FIELDS.pack(bytes.fromhex(sha256), facts.st_size, facts.st_mtime_ns))
    except OSError:  # no extended attributes here, or no room for one: the file is as good without
        return


def kept_digest(descriptor: int, facts: os.stat_result) -> str | None:
    """The hexadecimal digest kept with an open file, when it is that of its present content."""
    if _GET is None:
        return None
    try:
        digest, size, modified = _FIELDS.unpack(_GET(descriptor, _NAME))
    except (OSError, struct.error):
        return None
    if (size, modified) != (facts.st_size, facts.st_mtime_ns):
        return None
    return bytes(digest).hex()
