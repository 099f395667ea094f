"""What the run table asks beside its rows: how runs are nested, groups of runs, and one change of many runs."""

from __future__ import annotations

from typing import ClassVar

from assay.wire.base import Message, operation
from assay.wire.runs import Run, RunTag
from assay.wire.views import Cell, RunColumns


class RunPage(Message):
    """A run with what it recorded.

    `permission` is what the caller may do with its experiment, empty on a server without users.
    """

    run: Run
    permission: str = ""


class RunFamily(Message, omit_defaults=False):
    """A run with runs nested in it: how many there are, and which of them is the best by a metric.

    `best_run_id` is empty and `best_value` null where no child has a number there, or no metric was asked for.
    """

    run_id: str
    children: int
    best_run_id: str = ""
    best_run_name: str = ""
    best_value: Cell = None


class RunFamilies(Message, omit_defaults=False):
    """Every run that has children, and the ancestors of matching runs that do not match themselves, as columns."""

    families: list[RunFamily]
    ancestors: RunColumns

    nullable: ClassVar[bool] = True


class GroupedMetric(Message, omit_defaults=False):
    """The last values of one metric in a group. Only numbers below 1e150 in size count; `std` (n - 1) needs two."""

    count: int
    mean: float
    std: float | None
    min: float
    max: float


class RunGroup(Message, omit_defaults=False):
    """Runs that have the same values; null where they have none. `metrics` holds those that any of them has."""

    values: list[str | None]
    runs: int
    metrics: dict[str, GroupedMetric]


class RunGroups(Message, omit_defaults=False):
    """Groups of runs, the largest first."""

    groups: list[RunGroup]

    nullable: ClassVar[bool] = True


class ChangedRuns(Message, omit_defaults=False):
    """How many runs were changed."""

    changed: int


@operation("GET", "assay/1/views/run", returns=RunPage, access="run:read", quick=True)
class ViewRun(Message):
    """What stands at the head of a run's page, deleted or not."""

    run_id: str


@operation("POST", "assay/1/views/families", returns=RunFamilies, access="run:search")
class ViewFamilies(Message):
    """How the runs of an experiment that match are nested: by the tag `mlflow.parentRunId`, on any level.

    Children are counted, and the best one found, among all runs of the lifecycle stages asked for, matching or not.
    `metric` names what is best, the greatest unless `ascending`.
    """

    experiment_ids: list[str]
    filter: str | None = None
    run_view_type: str | int | None = None
    metric: str | None = None
    ascending: bool = False


@operation("POST", "assay/1/views/groups", returns=RunGroups, access="run:search")
class ViewGroups(Message):
    """All runs that match, grouped by one or two columns: `params.<key>`, `tags.<key>`, `attributes.status`, ...

    `metrics` are the keys to sum up.
    """

    experiment_ids: list[str]
    by: list[str]
    metrics: list[str] = []
    filter: str | None = None
    run_view_type: str | int | None = None


@operation("POST", "assay/1/runs/change", returns=ChangedRuns, access="run:edit")
class ChangeRuns(Message):
    """Change up to 1,000 runs together, all or none: set and delete tags, delete, restore, move to an experiment.

    Runs whose tags change must be active. `lifecycle_stage` is `active` or `deleted`. A run that moves takes with it
    the models it has logged; its files stay where they are.
    """

    run_ids: list[str]
    set_tags: list[RunTag] = []
    delete_tags: list[str] = []
    lifecycle_stage: str | None = None
    experiment_id: str | None = None
