"""Handlers for `wire.inputs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.service import model_rules, rules
from assay.service.dispatch import Context, handles
from assay.wire import inputs as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.store.base import Session

MOST_SUMMARIES = 1000


@handles(wire.LogInputs)
def log_inputs(context: Context, session: Session, request: wire.LogInputs) -> Empty:
    """Record what a run read, all of it or nothing."""
    del context
    model_rules.dataset_inputs(request.datasets)
    model_rules.models(request.models)
    run = rules.writable(session.runs.info(rules.run_id(request.run_id)))
    if request.datasets:
        session.inputs.log_datasets(run.run_id, datasets=request.datasets)
    if request.models:
        session.inputs.log_inputs(run.run_id, models=request.models)
    return Empty()


@handles(wire.LogOutputs)
def log_outputs(context: Context, session: Session, request: wire.LogOutputs) -> Empty:
    """Record what a run made."""
    del context
    model_rules.models(request.models)
    for position, model in enumerate(request.models):
        rules.step(model.step, path=f"models[{position}].step")
    run = rules.writable(session.runs.info(rules.run_id(request.run_id)))
    if request.models:
        session.inputs.log_outputs(run.run_id, models=request.models)
    return Empty()


@handles(wire.SearchDatasets)
def search_datasets(context: Context, session: Session, request: wire.SearchDatasets) -> wire.SearchDatasetsResponse:
    """Find datasets, for pages that offer them as filters."""
    del context
    given = [rules.experiment_id(one) for one in request.experiment_ids]
    if not 1 <= len(given) <= model_rules.MAX_SEARCHED_EXPERIMENTS:
        raise InvalidParameterValue(
            f"{len(given)} experiment ids were given for parameter 'experiment_ids'; give from 1 to "
            f"{model_rules.MAX_SEARCHED_EXPERIMENTS}."
        )
    return wire.SearchDatasetsResponse(dataset_summaries=session.inputs.datasets(given, limit=MOST_SUMMARIES))
