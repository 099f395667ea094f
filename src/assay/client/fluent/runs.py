"""Module-level verbs for runs: the stack of active runs that each thread has."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from assay.client import artifacts, console, entities, monitor, provenance
from assay.client.api import Client
from assay.client.connection import Connection, connect
from assay.client.context import automatic_tags
from assay.client.fluent.experiments import active_experiment, chosen_experiment
from assay.client.frames import runs_frame
from assay.client.run import ActiveRun
from assay.client.runs import PARENT_TAG, new_run
from assay.client.tracking import get_tracking_uri
from assay.core import settings
from assay.core.errors import AssayError, InvalidParameterValue, InvalidState
from assay.core.lazy import require
from assay.core.log import logger
from assay.service import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd  # type: ignore[import-untyped]

NOTE_TAG = "mlflow.note.content"
_log = logger("client")
_last_run_id: str | None = None
_open: list[ActiveRun] = []
"""Runs of all threads that have not ended, for the end of the process."""


class _Stack(threading.local):
    def __init__(self) -> None:
        self.runs: list[ActiveRun] = []


_stack = _Stack()


def start_run(  # noqa: PLR0913 -- MLflow's signature, and one more
    run_id: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: dict[str, Any] | None = None,
    description: str | None = None,
    log_system_metrics: bool | None = None,
    *,
    log_console: bool | None = None,
) -> ActiveRun:
    """Start a run, or resume the one with `run_id`, and make it the active run of this thread.

    Used in a `with` block, the run ends with it: as FINISHED, or as FAILED when an exception passes through. A server
    that is out of reach does not keep a run from starting.

    Args:
        run_id: the run to resume; `ASSAY_RUN_ID` by default.
        experiment_id: where a new run goes; the active experiment by default.
        run_name: its name; two words and a number by default.
        nested: allow the run to start inside the active one.
        parent_run_id: the run that it is a part of; the active one by default.
        tags: labels by key.
        description: what the run's page says about it.
        log_system_metrics: record how busy the machine is; `ASSAY_ENABLE_SYSTEM_METRICS_LOGGING` by default.
        log_console: keep what is printed as the artifact `console.log`; `ASSAY_LOG_CONSOLE` by default.

    Raises:
        InvalidState: a run is active already and `nested` is not set.
        InvalidParameterValue: name, description and tags contradict each other, or run or experiment is deleted.
        ResourceDoesNotExist: there is no such run or experiment.
        ConfigurationError: system metrics are asked for, and psutil is not installed.

    Example:
        >>> import assay
        >>> with assay.start_run(run_name="baseline") as run:
        ...     assay.log_metric("loss", 0.5)
        >>> assay.get_run(run.info.run_id).info.status
        'FINISHED'
    """
    active = active_run()
    if active is not None and not nested and parent_run_id is None:
        raise InvalidState(
            f"Run {active.info.run_id} is active already. End it with end_run(), or start this one with nested=True."
        )
    if log_system_metrics:
        require("psutil", extra="system")
    connection = connect(get_tracking_uri())
    texts = {key: str(value) for key, value in (tags or {}).items()}
    _describe(texts, description)
    wanted = run_id or settings.run_id.get()
    if wanted:
        settings.run_id.set(None)
        run = _resume(connection, wanted, experiment_id=experiment_id, run_name=run_name, tags=texts)
    else:
        parent = _parent(connection, active, parent_run_id)
        if parent:
            texts.setdefault(PARENT_TAG, parent)
        run = _create(connection, experiment_id=experiment_id, run_name=run_name, tags=texts)
    _push(run)
    steps = {point.key: point.step for point in run.data._metric_objs}  # noqa: SLF001 -- MLflow's name
    run.accompany(
        monitor.start(run.recorder, first_step=monitor.next_step(steps), asked=log_system_metrics),
        console.start(partial(_keep, run), asked=log_console),
    )
    return run


def active_run() -> ActiveRun | None:
    """The active run of this thread, as it was when it started; None when there is none."""
    runs = _stack.runs
    return runs[-1] if runs else None


def last_active_run() -> entities.Run | None:
    """The active run, or else the last run of this process, read anew; None when there was none."""
    active = active_run()
    if active is not None:
        return active
    return get_run(_last_run_id) if _last_run_id else None


def required_run() -> ActiveRun:
    """The active run of this thread; one is started when there is none."""
    runs = _stack.runs
    return runs[-1] if runs else start_run()


def end_run(status: str = "FINISHED") -> None:
    """End the active run of this thread, and wait until the store has everything; without one, do nothing.

    With a server that does not answer, it returns soon: what is missing there is kept, and delivered later.

    Raises:
        InvalidParameterValue: there is no such status.
    """
    if rules.status(status) is None:
        raise InvalidParameterValue(f"Invalid run status {status!r}: use one of {', '.join(rules.STATUSES)}.")
    if _stack.runs:
        end(_stack.runs[-1], status)


def end(run: ActiveRun, status: str) -> None:
    """End one run, wherever it stands in the stack of whichever thread."""
    if run in _stack.runs:
        _stack.runs.remove(run)
    if run in _open:
        _open.remove(run)
        run.finish(status)


def get_run(run_id: str) -> entities.Run:
    """The run with last metric values, params and tags, deleted ones too.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    return Client().get_run(run_id)


def get_parent_run(run_id: str) -> entities.Run | None:
    """The run that this one is nested in; None when it is not.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    return Client().get_parent_run(run_id)


def delete_run(run_id: str) -> None:
    """Mark a run as deleted; it can be restored.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    Client().delete_run(run_id)


def restore_run(run_id: str) -> None:
    """Restore a deleted run.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    Client().restore_run(run_id)


def search_runs(
    experiment_ids: Sequence[str] | None = None,
    filter_string: str = "",
    run_view_type: int = entities.ViewType.ACTIVE_ONLY,
    max_results: int = 100_000,
    order_by: list[str] | None = None,
    output_format: str = "pandas",
    search_all_experiments: bool = False,
    experiment_names: Sequence[str] | None = None,
) -> list[entities.Run] | pd.DataFrame:
    """Runs that match, of the active experiment unless others are named, as a pandas frame or (`list`) as runs.

    The frame has the columns run_id, experiment_id, status, artifact_uri, start_time, end_time, then `metrics.*`,
    `params.*` and `tags.*`.

    Raises:
        InvalidParameterValue: filter, order or format is not acceptable, or experiments are named both ways.
        ConfigurationError: a frame is wanted, and pandas is not installed.
    """
    if output_format not in ("pandas", "list"):
        raise InvalidParameterValue(f"Invalid output_format {output_format!r}: use 'pandas' or 'list'.")
    client = Client()
    ids = _experiment_ids(client, experiment_ids, experiment_names, search_all=search_all_experiments)
    found: list[entities.Run] = []
    token: str | None = None
    while ids and len(found) < max_results:
        size = min(rules.DEFAULT_RUNS_PAGE, max_results - len(found))
        page = client.search_runs(ids, filter_string, run_view_type, size, order_by, token)
        found += page
        token = page.token
        if not token:
            break
    return runs_frame(found) if output_format == "pandas" else found


def _experiment_ids(
    client: Client, ids: Sequence[str] | None, names: Sequence[str] | None, *, search_all: bool
) -> list[str]:
    if ids is not None and names is not None:
        raise InvalidParameterValue("Give experiment_ids or experiment_names to search_runs, not both.")
    if ids is not None:
        return [str(one) for one in ids]
    if names is not None:
        found = {name: client.get_experiment_by_name(name) for name in names}
        for name in (name for name, experiment in found.items() if experiment is None):
            _log.warning("There is no experiment named %r; it is left out of the search.", name)
        return [experiment.experiment_id for experiment in found.values() if experiment]
    if search_all:
        everything: list[str] = []
        token: str | None = None
        while True:
            page = client.search_experiments(page_token=token)
            everything += [experiment.experiment_id for experiment in page]
            token = page.token
            if not token:
                return everything
    active = active_experiment(connect(client.tracking_uri))
    named = active if active.experiment_id else client.get_experiment_by_name(active.name)
    return [named.experiment_id] if named else []


def _describe(tags: dict[str, str], description: str | None) -> None:
    if description is None:
        return
    if tags.get(NOTE_TAG, description) != description:
        raise InvalidParameterValue(f"The description is given twice, by the argument and by the tag {NOTE_TAG!r}.")
    tags[NOTE_TAG] = description


def _resume(
    connection: Connection, run_id: str, *, experiment_id: str | None, run_name: str | None, tags: dict[str, str]
) -> ActiveRun:
    recorder, found = connection.resume(run_id)
    chosen = chosen_experiment()
    wanted = experiment_id or (chosen.experiment_id if chosen else "")
    if found is not None and wanted and found.info.experiment_id != wanted:
        raise InvalidParameterValue(
            f"Run {run_id} belongs to experiment {found.info.experiment_id}, but experiment {wanted} is active. "
            "Choose the run's own experiment to resume it."
        )
    recorder.update(status="RUNNING", name=run_name)
    if tags:
        recorder.tags(tags)
    if found is None:
        info = entities.RunInfo(run_id, wanted, "", "RUNNING", 0, None, "active", "", run_name or "")
        return ActiveRun(connection, recorder, entities.Run(info), on_exit=end)
    run = entities.run(found)
    run.info.status = "RUNNING"
    run.info.run_name = run_name or run.info.run_name
    run.data.tags.update(tags)
    return ActiveRun(connection, recorder, run, on_exit=end)


def _create(
    connection: Connection, *, experiment_id: str | None, run_name: str | None, tags: dict[str, str]
) -> ActiveRun:
    experiment = None if experiment_id else active_experiment(connection)
    request = new_run(
        {**automatic_tags(), **tags},
        run_name=run_name,
        experiment_id=experiment_id or (experiment.experiment_id if experiment else None) or None,
        experiment_name=experiment.name if experiment and not experiment.experiment_id else None,
    )
    recorder, created = connection.create_run(request)
    run = ActiveRun(connection, recorder, entities.run(created), on_exit=end)
    place = connection.transport.uri
    run.accompany(provenance.start(place, run.info.run_id, keep=partial(_keep, run), tag=recorder.tag))
    return run


def _parent(connection: Connection, active: ActiveRun | None, parent_run_id: str | None) -> str | None:
    if parent_run_id is None:
        return active.info.run_id if active else None
    if active is not None and parent_run_id != active.info.run_id:
        raise InvalidParameterValue(
            f"Run {active.info.run_id} is active, so a nested run cannot have the parent {parent_run_id}. End it first."
        )
    if active is None:
        connection.find_run(rules.run_id(parent_run_id))
    return parent_run_id


def _keep(run: ActiveRun, path: str, data: bytes) -> None:
    artifacts.log_bytes(run.connection, run.info.run_id, data, path=path)


def _push(run: ActiveRun) -> None:
    global _last_run_id  # noqa: PLW0603 -- the last run belongs to the process, as in MLflow
    _stack.runs.append(run)
    _open.append(run)
    _last_run_id = run.info.run_id


def _end_leftovers() -> None:
    """At the end of the process: what is still open has finished, or failed with the exception that ends it."""
    failed = getattr(sys, "last_value", None) is not None and not hasattr(sys, "ps1")
    for run in reversed(_open.copy()):
        try:
            end(run, "FAILED" if failed else "FINISHED")
        except AssayError as error:
            _log.warning("Run %s could not be ended: %s", run.info.run_id, error)


atexit.register(_end_leftovers)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_open.clear)  # a forked child logs to its parent's run, and does not end it
