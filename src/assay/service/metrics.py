"""Handlers for `wire.metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.search.pages import decode_offset, encode_offset
from assay.service import rules
from assay.service.dispatch import Context, handles
from assay.wire import metrics as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Session, Spot

_INT64 = 1 << 63


@handles(wire.LogMetric)
def log_metric(context: Context, session: Session, request: wire.LogMetric) -> Empty:
    """Record one point."""
    del context
    key = rules.key(request.key, "metric")
    point = (rules.step(request.step), rules.timestamp(request.timestamp), request.value)
    run = rules.writable(session.runs.info(rules.run_id(request.run_id or request.run_uuid)))
    session.metrics.append(run.run_id, points={key: [point]})
    return Empty()


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
    offset = decode_offset(request.page_token) if request.page_token else 0
    found = session.metrics.history(run_id, key=request.metric_key, limit=size + 1, offset=offset)
    token = encode_offset(offset + size) if len(found) > size else ""
    return wire.MetricHistory(metrics=found[:size], next_page_token=token)
