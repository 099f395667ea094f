"""Experiment messages and operations."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation


class ExperimentTag(Message):
    """A tag of an experiment."""

    key: str
    value: str = msgspec.field(default_factory=str)


class Experiment(Message):
    """A container of runs that answer one question. Times are milliseconds since the epoch."""

    experiment_id: str
    name: str
    artifact_location: str = ""
    lifecycle_stage: str = "active"
    last_update_time: int = 0
    creation_time: int = 0
    tags: list[ExperimentTag] = []
    workspace: str = msgspec.field(default_factory=lambda: "default")


class CreateExperimentResponse(Message):
    """The id of the new experiment."""

    experiment_id: str


class ExperimentResponse(Message):
    """One experiment."""

    experiment: Experiment


class SearchExperimentsResponse(Message):
    """A page of experiments."""

    experiments: list[Experiment] = []
    next_page_token: str = ""


@operation("POST", "2.0/mlflow/experiments/create", returns=CreateExperimentResponse, access="workspace:use")
class CreateExperiment(Message):
    """Create an experiment with a name that is not taken, not even by a deleted one."""

    name: str
    artifact_location: str | None = None
    tags: list[ExperimentTag] | None = None


@operation("GET", "2.0/mlflow/experiments/get", returns=ExperimentResponse, access="experiment:read", quick=True)
class GetExperiment(Message):
    """Get an experiment by id, deleted ones too."""

    experiment_id: str


@operation(
    "GET", "2.0/mlflow/experiments/get-by-name", returns=ExperimentResponse, access="experiment:read", quick=True
)
class GetExperimentByName(Message):
    """Get an experiment by name, deleted ones too."""

    experiment_name: str


@operation(
    "POST",
    "2.0/mlflow/experiments/search",
    also="GET",
    returns=SearchExperimentsResponse,
    access="experiment:search",
)
class SearchExperiments(Message):
    """Find experiments; newest first unless `order_by` says otherwise."""

    max_results: int | None = None
    page_token: str | None = None
    filter: str | None = None
    order_by: list[str] | None = None
    view_type: str | int | None = None


@operation("POST", "2.0/mlflow/experiments/update", access="experiment:edit")
class UpdateExperiment(Message):
    """Rename an experiment."""

    experiment_id: str
    new_name: str


@operation("POST", "2.0/mlflow/experiments/delete", access="experiment:manage")
class DeleteExperiment(Message):
    """Mark an experiment and its active runs as deleted; they can be restored."""

    experiment_id: str


@operation("POST", "2.0/mlflow/experiments/restore", access="experiment:manage")
class RestoreExperiment(Message):
    """Restore a deleted experiment and all its deleted runs."""

    experiment_id: str


class ChangedExperiments(Message, omit_defaults=False):
    """How many experiments a change was about."""

    changed: int


@operation("POST", "assay/1/experiments/change", returns=ChangedExperiments, access="experiment:manage")
class ChangeExperiments(Message):
    """Delete or restore up to 1,000 experiments together with their runs, all or none.

    `lifecycle_stage` is `active` or `deleted`; experiments that are in it already stay as they are.
    """

    experiment_ids: list[str]
    lifecycle_stage: str


@operation("POST", "2.0/mlflow/experiments/set-experiment-tag", access="experiment:edit")
class SetExperimentTag(Message):
    """Set a tag of an experiment, replacing its present value."""

    experiment_id: str
    key: str
    value: str = msgspec.field(default_factory=str)


@operation("POST", "2.0/mlflow/experiments/delete-experiment-tag", access="experiment:edit")
class DeleteExperimentTag(Message):
    """Delete a tag of an experiment."""

    experiment_id: str
    key: str
