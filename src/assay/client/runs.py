"""The client's operations on runs, and on what they recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.client import entities
from assay.client.operations import RunOperations
from assay.core import ids
from assay.core.clock import now_ms
from assay.service import rules
from assay.wire import metrics as metric_wire
from assay.wire import runs as wire
from assay.wire.base import Empty
from assay.wire.inputs import ModelOutput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.client.connection import Connection

PARENT_TAG = "mlflow.parentRunId"
USER_TAG = "mlflow.user"
_HISTORY_PAGE = 25_000


class RunRecording:
    """What a client can do with runs. Records are kept before a call returns; reads see them."""

    _connection: Connection

    def create_run(
        self,
        experiment_id: str,
        start_time: int | None = None,
        tags: dict[str, Any] | None = None,
        run_name: str | None = None,
    ) -> entities.Run:
        """Start a run; `start_time` in milliseconds since the epoch, now by default.

        Raises:
            ResourceDoesNotExist: there is no such experiment.
            InvalidParameterValue: the experiment is deleted, or a name or tag is not acceptable.
        """
        texts = {key: str(value) for key, value in (tags or {}).items()}
        request = new_run(texts, run_name=run_name, start_time=start_time, experiment_id=str(experiment_id))
        return entities.run(self._connection.create_run(request)[1])

    def get_run(self, run_id: str) -> entities.Run:
        """The run with last metric values, params and tags, deleted ones too.

        Raises:
            ResourceDoesNotExist: there is no such run.
        """
        answer = self._connection.ask(wire.GetRun(run_id=rules.run_id(run_id)), wire.RunResponse)
        return entities.run(answer.run)

    def get_parent_run(self, run_id: str) -> entities.Run | None:
        """The run that this one is nested in; None when it is not.

        Raises:
            ResourceDoesNotExist: there is no such run.
        """
        parent_id = self.get_run(run_id).data.tags.get(PARENT_TAG)
        return self.get_run(parent_id) if parent_id else None

    def update_run(self, run_id: str, status: str | None = None, name: str | None = None) -> None:
        """Change state or name of a run.

        Raises:
            ResourceDoesNotExist: there is no such run.
            InvalidParameterValue: the run is deleted, or there is no such state.
        """
        self._connection.recorder(run_id).update(status=status, name=name)

    def set_terminated(self, run_id: str, status: str | None = None, end_time: int | None = None) -> None:
        """End a run, as FINISHED and now unless said otherwise.

        Raises:
            ResourceDoesNotExist: there is no such run.
            InvalidParameterValue: the run is deleted, or there is no such state.
        """
        self._connection.recorder(run_id).update(status=status or "FINISHED", end_time=end_time or now_ms())

    def delete_run(self, run_id: str) -> None:
        """Mark a run as deleted; it can be restored.

        Raises:
            ResourceDoesNotExist: there is no such run.
        """
        self._connection.ask(wire.DeleteRun(run_id=rules.run_id(run_id)), Empty)
        self._connection.forget_run(run_id)

    def restore_run(self, run_id: str) -> None:
        """Restore a deleted run.

        Raises:
            ResourceDoesNotExist: there is no such run.
        """
        self._connection.ask(wire.RestoreRun(run_id=rules.run_id(run_id)), Empty)
        self._connection.forget_run(run_id)

    def search_runs(
        self,
        experiment_ids: Sequence[str],
        filter_string: str = "",
        run_view_type: int = entities.ViewType.ACTIVE_ONLY,
        max_results: int = rules.DEFAULT_RUNS_PAGE,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> entities.PagedList[entities.Run]:
        """A page of the runs that match, newest first unless `order_by` says otherwise.

        Raises:
            InvalidParameterValue: filter, order or page is not acceptable.
        """
        given = [experiment_ids] if isinstance(experiment_ids, int | str) else experiment_ids
        request = wire.SearchRuns(
            experiment_ids=[str(one) for one in given],
            filter=filter_string or None,
            run_view_type=run_view_type,
            max_results=max_results,
            order_by=list(order_by) if order_by else None,
            page_token=page_token or None,
        )
        answer = self._connection.ask(request, wire.SearchRunsResponse)
        return entities.PagedList([entities.run(one) for one in answer.runs], answer.next_page_token or None)

    def log_metric(  # noqa: PLR0913, PLR0917 -- MLflow's signature
        self,
        run_id: str,
        key: str,
        value: float,
        timestamp: int | None = None,
        step: int | None = None,
        synchronous: bool | None = None,
        dataset_name: str | None = None,
        dataset_digest: str | None = None,
        model_id: str | None = None,
    ) -> RunOperations | None:
        """Record one point; `timestamp` in milliseconds since the epoch, now by default.

        Raises:
            InvalidParameterValue: key, value, step or timestamp is not acceptable, or the run is deleted.
            ResourceDoesNotExist: there is no such run.
        """
        recorder = self._connection.recorder(run_id)
        origin = {"dataset_name": dataset_name, "dataset_digest": dataset_digest, "model_id": model_id}
        recorder.metric(key, value, step, timestamp, **{name: text for name, text in origin.items() if text})
        return RunOperations.unless(synchronous, self._connection)

    def log_param(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> Any:
        """Record a param as text; returns the value.

        Raises:
            InvalidParameterValue: the key is not acceptable, or the param has another value already.
            ResourceDoesNotExist: there is no such run.
        """
        self._connection.recorder(run_id).param(key, value)
        return RunOperations.unless(synchronous, self._connection) or value

    def set_tag(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> RunOperations | None:
        """Set a tag of a run, replacing its value.

        Raises:
            InvalidParameterValue: the key is not acceptable, or the run is deleted.
            ResourceDoesNotExist: there is no such run.
        """
        self._connection.recorder(run_id).tag(key, value)
        return RunOperations.unless(synchronous, self._connection)

    def delete_tag(self, run_id: str, key: str) -> None:
        """Delete a tag of a run.

        Raises:
            ResourceDoesNotExist: there is no such run, or it has no such tag.
        """
        self._connection.ask(wire.DeleteTag(run_id=rules.run_id(run_id), key=key), Empty)

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[entities.Metric] = (),
        params: Sequence[entities.Param] = (),
        tags: Sequence[entities.RunTag] = (),
        synchronous: bool | None = None,
    ) -> RunOperations | None:
        """Record metrics, params and tags of a run; when one is not acceptable, none is recorded.

        Raises:
            InvalidParameterValue: something is not acceptable; says what.
            ResourceDoesNotExist: there is no such run.
        """
        recorder = self._connection.recorder(run_id)
        rules.distinct_params([wire.Param(key=one.key, value=str(one.value)) for one in params])
        for tag in tags:
            rules.key(tag.key, "tag")
        for origin, points in _by_origin(metrics).items():
            recorder.metrics(points, **dict(origin))
        recorder.params({one.key: one.value for one in params})
        recorder.tags({one.key: one.value for one in tags})
        return RunOperations.unless(synchronous, self._connection)

    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[entities.DatasetInput] | None = None,
        models: Sequence[entities.LoggedModelInput] | None = None,
    ) -> None:
        """Record datasets and logged models that a run read. One that it read already keeps its first tags.

        Raises:
            InvalidParameterValue: a dataset is not acceptable, or the run is deleted.
            ResourceDoesNotExist: there is no such run.
        """
        found = [entities.dataset_input_message(one) for one in datasets or ()]
        self._connection.recorder(run_id).inputs(found, [one.model_id for one in models or ()])

    def log_outputs(self, run_id: str, models: Sequence[entities.LoggedModelOutput]) -> None:
        """Record logged models that a run made.

        Raises:
            InvalidParameterValue: a step is not acceptable, or the run is deleted.
            ResourceDoesNotExist: there is no such run.
        """
        found = [ModelOutput(model_id=one.model_id, step=one.step) for one in models]
        self._connection.recorder(run_id).made(found)

    def get_metric_history(self, run_id: str, key: str) -> list[entities.Metric]:
        """All points of a metric, by timestamp, step and value; none for an unknown key."""
        found: list[entities.Metric] = []
        token: str | None = None
        while True:
            request = metric_wire.GetMetricHistory(
                run_id=rules.run_id(run_id), metric_key=key, max_results=_HISTORY_PAGE, page_token=token
            )
            answer = self._connection.ask(request, metric_wire.MetricHistory)
            found += [entities.metric(one) for one in answer.metrics]
            token = answer.next_page_token or None
            if token is None:
                return found


def _by_origin(metrics: Sequence[entities.Metric]) -> dict[tuple[tuple[str, str], ...], list[Any]]:
    """Points by what they are about: a model, a dataset, or neither."""
    groups: dict[tuple[tuple[str, str], ...], list[Any]] = {}
    for one in metrics:
        named = ("model_id", "dataset_name", "dataset_digest")
        origin = tuple((name, value) for name in named if (value := getattr(one, name, None)))
        groups.setdefault(origin, []).append((one.key, one.value, one.step or 0, one.timestamp))
    return groups


def new_run(
    tags: dict[str, str],
    *,
    run_name: str | None,
    start_time: int | None = None,
    experiment_id: str | None = None,
    experiment_name: str | None = None,
) -> wire.CreateRun:
    """The record of a new run; its id and, where none is given, its name are decided here.

    Raises:
        InvalidParameterValue: name and tags contradict each other.
    """
    name = rules.run_name(run_name, tags=tags)
    return wire.CreateRun(
        experiment_id=experiment_id,
        experiment_name=experiment_name,
        run_id=ids.hex_id(),
        run_name=name,
        user_id=tags.get(USER_TAG, "unknown"),
        start_time=start_time or now_ms(),
        tags=[wire.RunTag(key=key, value=value) for key, value in {**tags, rules.RUN_NAME_TAG: name}.items()],
    )
