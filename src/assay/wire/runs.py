"""Run, param and tag messages and operations."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation
from assay.wire.inputs import RunInputs, RunOutputs
from assay.wire.metrics import Metric


class Param(Message, gc=False):
    """A setting of a run; it never changes once logged."""

    key: str
    value: str = msgspec.field(default_factory=str)


class RunTag(Message, gc=False):
    """A label of a run; it can be changed."""

    key: str
    value: str = msgspec.field(default_factory=str)


class RunInfo(Message):
    """What a run is: its name, state and times (milliseconds since the epoch)."""

    run_id: str
    run_uuid: str
    run_name: str
    experiment_id: str
    user_id: str
    status: str
    start_time: int
    artifact_uri: str
    lifecycle_stage: str
    end_time: int | None = None


class RunData(Message):
    """What a run recorded: the last value of each metric, params and tags."""

    metrics: list[Metric] = []
    params: list[Param] = []
    tags: list[RunTag] = []


class Run(Message):
    """One execution of training or evaluation code."""

    info: RunInfo
    data: RunData
    inputs: RunInputs = msgspec.field(default_factory=RunInputs)
    outputs: RunOutputs = msgspec.field(default_factory=RunOutputs)


class RunResponse(Message):
    """One run."""

    run: Run


class RunInfoResponse(Message):
    """The state of a run after a change."""

    run_info: RunInfo


class SearchRunsResponse(Message):
    """A page of runs."""

    runs: list[Run] = []
    next_page_token: str = ""


@operation("POST", "2.0/mlflow/runs/create", returns=RunResponse, access="experiment:append")
class CreateRun(Message):
    """Start a run. `run_id` and `experiment_name` are Assay's own: a client that works offline names both itself."""

    experiment_id: str | None = None
    user_id: str | None = None
    run_name: str | None = None
    start_time: int | None = None
    tags: list[RunTag] | None = None
    run_id: str | None = None
    experiment_name: str | None = None


@operation("GET", "2.0/mlflow/runs/get", returns=RunResponse, access="run:read", quick=True)
class GetRun(Message):
    """Get a run with what it recorded, deleted ones too."""

    run_id: str = ""
    run_uuid: str = ""


@operation("POST", "2.0/mlflow/runs/update", returns=RunInfoResponse, access="run:append")
class UpdateRun(Message):
    """Change status, end time or name of a run; what is not given stays."""

    run_id: str = ""
    run_uuid: str = ""
    status: str | int | None = None
    end_time: int | None = None
    run_name: str | None = None


@operation("POST", "2.0/mlflow/runs/delete", access="run:manage")
class DeleteRun(Message):
    """Mark a run as deleted; it can be restored."""

    run_id: str


@operation("POST", "2.0/mlflow/runs/restore", access="run:manage")
class RestoreRun(Message):
    """Restore a deleted run."""

    run_id: str


@operation("POST", "2.0/mlflow/runs/search", returns=SearchRunsResponse, access="run:search")
class SearchRuns(Message):
    """Find runs in the given experiments; newest first unless `order_by` says otherwise."""

    experiment_ids: list[str] | None = None
    filter: str | None = None
    run_view_type: str | int | None = None
    max_results: int | None = None
    order_by: list[str] | None = None
    page_token: str | None = None


@operation("POST", "2.0/mlflow/runs/log-batch", access="run:append")
class LogBatch(Message):
    """Record metrics, params and tags of a run together: all of them, or none if one is not acceptable."""

    run_id: str = ""
    metrics: list[Metric] = []
    params: list[Param] = []
    tags: list[RunTag] = []


@operation("POST", "2.0/mlflow/runs/log-model", access="run:append")
class LogModel(Message):
    """Note in the run's tag `mlflow.log-model.history` that a model lies among its files (older clients do so).

    `model_json` is a JSON object with at least `artifact_path`, `flavors`, `utc_time_created` and `run_id`.
    """

    model_json: str
    run_id: str = ""


@operation("POST", "2.0/mlflow/runs/log-parameter", access="run:append")
class LogParam(Message):
    """Record a param. The same value again is accepted, another value is not."""

    key: str
    value: str = msgspec.field(default_factory=str)
    run_id: str = ""
    run_uuid: str = ""


@operation("POST", "2.0/mlflow/runs/set-tag", access="run:append")
class SetTag(Message):
    """Set a tag of a run, replacing its present value."""

    key: str
    value: str = msgspec.field(default_factory=str)
    run_id: str = ""
    run_uuid: str = ""


@operation("POST", "2.0/mlflow/runs/delete-tag", access="run:edit")
class DeleteTag(Message):
    """Delete a tag of a run."""

    run_id: str
    key: str
