"""Points and histories of metrics."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation


class Metric(Message, gc=False):
    """One point: `timestamp` in milliseconds since the epoch; `value` may be NaN or infinite."""

    key: str
    value: float
    timestamp: int
    step: int = msgspec.field(default_factory=int)
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None
    run_id: str | None = None


class MetricHistory(Message):
    """A page of points."""

    metrics: list[Metric] = []
    next_page_token: str = ""


class MetricPoints(Message):
    """Points of several runs, each with its run."""

    metrics: list[Metric] = msgspec.field(default_factory=list[Metric])


@operation("POST", "2.0/mlflow/runs/log-metric", access="run:append")
class LogMetric(Message, gc=False):
    """Record one point of a metric. An identical point is counted once."""

    key: str
    value: float
    timestamp: int
    run_id: str = ""
    run_uuid: str = ""
    step: int = 0
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None


@operation("GET", "2.0/mlflow/metrics/get-history", returns=MetricHistory, access="run:read")
class GetMetricHistory(Message):
    """The points of one metric of a run, by timestamp, step, value; all of them unless `max_results` is given."""

    metric_key: str
    run_id: str = ""
    run_uuid: str = ""
    page_token: str | None = None
    max_results: int | None = None


@operation("GET", "2.0/mlflow/metrics/get-history-bulk", returns=MetricPoints, access="run:read")
class GetMetricHistoryBulk(Message):
    """The points of one metric of up to 100 runs (`run_id`, repeated), by run id, timestamp, step, value.

    `max_results` bounds all of them together: 25,000 at most.
    """

    metric_key: str
    run_id: list[str] = []
    max_results: int | None = None


@operation("GET", "2.0/mlflow/metrics/get-history-bulk-interval", returns=MetricPoints, access="run:read")
class GetMetricHistoryBulkInterval(Message):
    """Points of one metric of up to 100 runs, thinned: of each run at most `max_results`, spread over its steps.

    First and last points are always among them. `start_step` and `end_step` bound the range and come together.
    """

    metric_key: str
    run_ids: list[str] = []
    start_step: int | None = None
    end_step: int | None = None
    max_results: int | None = None
