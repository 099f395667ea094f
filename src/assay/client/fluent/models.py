"""Module-level verbs for logged models, and the model that metrics are about."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from assay.client import entities
from assay.client.api import Client
from assay.client.connection import connect
from assay.client.context import automatic_tags
from assay.client.fluent.experiments import active_id
from assay.client.fluent.runs import active_run
from assay.client.frames import models_frame
from assay.core import settings
from assay.core.errors import InvalidParameterValue
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    import pandas as pd  # type: ignore[import-untyped]

EXTERNAL_TAG = "mlflow.model.isExternal"
_PAGE = 100
_log = logger("client")


class ActiveModel(entities.LoggedModel, dict=True):
    """The logged model that metrics are about; leaving a `with` block goes back to the one before."""

    def __enter__(self) -> ActiveModel:  # noqa: PYI034 -- typing.Self needs Python 3.11
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _state.model_id = self.__dict__.get("previous")


class _State(threading.local):
    """Each thread has its own; a new one begins with what the environment says."""

    def __init__(self) -> None:
        self.model_id: str | None = settings.active_model_id.get()
        self.last_id: str | None = None


_state = _State()


def initialize_logged_model(
    name: str | None = None,
    source_run_id: str | None = None,
    tags: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    model_type: str | None = None,
    experiment_id: str | None = None,
) -> entities.LoggedModel:
    """Create a logged model, which is pending until it is finalized; by default, the active run is its source.

    Raises:
        ResourceDoesNotExist: there is no such run or experiment.
        InvalidParameterValue: a name, tag or param is not acceptable.
    """
    client = Client()
    run = active_run()
    if source_run_id is None and run is not None:
        source_run_id = run.info.run_id
    if experiment_id is None:
        experiment_id = _experiment_of(client, source_run_id)
    own = {key: value for key, value in automatic_tags().items() if not key.startswith("assay.")}
    model = client.create_logged_model(experiment_id, name, source_run_id, {**own, **(tags or {})}, params, model_type)
    _state.last_id = model.model_id
    return model


def create_external_model(
    name: str | None = None,
    source_run_id: str | None = None,
    tags: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    model_type: str | None = None,
    experiment_id: str | None = None,
) -> entities.LoggedModel:
    """Create a logged model whose files are kept elsewhere; it is ready at once.

    Raises:
        ResourceDoesNotExist: there is no such run or experiment.
        InvalidParameterValue: a name, tag or param is not acceptable.

    Example:
        >>> import assay
        >>> model = assay.create_external_model(name="served elsewhere")
        >>> model.status.value
        'READY'
    """
    model = initialize_logged_model(
        name, source_run_id, {**(tags or {}), EXTERNAL_TAG: "true"}, params, model_type, experiment_id
    )
    client = Client()
    # JSON is YAML, so that readers of MLmodel files understand it
    blobs = connect(client.tracking_uri).transport.blobs(model.artifact_location)
    blobs.write("MLmodel", [json.dumps(_description(model), indent=2).encode()])
    return client.finalize_logged_model(model.model_id, entities.LoggedModelStatus.READY)


def finalize_logged_model(model_id: str, status: str | entities.LoggedModelStatus) -> entities.LoggedModel:
    """Say that a model is ready, or that it failed: `READY` or `FAILED`.

    Raises:
        ResourceDoesNotExist: there is no such model.
        InvalidParameterValue: there is no such state.
    """
    return Client().finalize_logged_model(model_id, status)


def get_logged_model(model_id: str) -> entities.LoggedModel:
    """The logged model with this id.

    Raises:
        ResourceDoesNotExist: there is none.
    """
    return Client().get_logged_model(model_id)


def last_logged_model() -> entities.LoggedModel | None:
    """The model that this thread logged last, read anew; None when there was none."""
    return get_logged_model(_state.last_id) if _state.last_id else None


def delete_logged_model(model_id: str) -> None:
    """Mark a logged model as deleted.

    Raises:
        ResourceDoesNotExist: there is no such model.
    """
    Client().delete_logged_model(model_id)


def search_logged_models(
    experiment_ids: Sequence[str] | None = None,
    filter_string: str | None = None,
    datasets: Sequence[Mapping[str, str]] | None = None,
    max_results: int | None = None,
    order_by: Sequence[Mapping[str, Any]] | None = None,
    output_format: str = "pandas",
) -> list[entities.LoggedModel] | pd.DataFrame:
    """Logged models that match, of the active experiment unless others are named, as a frame or (`list`) as models.

    Args:
        experiment_ids: the experiments.
        filter_string: conditions on attributes, params, tags and metrics.
        datasets: which points conditions on metrics look at: `dataset_name`, and `dataset_digest` if you like.
        max_results: how many at most; all by default.
        order_by: `field_name`, `ascending` (the default), and `dataset_name` and `dataset_digest` for metrics.
        output_format: `pandas` or `list`.

    Raises:
        InvalidParameterValue: filter, order, datasets or format are not acceptable.
        ConfigurationError: a frame is wanted, and pandas is not installed.
    """
    if output_format not in ("pandas", "list"):
        raise InvalidParameterValue(f"Invalid output_format {output_format!r}: use 'pandas' or 'list'.")
    client = Client()
    ids = [active_id()] if experiment_ids is None else list(experiment_ids)
    found: list[entities.LoggedModel] = []
    token: str | None = None
    while max_results is None or len(found) < max_results:
        size = _PAGE if max_results is None else min(_PAGE, max_results - len(found))
        page = client.search_logged_models(ids, filter_string, datasets, size, order_by, token)
        found += page
        token = page.token
        if not token:
            break
    return models_frame(found) if output_format == "pandas" else found


def set_logged_model_tags(model_id: str, tags: dict[str, Any]) -> None:
    """Set tags of a logged model, replacing their values.

    Raises:
        ResourceDoesNotExist: there is no such model.
        InvalidParameterValue: a key or value is not acceptable.
    """
    Client().set_logged_model_tags(model_id, tags)


def delete_logged_model_tag(model_id: str, key: str) -> None:
    """Delete a tag of a logged model.

    Raises:
        ResourceDoesNotExist: there is no such model, or it has no such tag.
    """
    Client().delete_logged_model_tag(model_id, key)


def log_model_params(params: dict[str, str], model_id: str | None = None) -> None:
    """Record params of a logged model, the active one by default.

    Raises:
        InvalidParameterValue: no model is named or active, or a param has another value already.
        ResourceDoesNotExist: there is no such model.
    """
    target = model_id or get_active_model_id()
    if not target:
        raise InvalidParameterValue("No model is active: give a model_id, or choose one with set_active_model.")
    Client().log_model_params(target, params)


def set_active_model(*, name: str | None = None, model_id: str | None = None) -> ActiveModel:
    """Make a logged model the one that metrics of this thread are about where none is named.

    One that is named is looked for in the active experiment, and made as an external model when it is missing.

    Raises:
        InvalidParameterValue: not exactly one of name and id is given.
        ResourceDoesNotExist: there is no model with this id.

    Example:
        >>> import assay
        >>> with assay.set_active_model(name="agent"), assay.start_run():
        ...     assay.log_metric("accuracy", 0.9)
    """
    if (name is None) == (model_id is None):
        raise InvalidParameterValue("Give either name or model_id to set_active_model.")
    model = get_logged_model(model_id) if model_id is not None else _named(str(name))
    active = ActiveModel(**{field: getattr(model, field) for field in model.__struct_fields__})
    active.__dict__["previous"] = _state.model_id
    _state.model_id = model.model_id
    return active


def get_active_model_id() -> str | None:
    """The id of the logged model that metrics of this thread are about; None when there is none."""
    return _state.model_id


def clear_active_model() -> None:
    """Have metrics of this thread be about no model where none is named."""
    _state.model_id = None


def _named(name: str) -> entities.LoggedModel:
    if "'" not in name:
        found = Client().search_logged_models([active_id()], f"name = '{name}'", max_results=1)
        if found:
            return found[0]
    _log.info("There is no logged model %r yet; it is created.", name)
    return create_external_model(name=name)


def _experiment_of(client: Client, run_id: str | None) -> str:
    run = active_run()
    if run is not None and run.info.experiment_id and run_id in (None, run.info.run_id):
        return run.info.experiment_id
    return client.get_run(run_id).info.experiment_id if run_id else active_id()


def _description(model: entities.LoggedModel) -> dict[str, Any]:
    moment = datetime.fromtimestamp(model.creation_timestamp / 1000, tz=timezone.utc)
    return {
        "artifact_path": model.artifact_location,
        "flavors": {},
        "metadata": {EXTERNAL_TAG: True},
        "model_id": model.model_id,
        "model_uuid": model.model_id,
        "run_id": model.source_run_id,
        "utc_time_created": f"{moment:%Y-%m-%d %H:%M:%S.%f}",
    }
