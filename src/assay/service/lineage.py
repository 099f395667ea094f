"""Handlers for `wire.lineage`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.service.dispatch import Context, handles
from assay.service.model_sources import ModelUri, registered_version
from assay.wire import lineage as wire
from assay.wire.runs import RunTag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assay.store.base import Session
    from assay.wire.inputs import DatasetInput
    from assay.wire.metrics import Metric
    from assay.wire.models import LoggedModel
    from assay.wire.runs import Run

CODE_PREFIX = "mlflow.source."
_CONTEXT_TAG = "mlflow.data.context"


@handles(wire.GetModelLineage)
def get_model_lineage(context: Context, session: Session, request: wire.GetModelLineage) -> wire.ModelLineageResponse:
    """Get where a version comes from."""
    del context
    if bool(request.version) == bool(request.alias):
        raise InvalidParameterValue("Name the version by its number or by an alias: exactly one of the two.")
    wanted = ModelUri(name=request.name, version=request.version, alias=request.alias)
    version = registered_version(session, wanted)
    run = _run(session, version.run_id) if version.run_id else None
    model = _logged_model(session, version.model_id) if version.model_id else None
    tags = {tag.key: tag.value for tag in (run.data.tags if run else model.info.tags if model else ())}
    return wire.ModelLineageResponse(
        model_version=version,
        run=run.info if run else None,
        logged_model=model.info if model else None,
        datasets=_datasets(run.inputs.dataset_inputs if run else (), model.data.metrics if model else ()),
        code=_code(tags),
    )


def _run(session: Session, run_id: str) -> Run | None:
    """A run; None where it is deleted for good, or not for who asks: the version says no more than its id."""
    found = session.runs.find(run_id)
    return session.runs.get(run_id) if found and session.sight.readable([found.experiment_id]) else None


def _logged_model(session: Session, model_id: str) -> LoggedModel | None:
    """A logged model, a deleted one too; None where it is deleted for good, or not for who asks."""
    try:
        model = session.models.get(model_id, deleted=True)
    except ResourceDoesNotExist:
        return None
    return model if session.sight.readable([model.info.experiment_id]) else None


def _datasets(read: Iterable[DatasetInput], measured: Iterable[Metric]) -> list[wire.LineageDataset]:
    """Each dataset once: those that were read, in the order logged, then those that were only measured on."""
    found: dict[tuple[str, str], wire.LineageDataset] = {}
    for one in read:
        data = one.dataset
        dataset = found.setdefault(
            (data.name, data.digest),
            wire.LineageDataset(name=data.name, digest=data.digest, source_type=data.source_type, source=data.source),
        )
        dataset.contexts += [tag.value for tag in one.tags if tag.key == _CONTEXT_TAG]
    for point in measured:
        if not (point.dataset_name and point.dataset_digest):
            continue
        name, digest = point.dataset_name, point.dataset_digest
        dataset = found.setdefault((name, digest), wire.LineageDataset(name=name, digest=digest))
        if point.key not in dataset.metrics:
            dataset.metrics.append(point.key)
    return list(found.values())


def _code(tags: Mapping[str, str]) -> list[RunTag]:
    return [RunTag(key=key, value=value) for key, value in sorted(tags.items()) if key.startswith(CODE_PREFIX)]
