"""The directory of all journals of a host's user: find them, work them off one claimer at a time, clear them away."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zlib import crc32

import msgspec

from assay.core.clock import now_ms
from assay.core.errors import InvalidParameterValue, StorageFull
from assay.core.force import can_force_all, force_all
from assay.journal.disk import force_data, force_directory, storage_full, write_all
from assay.journal.locks import FileLock, is_held
from assay.journal.reader import START, Batch, Position, read, segment_path, segments
from assay.journal.staging import take, waiting_bytes
from assay.journal.writer import LOCK_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACK_NAME = "ack"
_CLAIM_NAME = "claim.lock"
_BLOBS_NAME = "blobs"
_WRITER_ID = re.compile(r"[0-9a-f]{32}")
_BLOB_NAME = re.compile(r"[0-9a-f]{64}-[0-9a-f]{16}")
_LEFTOVER = re.compile(r"\.[0-9a-f]{32}\.(new|gone)")
_SILENT_MS = 10 * 60 * 1000
_LARGE = 64 << 20
_RESERVE = 64 << 20
"""Bytes that a large file leaves free, for records."""
_WORTH_TOGETHER = 32


class WriterJournal:
    """The journal of one writer, as those see it who apply its records."""

    def __init__(self, directory: Path) -> None:
        self.directory = Path(directory)
        self._dead = False
        self._claim: FileLock | None = None

    @property
    def writer_id(self) -> str:
        """The writer's id: 32 hexadecimal digits."""
        return self.directory.name

    def alive(self) -> bool:
        """Whether the writer may still append. Once it is gone it never comes back.

        The kernel's locks tell. On a file system without them, a writer counts as gone after 10 minutes of silence.
        """
        if self._dead:
            return False
        held = is_held(self.directory / LOCK_NAME)
        if held is None:
            held = now_ms() - max(self.last_written_ms(), _changed_ms(self.directory / LOCK_NAME)) < _SILENT_MS
        self._dead = not held
        return held

    def acknowledged(self) -> tuple[int, Position]:
        """The `seq` up to which every record was applied, and the position behind it; (0, START) for none.

        An unreadable note counts as none: applying again changes nothing, losing records would.
        """
        try:
            fields, _, checksum = (self.directory / _ACK_NAME).read_text("ascii").rpartition(" ")
        except (FileNotFoundError, UnicodeDecodeError):
            return 0, START
        if not fields or checksum != f"{crc32(fields.encode()):08x}":
            return 0, START
        seq, segment, offset = map(int, fields.split())
        return seq, Position(segment, offset)

    def acknowledge(self, seq: int, position: Position, *, sync: bool = False) -> None:
        """Note durably that everything before `position` was applied. Call it while holding the claim.

        Args:
            seq: the last `seq` applied.
            position: the position of the batch that held it.
            sync: force the note to disk, so that a power failure does not forget it either.

        Raises:
            StorageFull: the disk is full or failed; the earlier note stands.
        """
        fields = f"{seq} {position.segment} {position.offset}"
        draft = self.directory / f"{_ACK_NAME}.{os.getpid()}"
        try:
            with draft.open("wb", buffering=0) as file:
                write_all(file.fileno(), f"{fields} {crc32(fields.encode()):08x}".encode())
                if sync:
                    force_data(file.fileno())
            draft.replace(self.directory / _ACK_NAME)
            if sync:
                force_directory(self.directory)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise storage_full("note what was applied", self.directory, error) from error

    def read(self, position: Position | None = None, *, max_bytes: int = 4 << 20) -> Batch:
        """Read the records from `position` on, or from the acknowledged one.

        Raises:
            StoreVersionError: a newer version of Assay wrote the journal.
            OSError: a file cannot be read.
        """
        # In this order: a writer that is gone now has written everything; one that dies later is seen the next time.
        final = not self.alive()
        after_seq, acknowledged = self.acknowledged()
        if position is None or position == acknowledged:
            return read(self.directory, acknowledged, max_bytes=max_bytes, final=final, after_seq=after_seq)
        return read(self.directory, position, max_bytes=max_bytes, final=final)

    def tail(self) -> Position:
        """The position behind what is written now."""
        number = max(segments(self.directory), default=START.segment)
        return Position(number, _file_size(segment_path(self.directory, number)))

    def size(self) -> int:
        """Bytes that wait to be acknowledged."""
        _, position = self.acknowledged()
        total = 0
        for number in segments(self.directory):
            if number < position.segment:
                continue
            read_already = position.offset if number == position.segment else 0
            total += max(0, _file_size(segment_path(self.directory, number)) - read_already)
        return total

    def drop_segments_before(self, position: Position) -> None:
        """Remove the segments that lie wholly before `position`. Call it while holding the claim."""
        for number in segments(self.directory):
            if number < position.segment:
                segment_path(self.directory, number).unlink(missing_ok=True)

    @contextmanager
    def claim(self) -> Iterator[bool]:
        """Claim the journal for the block; yields whether that worked. At most one claim exists on a host.

        Yields:
            False when somebody else works on the journal, or it was pruned.
        """
        lock = None if self._claim else self._take_claim()
        if lock is None:
            yield False
            return
        self._claim = lock
        try:
            yield True
        finally:
            self._claim = None
            lock.release()

    def prune(self) -> bool:
        """Remove the journal if its writer is gone and everything is acknowledged; returns whether it is removed."""
        if self._claim is not None:
            return self._remove_if_done()
        with self.claim() as mine:
            return mine and self._remove_if_done()

    def ended(self) -> bool:
        """Whether its writer closed it: the end marker stands at the end, acknowledged or not."""
        numbers = segments(self.directory)
        position = Position(numbers[-1], 0) if numbers else START
        while numbers:
            batch = read(self.directory, position, final=True)
            if batch.end or batch.position == position:
                return batch.end
            position = batch.position
        return False

    def last_written_ms(self) -> int:
        """When the last record was written, in milliseconds since the epoch; 0 when there is none."""
        times = [_changed_ms(segment_path(self.directory, number)) for number in segments(self.directory)]
        return int(max(times, default=0))

    def created_ms(self) -> int:
        """When the writer began, in milliseconds since the epoch."""
        try:
            text = (self.directory / LOCK_NAME).read_text("ascii")
        except (FileNotFoundError, UnicodeDecodeError):
            return 0
        first = text.partition(" ")[0]
        return int(first) if first.isdecimal() else 0

    def _take_claim(self) -> FileLock | None:
        path = self.directory / _CLAIM_NAME
        try:
            lock = FileLock.acquire(path)
        except FileNotFoundError:
            return None
        if lock is not None and not lock.is_file(path):  # pruned between opening and locking
            lock.release()
            return None
        return lock

    def _remove_if_done(self) -> bool:
        if self.alive():
            return False
        waiting = self.read()
        if waiting.records or waiting.damages:
            return False
        doomed = self.directory.with_name(f".{self.writer_id}.gone")
        self.directory.rename(doomed)  # in one step: nobody meets a journal that is half removed
        shutil.rmtree(doomed)
        return True


class Blob(msgspec.Struct, frozen=True):
    """A staged file: its name in the spool, its size in bytes, and the hexadecimal SHA-256 of its content."""

    name: str
    size: int
    sha256: str


class Spool:
    """Every journal under one root, and the large values that their records refer to."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._unforced: list[str] = []

    def writers(self) -> list[WriterJournal]:
        """All journals, the oldest first."""
        journals = [WriterJournal(path) for path in self._entries() if _WRITER_ID.fullmatch(path.name)]
        return sorted(journals, key=lambda journal: (journal.created_ms(), journal.writer_id))

    def size(self) -> int:
        """Bytes that wait: records not yet acknowledged, and staged blobs."""
        blobs = sum(_file_size(path) for path in self._blob_files())
        return blobs + sum(journal.size() for journal in self.writers())

    def sweep(self, *, older_than_s: float = 24 * 3600) -> None:
        """Remove what processes left half made when they were killed, once it is older than `older_than_s` seconds."""
        horizon = now_ms() - older_than_s * 1000
        for path in self._entries():
            if _LEFTOVER.fullmatch(path.name) and _changed_ms(path) < horizon and not is_held(path / LOCK_NAME):
                shutil.rmtree(path, ignore_errors=True)
        for path in self._blob_files():
            if path.name.startswith(".") and _changed_ms(path) < horizon:
                path.unlink(missing_ok=True)

    def stage(self, source: IO[bytes], *, room: int | None = None) -> Blob:
        """Put what a file object still holds into the spool, whatever becomes of the original.

        A file on disk is cloned where the file system can: that costs no space until one of the two changes. It is
        never linked, for a program that writes the original in place would change the copy with it.

        Args:
            source: a file or a stream, read in binary.
            room: bytes that the spool may hold, this file among them; looked at for large files, and when it is 0.

        Raises:
            InvalidParameterValue: the source cannot be read, or gives no bytes.
            StorageFull: there is no room, or the disk is full or failed; nothing was kept.
        """
        directory = self.root / _BLOBS_NAME
        suffix = os.urandom(8).hex()
        draft = directory / f".{suffix}.part"
        size = waiting_bytes(source)
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.mkdir(mode=0o700, exist_ok=True)
            if size >= _LARGE or room == 0:
                self._check_room(size, room)
            descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise storage_full("stage a file", directory, error) from error
        try:
            size, sha256 = take(descriptor, source, directory=directory)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        blob = Blob(f"{sha256}-{suffix}", size, sha256)
        draft.rename(self.blob_path(blob.name))
        self._unforced.append(blob.name)
        return blob

    def blob_path(self, name: str) -> Path:
        """The file of a staged blob; it exists until `drop_blob`.

        Raises:
            InvalidParameterValue: that is not the name of a blob.
        """
        if not _BLOB_NAME.fullmatch(name):
            raise InvalidParameterValue(f"{name!r} is not the name of a staged blob. Use the name that `stage` gave.")
        return self.root / _BLOBS_NAME / name

    def drop_blob(self, name: str) -> None:
        """Remove a staged blob; one that is gone already is fine.

        Raises:
            InvalidParameterValue: that is not the name of a blob.
        """
        self.blob_path(name).unlink(missing_ok=True)

    def flush_blobs(self) -> None:
        """Force to disk what this object has staged since the last time; call it before flushing the journal.

        Raises:
            StorageFull: the disk failed.
        """
        try:
            if len(self._unforced) >= _WORTH_TOGETHER and can_force_all():
                count = len(self._unforced)
                force_all(self.root)
                del self._unforced[:count]
            while self._unforced:
                _force_file(self.blob_path(self._unforced[0]))
                if len(self._unforced) == 1:
                    force_directory(self.root / _BLOBS_NAME)
                del self._unforced[0]
        except OSError as error:
            raise storage_full("force staged files to disk", self.root, error) from error

    def _check_room(self, size: int, room: int | None) -> None:
        """Refuse a large file before it fills the disk that records need."""
        free = shutil.disk_usage(self.root).free - _RESERVE
        if size > free:
            raise StorageFull(
                f"A file of {size:,} bytes does not fit into {self.root}: {max(0, free):,} bytes are free there. Free "
                "space, or point ASSAY_SPOOL_DIR at another disk."
            )
        if room is not None and size + self.size() > room:
            raise StorageFull(
                f"A file of {size:,} bytes does not fit into {self.root}, which may hold {room:,} bytes and holds "
                f"{self.size():,}. Raise ASSAY_SPOOL_MAX_BYTES, or wait until it is delivered."
            )

    def _entries(self) -> list[Path]:
        try:
            return list(self.root.iterdir())
        except FileNotFoundError:
            return []

    def _blob_files(self) -> list[Path]:
        try:
            return list((self.root / _BLOBS_NAME).iterdir())
        except FileNotFoundError:
            return []


def _force_file(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return  # dropped since: it was delivered
    try:
        force_data(descriptor)
    finally:
        os.close(descriptor)


def _file_size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _changed_ms(path: Path) -> float:
    try:
        return path.stat().st_mtime_ns / 1_000_000
    except FileNotFoundError:
        return 0.0
