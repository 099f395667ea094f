"""Curves thinned for drawing: of every bucket of steps the least and the greatest point stay, and one not finite."""

from __future__ import annotations

import math
from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING

from assay.store.sql.chunks import Columns, some_odd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.store.metrics import Spot
    from assay.store.sql.chunks import Block

_place = itemgetter(0, 1)


class Thinner:
    """Collects points and blocks of points, and keeps what a drawing of `buckets` columns must show.

    A block is put whole into the bucket of its first step: its extremes keep their own steps, only which column
    speaks for them may be off by one. The first and the last point given one by one are always kept. In all, at most
    twice as many points are kept as buckets were asked for.
    """

    def __init__(self, *, buckets: int, steps: tuple[int, int], odd: bool) -> None:
        """`steps` are the least and greatest step there are; `odd` tells whether some values are not finite."""
        self._first, last = steps
        self._span = last - self._first + 1
        self.buckets = max(1, (2 * buckets - 2) // (3 if odd else 2))
        self._low: list[Spot] = [(0, 0, math.inf)] * self.buckets
        self._high: list[Spot] = [(0, 0, -math.inf)] * self.buckets
        self._odd: dict[int, Spot] = {}
        self._ends: list[Spot] = []

    def add_blocks(self, blocks: Iterable[Block]) -> None:
        """Take in points by their outline."""
        low, high, finite = self._low, self._high, math.isfinite
        first, buckets, span = self._first, self.buckets, self._span
        for block in blocks:
            bucket = (block[0] - first) * buckets // span
            if block[4] < low[bucket][2]:
                low[bucket] = block[2:5]
            if block[7] > high[bucket][2]:
                high[bucket] = block[5:8]
            if not finite(block[10]):
                self._odd.setdefault(bucket, block[8:11])

    def add(self, columns: Columns) -> None:
        """Take in points, given by step."""
        steps, times, values = columns
        if not steps:
            return
        self._ends += ((steps[0], times[0], values[0]), (steps[-1], times[-1], values[-1]))
        low, high, first, buckets, span = self._low, self._high, self._first, self.buckets, self._span
        odd = some_odd(values)
        start, total = 0, len(steps)
        while start < total:
            bucket = (steps[start] - first) * buckets // span
            stop = bisect_left(steps, first - (-(bucket + 1) * span // buckets), start)
            numbers = values[start:stop]
            if odd:
                numbers = self._finite(bucket, columns.part(start, stop))
            if numbers:
                least, greatest = min(numbers), max(numbers)
                if least < low[bucket][2]:
                    place = values.index(least, start)
                    low[bucket] = steps[place], times[place], least
                if greatest > high[bucket][2]:
                    place = values.index(greatest, start)
                    high[bucket] = steps[place], times[place], greatest
            start = stop

    def _finite(self, bucket: int, columns: Columns) -> list[float]:
        """The finite values of a bucket; the first point that has another one is kept."""
        numbers = [value for value in columns.values if math.isfinite(value)]
        if len(numbers) < len(columns.values):
            strange = next(spot for spot in zip(*columns, strict=True) if not math.isfinite(spot[2]))
            self._odd.setdefault(bucket, strange)
        return numbers

    def columns(self) -> Columns:
        """What is kept, each point once, by step and timestamp."""
        kept = [spot for spot in (*self._low, *self._high) if math.isfinite(spot[2])]
        kept += self._odd.values()
        if self._ends:
            kept += (min(self._ends, key=_place), max(self._ends, key=_place))
        steps, times, values = zip(*sorted(dict.fromkeys(kept), key=_place), strict=True)
        return Columns([*steps], [*times], [*values])
