"""What stands beside each series: count, and the last, first, least and greatest point."""

from __future__ import annotations

import math
from itertools import islice
from operator import lt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.metrics import Spot

Kept = tuple[Any, Any, Any]
"""Step, timestamp and value as they are stored: a NaN is None, and all three are None without a point."""

_NONE: Kept = (None, None, None)


def rank(point: Sequence[Any]) -> tuple[int, int, float]:
    """What decides which of two points is the later: step, timestamp, value, a NaN comparing as 0."""
    step, timestamp, value = point
    return step, timestamp, 0.0 if value is None or math.isnan(value) else value


def identity(point: Spot) -> tuple[int, int, float | None]:
    """What two identical points have in common; all NaNs are one."""
    step, timestamp, value = point
    return step, timestamp, None if math.isnan(value) else value


class Summary:
    """The summary of one series while points are added to it."""

    __slots__ = ("count", "first", "first_moved", "greatest", "greatest_moved", "last", "least", "least_moved")

    def __init__(self, row: tuple[Any, ...] = (0, *_NONE, *_NONE, *_NONE, *_NONE)) -> None:
        """From stored columns: count, then step, time and value of last, first, least and greatest."""
        self.first_moved = self.least_moved = self.greatest_moved = False
        self.count: int = row[0]
        self.last: Kept = row[1:4]
        self.first: Kept = row[4:7]
        self.least: Kept = row[7:10]
        self.greatest: Kept = row[10:13]

    def in_order(self, points: Sequence[Spot]) -> bool:
        """Whether each point comes after all before it by step and timestamp: then none can be stored already."""
        if self.count and points[0][:2] <= self.last[:2]:
            return False
        return _rises([point[0] for point in points]) or _rises([point[:2] for point in points])

    def absorb(self, points: Sequence[Spot], *, in_order: bool) -> None:
        """Add points that are not stored yet, and note which of the other points they move."""
        first, last = (points[0], points[-1]) if in_order else (min(points, key=rank), max(points, key=rank))
        if not self.count or rank(first) < rank(self.first):
            self.first = _kept(first)
            self.first_moved = True
        if in_order or not self.count or rank(last) > rank(self.last):
            self.last = _kept(last)
        self.count += len(points)
        least, greatest = _extremes(points)
        if least is None or greatest is None:
            return
        if self.least[2] is None or least[2] < self.least[2]:
            self.least = least
            self.least_moved = True
        if self.greatest[2] is None or greatest[2] > self.greatest[2]:
            self.greatest = greatest
            self.greatest_moved = True


def _rises(places: Sequence[Any]) -> bool:
    return all(map(lt, places, islice(places, 1, None)))


def _kept(point: Spot) -> Kept:
    step, timestamp, value = point
    return step, timestamp, None if math.isnan(value) else value


def _extremes(points: Sequence[Spot]) -> tuple[Spot | None, Spot | None]:
    """The least and the greatest point, infinities included; None where all are NaN."""
    if len(points) == 1:
        only = None if math.isnan(points[0][2]) else points[0]
        return only, only
    values = [point[2] for point in points]
    numbers = values if math.isfinite(sum(values)) else [value for value in values if not math.isnan(value)]
    if not numbers:
        return None, None
    return points[values.index(min(numbers))], points[values.index(max(numbers))]
