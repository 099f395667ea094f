"""Handlers for `wire.experiments`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core import clock, uri
from assay.core.errors import InvalidParameterValue, InvalidState, PermissionDenied, ResourceDoesNotExist
from assay.search.fields import EXPERIMENTS
from assay.search.pages import cut, decode_offset
from assay.search.parser import parse_filter, parse_order_by
from assay.service import rules
from assay.service.dispatch import Context, handles
from assay.service.ownership import own
from assay.store.base import ACTIVE, DELETED, STAGES, Query, Session, unknown_name
from assay.store.users import EXPERIMENT
from assay.wire import experiments as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.wire.experiments import Experiment

MOST_CHANGED = 1000


@handles(wire.CreateExperiment)
def create_experiment(
    context: Context, session: Session, request: wire.CreateExperiment
) -> wire.CreateExperimentResponse:
    """Create an experiment; its artifact location is decided now and for good."""
    name = rules.experiment_name(request.name)
    location = request.artifact_location
    if location:
        location = _allowed(context, rules.artifact_location(location, trusted=context.caller.local))
    tags = rules.tags(request.tags or (), rules.experiment_tag_value)
    experiment_id = session.experiments.create(
        name, artifact_location=location or None, root=context.artifact_root, tags=tags, now=clock.now_ms()
    )
    own(session, context.caller, kind=EXPERIMENT, target=experiment_id)
    return wire.CreateExperimentResponse(experiment_id=experiment_id)


def _allowed(context: Context, location: str) -> str:
    """The location, when the caller may choose it: among users, a place says whose files are there.

    Raises:
        InvalidParameterValue: the operator has not named it.
        PermissionDenied: only administrators choose places that the server opens; those of others lie there, too.
    """
    caller = context.caller
    if not caller.number:
        return location
    if context.reach is not None and not any(uri.is_below(location, root) for root in context.reach):
        raise InvalidParameterValue(
            f"Invalid artifact location {location[:200]!r}: it is not below a place that this server's operator named "
            "with --allowed-artifact-roots. Leave it out to have the server choose."
        )
    if not caller.is_admin:
        raise PermissionDenied("Permission denied: only administrators choose places that the server opens.")
    return location


@handles(wire.GetExperiment)
def get_experiment(context: Context, session: Session, request: wire.GetExperiment) -> wire.ExperimentResponse:
    """Get an experiment by id."""
    del context
    return wire.ExperimentResponse(experiment=session.experiments.get(rules.experiment_id(request.experiment_id)))


@handles(wire.GetExperimentByName)
def get_experiment_by_name(
    context: Context, session: Session, request: wire.GetExperimentByName
) -> wire.ExperimentResponse:
    """Get an experiment by name."""
    del context
    experiment = session.experiments.named(request.experiment_name)
    if experiment is None:
        raise ResourceDoesNotExist(unknown_name("experiment", request.experiment_name))
    return wire.ExperimentResponse(experiment=experiment)


@handles(wire.SearchExperiments)
def search_experiments(
    context: Context, session: Session, request: wire.SearchExperiments
) -> wire.SearchExperimentsResponse:
    """Find experiments. The size of the page must be given, as in MLflow."""
    del context
    size = rules.page_size(request.max_results, default=None)
    offset = decode_offset(request.page_token)
    found = session.experiments.search(
        Query(
            where=parse_filter(request.filter, EXPERIMENTS),
            order_by=parse_order_by(request.order_by or (), EXPERIMENTS),
            stages=rules.stages(request.view_type),
            limit=size + 1,
            offset=offset,
        )
    )
    page, token = cut(found, size=size, offset=offset)
    return wire.SearchExperimentsResponse(experiments=page, next_page_token=token)


@handles(wire.UpdateExperiment)
def update_experiment(context: Context, session: Session, request: wire.UpdateExperiment) -> Empty:
    """Rename an active experiment."""
    del context
    experiment = session.experiments.get(rules.experiment_id(request.experiment_id))
    name = rules.experiment_name(request.new_name)
    if experiment.lifecycle_stage != ACTIVE:
        raise InvalidState(
            f"Experiment {experiment.experiment_id!r} is deleted and cannot be renamed. Restore it first."
        )
    session.experiments.rename(experiment.experiment_id, name=name, now=clock.now_ms())
    return Empty()


@handles(wire.DeleteExperiment)
def delete_experiment(context: Context, session: Session, request: wire.DeleteExperiment) -> Empty:
    """Mark an active experiment and its runs as deleted."""
    del context
    return _move(session, request.experiment_id, stage=DELETED)


@handles(wire.RestoreExperiment)
def restore_experiment(context: Context, session: Session, request: wire.RestoreExperiment) -> Empty:
    """Restore a deleted experiment and its runs."""
    del context
    return _move(session, request.experiment_id, stage=ACTIVE)


@handles(wire.ChangeExperiments)
def change_experiments(context: Context, session: Session, request: wire.ChangeExperiments) -> wire.ChangedExperiments:
    """Move some experiments into a lifecycle stage together."""
    del context
    experiment_ids = list(dict.fromkeys(rules.experiment_id(one) for one in request.experiment_ids))
    if len(experiment_ids) > MOST_CHANGED:
        raise InvalidParameterValue(
            f"At most {MOST_CHANGED} experiments are changed at once; these are {len(experiment_ids)}."
        )
    stage = request.lifecycle_stage
    if stage not in STAGES:
        raise InvalidParameterValue(f"Invalid lifecycle stage {stage!r}: use {' or '.join(STAGES)}.")
    for one in experiment_ids:
        if session.experiments.get(one).lifecycle_stage != stage:
            session.experiments.set_stage(one, stage=stage, now=clock.now_ms())
    return wire.ChangedExperiments(changed=len(experiment_ids))


def _move(session: Session, given: str, *, stage: str) -> Empty:
    experiment = session.experiments.get(rules.experiment_id(given))
    if experiment.lifecycle_stage == stage:
        raise ResourceDoesNotExist(
            f"No experiment with id {given!r} is there to be moved: it is in the state {stage!r} already."
        )
    session.experiments.set_stage(experiment.experiment_id, stage=stage, now=clock.now_ms())
    return Empty()


@handles(wire.SetExperimentTag)
def set_experiment_tag(context: Context, session: Session, request: wire.SetExperimentTag) -> Empty:
    """Set a tag of an active experiment."""
    del context
    experiment = _writable(session, request.experiment_id)
    key = rules.key(request.key, "tag")
    session.experiments.set_tag(experiment.experiment_id, key=key, value=rules.experiment_tag_value(request.value, key))
    return Empty()


@handles(wire.DeleteExperimentTag)
def delete_experiment_tag(context: Context, session: Session, request: wire.DeleteExperimentTag) -> Empty:
    """Delete a tag of an active experiment."""
    del context
    experiment = _writable(session, request.experiment_id)
    if not session.experiments.delete_tag(experiment.experiment_id, key=request.key):
        raise ResourceDoesNotExist(f"Experiment {experiment.experiment_id!r} has no tag {request.key!r}.")
    return Empty()


def _writable(session: Session, given: str) -> Experiment:
    return rules.active_experiment(session.experiments.get(rules.experiment_id(given)))


def resolve(context: Context, session: Session, *, experiment_id: str | None, name: str | None) -> Experiment:
    """The active experiment of a new run: by id, else by name, created when missing.

    Raises:
        ResourceDoesNotExist: there is none with this id.
        InvalidParameterValue: it is deleted, or neither id nor name is given.
    """
    if experiment_id:
        return rules.active_experiment(session.experiments.get(rules.experiment_id(experiment_id)))
    if not name:
        raise InvalidParameterValue("Missing value for required parameter 'experiment_id'. Name the experiment.")
    experiment = session.experiments.named(name)
    if experiment is None:
        created = create_experiment(context, session, wire.CreateExperiment(name=name))
        experiment = session.experiments.get(created.experiment_id)
    return rules.active_experiment(experiment)
