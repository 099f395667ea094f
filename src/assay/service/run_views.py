"""Handlers for `wire.run_views`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.search.fields import RUNS
from assay.search.parser import parse_filter
from assay.service import rules, run_columns
from assay.service.dispatch import Context, handles
from assay.service.holders import permission
from assay.store.base import ACTIVE, STAGES, Query, Session, unknown
from assay.store.run_views import Best
from assay.store.users import EXPERIMENT
from assay.wire import run_views as wire
from assay.wire.views import RunColumns

if TYPE_CHECKING:
    from assay.store.base import RunTable

MAX_GROUPS = 10_000
MAX_CHANGED = 1000
MAX_LEVELS = 2
MAX_GROUPED_METRICS = 200
_ONE_BY_ONE = ("mlflow.runName", "mlflow.note.content")


def _query(experiment_ids: list[str], where: str | None, view: str | int | None) -> Query:
    return Query(
        where=parse_filter(where, RUNS),
        stages=rules.stages(view),
        experiment_ids=[rules.experiment_id(one) for one in experiment_ids],
    )


@handles(wire.ViewRun)
def view_run(context: Context, session: Session, request: wire.ViewRun) -> wire.RunPage:
    """Get a run, and what the caller may do with it."""
    run = session.runs.get(rules.run_id(request.run_id))
    held = permission(context, session, kind=EXPERIMENT, target=run.info.experiment_id)
    return wire.RunPage(run=run, permission=held)


@handles(wire.ViewFamilies)
def view_families(context: Context, session: Session, request: wire.ViewFamilies) -> wire.RunFamilies:
    """How runs are nested: child counts, best children, and ancestors that the filter left out."""
    del context
    query = _query(request.experiment_ids, request.filter, request.run_view_type)
    best = Best(request.metric, request.ascending) if request.metric else None
    families = session.run_views.families(query, best=best)
    outside = session.run_views.ancestors(query) if families and query.where is not None else None
    return wire.RunFamilies(families=families, ancestors=_columns(outside))


def _columns(table: RunTable | None) -> RunColumns:
    if table is None:
        return RunColumns(total=0, run_ids=[], columns={})
    return RunColumns(total=table.total, run_ids=table.run_ids, columns=table.columns)


@handles(wire.ViewGroups)
def view_groups(context: Context, session: Session, request: wire.ViewGroups) -> wire.RunGroups:
    """Groups of all runs that match, with the figures of their metrics."""
    del context
    if not 1 <= len(request.by) <= MAX_LEVELS:
        raise InvalidParameterValue(f"Runs are grouped by one or two columns; these are {len(request.by)}.")
    if len(request.metrics) > MAX_GROUPED_METRICS:
        raise InvalidParameterValue(
            f"At most {MAX_GROUPED_METRICS} metrics can be summed up at once; these are {len(request.metrics)}."
        )
    groups = session.run_views.groups(
        _query(request.experiment_ids, request.filter, request.run_view_type),
        by=[run_columns.parse_group(name) for name in request.by],
        metrics=request.metrics,
        limit=MAX_GROUPS + 1,
    )
    if len(groups) > MAX_GROUPS:
        raise InvalidParameterValue(
            f"Grouped by {' and '.join(request.by)}, the runs fall into more than {MAX_GROUPS} groups. "
            "Group by something with fewer values, or filter first."
        )
    return wire.RunGroups(groups=groups)


@handles(wire.ChangeRuns)
def change_runs(context: Context, session: Session, request: wire.ChangeRuns) -> wire.ChangedRuns:
    """Change many runs together."""
    del context
    run_ids = list(dict.fromkeys(rules.run_id(one) for one in request.run_ids))
    if len(run_ids) > MAX_CHANGED:
        raise InvalidParameterValue(f"At most {MAX_CHANGED} runs are changed at once; these are {len(run_ids)}.")
    put = rules.tags(request.set_tags, rules.tag_value)
    gone = [rules.key(key, "tag") for key in request.delete_tags]
    if own := [key for key in (*put, *gone) if key in _ONE_BY_ONE]:
        raise InvalidParameterValue(f"The tag {own[0]!r} belongs to one run. Change it run by run.")
    if request.lifecycle_stage not in (None, *STAGES):
        raise InvalidParameterValue(f"Invalid lifecycle stage {request.lifecycle_stage!r}: use {' or '.join(STAGES)}.")
    table = session.runs.table(Query(run_ids=run_ids, stages=STAGES, limit=MAX_CHANGED), columns=[])
    if missing := set(run_ids) - set(table.run_ids):
        raise ResourceDoesNotExist(unknown("run", sorted(missing)[:5]))
    if put or gone:
        stages = table.columns["attributes.lifecycle_stage"]
        for run_id in [one for one, stage in zip(table.run_ids, stages, strict=True) if stage != ACTIVE]:
            rules.writable(session.runs.info(run_id))
        session.run_views.change_tags(run_ids, put=put, gone=gone)
    if request.lifecycle_stage is not None:
        session.run_views.set_stage(run_ids, stage=request.lifecycle_stage, now=clock.now_ms())
    if request.experiment_id is not None:
        target = rules.active_experiment(session.experiments.get(rules.experiment_id(request.experiment_id)))
        session.run_views.move(run_ids, experiment_id=target.experiment_id)
    return wire.ChangedRuns(changed=len(run_ids))
