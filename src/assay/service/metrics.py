"""Handlers for `wire.metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.search.pages import cut, decode_offset
from assay.service import model_rules, rules
from assay.service.dispatch import Context, handles
from assay.store.models import ModelPoint
from assay.wire import metrics as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Session
    from assay.store.metrics import Spot

MOST_RUNS = 100
MOST_POINTS = 25_000
MOST_POINTS_A_RUN = 2500
_INT64 = 1 << 63


@handles(wire.LogMetric)
def log_metric(context: Context, session: Session, request: wire.LogMetric) -> Empty:
    """Record one point."""
    del context
    key = rules.key(request.key, "metric")
    point = (rules.step(request.step), rules.timestamp(request.timestamp), request.value)
    run = rules.writable(session.runs.info(rules.run_id(request.run_id or request.run_uuid)))
    session.metrics.append(run.run_id, points={key: [point]})
    if request.model_id:
        append_to_models(session, run.run_id, [request])
    return Empty()


def append_to_models(session: Session, run_id: str, metrics: Sequence[wire.Metric | wire.LogMetric]) -> None:
    """Record points, which were checked, with the logged models that they name, too.

    Raises:
        BadRequest: a model is not known.
        InvalidParameterValue: a dataset is named by half, or by too long a name.
    """
    points = [
        ModelPoint(
            model_id=one.model_id or "",
            key=one.key,
            step=one.step,
            timestamp=one.timestamp,
            value=one.value,
            dataset=model_rules.measured_on(one.dataset_name, one.dataset_digest),
        )
        for one in metrics
    ]
    if points:
        session.models.append(run_id, points=points)


def of_models(metrics: Sequence[wire.Metric]) -> list[wire.Metric]:
    """The metrics that name a logged model."""
    return [one for one in metrics if one.model_id]


def points_by_key(metrics: Sequence[wire.Metric]) -> dict[str, list[Spot]]:
    """Checked points of one request by key, in the order given.

    Raises:
        InvalidParameterValue: a name, step or timestamp is not acceptable; says at which position.
    """
    found: dict[str, list[Spot]] = {}
    for position, metric in enumerate(metrics):
        key, step, timestamp = metric.key, metric.step, metric.timestamp
        if key not in found:
            found[rules.key(key, "metric", path=f"metrics[{position}].key")] = []
        if not (0 <= timestamp < _INT64 and -_INT64 <= step < _INT64):
            rules.timestamp(timestamp, path=f"metrics[{position}].timestamp")
            rules.step(step, path=f"metrics[{position}].step")
        found[key].append((step, timestamp, metric.value))
    return found


@handles(wire.GetMetricHistory)
def get_metric_history(context: Context, session: Session, request: wire.GetMetricHistory) -> wire.MetricHistory:
    """The points of one metric; everything unless a page is asked for. An unknown run or key has no points."""
    del context
    run_id = rules.run_id(request.run_id or request.run_uuid)
    if request.max_results is None:
        return wire.MetricHistory(metrics=session.metrics.history(run_id, key=request.metric_key))
    size = rules.page_size(request.max_results, default=None)
    offset = decode_offset(request.page_token)
    found = session.metrics.history(run_id, key=request.metric_key, limit=size + 1, offset=offset)
    page, token = cut(found, size=size, offset=offset)
    return wire.MetricHistory(metrics=page, next_page_token=token)


@handles(wire.GetMetricHistoryBulk)
def get_metric_history_bulk(
    context: Context, session: Session, request: wire.GetMetricHistoryBulk
) -> wire.MetricPoints:
    """The points of one metric of some runs, run after run, until there are as many as asked for."""
    del context
    left = MOST_POINTS if request.max_results is None else min(request.max_results, MOST_POINTS)
    if left < 0:
        raise InvalidParameterValue(f"Invalid value {left} for parameter 'max_results' supplied: it is negative.")
    found: list[wire.Metric] = []
    for run_id in sorted(set(_run_ids(request.run_id, "run_id"))):
        if left > len(found):
            points = session.metrics.history(run_id, key=request.metric_key, limit=left - len(found))
            found += _of_run(run_id, points)
    return wire.MetricPoints(metrics=found)


@handles(wire.GetMetricHistoryBulkInterval)
def get_metric_history_bulk_interval(
    context: Context, session: Session, request: wire.GetMetricHistoryBulkInterval
) -> wire.MetricPoints:
    """Points of one metric of some runs, in the order of the runs asked for, thinned by step."""
    del context
    most = rules.page_size(request.max_results, default=MOST_POINTS_A_RUN, most=MOST_POINTS_A_RUN)
    start, end = request.start_step, request.end_step
    if (start is None) != (end is None):
        raise InvalidParameterValue("If either start_step or end_step is given, both must be. Give the other, too.")
    if start is not None and end is not None and start > end:
        raise InvalidParameterValue(f"end_step must not be less than start_step: {start} and {end} were given.")
    found: list[wire.Metric] = []
    for run_id in dict.fromkeys(_run_ids(request.run_ids, "run_ids")):
        points = session.metrics.history(run_id, key=request.metric_key)
        if start is not None and end is not None:
            points = [point for point in points if start <= point.step <= end]
        points.sort(key=lambda point: (point.step, point.timestamp))
        found += _of_run(run_id, _spread(points, most))
    return wire.MetricPoints(metrics=found)


def _run_ids(given: Sequence[str], name: str) -> Sequence[str]:
    if not 1 <= len(given) <= MOST_RUNS:
        raise InvalidParameterValue(
            f"{len(given)} run ids were given for parameter '{name}'; give from 1 to {MOST_RUNS}."
        )
    return given


def _of_run(run_id: str, points: Sequence[wire.Metric]) -> Sequence[wire.Metric]:
    for point in points:
        point.run_id = run_id
    return points


def _spread(points: Sequence[wire.Metric], most: int) -> Sequence[wire.Metric]:
    """The first point of each of `most` parts of equal size, as far as it goes, and the last point of all."""
    if len(points) <= most:
        return points
    size, longer = divmod(len(points), most)
    starts = [place * size + min(place, longer) for place in range(most)]
    return [*(points[start] for start in starts[:-1]), points[-1]]
