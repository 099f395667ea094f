"""Module-level verbs that record metrics, params and tags of the active run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.client import connection, entities
from assay.client.fluent import inputs, models
from assay.client.fluent.runs import required_run
from assay.client.operations import RunOperations, default
from assay.client.tracking import get_tracking_uri
from assay.core.clock import now_ms
from assay.wire.base import Empty
from assay.wire.runs import DeleteTag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.client.recorder import Recorder


def log_metric(
    key: str,
    value: float,
    step: int | None = None,
    synchronous: bool | None = None,
    timestamp: int | None = None,
    run_id: str | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> RunOperations | None:
    """Record one point of the active run (one is started when there is none), in a few microseconds.

    `step` is 0 and `timestamp` (milliseconds since the epoch) now by default.

    Raises:
        InvalidParameterValue: key, value, step or timestamp is not acceptable.
        ResourceDoesNotExist: there is no run with `run_id`.

    Example:
        >>> import assay
        >>> with assay.start_run():
        ...     for step in range(3):
        ...         assay.log_metric("loss", 1 / (step + 1), step=step)
    """
    recorder = required_run().recorder if run_id is None else _recorder(run_id)
    if model_id is None:
        model_id = models.get_active_model_id()
        if model_id is None and recorder.outputs:
            model_id = next(iter(recorder.outputs.get(step or 0, ())), None)
    if model_id is None and dataset is None:
        recorder.metric(key, value, step, timestamp)
    else:
        recorder.metric(key, value, step, timestamp, **_origin(recorder, model_id, dataset))
    return _promise(synchronous)


def log_metrics(
    metrics: dict[str, float],
    step: int | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> RunOperations | None:
    """Record one point of each metric, all at one time; when one is not acceptable, none is recorded.

    Raises:
        InvalidParameterValue: a key or value, the step or timestamp is not acceptable.
        ResourceDoesNotExist: there is no run with `run_id`.
    """
    moment = timestamp or now_ms()
    recorder = _recorder(run_id)
    model_id = model_id or models.get_active_model_id()
    about: Sequence[str | None] = [model_id] if model_id else recorder.outputs.get(step or 0) or [None]
    points = [(key, value, step or 0, moment) for key, value in metrics.items()]
    for one in about:
        recorder.metrics(points, **_origin(recorder, one, dataset))
    return _promise(synchronous)


def log_param(key: str, value: Any, synchronous: bool | None = None) -> Any:
    """Record a param of the active run as text; returns the value.

    Raises:
        InvalidParameterValue: the key is not acceptable, or the param has another value already.
    """
    required_run().recorder.param(key, value)
    return _promise(synchronous) or value


def log_params(
    params: dict[str, Any], synchronous: bool | None = None, run_id: str | None = None
) -> RunOperations | None:
    """Record params; when one is not acceptable, none is recorded.

    Raises:
        InvalidParameterValue: a key is not acceptable, or a param has another value already.
        ResourceDoesNotExist: there is no run with `run_id`.
    """
    _recorder(run_id).params(params)
    return _promise(synchronous)


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> RunOperations | None:
    """Set a tag of the active run, replacing its value.

    Raises:
        InvalidParameterValue: the key is not acceptable.
    """
    required_run().recorder.tag(key, value)
    return _promise(synchronous)


def set_tags(tags: dict[str, Any], synchronous: bool | None = None) -> RunOperations | None:
    """Set tags of the active run; when one is not acceptable, none is set.

    Raises:
        InvalidParameterValue: a key is not acceptable.
    """
    required_run().recorder.tags(tags)
    return _promise(synchronous)


def delete_tag(key: str) -> None:
    """Delete a tag of the active run.

    Raises:
        ResourceDoesNotExist: the run has no such tag.
    """
    run = required_run()
    run.connection.ask(DeleteTag(run_id=run.info.run_id, key=key), Empty)


def flush(*, seconds: float | None = None) -> None:
    """Wait until everything that this process wrote is committed by the store or server, at most `seconds`.

    Raises:
        ServerUnreachable: a server does not answer; the records are kept, and delivered later.
        TemporarilyUnavailable: it was not done in time; the rest is kept, and delivered later.
    """
    connection.flush(seconds=seconds)


def flush_async_logging() -> None:
    """Wait until everything that this process wrote is committed; MLflow's name for `flush`.

    Raises:
        ServerUnreachable: a server does not answer; the records are kept, and delivered later.
    """
    flush()


def flush_artifact_async_logging() -> None:
    """Wait until every file that this process logged is with the server; MLflow's name for `flush`.

    Raises:
        ServerUnreachable: the server does not answer; the files are kept, and delivered later.
    """
    flush()


def _recorder(run_id: str | None) -> Recorder:
    if run_id is None:
        return required_run().recorder
    return connection.connect(get_tracking_uri()).recorder(run_id)


def _promise(synchronous: bool | None) -> RunOperations | None:
    if synchronous or (synchronous is None and not default.asynchronous):
        return None
    return RunOperations(connection.connect(get_tracking_uri()))


def _origin(recorder: Recorder, model_id: str | None, dataset: Any) -> dict[str, str]:
    """What a point is about; the run is told to have read it."""
    origin = {"model_id": model_id} if model_id else {}
    if dataset is not None:
        facts = inputs.entity(dataset)
        recorder.refer(dataset=entities.dataset_message(facts))
        origin |= {"dataset_name": facts.name, "dataset_digest": facts.digest}
    recorder.refer(model_id=model_id)
    return origin
