"""Groups of curves summed up: over the runs of a group, the mean, the spread and the extremes at every step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from assay.store.metrics import Band
from assay.store.sql.chunks import some_odd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.store.sql.chunks import Columns


class Grid:
    """Steps in at most `buckets` stretches of equal length; where they fit, every step is a stretch of its own."""

    def __init__(self, *, buckets: int, steps: tuple[int, int]) -> None:
        """`steps` are the least and greatest step there are."""
        self.first, last = steps
        self.width = -(-(last - self.first + 1) // buckets)

    def stretches(self, columns: Columns) -> Iterable[tuple[int, int, list[float]]]:
        """Which stretch, the first step in it, and its finite values; of points by step."""
        steps, _, values = columns
        odd = some_odd(values)
        first, width = self.first, self.width
        start, total = 0, len(steps)
        while start < total:
            bucket = (steps[start] - first) // width
            edge = first + (bucket + 1) * width
            stop = start + 1
            while stop < total and steps[stop] < edge:
                stop += 1
            part = values[start:stop]
            if odd:
                part = [value for value in part if math.isfinite(value)]
            if part:
                yield bucket, steps[start], part
            start = stop


class Gathered:
    """What the runs of one group have in one stretch: each run counts once, by the mean of its values there."""

    __slots__ = ("_squares", "count", "high", "low", "mean", "step")

    def __init__(self, step: int) -> None:
        self.step = step
        self.count = 0
        self.mean = 0.0
        self._squares = 0.0
        self.low = math.inf
        self.high = -math.inf

    def add(self, step: int, values: list[float]) -> None:
        """Take in the finite values of one run. The sums are Welford's, which do not cancel."""
        self.step = min(self.step, step)
        value = values[0] if len(values) == 1 else math.fsum(one / len(values) for one in values)
        self.count += 1
        apart = value - self.mean
        self.mean += apart / self.count
        self._squares += apart * (value - self.mean)
        self.low = min(self.low, *values) if len(values) > 1 else min(self.low, value)
        self.high = max(self.high, *values) if len(values) > 1 else max(self.high, value)

    @property
    def deviation(self) -> float | None:
        """The standard deviation of a sample (n - 1); None for fewer than two runs."""
        return math.sqrt(self._squares / (self.count - 1)) if self.count > 1 else None


def band(group: int, series: Iterable[Columns], grid: Grid) -> Band:
    """One group of runs, each given by its points in order of step."""
    gathered: dict[int, Gathered] = {}
    runs = points = finite = 0
    for columns in series:
        runs += 1
        points += len(columns.steps)
        for bucket, step, part in grid.stretches(columns):
            found = gathered.get(bucket)
            if found is None:
                found = gathered[bucket] = Gathered(step)
            found.add(step, part)
            finite += len(part)
    rows = [gathered[bucket] for bucket in sorted(gathered)]
    return Band(
        group=group,
        runs=runs,
        points=points,
        finite=finite,
        steps=[row.step for row in rows],
        counts=[row.count for row in rows],
        means=[row.mean for row in rows],
        deviations=[row.deviation for row in rows],
        lows=[row.low for row in rows],
        highs=[row.high for row in rows],
    )
