"""A folder of a blob store as a ZIP file that is made while it is sent: nothing is held but one chunk.

Files are stored as they are: models, images and Parquet files hardly shrink, and a download is seldom waiting for bytes
more than for a processor. Sizes stand behind each file, as the format has it for streams (PKZIP APPNOTE 4.4.4, bit 3),
and in the 64-bit form, since any file may be larger than 4 GiB.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

    from assay.blobs.base import BlobStore

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*]')
"""What a file's name cannot hold on some system, or would be taken for a drive or a folder there."""
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def walk(store: BlobStore, path: str = "") -> Iterator[tuple[str, int]]:
    """All files below a folder with their sizes in bytes, a folder's own files before those of its folders."""
    waiting = [path]
    while waiting:
        entries = store.list(waiting.pop())
        yield from ((file.path, file.file_size or 0) for file in entries if not file.is_dir)
        waiting.extend(file.path for file in reversed(entries) if file.is_dir)


def zip_chunks(store: BlobStore, path: str = "") -> Iterator[bytes]:
    """The bytes of a ZIP file with everything below a folder, named from there on.

    Raises:
        ResourceDoesNotExist: a file was deleted meanwhile; the archive is broken off.
    """
    pieces = _Pieces()
    taken: set[str] = set()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_STORED) as archive:
        for found, _ in walk(store, path):
            name = _free(safe_name(found[len(path) + 1 :] if path else found), taken)
            yield from _file_chunks(archive, pieces, store, found, name=name)
    yield pieces.take()


def safe_name(path: str) -> str:
    """The path of a file as it may stand in an archive: such that every system unpacks it below the folder chosen."""
    return "/".join(_safe_part(part) for part in path.split("/"))


def _safe_part(name: str) -> str:
    plain = _DEVICE.sub(lambda found: f"_{found[0]}", _UNSAFE.sub("_", name).rstrip(" ."), count=1)
    return plain or "_"


def _free(name: str, taken: set[str]) -> str:
    """The name, or the first numbered one that nothing in the archive has; some systems take `A` and `a` for one."""
    stem, dot, suffix = name.rpartition(".") if "." in name.rpartition("/")[2] else (name, "", "")
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{stem} ({number}){dot}{suffix}"
    taken.add(free.lower())
    return free


def _file_chunks(
    archive: zipfile.ZipFile, pieces: _Pieces, store: BlobStore, path: str, *, name: str
) -> Iterator[bytes]:
    with closing(store.open(path)) as blob:
        entry = zipfile.ZipInfo(name, max(_EARLIEST, time.gmtime(blob.modified)[:6]))
        entry.external_attr = 0o644 << 16
        with archive.open(entry, "w", force_zip64=True) as target:
            for chunk in blob.chunks():
                target.write(chunk)
                yield pieces.take()
    yield pieces.take()


class _Pieces(io.RawIOBase):
    """What is written and was not taken yet; it cannot be gone back in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken
