"""Uploads in parts into any blob store: they survive breaks, and the file appears whole, checked, or not at all.

A local directory gathers a partial file below its root. Any other store keeps the parts as files of their own, which
the end of the upload reads and writes once more: no state is in this process, so that any server can go on.
"""

from __future__ import annotations

import hashlib
import time
from functools import partial
from typing import TYPE_CHECKING, Protocol
from zlib import crc32

import msgspec

from assay.blobs.base import PARTIAL_PREFIX
from assay.blobs.digests import verified
from assay.blobs.local import LocalBlobs
from assay.blobs.partial import NOTE_SUFFIX, PartialFile, Plan, note_of
from assay.core.errors import AssayError, InvalidParameterValue, ResourceDoesNotExist, TemporarilyUnavailable
from assay.core.parallel import ahead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.blobs.base import BlobStore

DIRECTORY = f"{PARTIAL_PREFIX}parts"
PART_BYTES = 16 << 20
MOST_PARTS = 10_000
MOST_OPEN = 200
ABANDONED_SECONDS = 3 * 24 * 3600.0
_IDLE_SECONDS = 3600.0
_CHUNKS_AHEAD = 4


class Wanted(msgspec.Struct, frozen=True):
    """The file that an upload is to become: path, size in bytes, hexadecimal SHA-256."""

    path: str
    size: int
    sha256: str

    @property
    def key(self) -> str:
        """What the upload is found by again, whoever asks: 32 hexadecimal digits."""
        return hashlib.sha256(f"{self.path}\n{self.size}\n{self.sha256}".encode()).hexdigest()[:32]

    @property
    def plan(self) -> Plan:
        """Its parts: 16 MiB each, or as much larger as keeps them at 10,000."""
        mebibytes = -(-self.size // (MOST_PARTS << 20))
        return Plan(f"{self.sha256} {self.path}", self.size, max(PART_BYTES, mebibytes << 20))


class Upload(Protocol):
    """An upload under way; thread-safe."""

    wanted: Wanted

    def missing(self) -> list[int]:
        """The numbers of the parts that have not arrived, ascending, from 0."""

    def write(self, number: int, chunks: Iterable[bytes], *, checksum: int) -> None:
        """Take one part, whose CRC-32 is `checksum`.

        Raises:
            InvalidParameterValue: it is not as long as it must be, or has another checksum.
            StorageFull: the disk is full.
        """

    def finish(self) -> None:
        """Make the parts the file, when all are there and have the digest of the whole; otherwise drop them.

        Raises:
            InvalidParameterValue: they have another digest, or the path is not one for a file.
            StorageFull: the disk is full; what has arrived is kept.
        """

    def discard(self) -> None:
        """Throw away what has arrived."""


def open_upload(store: BlobStore, wanted: Wanted) -> Upload:
    """The upload of a file, as far as it came.

    Raises:
        StorageFull: the disk is full.
        TemporarilyUnavailable: too many uploads are under way.
    """
    if isinstance(store, LocalBlobs):
        if not note_of(store.root / DIRECTORY / wanted.key).exists():
            _make_room(store, _local_ages(store))
        return LocalUpload(store, wanted)
    known = _piece_ages(store)
    if wanted.key not in known:
        _make_room(store, known)
    return PieceUpload(store, wanted)


def is_stored(store: BlobStore, wanted: Wanted) -> bool:
    """Whether the file is there already, as far as the store can tell without reading it."""
    try:
        blob = store.open(wanted.path)
    except (ResourceDoesNotExist, InvalidParameterValue):
        return False
    try:
        return blob.size == wanted.size and blob.sha256 == wanted.sha256
    finally:
        blob.close()


def sweep(store: BlobStore, *, idle_seconds: float = ABANDONED_SECONDS) -> int:
    """Drop the uploads to which nothing was added for so long; returns how many are left."""
    ages = _local_ages(store) if isinstance(store, LocalBlobs) else _piece_ages(store)
    for key, age in list(ages.items()):
        if age > idle_seconds:
            _drop(store, key)
            del ages[key]
    return len(ages)


class LocalUpload:
    """An upload into a local directory."""

    def __init__(self, store: LocalBlobs, wanted: Wanted) -> None:
        self.wanted = wanted
        self._store = store
        self._file = PartialFile(store.root / DIRECTORY / wanted.key, wanted.plan)

    def missing(self) -> list[int]:
        """The parts that have not arrived."""
        return self._file.missing()

    def write(self, number: int, chunks: Iterable[bytes], *, checksum: int) -> None:
        """Take one part."""
        self._file.write(number, chunks, checksum=checksum)

    def finish(self) -> None:
        """Check the whole, and give it its name."""
        try:
            found = self._file.digest()
            if found != self.wanted.sha256:  # another process may have begun the file anew meanwhile
                found = self._file.digest(anew=True)
            if found != self.wanted.sha256:
                raise _other_file(self.wanted, found)
            self._store.adopt(self.wanted.path, self._file.path, sha256=self.wanted.sha256)
        except InvalidParameterValue:
            self.discard()
            raise
        self.discard()

    def discard(self) -> None:
        """Throw away what has arrived."""
        self._file.discard()


class PieceUpload:
    """An upload into a store that keeps whole files only: every part is one until the end."""

    def __init__(self, store: BlobStore, wanted: Wanted) -> None:
        self.wanted = wanted
        self._store = store
        self._plan = wanted.plan
        self._root = f"{DIRECTORY}/{wanted.key}"

    def missing(self) -> list[int]:
        """The parts that have not arrived."""
        there = {file.path.rpartition("/")[2] for file in self._store.list(self._root)}
        return [number for number in range(self._plan.count) if _name(number) not in there]

    def write(self, number: int, chunks: Iterable[bytes], *, checksum: int) -> None:
        """Take one part."""
        start, end = self._plan.span(number)
        self._store.write(f"{self._root}/{_name(number)}", _checked(chunks, end - start, checksum))

    def finish(self) -> None:
        """Write the parts as one file."""
        try:
            # Read in another thread: what writes may call back from where it cannot be asked for anything itself.
            whole = verified(self._whole(), self.wanted.sha256, otherwise=partial(_other_file, self.wanted))
            whole = ahead(whole, most=_CHUNKS_AHEAD)
            self._store.write(self.wanted.path, whole, sha256=self.wanted.sha256)
        except InvalidParameterValue:
            self.discard()
            raise
        self.discard()

    def discard(self) -> None:
        """Throw away what has arrived."""
        self._store.delete(self._root)

    def _whole(self) -> Iterator[bytes]:
        for number in range(self._plan.count):
            yield from self._store.open(f"{self._root}/{_name(number)}").chunks()


def _other_file(wanted: Wanted, sha256: str) -> InvalidParameterValue:
    return InvalidParameterValue(
        f"The parts of {wanted.path!r} are not the file that was announced: their SHA-256 is {sha256}, not "
        f"{wanted.sha256}. Nothing was stored; upload the file again."
    )


def _checked(chunks: Iterable[bytes], length: int, checksum: int) -> Iterator[bytes]:
    found = size = 0
    for chunk in chunks:
        size += len(chunk)
        found = crc32(chunk, found)
        if size > length:
            break
        yield chunk
    if size != length or found != checksum:
        raise InvalidParameterValue("A part was damaged on the way: send it again.")


def _name(number: int) -> str:
    return f"{number:05d}"


def _make_room(store: BlobStore, ages: dict[str, float]) -> None:
    if len(ages) >= MOST_OPEN and sweep(store, idle_seconds=_IDLE_SECONDS) >= MOST_OPEN:
        raise TemporarilyUnavailable(
            f"{MOST_OPEN} uploads are under way already, the most that this server takes. Try again later."
        )


def _local_ages(store: LocalBlobs) -> dict[str, float]:
    """The uploads that have begun, and for how many seconds nothing was added to each."""
    now = time.time()
    ages: dict[str, float] = {}
    try:
        for path in (store.root / DIRECTORY).iterdir():
            age = now - path.stat().st_mtime
            key = path.name.removesuffix(NOTE_SUFFIX)
            ages[key] = min(age, ages.get(key, age))
    except FileNotFoundError:  # there are none, or one ended a moment ago
        return ages
    return ages


def _piece_ages(store: BlobStore) -> dict[str, float]:
    now = time.time()
    ages: dict[str, float] = {}
    for directory in store.list(DIRECTORY):
        latest = 0.0
        for piece in store.list(directory.path)[-1:]:
            try:
                latest = store.open(piece.path).modified
            except AssayError:  # it ended a moment ago
                continue
        ages[directory.path.rpartition("/")[2]] = now - latest
    return ages


def _drop(store: BlobStore, key: str) -> None:
    if isinstance(store, LocalBlobs):
        path = store.root / DIRECTORY / key
        path.unlink(missing_ok=True)
        note_of(path).unlink(missing_ok=True)
    else:
        store.delete(f"{DIRECTORY}/{key}")
