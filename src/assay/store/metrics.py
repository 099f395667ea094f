"""The part of the `Store` contract that holds metric series, and what is read of them to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.wire.metrics import Metric


class Point(NamedTuple):
    """One point of a metric; `timestamp` in milliseconds, `value` any IEEE double."""

    step: int
    timestamp: int
    value: float


Spot = tuple[int, int, float]
"""A point without the names, which thousands in a request need not pay for: step, timestamp, value."""


@dataclass(frozen=True)
class ThinCurve:
    """One series thinned for drawing: at most `2 * buckets` points (five if that is less), by step.

    Kept are the first and the last point, the extremes of every bucket, and one point of each bucket that has values
    which are not finite. Where to put the edges of buckets is the store's choice. `count` points are in the range.
    """

    run_id: str
    key: str
    count: int
    steps: list[int]
    timestamps: list[int]
    values: list[float]


@dataclass(frozen=True)
class MetricKey:
    """A metric of some runs: how many have it, the most points that one of them has, and the steps it goes over."""

    key: str
    runs: int
    points: int
    first_step: int
    last_step: int


@dataclass(frozen=True)
class Band:
    """One metric of a group of runs, summed up by step: `counts[i]` runs have a finite value at `steps[i]`.

    Where there are more steps than were asked for, a place stands for a stretch of steps and is named by the first one
    that has a point; a run then counts by the mean of its values there. `deviations` are those of a sample (n - 1),
    None for one run; `lows` and `highs` are the extremes of all values. `points` are stored in the range, `finite` of
    them count.
    """

    group: int
    runs: int
    points: int
    finite: int
    steps: Sequence[int]
    counts: Sequence[int]
    means: Sequence[float]
    deviations: Sequence[float | None]
    lows: Sequence[float]
    highs: Sequence[float]


class Metrics(Protocol):
    """Metric series. Points are kept as columns; beside each series stand last, min, max, first and count."""

    def append(self, run_id: str, *, points: Mapping[str, Sequence[Spot]]) -> None:
        """Add points by key. A point identical in step, timestamp and value to a stored one is counted once.

        "Last" is the greatest by (step, timestamp, value), NaN comparing as 0, as in MLflow.
        """

    def history(self, run_id: str, *, key: str, limit: int | None = None, offset: int = 0) -> list[Metric]:
        """Points by timestamp, step, value; empty for an unknown run or key."""

    def keys(self, run_ids: Sequence[str]) -> list[MetricKey]:
        """The metrics that some runs have, by key."""

    def curves(
        self,
        run_ids: Sequence[str],
        *,
        keys: Sequence[str],
        buckets: int,
        steps: tuple[int | None, int | None],
        joined: bool = False,
    ) -> list[ThinCurve]:
        """Thinned curves for drawing; no `keys` means all of them; `steps` bounds the range, both ends included.

        With `joined`, what one curve of a run keeps, its others keep too at the same steps, so that their values can
        be reckoned with; a curve may then hold `len(keys)` times as many points.
        """

    def bands(
        self, groups: Mapping[str, int], *, key: str, buckets: int, steps: tuple[int | None, int | None]
    ) -> list[Band]:
        """One metric of groups of runs, by group; `groups` tells the group of each run id."""
