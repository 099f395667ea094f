"""Module-level verbs for what the active run read and made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.client import entities
from assay.client.api import Client
from assay.client.fluent.runs import required_run
from assay.core.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONTEXT_TAG = "mlflow.data.context"


def log_input(
    dataset: Any = None,
    context: str | None = None,
    tags: Mapping[str, str] | None = None,
    model: entities.LoggedModelInput | None = None,
) -> None:
    """Record a dataset, or a logged model, that the active run read.

    Args:
        dataset: a dataset of `assay.data`.
        context: what for: `training`, `validation`, `test`.
        tags: further labels of this use of the dataset.
        model: a logged model.

    Raises:
        InvalidParameterValue: a name, tag or text is not acceptable.

    Example:
        >>> import assay, numpy
        >>> with assay.start_run() as run:
        ...     assay.log_input(assay.data.from_numpy(numpy.zeros(3), name="zeros"), context="training")
        >>> assay.get_run(run.info.run_id).inputs.dataset_inputs[0].dataset.name
        'zeros'
    """
    log_inputs(
        [dataset] if dataset is not None else None,
        [context] if dataset is not None else None,
        [dict(tags) if tags else None] if dataset is not None else None,
        [model] if model is not None else None,
    )


def log_inputs(
    datasets: Sequence[Any] | None = None,
    contexts: Sequence[str | None] | None = None,
    tags_list: Sequence[Mapping[str, str] | None] | None = None,
    models: Sequence[entities.LoggedModelInput | None] | None = None,
) -> None:
    """Record datasets, with a context and tags each, and logged models that the active run read.

    Raises:
        InvalidParameterValue: the lists differ in length, or something in them is not acceptable.
    """
    datasets = datasets or []
    contexts = contexts or [None] * len(datasets)
    tags_list = tags_list or [None] * len(datasets)
    if not len(datasets) == len(contexts) == len(tags_list):
        raise InvalidParameterValue(
            f"{len(datasets)} datasets, {len(contexts)} contexts and {len(tags_list)} tags: give as many of each."
        )
    found = [
        _input(dataset, context, tags)
        for dataset, context, tags in zip(datasets, contexts, tags_list, strict=True)
        if dataset is not None
    ]
    run = required_run()
    client = Client(run.connection.transport.uri)
    client.log_inputs(run.info.run_id, found, [model for model in models or () if model is not None])


def log_outputs(models: Sequence[entities.LoggedModelOutput] | None = None) -> None:
    """Record logged models that the active run made, each at a step of its training.

    Raises:
        InvalidParameterValue: a step is not acceptable.
    """
    run = required_run()
    Client(run.connection.transport.uri).log_outputs(run.info.run_id, models or [])


def _input(dataset: Any, context: str | None, tags: Mapping[str, str] | None) -> entities.DatasetInput:
    labels = [entities.InputTag(key, str(value)) for key, value in (tags or {}).items()]
    if context:
        labels.append(entities.InputTag(CONTEXT_TAG, context))
    return entities.DatasetInput(entity(dataset), labels)


def entity(dataset: Any) -> entities.Dataset:
    """The facts of a dataset of `assay.data`, or of one that is such facts already.

    Raises:
        InvalidParameterValue: it is no dataset.
    """
    if isinstance(dataset, entities.Dataset):
        return dataset
    if not hasattr(dataset, "_to_mlflow_entity"):
        raise InvalidParameterValue(f"A {type(dataset).__name__} is no dataset: make one with assay.data.")
    found: entities.Dataset = dataset._to_mlflow_entity()  # noqa: SLF001 -- the method that MLflow's datasets have
    return found
