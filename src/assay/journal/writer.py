"""Append records to a journal: in a few microseconds, from any thread, across forks, without ever gluing records."""

from __future__ import annotations

import os
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from assay.core.clock import now_ms
from assay.core.errors import InvalidState, StorageFull
from assay.journal.disk import force_data, force_directory, storage_full, write_all
from assay.journal.format import (
    DATA,
    END,
    MARKER,
    MAX_PAYLOAD,
    SegmentHeader,
    checksum_seed,
    encode_record,
    encode_segment_header,
    pack_checksum,
    pack_fields,
    payload_too_long,
)
from assay.journal.locks import FileLock
from assay.journal.syncer import Syncer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LOCK_NAME = "writer.lock"
SEGMENT_SUFFIX = ".log"
_OPEN_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
_write = os.write


class JournalWriter:
    """The one writer of a directory `root/<writer_id>`, made at the first append.

    A record is handed to the kernel before `append` returns, so it survives any death of this process; within
    `sync_interval` seconds, or at `flush`, it is forced to disk and survives a power failure. A forked child that uses
    an inherited writer becomes a writer of its own: new id, new directory, `seq` from 0. A signal handler or a
    finalizer that interrupts an append may append too; its record follows the interrupted one.

    Args:
        root: the spool directory, shared by many writers.
        segment_bytes: the size in bytes after which a new file is begun.
        sync_interval: the longest time in seconds for which a record is not forced to disk.
    """

    def __init__(self, root: Path, *, segment_bytes: int = 16 << 20, sync_interval: float = 1.0) -> None:
        self._root = Path(root)
        self._segment_bytes = segment_bytes
        self._sync_interval = sync_interval
        self._closed = False
        self._created_ms = 0
        self._begin()
        _live.add(self)

    def _begin(self) -> None:
        """Become a new writer that has written nothing: at the start, and in a forked child."""
        identity = os.urandom(16)
        self._identity = identity
        self._seed = checksum_seed(identity)
        self._lock = threading.RLock()  # guards the position; re-entrant for signal handlers
        self._sync_lock = threading.RLock()  # guards closing descriptors; taken after the other one
        self._seq = 0
        self._reserved = 0  # the last number promised while an append is under way, else 0
        self._deferred: list[bytes | None] = []  # from a signal handler during an append; None asks to close
        self._segment = 0
        self._descriptor = -1
        self._offset = 0  # where the next record goes; 0 as long as the segment has no header
        self._limit = 0  # the offset from which `_prepare` is due
        self._retired: list[int] = []  # full segments that are still to be forced to disk
        self._new_names = False
        self._lock_file: FileLock | None = None
        self._sync_error: OSError | None = None
        self._syncer = Syncer(self._sync_in_background, self._sync_interval)
        self._syncing = False

    @property
    def writer_id(self) -> str:
        """This writer's id: 32 hexadecimal digits."""
        return self._identity.hex()

    @property
    def seq(self) -> int:
        """The number of the last record appended; 0 before the first."""
        return self._seq

    @property
    def directory(self) -> Path:
        """Where the segments are; it exists after the first append."""
        return self._root / self.writer_id

    def is_gone(self) -> bool:
        """Whether somebody removed the journal of this writer, so that nobody will ever read what it appends."""
        return self._lock_file is not None and not self._lock_file.is_file(self.directory / LOCK_NAME)

    def append(self, payload: bytes) -> int:
        """Append one record and return its `seq`.

        Raises:
            StorageFull: the disk is full or failed. The record was not kept, and a later append may work again.
            InvalidParameterValue: the payload is longer than 64 MiB.
            InvalidState: the writer is closed.
        """
        size = len(payload)
        if size > MAX_PAYLOAD:
            raise payload_too_long(size)
        with self._lock:
            if self._reserved:
                return self._defer(payload)
            record = b""
            start = 0
            self._reserved = seq = self._seq + 1
            try:
                if self._offset >= self._limit:
                    self._prepare()
                start = self._offset
                # What format.encode_record does, without its calls.
                fields = pack_fields(MARKER, DATA, size, seq)
                record = pack_checksum(crc32(payload, crc32(fields, self._seed))) + fields + payload
                written = _write(self._descriptor, record)
                if written != len(record):
                    write_all(self._descriptor, record, start=written)
                self._offset = start + len(record)
                self._seq = seq
            except BaseException as error:
                self._fail(error, seq, start, (len(record),) if record else ())
                raise
            finally:
                self._reserved = 0
            if self._deferred:
                self._drain()
            syncer = self._syncer
            syncer.dirty = True
            if syncer.parked:
                syncer.wake()
            return seq

    def append_many(self, payloads: Iterable[bytes]) -> int:
        """Append records with one write for as many as fit a segment; returns the last `seq`.

        Raises:
            StorageFull: the disk is full or failed. The records up to `seq` were kept, the ones after it were not.
            InvalidParameterValue: a payload is longer than 64 MiB; nothing was kept.
            InvalidState: the writer is closed.
        """
        batch = list(payloads)
        longest = max(map(len, batch), default=0)
        if longest > MAX_PAYLOAD:
            raise payload_too_long(longest)
        with self._lock:
            if self._reserved:
                for payload in batch:
                    self._defer(payload)
                return self._reserved
            begin, size = 0, 0
            for index, payload in enumerate(batch):
                if size >= self._segment_bytes:
                    self._append_batch(batch[begin:index])
                    begin, size = index, 0
                size += len(payload)
            if begin < len(batch):
                self._append_batch(batch[begin:])
            if self._deferred:
                self._drain()
            return self._seq

    def flush(self) -> None:
        """Force everything that was appended to disk (durability level L1).

        Raises:
            StorageFull: the disk failed, now or in the background since the last flush.
        """
        with self._sync_lock:
            error, self._sync_error = self._sync_error, None
            try:
                self._sync()
            except OSError as failure:
                error = failure
            if error is not None:
                raise storage_full("force data to disk", self.directory, error) from error

    def close(self) -> None:
        """Mark the journal as finished, force it to disk and release it. A closed writer refuses to append.

        Raises:
            StorageFull: the end marker or the last data could not be written; the writer is closed all the same.
        """
        with self._lock:
            if self._closed:
                return
            if self._reserved:
                self._deferred.append(None)
                return
            with self._sync_lock:
                try:
                    self._finish()
                finally:
                    self._closed = True
                    self._release()

    def __del__(self) -> None:
        # Not closed, so not finished: no end marker. Readers learn from the lock that nothing more will come.
        if hasattr(self, "_syncing"):
            self._release()

    def _prepare(self) -> None:
        """Make sure that a segment with a header and room is open."""
        if self._closed:
            raise InvalidState(f"The journal {self.directory} is closed. Open a new writer to log more.")
        if self._lock_file is None:
            self._make_directory()
        if self._offset:
            self._retire()
        if self._descriptor < 0:
            name = f"{self._segment + 1:08d}{SEGMENT_SUFFIX}"
            self._descriptor = os.open(self.directory / name, _OPEN_FLAGS, 0o600)
            self._segment += 1
            self._new_names = True
        header = encode_segment_header(SegmentHeader(self._identity, self._segment, now_ms()))
        write_all(self._descriptor, header)
        self._offset = len(header)
        self._limit = max(self._segment_bytes, len(header) + 1)
        if not self._syncing:
            self._syncing = True
            self._syncer.start()

    def _make_directory(self) -> None:
        # The directory appears under its name with its lock already held: nobody can take a new writer for a dead one.
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        staging = self._root / f".{self.writer_id}.new"
        staging.mkdir(mode=0o700, exist_ok=True)
        lock = FileLock.acquire(staging / LOCK_NAME)
        if lock is None:
            raise InvalidState(f"Another process holds {staging / LOCK_NAME}. Remove it, or use another spool.")
        try:
            self._created_ms = max(now_ms(), self._created_ms + 1)  # a child comes after its parent on any clock
            lock.write(f"{self._created_ms} {os.getpid()}\n")
            staging.rename(self.directory)
        except OSError:
            lock.release()
            raise
        self._lock_file = lock

    def _retire(self) -> None:
        """Leave the open segment to the next sync, which closes it; the next record begins another."""
        descriptor, self._descriptor = self._descriptor, -1
        self._offset = self._limit = 0
        if descriptor >= 0:
            self._retired.append(descriptor)

    def _append_batch(self, payloads: Sequence[bytes], *, kind: int = DATA) -> None:
        """Append payloads with one write, under the lock."""
        first = self._seq + 1
        lengths: list[int] = []
        start = 0
        self._reserved = self._seq + len(payloads)
        try:
            if self._offset >= self._limit:
                self._prepare()
            start = self._offset
            records = [
                encode_record(seq, payload, seed=self._seed, kind=kind) for seq, payload in enumerate(payloads, first)
            ]
            lengths = [len(record) for record in records]
            write_all(self._descriptor, b"".join(records))
            self._offset = start + sum(lengths)
            self._seq = first - 1 + len(records)
        except BaseException as error:
            self._fail(error, first, start, lengths)
            raise
        finally:
            self._reserved = 0
        self._syncer.dirty = True
        if self._syncer.parked:
            self._syncer.wake()

    def _fail(self, error: BaseException, first: int, start: int, lengths: Sequence[int]) -> None:
        """After an append was interrupted: agree with the file, then raise what the caller should see."""
        self._settle(first, start, lengths)
        self._reserved = 0
        if isinstance(error, OSError):
            raise storage_full("write", self.directory, error) from error
        if self._deferred:
            self._drain()  # a signal handler logged something and then raised

    def _settle(self, first: int, start: int, lengths: Sequence[int]) -> None:
        """Keep the records that are whole in the file and cut a torn one off, so that nothing is ever glued to it."""
        if self._descriptor < 0:
            return
        offset, kept = (start if lengths else self._offset), 0
        try:
            size = os.fstat(self._descriptor).st_size
            for length in lengths:
                if offset + length > size:
                    break
                offset += length
                kept += 1
            if size > offset:
                os.ftruncate(self._descriptor, offset)
        except OSError:
            # The file cannot be mended. Readers skip its torn tail; numbers that may be in it are not used again.
            self._seq = first - 1 + len(lengths)
            self._retire()
            return
        if lengths:
            self._seq = first - 1 + kept
        self._offset = offset

    def _defer(self, payload: bytes) -> int:
        # Only the thread that is inside an append can get here: in a signal handler or a finalizer.
        self._deferred.append(payload)
        self._reserved += 1
        return self._reserved

    def _drain(self) -> None:
        """Append what signal handlers left behind; what the disk refuses stays for the next append or `close`."""
        while self._deferred:
            payload = self._deferred.pop(0)
            if payload is None:
                self.close()
                continue
            try:
                self._append_batch([payload])
            except StorageFull:
                self._deferred.insert(0, payload)
                return

    def _finish(self) -> None:
        """Write what is left and the end marker, and force it to disk even when the marker fails."""
        try:
            deferred, self._deferred = [payload for payload in self._deferred if payload is not None], []
            if deferred:
                self._append_batch(deferred)
            if self._seq:
                self._append_batch([b""], kind=END)
                self._seq -= 1  # the marker is no record of the caller
        finally:
            self.flush()

    def _sync(self) -> None:
        """Force to disk what was written so far, without keeping appends waiting."""
        with self._sync_lock:
            self._syncer.dirty = False
            while self._retired:  # appends only add to it
                force_data(self._retired[0])
                os.close(self._retired.pop(0))
            descriptor = self._descriptor  # it may retire from here on, but only this method closes it
            if descriptor >= 0:
                force_data(descriptor)
            if self._new_names:
                self._new_names = False
                try:
                    force_directory(self.directory)
                    force_directory(self._root)
                except OSError:
                    self._new_names = True
                    raise

    def _sync_in_background(self) -> None:
        try:
            self._sync()
        except OSError as error:
            self._sync_error = error  # `flush` and `close` raise it
            self._syncer.dirty = True

    def _release(self) -> None:
        """Close every descriptor; the lock goes last, since it tells readers that nothing more will come."""
        self._syncer.stop()
        self._retire()
        while self._retired:
            os.close(self._retired.pop())
        if self._lock_file is not None:
            self._lock_file.release()
            self._lock_file = None

    def _become_child(self) -> None:
        """In a forked child: leave everything inherited to the parent and start anew."""
        inherited = [self._descriptor, *self._retired]
        self._descriptor, self._retired = -1, []
        for descriptor in inherited:
            if descriptor >= 0:
                os.close(descriptor)
        self._begin()


def _start_children_anew() -> None:
    for writer in list(_live):
        writer._become_child()  # noqa: SLF001


_live: weakref.WeakSet[JournalWriter] = weakref.WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_children_anew)
