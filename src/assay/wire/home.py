"""What the first page and the search over everything ask: across experiments, at a cost that does not grow."""

from __future__ import annotations

from typing import ClassVar

from assay.wire.base import Message, operation
from assay.wire.views import Cell


class HomeRun(Message, omit_defaults=False):
    """A run on the first page, with the last value of its experiment's main metric.

    `metric` is empty where the experiment has none, `value` null where the run has not logged it. Times are in
    milliseconds since the epoch.
    """

    run_id: str
    run_name: str
    experiment_id: str
    experiment_name: str
    status: str
    start_time: int
    end_time: int | None = None
    metric: str = ""
    value: Cell = None


class Home(Message, omit_defaults=False):
    """What is running, the last started first, and what ended lately, the last ended first.

    `failed` holds failed and killed runs. `running_total` counts all that are running.
    """

    running: list[HomeRun]
    finished: list[HomeRun]
    failed: list[HomeRun]
    running_total: int

    nullable: ClassVar[bool] = True


class BestRun(Message, omit_defaults=False):
    """The best of an experiment's main metric, and the run that has it; `direction` is `min` or `max`."""

    experiment_id: str
    metric: str
    direction: str
    value: float
    run_id: str
    run_name: str


class BestRuns(Message, omit_defaults=False):
    """The best runs; experiments without a main metric, or without a number there, are left out."""

    best: list[BestRun]


class ExperimentActivity(Message, omit_defaults=False):
    """How busy an experiment is, and with whom.

    `days` counts the runs that started, day by day. `owner` is who started its first run, `newest_run` the id of the
    run that started last; both are empty where that is not known.
    """

    experiment_id: str
    owner: str
    newest_run: str
    days: list[int]


class ExperimentActivities(Message, omit_defaults=False):
    """The activity of each experiment that was asked for and exists."""

    activity: list[ExperimentActivity]


class FoundItem(Message, omit_defaults=False):
    """Something that a text was found in.

    `kind` is `run`, `experiment`, `model`, `version`, `report`, `view`, `metric` or `param`; `id` is what its page is
    reached by: the id, or the name of what has none. `version` is the last one of a model. `match` says where the text
    was found if not in the label, such as a tag.
    """

    kind: str
    id: str
    label: str
    experiment_id: str = ""
    experiment_name: str = ""
    status: str = ""
    time: int = 0
    version: str = ""
    match: str = ""


class FoundItems(Message, omit_defaults=False):
    """A few of each kind, the best match first."""

    items: list[FoundItem]


@operation("GET", "assay/1/views/home", returns=Home, access="run:search")
class ViewHome(Message):
    """What is running, what finished and what failed lately, across all active experiments; of each so many runs."""

    max_results: int | None = None


@operation("POST", "assay/1/views/best", returns=BestRuns, access="run:search")
class ViewBest(Message):
    """The best run of each of some experiments, by its main metric: the one chosen, or the likeliest by its name."""

    experiment_ids: list[str]


@operation("POST", "assay/1/views/activity", returns=ExperimentActivities, access="run:search")
class ViewActivity(Message):
    """How many runs of each of some experiments started day by day, and who started them.

    A day is 24 hours; the first one begins at `since`, in milliseconds since the epoch.
    """

    experiment_ids: list[str]
    since: int
    days: int = 30


@operation("GET", "assay/1/views/find", returns=FoundItems, access="run:search")
class FindAnything(Message):
    """Find runs, experiments, models, versions, reports, views and keys by a part of their name, whatever its case.

    Several words are found in this order. Runs are also found by how their id or name begins, wherever they are; by a
    part of their name or a tag among the newest.
    """

    text: str
    max_results: int | None = None
