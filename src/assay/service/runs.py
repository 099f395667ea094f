"""Handlers for `wire.runs`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assay.core import clock, ids, uri
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.search.fields import RUNS
from assay.search.pages import cut, decode_offset
from assay.search.parser import parse_filter, parse_order_by
from assay.service import experiments, registry_rules, rules
from assay.service.dispatch import Context, handles
from assay.service.metrics import append_to_models, of_models, points_by_key
from assay.store.base import ACTIVE, DELETED, NewRun, Query, Session
from assay.wire import runs as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_TAG = 100_000


@handles(wire.CreateRun)
def create_run(context: Context, session: Session, request: wire.CreateRun) -> wire.RunResponse:
    """Start a run in an active experiment. The tag `mlflow.runName` always mirrors the name."""
    experiment = experiments.resolve(
        context, session, experiment_id=request.experiment_id, name=request.experiment_name
    )
    tags = _as_given(request.tags or ())
    name = rules.run_name(request.run_name, tags=tags)
    run_id = rules.new_run_id(request.run_id) if request.run_id else ids.hex_id()
    run = session.runs.create(
        NewRun(
            run_id=run_id,
            run_name=name,
            experiment_id=experiment.experiment_id,
            user_id=registry_rules.short(request.user_id or "", "user_id"),
            start_time=rules.timestamp(request.start_time or 0, path="start_time"),
            artifact_uri=uri.join(experiment.artifact_location, run_id, "artifacts"),
        ),
        tags=tags,
    )
    return wire.RunResponse(run=run)


def _as_given(tags: Sequence[wire.RunTag]) -> dict[str, str]:
    """The tags of a new run, which MLflow keeps to the letter, whatever they hold; only their size is bounded."""
    if len(tags) > rules.MAX_TAGS:
        raise InvalidParameterValue(f"A run may begin with at most {rules.MAX_TAGS} tags; these are {len(tags)}.")
    for position, tag in enumerate(tags):
        if len(tag.key) > _MOST_TAG or len(tag.value) > _MOST_TAG:
            raise InvalidParameterValue(
                f"tags[{position}] has more than {_MOST_TAG} characters. Log it as an artifact."
            )
    return {tag.key: tag.value for tag in tags}


@handles(wire.GetRun)
def get_run(context: Context, session: Session, request: wire.GetRun) -> wire.RunResponse:
    """Get a run with what it recorded."""
    del context
    return wire.RunResponse(run=session.runs.get(rules.run_id(request.run_id or request.run_uuid)))


@handles(wire.UpdateRun)
def update_run(context: Context, session: Session, request: wire.UpdateRun) -> wire.RunInfoResponse:
    """Change status, end time or name of an active run."""
    del context
    run = rules.writable(session.runs.info(rules.run_id(request.run_id or request.run_uuid)))
    end_time = None if request.end_time is None else rules.timestamp(request.end_time, path="end_time")
    name = rules.tag_value(request.run_name, rules.RUN_NAME_TAG) if request.run_name else None
    info = session.runs.update(run.run_id, status=rules.status(request.status), end_time=end_time, run_name=name)
    return wire.RunInfoResponse(run_info=info)


@handles(wire.DeleteRun)
def delete_run(context: Context, session: Session, request: wire.DeleteRun) -> Empty:
    """Mark a run as deleted."""
    del context
    session.runs.set_stage(rules.run_id(request.run_id), stage=DELETED, now=clock.now_ms())
    return Empty()


@handles(wire.RestoreRun)
def restore_run(context: Context, session: Session, request: wire.RestoreRun) -> Empty:
    """Restore a deleted run."""
    del context
    session.runs.set_stage(rules.run_id(request.run_id), stage=ACTIVE, now=clock.now_ms())
    return Empty()


@handles(wire.SearchRuns)
def search_runs(context: Context, session: Session, request: wire.SearchRuns) -> wire.SearchRunsResponse:
    """Find runs. No experiments mean no runs, as in MLflow."""
    del context
    size = rules.page_size(request.max_results, default=rules.DEFAULT_RUNS_PAGE)
    offset = decode_offset(request.page_token)
    query = Query(
        where=parse_filter(request.filter, RUNS),
        order_by=parse_order_by(request.order_by or (), RUNS),
        stages=rules.stages(request.run_view_type),
        experiment_ids=[rules.experiment_id(one) for one in request.experiment_ids or ()],
        limit=size + 1,
        offset=offset,
    )
    if not query.experiment_ids:
        return wire.SearchRunsResponse()
    found = session.runs.search(query)
    page, token = cut(found, size=size, offset=offset)
    return wire.SearchRunsResponse(runs=page, next_page_token=token)


@handles(wire.LogBatch)
def log_batch(context: Context, session: Session, request: wire.LogBatch) -> Empty:
    """Record metrics, params and tags of one run, all or none."""
    del context
    rules.batch_size(metrics=len(request.metrics), params=len(request.params), tags=len(request.tags))
    run_id = rules.run_id(request.run_id)
    points = points_by_key(request.metrics)
    params = rules.distinct_params(request.params)
    tags = rules.tags(request.tags, rules.tag_value)
    rules.writable(session.runs.info(run_id))
    if params:
        session.runs.log_params(run_id, params=params)
    if points:
        session.metrics.append(run_id, points=points)
        append_to_models(session, run_id, of_models(request.metrics))
    if tags:
        session.runs.set_tags(run_id, tags=tags)
    return Empty()


@handles(wire.LogParam)
def log_param(context: Context, session: Session, request: wire.LogParam) -> Empty:
    """Record one param."""
    del context
    key = rules.key(request.key, "param")
    run = rules.writable(session.runs.info(rules.run_id(request.run_id or request.run_uuid)))
    session.runs.log_params(run.run_id, params={key: rules.param_value(request.value, key)})
    return Empty()


@handles(wire.SetTag)
def set_tag(context: Context, session: Session, request: wire.SetTag) -> Empty:
    """Set one tag."""
    del context
    key = rules.key(request.key, "tag")
    run = rules.writable(session.runs.info(rules.run_id(request.run_id or request.run_uuid)))
    session.runs.set_tags(run.run_id, tags={key: rules.tag_value(request.value, key)})
    return Empty()


@handles(wire.DeleteTag)
def delete_tag(context: Context, session: Session, request: wire.DeleteTag) -> Empty:
    """Delete one tag."""
    del context
    run = rules.writable(session.runs.info(rules.run_id(request.run_id)))
    if not session.runs.delete_tag(run.run_id, key=request.key):
        raise ResourceDoesNotExist(f"Run {run.run_id!r} has no tag {request.key!r}.")
    return Empty()


_NO_HISTORY = "The tag 'mlflow.log-model.history' of run {run_id!r} is no JSON list. Delete it, then log the model."
_MOST_HISTORY = 4 << 20
"""Characters: descriptions of models have thousands, and runs log a few."""
_MODEL_FIELDS = ("artifact_path", "flavors", "utc_time_created", "run_id")


@handles(wire.LogModel)
def log_model(context: Context, session: Session, request: wire.LogModel) -> Empty:
    """Add a model among a run's files to the run's history of such models."""
    del context
    try:
        model = json.loads(request.model_json)
    except (ValueError, RecursionError) as error:
        raise InvalidParameterValue(f"Malformed model info: {request.model_json[:100]!r} is no valid JSON.") from error
    missing = _MODEL_FIELDS if not isinstance(model, dict) else [name for name in _MODEL_FIELDS if name not in model]
    if missing:
        raise InvalidParameterValue(f"'model_json' must be a JSON object; it lacks {', '.join(missing)}.")
    run = rules.writable(session.runs.info(rules.run_id(request.run_id)))
    history = json.dumps([*_model_history(session, run.run_id), model])
    if len(history) > _MOST_HISTORY:
        raise InvalidParameterValue(f"The models of a run may have {_MOST_HISTORY} characters together; log fewer.")
    session.runs.set_tags(run.run_id, tags={rules.MODEL_HISTORY_TAG: history})
    return Empty()


def _model_history(session: Session, run_id: str) -> list[object]:
    tags = {tag.key: tag.value for tag in session.runs.get(run_id).data.tags}
    try:
        history = json.loads(tags.get(rules.MODEL_HISTORY_TAG, "[]"))
    except (ValueError, RecursionError) as error:
        raise InvalidParameterValue(_NO_HISTORY.format(run_id=run_id)) from error
    if not isinstance(history, list):
        raise InvalidParameterValue(_NO_HISTORY.format(run_id=run_id))
    return history
