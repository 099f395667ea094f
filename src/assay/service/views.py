"""Handlers for `wire.views`."""

from __future__ import annotations

from assay.core.errors import InvalidParameterValue
from assay.search.fields import RUNS
from assay.search.pages import decode_offset, encode_offset
from assay.search.parser import parse_filter, parse_order_by
from assay.service import rules, run_columns
from assay.service.dispatch import Context, handles
from assay.service.holders import permissions
from assay.store.base import Query, Session
from assay.store.users import EXPERIMENT
from assay.wire import views as wire
from assay.wire.codec import numbers_as_json

MAX_CURVE_RUNS = 500
MAX_BUCKETS = 5000
MAX_DIGITS = 17


@handles(wire.ViewExperiments)
def view_experiments(context: Context, session: Session, request: wire.ViewExperiments) -> wire.ExperimentSummaries:
    """Active experiments with counts of their runs."""
    named = [rules.experiment_id(one) for one in request.experiment_ids] or None
    found = session.experiments.summaries(named)
    levels = permissions(context, session, kind=EXPERIMENT, targets=[one.experiment_id for one in found])
    for summary, level in zip(found, levels, strict=True):
        summary.permission = level
    return wire.ExperimentSummaries(experiments=found)


@handles(wire.ViewRuns)
def view_runs(context: Context, session: Session, request: wire.ViewRuns) -> wire.RunColumns:
    """A page of the run table; `run_ids` alone finds runs of any experiment."""
    del context
    size = rules.page_size(request.max_results, default=rules.DEFAULT_RUNS_PAGE)
    offset = decode_offset(request.page_token)
    experiment_ids = [rules.experiment_id(one) for one in request.experiment_ids]
    run_ids = None if request.run_ids is None else [rules.run_id(one) for one in request.run_ids]
    table = session.runs.table(
        Query(
            where=parse_filter(request.filter, RUNS),
            order_by=parse_order_by(request.order_by or (), RUNS),
            stages=rules.stages(request.run_view_type),
            experiment_ids=experiment_ids if experiment_ids or run_ids is None else None,
            run_ids=run_ids,
            limit=size,
            offset=offset,
        ),
        columns=None if request.columns is None else [run_columns.parse(name) for name in request.columns],
    )
    more = offset + len(table.run_ids) < table.total
    return wire.RunColumns(
        total=table.total,
        run_ids=table.run_ids,
        columns=table.columns,
        next_page_token=encode_offset(offset + size) if more else "",
    )


@handles(wire.ViewCurves)
def view_curves(context: Context, session: Session, request: wire.ViewCurves) -> wire.Curves:
    """Thinned curves, extremes kept."""
    del context
    check_curves(request.run_ids, buckets=request.buckets)
    if request.digits is not None and not 1 <= request.digits <= MAX_DIGITS:
        raise InvalidParameterValue(
            f"Invalid value {request.digits} for parameter 'digits' supplied: give 1 to {MAX_DIGITS}."
        )
    curves = session.metrics.curves(
        [rules.run_id(one) for one in request.run_ids],
        keys=request.keys,
        buckets=request.buckets,
        steps=(request.start_step, request.end_step),
        joined=request.joined,
    )
    return wire.Curves(
        curves=[
            wire.Curve(
                run_id=curve.run_id,
                key=curve.key,
                count=curve.count,
                steps=curve.steps,
                timestamps=curve.timestamps if request.times else [],
                values=[*numbers_as_json(_rounded(curve.values, request.digits))],
            )
            for curve in curves
        ]
    )


def check_curves(run_ids: list[str], *, buckets: int) -> None:
    """Raise for more runs, or more buckets, than one request may ask for."""
    if len(run_ids) > MAX_CURVE_RUNS:
        raise InvalidParameterValue(
            f"Curves of at most {MAX_CURVE_RUNS} runs can be asked for at once; these are {len(run_ids)}."
        )
    if not 1 <= buckets <= MAX_BUCKETS:
        raise InvalidParameterValue(
            f"Invalid value {buckets} for parameter 'buckets' supplied: give 1 to {MAX_BUCKETS}."
        )


def _rounded(values: list[float], digits: int | None) -> list[float]:
    if digits is None:
        return values
    # All in one text: several times as fast as one by one.
    text = f"%.{digits}g " * len(values) % tuple(values)
    return [*map(float, text.split())]
