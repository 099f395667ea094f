"""Reading one stored series: pages in order of time, and thinned curves, unpacking as little as will do."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from assay.store.metrics import ThinCurve
from assay.store.sql import chunks
from assay.store.sql.chunks import BLOCK_POINTS, Columns
from assay.store.sql.thinning import Thinner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.store.sql.chunks import Block
    from assay.store.sql.database import Transaction

Steps = tuple["int | None", "int | None"]


class Head(NamedTuple):
    """A stored chunk without its points; the tail has the number 0."""

    chunk_no: int
    sealed: int
    points: int
    min_step: int
    max_step: int
    min_time: int
    max_time: int
    summary: bytes


class Series:
    """One series of a run."""

    def __init__(self, transaction: Transaction, *, run_no: int, key: str) -> None:
        self._transaction = transaction
        self._place = (run_no, key)
        self._tail = self._read_tail()

    TAIL = "select points from metric_tails where run_no = ? and key = ?"

    def _read_tail(self) -> Columns:
        row = self._transaction.one(self.TAIL, self._place)
        return chunks.unpack_rows(row[0] if row else b"")

    HEADS = """
    select chunk_no, sealed, count, min_step, max_step, min_time, max_time, summary from metric_chunks
    where run_no = ? and key = ?
    """

    def _heads(self) -> list[Head]:
        heads = [Head(*row) for row in self._transaction.all(self.HEADS, self._place)]
        steps, times, _ = self._tail
        if steps:
            heads.append(Head(0, 0, len(steps), min(steps), max(steps), min(times), max(times), b""))
        return heads

    POINTS = "select chunk_no, sealed, points from metric_chunks where chunk_no in ({integers})"

    def _points(self, heads: Sequence[Head]) -> Columns:
        """The points of some chunks, one chunk after another."""
        found = {0: self._tail}
        numbers = [head.chunk_no for head in heads if head.chunk_no]
        dialect = self._transaction.dialect
        if numbers:
            for number, sealed, body in self._transaction.all(
                self.POINTS.format(integers=dialect.integers), (dialect.bound(numbers),)
            ):
                found[number] = chunks.unpack(body, sealed=sealed)
        return chunks.merged([found[head.chunk_no] for head in heads])

    def in_time(self, *, limit: int | None, offset: int) -> Iterator[Columns]:
        """A page of the points by timestamp, step, value, in parts; chunks ahead of the page stay packed."""
        end = None if limit is None else offset + limit
        position = 0
        for group in _apart_in_time(self._heads()):
            if end is not None and position >= end:
                return
            count = sum(head.points for head in group)
            if position + count > offset:
                columns = self._points(group)
                if len(group) > 1 or not group[0].sealed:
                    columns = chunks.in_time(columns)
                yield columns.part(max(0, offset - position), None if end is None else end - position)
            position += count

    def curve(self, run_id: str, *, buckets: int, steps: Steps) -> ThinCurve:
        """The points in a range of steps, thinned when there are more than two a bucket."""
        heads = sorted(
            (head for head in self._heads() if _meets(head, steps)), key=lambda head: (head.min_step, head.min_time)
        )
        opened, whole = _split(heads, steps)
        if sum(head.points for head in heads) <= 2 * buckets:
            opened, whole = heads, []
        columns = self._within(opened, steps)
        count = len(columns.steps) + sum(head.points for head in whole)
        if count > 2 * buckets:
            columns = self._thinned(columns, whole, buckets)
        elif whole:
            columns = self._within(heads, steps)
        return ThinCurve(run_id, self._place[1], count, *columns)

    def extent(self, steps: Steps) -> tuple[int, int] | None:
        """The least and greatest step in a range, as chunks tell them; None where it holds no chunk."""
        heads = [head for head in self._heads() if _meets(head, steps)]
        if not heads:
            return None
        start, end = steps
        first, last = min(head.min_step for head in heads), max(head.max_step for head in heads)
        return first if start is None else max(first, start), last if end is None else min(last, end)

    def within(self, steps: Steps) -> Columns:
        """All points in a range of steps, by step."""
        return self._within([head for head in self._heads() if _meets(head, steps)], steps)

    def at(self, steps: Sequence[int]) -> Columns:
        """The points at some steps, given in order; where a step has several, all of them."""
        if not steps:
            return Columns([], [], [])
        columns = self.within((steps[0], steps[-1]))
        parts: list[Columns] = []
        for step in steps:
            start = bisect_left(columns.steps, step)
            parts.append(columns.part(start, bisect_right(columns.steps, step, start)))
        return chunks.merged(parts)

    def _within(self, heads: Sequence[Head], steps: Steps) -> Columns:
        """The points of some chunks in a range of steps, by step."""
        columns = chunks.by_step(self._points(heads))
        start, end = steps
        first = 0 if start is None else bisect_left(columns.steps, start)
        return columns.part(first, None if end is None else bisect_right(columns.steps, end))

    def _thinned(self, columns: Columns, whole: list[Head], buckets: int) -> Columns:
        """Thin points and whole chunks together, by the coarsest outline with a block for every bucket."""
        summaries = list(chunks.unpack_blocks(b"".join(head.summary for head in whole)))
        first = min([head.min_step for head in whole] + columns.steps[:1])
        last = max([head.max_step for head in whole] + columns.steps[-1:])
        odd = chunks.some_odd(columns.values) or any(map(chunks.has_odd, summaries))
        thinner = Thinner(buckets=buckets, steps=(first, last), odd=odd)
        thinner.add(columns)
        if len(whole) >= 4 * thinner.buckets:
            thinner.add_blocks(summaries)
        elif sum(head.points for head in whole) >= thinner.buckets * BLOCK_POINTS:
            thinner.add_blocks(self._blocks(whole))
        else:
            thinner.add(self._within(whole, (None, None)))
        return thinner.columns()

    OUTLINES = "select outline from metric_chunks where chunk_no in ({integers})"

    def _blocks(self, heads: Sequence[Head]) -> Iterator[Block]:
        dialect = self._transaction.dialect
        numbers = dialect.bound([head.chunk_no for head in heads])
        for (outline,) in self._transaction.all(self.OUTLINES.format(integers=dialect.integers), (numbers,)):
            yield from chunks.unpack_outline(outline)


def _apart_in_time(heads: list[Head]) -> Iterator[list[Head]]:
    """Groups of chunks such that every point of one comes before every point of the next."""
    group: list[Head] = []
    latest = 0
    for head in sorted(heads, key=lambda head: (head.min_time, head.max_time)):
        if group and head.min_time > latest:
            yield group
            group = []
        latest = max(latest, head.max_time) if group else head.max_time
        group.append(head)
    if group:
        yield group


def _meets(head: Head, steps: Steps) -> bool:
    start, end = steps
    return (start is None or head.max_step >= start) and (end is None or head.min_step <= end)


def _split(heads: list[Head], steps: Steps) -> tuple[list[Head], list[Head]]:
    """Chunks to be unpacked (loose, cut by the range, or holding its first or last point), and those to stay packed."""
    start, end = steps
    if not heads:
        return [], []
    ends = {
        min(heads, key=lambda head: (head.min_step, head.min_time)).chunk_no,
        max(heads, key=lambda head: (head.max_step, head.max_time)).chunk_no,
    }
    opened: list[Head] = []
    whole: list[Head] = []
    for head in heads:
        cut = (start is not None and head.min_step < start) or (end is not None and head.max_step > end)
        (opened if cut or not head.sealed or head.chunk_no in ends else whole).append(head)
    return opened, whole
