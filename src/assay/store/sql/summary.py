"""What stands beside each series: count, and the last, first, least and greatest point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from assay.store.base import Point

if TYPE_CHECKING:
    from collections.abc import Sequence


def rank(point: Point) -> tuple[int, int, float]:
    """What decides which of two points is the later: step, timestamp, value, a NaN comparing as 0."""
    step, timestamp, value = point
    return step, timestamp, 0.0 if value != value else value  # noqa: PLR0124 -- only a NaN differs from itself


def identity(point: Point) -> tuple[int, int, float | None]:
    """What two identical points have in common; all NaNs are one."""
    step, timestamp, value = point
    return step, timestamp, None if value != value else value  # noqa: PLR0124


class Summary:
    """The summary of one series while points are added to it."""

    __slots__ = ("count", "first", "first_moved", "greatest", "greatest_moved", "last", "least", "least_moved")

    def __init__(self, row: tuple[Any, ...] | None = None) -> None:
        """From stored columns: count, then step, time and value of last, first, least and greatest."""
        self.first_moved = self.least_moved = self.greatest_moved = False
        self.count: int = row[0] if row else 0
        self.last = _point(row[1:4]) if row else None
        self.first = _point(row[4:7]) if row else None
        self.least = _point(row[7:10]) if row else None
        self.greatest = _point(row[10:13]) if row else None

    def in_order(self, points: Sequence[Point]) -> bool:
        """Whether each point comes after all before it by step and timestamp: then none can be stored already."""
        before = (-math.inf, -math.inf) if self.last is None else self.last[:2]
        for point in points:
            place = point[:2]
            if place <= before:
                return False
            before = place
        return True

    def absorb(self, points: Sequence[Point], *, in_order: bool) -> None:
        """Add points that are not stored yet, and note which of the other points they move."""
        self.count += len(points)
        first, last = (points[0], points[-1]) if in_order else (min(points, key=rank), max(points, key=rank))
        if self.last is None or rank(last) > rank(self.last):
            self.last = last
        if self.first is None or rank(first) < rank(self.first):
            self.first = first
            self.first_moved = True
        values = [point[2] for point in points]
        numbers = values if math.isfinite(sum(values)) else [value for value in values if not math.isnan(value)]
        if not numbers:
            return
        least, greatest = min(numbers), max(numbers)
        if self.least is None or least < self.least[2]:
            self.least = points[values.index(least)]
            self.least_moved = True
        if self.greatest is None or greatest > self.greatest[2]:
            self.greatest = points[values.index(greatest)]
            self.greatest_moved = True


def _point(columns: Sequence[Any]) -> Point | None:
    step, timestamp, value = columns
    return None if step is None else Point(step, timestamp, math.nan if value is None else value)
