"""Uploads of large files in parts, named by what they are to become; see `server/uploads.py`."""

from __future__ import annotations

from assay.wire.base import Message, transfer


class UploadState(Message):
    """How far an upload is.

    `missing` numbers the parts to be sent, from 0, each of `part_bytes` bytes but for the last. The file is there when
    `stored` says so; with nothing missing and nothing stored, the server is still checking: ask again.
    """

    part_bytes: int
    missing: list[int] = []
    stored: bool = False


@transfer("POST", "assay/1/uploads/{path*}", access="artifact:append")
class ProceedUpload(Message):
    """Begin an upload in parts, go on with it, or end it: tells how far it is. `size` in bytes, `sha256` in hex."""

    path: str
    size: int
    sha256: str


@transfer("PUT", "assay/1/uploads/{path*}", access="artifact:append")
class UploadPart(Message):
    """Send one part of an upload; the body is its bytes, `X-Assay-CRC32` their checksum."""

    path: str
    size: int
    sha256: str
    part: int


@transfer("DELETE", "assay/1/uploads/{path*}", access="artifact:append")
class GiveUpUpload(Message):
    """Throw away what has arrived of an upload."""

    path: str
    size: int
    sha256: str
