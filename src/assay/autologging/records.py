"""What every kind of autologging records with: params, metrics and data of a call."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from assay.client import entities
from assay.client.api import Client
from assay.client.fluent.inputs import CONTEXT_TAG, entity
from assay.core.clock import now_ms
from assay.core.errors import InvalidParameterValue
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.autologging.patching import Call
    from assay.client.run import ActiveRun
    from assay.data.dataset import Dataset

_log = logger("autologging")


def run_of(call: Call) -> ActiveRun:
    """The run that an observed training goes to."""
    if call.run is None:
        raise InvalidParameterValue("A training that is observed has a run.")
    return call.run


def with_defaults(call: Call) -> dict[str, Any]:
    """The arguments of a call by name, and the defaults of those that were not given."""
    parameters = inspect.signature(call.function).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not one.empty} | call.arguments


def log_params(call: Call, params: Mapping[str, Any]) -> None:
    """Record params, without those that the run has with another value; a warning names them."""
    recorder = run_of(call).recorder
    kept = []
    for name, value in params.items():
        try:
            recorder.param(name, value)
        except InvalidParameterValue:
            kept.append(name)
    if kept and not call.options.silent:
        _log.warning(
            "Params of run %s stay as they are: %s. Fit each estimator in a run of its own to record all.",
            recorder.run_id,
            ", ".join(kept),
        )


def log_metrics(
    call: Call, values: Mapping[str, float], *, model_id: str | None, dataset: entities.Dataset | None, step: int = 0
) -> None:
    """Record metrics of a model on a dataset."""
    origin = {"model_id": model_id} if model_id else {}
    if dataset is not None:
        origin |= {"dataset_name": dataset.name, "dataset_digest": dataset.digest}
    moment = now_ms()
    run_of(call).recorder.metrics([(key, value, step, moment) for key, value in values.items()], **origin)


def log_dataset(call: Call, data: Callable[[], Dataset | None], *, context: str = "train") -> entities.Dataset | None:
    """Record the data of a training; gives the facts that metrics refer to, None when there are none."""
    if not call.options.log_datasets:
        return None
    with call.attempt("The training data is not logged"):
        return record_dataset(run_of(call), data(), context=context)
    return None


def record_dataset(run: ActiveRun, dataset: Dataset | None, *, context: str) -> entities.Dataset | None:
    """Record that a run, ended or not, read a dataset."""
    if dataset is None:
        return None
    facts = entity(dataset)
    log_input(run, run.info.run_id, facts, context=context)
    return facts


def log_input(run: ActiveRun, run_id: str, facts: entities.Dataset, *, context: str) -> None:
    """Record that a run in the store of `run` read a dataset."""
    found = entities.DatasetInput(facts, [entities.InputTag(CONTEXT_TAG, context)])
    Client(run.connection.transport.uri).log_inputs(run_id, [found])
