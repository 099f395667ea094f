"""What a page of charts asks beside curves: which metrics there are, and groups of curves summed up."""

from __future__ import annotations

from typing import ClassVar

from assay.wire.base import Message, operation
from assay.wire.views import Cell


class MetricSummary(Message, omit_defaults=False):
    """A metric of some runs: how many have it, the most points that one of them has, and the steps it goes over."""

    key: str
    runs: int
    points: int
    first_step: int
    last_step: int


class MetricSummaries(Message, omit_defaults=False):
    """The metrics that any of the runs has, by key."""

    metrics: list[MetricSummary]


class Band(Message, omit_defaults=False):
    """A group of runs by step: `counts[i]` runs have a finite value at `steps[i]`, on average `means[i]`.

    Where there are more steps than buckets, a place stands for a stretch of steps and is named by the first one that
    has a point; a run then counts by the mean of its values there. `deviations` are those of a sample (n - 1), null for
    one run; `lows` and `highs` are the extremes of all values. `points` are stored in the range, of which `finite`
    count.
    """

    group: int
    runs: int
    points: int
    finite: int
    steps: list[int]
    counts: list[int]
    means: list[Cell]
    deviations: list[Cell]
    lows: list[Cell]
    highs: list[Cell]


class Bands(Message, omit_defaults=False):
    """Bands by group; groups without the metric are left out."""

    bands: list[Band]

    nullable: ClassVar[bool] = True


@operation("POST", "assay/1/views/metrics", returns=MetricSummaries, access="run:read")
class ViewMetrics(Message):
    """Which metrics some runs have, without their points."""

    run_ids: list[str]


@operation("POST", "assay/1/views/bands", returns=Bands, access="run:read")
class ViewBands(Message):
    """One metric of groups of runs, summed up by step: mean, spread and extremes of all stored points.

    `groups[i]` is the number of the group that `run_ids[i]` belongs to. `start_step` and `end_step` bound the range,
    both included.
    """

    run_ids: list[str]
    groups: list[int]
    key: str
    buckets: int = 1000
    start_step: int | None = None
    end_step: int | None = None
