"""Read a journal while it is written or after its writer died; step over damage and say exactly what it hit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

import msgspec

from assay.journal.format import (
    RECORD_HEADER_SIZE,
    SEGMENT_HEADER_SIZE,
    Record,
    checksum_seed,
    decode_records,
    decode_segment_header,
    find_record,
    record_size,
)
from assay.journal.writer import SEGMENT_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterable
    from io import RawIOBase
    from pathlib import Path

__all__ = ["START", "Batch", "Damage", "Position", "Record", "read", "segment_path", "segments"]

Reason = Literal["checksum", "header", "missing", "torn"]

_EXPLANATIONS: dict[str, str] = {
    "checksum": "damaged",
    "header": "the header of the file is damaged, no record is lost by that",
    "missing": "the file is missing",
    "torn": "cut off while it was being written, and never accepted",
}


class Position(msgspec.Struct, frozen=True, order=True):
    """A place between two records: the segment's number and the offset in bytes."""

    segment: int
    offset: int


START = Position(1, 0)


class Damage(msgspec.Struct, frozen=True):
    """A stretch of a journal that holds no readable record.

    The lost records have a `seq` above `after_seq` and, where `before_seq` is not 0, below that; `after_seq` is 0
    when no earlier record is known.
    """

    segment: int
    offset: int
    length: int
    reason: Reason
    after_seq: int
    before_seq: int = 0

    @property
    def lost_records(self) -> bool:
        """Whether records that had been accepted may be lost."""
        return self.reason not in ("torn", "header")

    def __str__(self) -> str:
        place = f"segment {self.segment}, bytes {self.offset} to {self.offset + self.length}"
        if self.reason in ("header", "missing"):
            return f"{place}: {_EXPLANATIONS[self.reason]}"
        last = self.before_seq - 1
        if last == self.after_seq + 1:
            which = f"record {last}"
        elif last > 0:
            which = f"records {self.after_seq + 1} to {last}"
        else:
            which = f"what followed record {self.after_seq}"
        return f"{place}: {which}: {_EXPLANATIONS[self.reason]}"


class Batch(msgspec.Struct, frozen=True):
    """Records in order, the position behind them, what was damaged on the way, and whether the end marker was met.

    A batch without records means that there is nothing more for now, and with `end`, for ever. With `more`, only its
    size ended it; without, it holds all that was there when it was read.
    """

    records: list[Record]
    position: Position
    damages: list[Damage]
    end: bool
    more: bool = False


def segments(directory: Path) -> list[int]:
    """The numbers of the segments in a journal directory, in order; none when the directory is missing."""
    try:
        names = [path.name for path in directory.iterdir()]
    except FileNotFoundError:
        return []
    stems = (name.removesuffix(SEGMENT_SUFFIX) for name in names if name.endswith(SEGMENT_SUFFIX))
    return sorted(int(stem) for stem in stems if stem.isdecimal())


def segment_path(directory: Path, number: int) -> Path:
    """The file of one segment."""
    return directory / f"{number:08d}{SEGMENT_SUFFIX}"


def read(directory: Path, position: Position, *, max_bytes: int = 4 << 20, final: bool, after_seq: int = 0) -> Batch:
    """Read records from `position` on.

    Args:
        directory: the writer's directory.
        position: where an earlier batch ended, or `START`.
        max_bytes: about how much to read; one record is returned even when it is larger.
        final: the writer is gone. Otherwise an incomplete record at the end is not there yet, and the position stays
            before it; when `final`, it is reported as torn and skipped.
        after_seq: the last `seq` read before, if known; it sharpens reports of damage.

    Raises:
        StoreVersionError: a newer version of Assay wrote the journal.
        OSError: a file cannot be read.
    """
    # A writer never returns to a segment once the next one exists, so all but the last of this listing are complete.
    numbers = segments(directory)
    scan = _Scan(directory, room=max_bytes, last_seq=after_seq)
    expected = position.segment
    for number in [each for each in numbers if each >= position.segment]:
        if position != START:  # before that, the first segments may have been acknowledged and dropped
            scan.report_missing(range(expected, number))
        offset = position.offset if number == position.segment else 0
        offset, finished = scan.read_segment(number, offset, sealed=final or number != numbers[-1])
        position = Position(number, offset)
        if not finished:
            break
        expected = number + 1
    return Batch(scan.records, position, scan.damages, scan.end, scan.more)


class _Scan:
    """What one `read` has gathered, and where it stands."""

    def __init__(self, directory: Path, *, room: int, last_seq: int) -> None:
        self.records: list[Record] = []
        self.damages: list[Damage] = []
        self.end = False
        self.more = False
        self._directory = directory
        self._room = room
        self._last_seq = last_seq
        self._number = 0
        self._seed = 0
        self._sealed = False

    def report_missing(self, numbers: Iterable[int]) -> None:
        """Report segments that nobody can read any more."""
        self.damages += [Damage(number, 0, 0, "missing", self._last_seq) for number in numbers]

    def read_segment(self, number: int, offset: int, *, sealed: bool) -> tuple[int, bool]:
        """Read one segment from `offset`; returns the offset reached, and whether to go on with the next segment."""
        self._number, self._sealed = number, sealed
        path = segment_path(self._directory, number)
        with path.open("rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            header = decode_segment_header(_read_at(file, 0, SEGMENT_HEADER_SIZE), source=path)
            self._seed = checksum_seed(header.writer_id if header else _identity(self._directory))
            if offset < SEGMENT_HEADER_SIZE:
                offset = self._pass_header(offset, size, intact=header is not None)
            elif offset >= size:
                self._look_back(file, offset)
            while SEGMENT_HEADER_SIZE <= offset < size and not self.end and self._room > 0:
                reached = self._step(file, offset, size)
                if reached == offset:
                    break
                offset = reached
            self.more = self.more or (self._room <= 0 and offset < size)
        return offset, sealed and offset >= size and not self.end

    def _pass_header(self, offset: int, size: int, *, intact: bool) -> int:
        if size < SEGMENT_HEADER_SIZE:
            if not self._sealed:
                return offset
            if size > offset:
                self._report(offset, size - offset, "torn")
            return size
        if not intact:
            self._report(0, SEGMENT_HEADER_SIZE, "header")
        return SEGMENT_HEADER_SIZE

    def _look_back(self, file: RawIOBase, offset: int) -> None:
        """Tell the end of the journal also to those who read past the marker earlier."""
        before = max(SEGMENT_HEADER_SIZE, offset - RECORD_HEADER_SIZE)
        self.end = decode_records(_read_at(file, before, offset - before), seed=self._seed).end

    def _step(self, file: RawIOBase, offset: int, size: int) -> int:
        """Take the records at `offset`, or step over damage; returns the offset reached, the same to stop."""
        left = size - offset
        buffer = _read_at(file, offset, min(left, max(self._room, RECORD_HEADER_SIZE)))
        used = self._take(buffer)
        whole = record_size(buffer)
        if used == 0 and whole is not None and len(buffer) < whole <= left:
            if self.records:
                self.more = True
                return offset  # it begins the next batch
            used = self._take(_read_at(file, offset, whole))
        return offset + (used or self._skip(_read_at(file, offset, left), offset))

    def _take(self, buffer: bytes) -> int:
        decoded = decode_records(buffer, seed=self._seed)
        self.end = decoded.end
        self._room -= decoded.used
        if decoded.records:
            self.records += decoded.records
            self._last_seq = decoded.records[-1].seq
        return decoded.used

    def _skip(self, rest: bytes, offset: int) -> int:
        """How far the damage at the start of `rest` reaches; 0 when it may only be a record on its way."""
        found = find_record(rest, start=1, seed=self._seed, after_seq=self._last_seq)
        if found is not None:
            length, seq = found
            self._report(offset, length, "checksum", before_seq=seq)
            return length
        if not self._sealed:
            return 0
        self._report(offset, len(rest), "torn" if _is_torn(rest) else "checksum")
        return len(rest)

    def _report(self, offset: int, length: int, reason: Reason, *, before_seq: int = 0) -> None:
        self.damages.append(Damage(self._number, offset, length, reason, self._last_seq, before_seq))


def _is_torn(rest: bytes) -> bool:
    """Whether `rest` is the beginning of a record, or the zeros that a file system leaves after a power failure."""
    if len(rest) < RECORD_HEADER_SIZE or not rest.strip(b"\0"):
        return True
    whole = record_size(rest)
    return whole is not None and whole > len(rest)


def _identity(directory: Path) -> bytes:
    """The writer id that the directory's name tells, for a segment whose header is damaged."""
    try:
        return bytes.fromhex(directory.name)
    except ValueError:
        return b""


def _read_at(file: RawIOBase, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size) or b""
