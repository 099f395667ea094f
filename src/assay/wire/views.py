"""Read-only aggregates that only the UI asks for: columnar, so that thousands of runs stay small."""

from __future__ import annotations

from typing import ClassVar, Union

from assay.wire.base import Message, operation

Cell = Union[float, str, None]  # noqa: UP007 -- evaluated at run time on Python 3.10 by msgspec
"""A number (or the text NaN, Infinity, -Infinity), a text, or nothing."""


class RunColumns(Message, omit_defaults=False):
    """Runs as columns: `columns[name][i]` belongs to `run_ids[i]`; a missing value is null.

    Column names are `attributes.<name>`, `metrics.<key>`, `params.<key>`, `tags.<key>`, ...; an empty one is left out.
    """

    total: int
    run_ids: list[str]
    columns: dict[str, list[Cell]]
    next_page_token: str = ""

    nullable: ClassVar[bool] = True


class ExperimentSummary(Message, omit_defaults=False):
    """An experiment with the counts that its list shows; `last_activity` in milliseconds.

    `permission` is what the caller may do with it, empty on a server without users.
    """

    experiment_id: str
    name: str
    lifecycle_stage: str
    creation_time: int
    last_activity: int
    runs: int
    running: int
    failed: int
    note: str
    permission: str = ""


class ExperimentSummaries(Message, omit_defaults=False):
    """Active experiments, the last active first."""

    experiments: list[ExperimentSummary]


class Curve(Message, omit_defaults=False):
    """One metric of one run, thinned to at most two points (least and greatest) a bucket of steps.

    `count` is the number of points stored in the range; where it equals `len(steps)` nothing was left out. `values`
    keep NaN and infinities as text.
    """

    run_id: str
    key: str
    count: int
    steps: list[int]
    timestamps: list[int]
    values: list[Cell]


class Curves(Message, omit_defaults=False):
    """Curves in the order asked for; series that do not exist are left out."""

    curves: list[Curve]

    nullable: ClassVar[bool] = True


@operation("GET", "assay/1/views/experiments", returns=ExperimentSummaries, access="experiment:search")
class ViewExperiments(Message):
    """Active experiments with counts of their runs: all of them, or those named."""

    experiment_ids: list[str] = []


@operation("POST", "assay/1/views/runs", returns=RunColumns, access="run:search")
class ViewRuns(Message):
    """A page of the run table: what `runs/search` finds, as columns, with the exact total.

    `columns` names what is wanted beside the attributes: `metrics.<key>`, `params.<key>`, `tags.<key>`, and of metrics
    `metrics_min.`, `metrics_max.` and `metrics_first.` too; without it come all last metrics, params and tags.
    """

    experiment_ids: list[str] = []
    run_ids: list[str] | None = None
    filter: str | None = None
    order_by: list[str] | None = None
    run_view_type: str | int | None = None
    max_results: int | None = None
    page_token: str | None = None
    columns: list[str] | None = None


@operation("POST", "assay/1/views/curves", returns=Curves, access="run:read")
class ViewCurves(Message):
    """Metric curves of some runs, drawn honestly: extremes of every bucket are kept.

    `keys` empty means every metric. `start_step` and `end_step` bound the range, both included. With `joined`, what one
    curve of a run keeps, its others keep too at the same steps. A picture needs less: `digits` rounds values to so many
    significant ones, and without `times` the timestamps stay empty.
    """

    run_ids: list[str]
    keys: list[str] = []
    buckets: int = 1000
    start_step: int | None = None
    end_step: int | None = None
    joined: bool = False
    times: bool = True
    digits: int | None = None
