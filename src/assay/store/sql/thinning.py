"""Curves thinned for drawing: of every bucket of steps the least and the greatest point stay, and one not finite."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING

from assay.store.base import Point

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.store.sql.chunks import Block, Columns


def by_step(columns: Columns) -> list[Point]:
    """The points by step, then timestamp."""
    return sorted(map(Point, *columns), key=_place)


def _place(point: Point) -> tuple[int, int]:
    return point.step, point.timestamp


class Thinner:
    """Collects points and blocks of points, and keeps what a drawing of `buckets` columns must show.

    A block is put whole into the bucket of its first step: its extremes keep their own steps, only which column
    speaks for them may be off by one. The first and the last point are always kept; at most `2 * buckets` are.
    """

    def __init__(self, *, buckets: int, steps: tuple[int, int], odd: bool) -> None:
        """`steps` are the least and greatest step there are; `odd` tells whether some values are not finite."""
        self._first, last = steps
        self._span = last - self._first + 1
        self.buckets = max(1, (2 * buckets - 2) // (3 if odd else 2))
        self._low: list[Point | None] = [None] * self.buckets
        self._high: list[Point | None] = [None] * self.buckets
        self._odd: list[Point | None] = [None] * self.buckets
        self._ends: list[Point] = []

    def add_blocks(self, blocks: Iterable[Block]) -> None:
        """Take in points by their outline."""
        low, high, first, buckets, span = self._low, self._high, self._first, self.buckets, self._span
        for start, _, *points in blocks:
            bucket = (start - first) * buckets // span
            least, greatest, odd_value = points[2], points[5], points[8]
            if least == least:  # noqa: PLR0124 -- not a NaN: there is one
                kept = low[bucket]
                if kept is None or least < kept[2]:
                    low[bucket] = Point(points[0], points[1], least)  # type: ignore[arg-type]
                kept = high[bucket]
                if kept is None or greatest > kept[2]:
                    high[bucket] = Point(points[3], points[4], greatest)  # type: ignore[arg-type]
            if self._odd[bucket] is None and not math.isfinite(odd_value):
                self._odd[bucket] = Point(points[6], points[7], odd_value)  # type: ignore[arg-type]

    def add_points(self, points: list[Point]) -> None:
        """Take in points, given by step."""
        if not points:
            return
        self._ends += (points[0], points[-1])
        steps = [point[0] for point in points]
        values = [point[2] for point in points]
        start = 0
        while start < len(points):
            bucket = (steps[start] - self._first) * self.buckets // self._span
            edge = self._first - (-(bucket + 1) * self._span // self.buckets)
            stop = bisect_left(steps, edge, start)
            self._add_slice(bucket, points[start:stop], values[start:stop])
            start = stop

    def _add_slice(self, bucket: int, points: list[Point], values: list[float]) -> None:
        numbers = values
        if not math.isfinite(sum(values)):
            numbers = [value for value in values if math.isfinite(value)]
            if self._odd[bucket] is None:
                self._odd[bucket] = next((point for point in points if not math.isfinite(point[2])), None)
        if not numbers:
            return
        low, high = points[values.index(min(numbers))], points[values.index(max(numbers))]
        kept = self._low[bucket]
        if kept is None or low[2] < kept[2]:
            self._low[bucket] = low
        kept = self._high[bucket]
        if kept is None or high[2] > kept[2]:
            self._high[bucket] = high

    def points(self) -> list[Point]:
        """What is kept, each point once, by step and timestamp."""
        kept = [point for points in (self._low, self._high, self._odd) for point in points if point is not None]
        if self._ends:
            kept += (min(self._ends, key=_place), max(self._ends, key=_place))
        distinct = {(point[0], point[1], repr(point[2])): point for point in kept}
        return sorted(distinct.values(), key=_place)
