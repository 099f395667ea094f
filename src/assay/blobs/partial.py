"""A file of known size that arrives in parts, in any order, through breaks and restarts.

Beside its bytes stands a note: a line that says which content is awaited, then one byte for each part, set once the
part is there and forced to disk. Whoever comes later with the same content goes on where the last one broke off.
"""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from assay.blobs.base import CHUNK
from assay.core.errors import InvalidParameterValue, StorageFull, TemporarilyUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NOTE_SUFFIX = ".parts"
_HASHED_ALONG = 4
"""Parts that are hashed at most after one has arrived: enough to keep up, and to catch up after a restart."""
_FLAGS = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Plan(msgspec.Struct, frozen=True):
    """Which content is awaited, its size in bytes, and the size of a part, of which the last may be smaller."""

    identity: str
    size: int
    part_bytes: int

    @property
    def count(self) -> int:
        """How many parts there are."""
        return -(-self.size // self.part_bytes)

    def span(self, number: int) -> tuple[int, int]:
        """Where a part (from 0) begins, and where it ends.

        Raises:
            InvalidParameterValue: there is no such part.
        """
        if not 0 <= number < self.count:
            raise InvalidParameterValue(f"There is no part {number}: the parts are 0 to {self.count - 1}.")
        start = number * self.part_bytes
        return start, min(start + self.part_bytes, self.size)


class PartialFile:
    """The parts of one file that are there so far; thread-safe, different parts at the same time.

    Args:
        path: where the bytes are gathered; the note stands beside it.
        plan: what is awaited. What is there for another plan is thrown away.

    Raises:
        StorageFull: the disk is full or cannot be written.
    """

    def __init__(self, path: Path, plan: Plan) -> None:
        self.path = path
        self.plan = plan
        self._note = note_of(path)
        self._header = msgspec.json.encode(plan) + b"\n"
        self._arriving: set[int] = set()
        self._lock = threading.Lock()
        self._hashing = threading.Lock()
        self._hash = hashlib.sha256()
        self._hashed = 0
        if not self._continues():
            self._begin()

    def missing(self) -> list[int]:
        """The numbers of the parts that are not there, ascending: all, when somebody cleared them away."""
        try:
            flags = self._flags()
        except FileNotFoundError:
            with self._hashing:
                self._hash, self._hashed = hashlib.sha256(), 0
                self._begin()
            flags = self._flags()
        return [number for number, flag in enumerate(flags) if not flag]

    def write(self, number: int, chunks: Iterable[bytes], *, checksum: int | None = None) -> None:
        """Take one part; one that is there already is left as it is.

        Args:
            number: which one, from 0.
            chunks: its bytes.
            checksum: their CRC-32, when it is known.

        Raises:
            InvalidParameterValue: they are too few or too many, or have another checksum; the part is still missing.
            TemporarilyUnavailable: somebody else is sending the same part, or has cleared all of them away.
            StorageFull: the disk is full or cannot be written.
        """
        start, end = self.plan.span(number)
        with self._lock:
            if number in self._arriving:
                raise TemporarilyUnavailable(f"Part {number} of this file is arriving already. Try again shortly.")
            self._arriving.add(number)
        try:
            with self._telling():
                if self._flags()[number]:
                    return
                self._take(number, _exactly(end - start, chunks), start=start, checksum=checksum)
        finally:
            with self._lock:
                self._arriving.discard(number)
        self._hash_along()

    def digest(self, *, anew: bool = False) -> str:
        """The hexadecimal SHA-256 of the whole, which must be there; most was hashed as it came, unless `anew`."""
        with self._hashing:
            if anew:
                self._hash, self._hashed = hashlib.sha256(), 0
            self._advance(self.plan.count)
            return self._hash.hexdigest()

    def discard(self) -> None:
        """Throw everything away."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _continues(self) -> bool:
        try:
            note = self._note.read_bytes()
            size = self.path.stat().st_size
        except FileNotFoundError:
            return False
        whole = len(note) == len(self._header) + self.plan.count
        return whole and note.startswith(self._header) and size == self.plan.size

    def _begin(self) -> None:
        with self._telling():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.discard()
            descriptor = os.open(self.path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                os.truncate(descriptor, self.plan.size)
            finally:
                os.close(descriptor)
            draft = self._note.with_name(f"{self._note.name}.new")
            draft.write_bytes(self._header + bytes(self.plan.count))
            draft.replace(self._note)

    def _take(self, number: int, chunks: Iterable[bytes], *, start: int, checksum: int | None) -> None:
        found = 0
        descriptor = os.open(self.path, _FLAGS)
        try:
            for chunk in chunks:
                if checksum is not None:
                    found = crc32(chunk, found)
                view = memoryview(chunk)
                while view:
                    written = os.pwrite(descriptor, view, start)
                    start += written
                    view = view[written:]
            if checksum is not None and found != checksum:
                raise InvalidParameterValue(f"Part {number} was damaged on the way: send it again.")
            getattr(os, "fdatasync", os.fsync)(descriptor)
        finally:
            os.close(descriptor)
        note = os.open(self._note, _FLAGS)
        try:
            os.pwrite(note, b"\1", len(self._header) + number)
        finally:
            os.close(note)

    def _flags(self) -> bytes:
        return self._note.read_bytes()[len(self._header) :]

    def _hash_along(self) -> None:
        """Hash what is there next, unless another thread does: the bytes are still in memory now."""
        if self._hashing.acquire(blocking=False):
            try:
                with self._telling():
                    self._advance(_HASHED_ALONG)
            finally:
                self._hashing.release()

    def _advance(self, parts: int) -> None:
        flags = self._flags()
        descriptor = os.open(self.path, _FLAGS)
        try:
            for number in range(self._hashed, min(self._hashed + parts, self.plan.count)):
                if not flags[number]:
                    return
                for chunk in _read(descriptor, *self.plan.span(number)):
                    self._hash.update(chunk)
                self._hashed = number + 1
        finally:
            os.close(descriptor)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:  # it has its name now, or was given up
            raise TemporarilyUnavailable(
                "The parts of this file were cleared away meanwhile. Ask how far it is, and go on from there."
            ) from error
        except OSError as error:
            raise StorageFull(
                f"Cannot write {self.path}: {error.strerror or error}. Free space there; what has arrived is kept."
            ) from error


def note_of(path: Path) -> Path:
    """The note that stands beside the bytes at `path`."""
    return path.with_name(path.name + NOTE_SUFFIX)


def _exactly(length: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, when they are so many bytes.

    Raises:
        InvalidParameterValue: they are more, or fewer.
    """
    rest = length
    for chunk in chunks:
        rest -= len(chunk)
        if rest < 0:
            break
        yield chunk
    if rest:
        raise InvalidParameterValue(f"The part has {'more' if rest < 0 else 'fewer'} than its {length} bytes.")


def _read(descriptor: int, start: int, end: int) -> Iterator[bytes]:
    while start < end:
        chunk = os.pread(descriptor, min(CHUNK, end - start), start)
        if not chunk:
            raise StorageFull("A partial file became shorter while it was read: somebody else writes it.")
        start += len(chunk)
        yield chunk
