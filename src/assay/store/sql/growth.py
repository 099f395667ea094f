"""Adding points to series: what one request changes is gathered, then written with few statements.

New points go to the tail of a series; a full tail becomes a loose chunk of plain rows; when tail and loose chunks
together fill a chunk they are sorted and sealed. So each point is written three times, whatever the length.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.store.sql import chunks
from assay.store.sql.summary import Summary, identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.store.metrics import Spot
    from assay.store.sql.chunks import Columns
    from assay.store.sql.database import Transaction


class Stored(NamedTuple):
    """A series as it is stored: its summary, how many points wait in loose chunks, its tail; all empty if new."""

    summary: Summary
    loose: int = 0
    tail: bytes = b""
    is_new: bool = True


class Growth:
    """What one request adds to the series of a run."""

    def __init__(self, transaction: Transaction, *, run_no: int, experiment_no: int) -> None:
        self._transaction = transaction
        self._run_no = run_no
        self._experiment_no = experiment_no
        self._rows: dict[str, list[tuple[Any, ...]]] = {}

    def add(self, key: str, given: Sequence[Spot], stored: Stored) -> None:
        """Add points to a series, leaving out those it has already."""
        packed = chunks.pack_rows(given)
        summary = stored.summary
        in_order = summary.in_order(given)
        if not in_order:
            given = self._new_ones(key, given, stored)
            if not given:
                return
            packed = chunks.pack_rows(given)
        summary.absorb(given, in_order=in_order)
        self._note_summary(key, summary, is_new=stored.is_new)
        self._note_points(key, packed, stored)

    ADD = """
    insert into metrics (run_no, key, experiment_id, count, last_step, last_time, last_value,
      first_step, first_time, first_value, min_step, min_time, min_value, max_step, max_time, max_value)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
    SET_LAST = """
    update metrics set count = ?, last_step = ?, last_time = ?, last_value = ? where run_no = ? and key = ?
    """
    SET_FIRST = "update metrics set first_step = ?, first_time = ?, first_value = ? where run_no = ? and key = ?"
    SET_MIN = "update metrics set min_step = ?, min_time = ?, min_value = ? where run_no = ? and key = ?"
    SET_MAX = "update metrics set max_step = ?, max_time = ?, max_value = ? where run_no = ? and key = ?"
    ADD_TAIL = "insert into metric_tails (run_no, key, loose, points) values (?, ?, ?, ?)"
    SET_TAIL = "update metric_tails set loose = ?, points = ? where run_no = ? and key = ?"
    ADD_CHUNK = """
    insert into metric_chunks (run_no, key, sealed, count, min_step, max_step, min_time, max_time,
      summary, outline, points)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
    IN_WRITING_ORDER = (ADD, SET_LAST, SET_FIRST, SET_MIN, SET_MAX, ADD_TAIL, SET_TAIL, ADD_CHUNK)

    def write(self) -> None:
        """Write all that was added."""
        for sql in self.IN_WRITING_ORDER:
            if sql in self._rows:
                self._transaction.many(sql, self._rows[sql])

    def _note(self, sql: str, row: tuple[Any, ...]) -> None:
        self._rows.setdefault(sql, []).append(row)

    def _note_summary(self, key: str, summary: Summary, *, is_new: bool) -> None:
        place = (self._run_no, key)
        if is_new:
            points = (*summary.last, *summary.first, *summary.least, *summary.greatest)
            self._note(self.ADD, (*place, self._experiment_no, summary.count, *points))
            return
        self._note(self.SET_LAST, (summary.count, *summary.last, *place))
        if summary.first_moved:
            self._note(self.SET_FIRST, (*summary.first, *place))
        if summary.least_moved:
            self._note(self.SET_MIN, (*summary.least, *place))
        if summary.greatest_moved:
            self._note(self.SET_MAX, (*summary.greatest, *place))

    def _note_points(self, key: str, packed: bytes, stored: Stored) -> None:
        tail, loose = stored.tail + packed, stored.loose
        count = len(tail) // chunks.ROW.size
        if loose + count >= chunks.CHUNK_POINTS:
            tail, loose = self._seal(key, tail, stored.loose), 0
            count = len(tail) // chunks.ROW.size
        if count >= chunks.TAIL_POINTS:
            self._note_loose(key, tail, count)
            tail, loose = b"", loose + count
        if stored.is_new:
            self._note(self.ADD_TAIL, (self._run_no, key, loose, tail))
        else:
            self._note(self.SET_TAIL, (loose, tail, self._run_no, key))

    LOOSE = "select points from metric_chunks where run_no = ? and key = ? and sealed = 0 order by chunk_no"
    DROP_LOOSE = "delete from metric_chunks where run_no = ? and key = ? and sealed = 0"

    def _seal(self, key: str, tail: bytes, loose: int) -> bytes:
        """Seal as many full chunks as loose points and tail give; returns the rows that remain."""
        place = (self._run_no, key)
        rows = [row[0] for row in self._transaction.all(self.LOOSE, place)] if loose else []
        if loose:
            self._transaction.run(self.DROP_LOOSE, place)
        columns = chunks.in_time(chunks.unpack_rows(b"".join((*rows, tail))))
        full = len(columns.steps) // chunks.CHUNK_POINTS * chunks.CHUNK_POINTS
        for start in range(0, full, chunks.CHUNK_POINTS):
            self._note_sealed(key, columns.part(start, start + chunks.CHUNK_POINTS))
        return chunks.pack_rows(columns.part(full, None).points())

    def _note_loose(self, key: str, rows: bytes, count: int) -> None:
        place = (self._run_no, key)
        self._note(self.ADD_CHUNK, (*place, 0, count, *chunks.bounds(rows), b"", b"", rows))

    def _note_sealed(self, key: str, columns: Columns) -> None:
        blocks = chunks.blocks(columns)
        summary = chunks.summary(blocks)
        self._note(
            self.ADD_CHUNK,
            (
                self._run_no,
                key,
                1,
                len(columns.steps),
                *summary[:2],
                columns.times[0],
                columns.times[-1],
                chunks.pack_blocks([summary]),
                chunks.pack_outline(blocks),
                chunks.seal(columns),
            ),
        )

    OVERLAPPING = """
    select sealed, points from metric_chunks
    where run_no = ? and key = ? and min_step <= ? and max_step >= ? and min_time <= ? and max_time >= ?
    """

    def _new_ones(self, key: str, given: Sequence[Spot], stored: Stored) -> list[Spot]:
        """The given points that are not stored yet, each once."""
        seen: set[tuple[int, int, float | None]] = set()
        if stored.summary.count:
            last = stored.summary.last[:2]
            suspects = [point for point in given if point[:2] <= last]
            seen.update(self._identities(key, suspects, tail=stored.tail))
        fresh: list[Spot] = []
        for point in given:
            mark = identity(point)
            if mark not in seen:
                seen.add(mark)
                fresh.append(point)
        return fresh

    def _identities(self, key: str, suspects: list[Spot], *, tail: bytes) -> Iterator[tuple[int, int, float | None]]:
        """What identifies the stored points among which the suspects could be."""
        if not suspects:
            return
        steps = [point[0] for point in suspects]
        times = [point[1] for point in suspects]
        box = (max(steps), min(steps), max(times), min(times))
        yield from chunks.identities(chunks.unpack_rows(tail))
        for sealed, body in self._transaction.all(self.OVERLAPPING, (self._run_no, key, *box)):
            columns = chunks.unpack(body, sealed=sealed)
            if sealed:  # sorted by time
                start, stop = bisect_left(columns.times, min(times)), bisect_right(columns.times, max(times))
                columns = columns.part(start, stop)
            yield from chunks.identities(columns)
