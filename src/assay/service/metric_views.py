"""Handlers for `wire.metric_views`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.service import rules
from assay.service.dispatch import Context, handles
from assay.service.views import check_curves
from assay.wire import metric_views as wire
from assay.wire.codec import number_as_json, numbers_as_json

if TYPE_CHECKING:
    from assay.store.base import Session


@handles(wire.ViewMetrics)
def view_metrics(context: Context, session: Session, request: wire.ViewMetrics) -> wire.MetricSummaries:
    """Which metrics some runs have."""
    del context
    check_curves(request.run_ids, buckets=1)
    found = session.metrics.keys([rules.run_id(one) for one in request.run_ids])
    return wire.MetricSummaries(metrics=[wire.MetricSummary(**asdict(one)) for one in found])


@handles(wire.ViewBands)
def view_bands(context: Context, session: Session, request: wire.ViewBands) -> wire.Bands:
    """One metric of groups of runs, summed up by step."""
    del context
    check_curves(request.run_ids, buckets=request.buckets)
    if len(request.groups) != len(request.run_ids):
        raise InvalidParameterValue(
            f"Every run needs a group: 'groups' has {len(request.groups)} numbers for {len(request.run_ids)} runs."
        )
    found = session.metrics.bands(
        {rules.run_id(one): group for one, group in zip(request.run_ids, request.groups, strict=True)},
        key=request.key,
        buckets=request.buckets,
        steps=(request.start_step, request.end_step),
    )
    return wire.Bands(
        bands=[
            wire.Band(
                group=band.group,
                runs=band.runs,
                points=band.points,
                finite=band.finite,
                steps=list(band.steps),
                counts=list(band.counts),
                means=[*numbers_as_json(band.means)],
                deviations=[None if one is None else number_as_json(one) for one in band.deviations],
                lows=[*numbers_as_json(band.lows)],
                highs=[*numbers_as_json(band.highs)],
            )
            for band in found
        ]
    )
