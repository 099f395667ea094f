"""Logging a model: a logged model of its own, whose files a flavor writes.

A flavor's `log_model` hands over a function that saves the model, and what the caller said of it:

    def save(directory: Path, model: Model) -> None:
        save_model(booster, directory, mlflow_model=model, ...)

    return logged.log(save, name=bundle.place(artifact_path, name), registered_model_name=..., params=..., ...)

`save` writes into `directory`, which is not there yet, and fills `model`, as `save_model` does with `mlflow_model`.
"""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from assay.client import entities, fluent
from assay.client.api import Client
from assay.client.connection import connect
from assay.core.errors import AssayError, EndpointNotFound
from assay.core.log import logger
from assay.flavors import integrity
from assay.flavors.mlmodel import Model, ModelInfo
from assay.service import registry_rules
from assay.service.views import MAX_BUCKETS
from assay.wire.views import Curve, Curves, ViewCurves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_log = logger("flavors")


def log(  # noqa: PLR0913 -- those of MLflow's Model.log
    save: Callable[[Path, Model], None],
    *,
    name: str,
    registered_model_name: str | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    run_id: str | None = None,
) -> ModelInfo:
    """Save a model and keep it as a logged model, which is ready when this returns; no run is started for it.

    With an active run, or with `run_id`, the model has the run as its source, the run's params beside `params`, and the
    metrics that the run recorded at `step`; the run has the model among its outputs, at `step`. The answer's
    `model_uri` is `models:/<model id>`. `model_id` names a logged model that is there already, whose files these
    become.
    `registered_model_name` also makes the model a new version of that name.

    Raises:
        InvalidParameterValue: a name, param or tag is not acceptable.
        ResourceDoesNotExist: there is no logged model `model_id`.
        AssayError: what `save` or the store raises; the logged model is marked as failed.
    """
    if registered_model_name is not None:
        registry_rules.model_name(registered_model_name)
    client, run = Client(), fluent.active_run()
    run_id = run_id or (run.info.run_id if run is not None else None)
    known = client.get_run(run_id).data if run_id else None
    own = {**(params or {}), **(known.params if known else {})}
    if model_id is None:
        kept = fluent.initialize_logged_model(name, run_id, dict(tags or {}), own, model_type)
    else:
        kept = _described(client, model_id, params=params, tags=tags)
    try:
        if run_id and known:
            client.log_outputs(run_id, [entities.LoggedModelOutput(kept.model_id, step)])
            _copy_metrics(client, run_id, known.metrics, step=step, model_id=kept.model_id)
        model = _stored(client, save, kept, run_id=run_id)
    except BaseException:
        _fail(client, kept.model_id)
        raise
    ready = client.finalize_logged_model(kept.model_id, entities.LoggedModelStatus.READY)
    info = model.get_model_info(ready)
    if registered_model_name is None:
        return info
    version = fluent.register_model(info.model_uri, registered_model_name)
    return dataclasses.replace(info, registered_model_version=int(version.version))


def _described(
    client: Client, model_id: str, *, params: Mapping[str, Any] | None, tags: Mapping[str, Any] | None
) -> entities.LoggedModel:
    """The logged model of this id, with what is said of it added."""
    if params:
        client.log_model_params(model_id, dict(params))
    if tags:
        client.set_logged_model_tags(model_id, dict(tags))
    return client.get_logged_model(model_id)


def _copy_metrics(client: Client, run_id: str, keys: Mapping[str, float], *, step: int, model_id: str) -> None:
    """Record the points of a run at a step as this model's."""
    points = [
        entities.Metric(point.key, point.value, point.timestamp, point.step, model_id=model_id)
        for point in _points_at(client, run_id, sorted(keys), step=step)
    ]
    if points:
        client.log_batch(run_id, points)


def _points_at(client: Client, run_id: str, keys: Sequence[str], *, step: int) -> Iterator[entities.Metric]:
    """The points of a run at a step: in one request, or one for each key that has thousands, or of MLflow's servers."""
    if not keys:
        return
    request = ViewCurves(run_ids=[run_id], keys=list(keys), buckets=MAX_BUCKETS, start_step=step, end_step=step)
    try:
        curves = connect(client.tracking_uri).ask(request, Curves).curves
    except EndpointNotFound:
        curves = [Curve(run_id=run_id, key=key, count=1, steps=[], timestamps=[], values=[]) for key in keys]
    for curve in curves:
        if curve.count > len(curve.steps):
            yield from (point for point in client.get_metric_history(run_id, curve.key) if point.step == step)
        else:
            for value, timestamp in zip(curve.values, curve.timestamps, strict=True):
                yield entities.Metric(curve.key, float(cast("float | str", value)), timestamp, step)


def _stored(
    client: Client, save: Callable[[Path, Model], None], kept: entities.LoggedModel, *, run_id: str | None
) -> Model:
    model = Model(artifact_path=kept.artifact_location, run_id=run_id, model_uuid=kept.model_id, model_id=kept.model_id)
    with tempfile.TemporaryDirectory(prefix="assay-model-") as scratch:
        directory = Path(scratch, "model")
        save(directory, model)
        client.log_model_artifacts(kept.model_id, directory)
        client.set_logged_model_tags(kept.model_id, integrity.description_tags(directory))
    if model.signature is None and model.saved_input_example_info is None and not model.is_unsigned_by_choice:
        _log.warning(
            "The model %r has no signature, so that its input cannot be checked. Give an input_example or a signature.",
            kept.name,
        )
    return model


def _fail(client: Client, model_id: str) -> None:
    """Mark a model as failed, as well as can be done: the error that stopped it is the one to be raised."""
    try:
        client.finalize_logged_model(model_id, entities.LoggedModelStatus.FAILED)
    except AssayError as error:
        _log.warning("The model %s could not be marked as failed: %s", model_id, error)
