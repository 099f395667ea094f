"""SHA-256: of files, of bytes on their way, and kept beside a file's content in an extended attribute.

The attribute holds the digest with size and time of the content it is of, so that a file changed by somebody else has
none. File systems without extended attributes keep nothing, and then no digest is told.
"""

from __future__ import annotations

import hashlib
import os
import struct
from typing import TYPE_CHECKING

from assay.blobs.files import chunks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from assay.core.errors import AssayError

_NAME = "user.assay.sha256"
_FIELDS = struct.Struct("<32sQQ")
_SET = getattr(os, "setxattr", None)
_GET = getattr(os, "getxattr", None)


def sha256_of(source: Path) -> str:
    """The hexadecimal SHA-256 of a file.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    for chunk in chunks_of(source):
        digest.update(chunk)
    return digest.hexdigest()


def verified(chunks: Iterable[bytes], sha256: str, *, otherwise: Callable[[str], AssayError]) -> Iterator[bytes]:
    """The chunks; at their end, unless their SHA-256 is this one, what `otherwise` makes of theirs is raised."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != sha256:
        raise otherwise(digest.hexdigest())


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
