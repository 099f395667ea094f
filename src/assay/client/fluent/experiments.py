"""Module-level verbs for experiments, and the experiment that new runs go to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from assay.client import entities
from assay.client.api import Client
from assay.client.connection import connect
from assay.client.tracking import get_tracking_uri
from assay.core import settings
from assay.core.errors import InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from assay.core.log import logger
from assay.service import rules
from assay.store.base import ACTIVE
from assay.wire import experiments as wire

if TYPE_CHECKING:
    from assay.client.connection import Connection

DEFAULT_ID = "0"
_log = logger("client")
_lock = threading.Lock()
_active: entities.Experiment | None = None


def set_experiment(
    experiment_name: str | None = None, experiment_id: str | None = None, trace_location: Any = None
) -> entities.Experiment:
    """Make an experiment the one that new runs go to, creating it by name when missing.

    While a server is out of reach, the experiment is only named: it is found or created when the runs arrive.

    Raises:
        InvalidParameterValue: not exactly one of name and id is given, or the experiment is deleted.
        ResourceDoesNotExist: there is no experiment with this id.

    Example:
        >>> import assay
        >>> assay.set_experiment("fraud").name
        'fraud'
    """
    global _active  # noqa: PLW0603 -- the active experiment belongs to the process, as in MLflow
    del trace_location
    if (experiment_name is None) == (experiment_id is None):
        raise InvalidParameterValue("Give either experiment_name or experiment_id to set_experiment.")
    connection = connect(get_tracking_uri())
    with _lock:
        if experiment_id is not None:
            found = _by_id(connection, experiment_id)
        else:
            found = _by_name(connection, rules.experiment_name(experiment_name))
        _check_active(found)
        _active = found
    settings.experiment_id.set(found.experiment_id or None)
    if not found.experiment_id:
        settings.experiment_name.set(found.name)
    return found


def active_experiment(connection: Connection) -> entities.Experiment:
    """The experiment of runs that name none: as set by call, else by environment, else the default one.

    Raises:
        InvalidParameterValue: the environment names two different ones, or a deleted one.
        ResourceDoesNotExist: the environment gives an id that does not exist.
    """
    if _active is not None:
        return _active
    name, number = settings.experiment_name.get(), settings.experiment_id.get()
    if not name:
        return _by_id(connection, number or DEFAULT_ID)
    found = _by_name(connection, rules.experiment_name(name))
    if number and found.experiment_id and number != found.experiment_id:
        raise InvalidParameterValue(
            f"ASSAY_EXPERIMENT_NAME {name!r} is experiment {found.experiment_id}, but ASSAY_EXPERIMENT_ID is "
            f"{number}. Set one of them."
        )
    _check_active(found)
    return found


def chosen_experiment() -> entities.Experiment | None:
    """The experiment that `set_experiment` chose."""
    return _active


def create_experiment(
    name: str, artifact_location: str | None = None, tags: dict[str, Any] | None = None, trace_location: Any = None
) -> str:
    """Create an experiment and return its id.

    Raises:
        ResourceAlreadyExists: the name is taken, by an active or a deleted experiment.
        InvalidParameterValue: the name, location or a tag is not acceptable.
    """
    del trace_location
    return Client().create_experiment(name, artifact_location, tags)


def get_experiment(experiment_id: str) -> entities.Experiment:
    """The experiment with this id, deleted ones too.

    Raises:
        ResourceDoesNotExist: there is none.
    """
    return Client().get_experiment(experiment_id)


def get_experiment_by_name(name: str) -> entities.Experiment | None:
    """The experiment with this name, deleted ones too; None when there is none."""
    return Client().get_experiment_by_name(name)


def search_experiments(
    view_type: int = entities.ViewType.ACTIVE_ONLY,
    max_results: int | None = None,
    filter_string: str | None = None,
    order_by: list[str] | None = None,
) -> list[entities.Experiment]:
    """All experiments that match, newest first unless `order_by` says otherwise.

    Raises:
        InvalidParameterValue: filter or order is not acceptable.
    """
    client = Client()
    found: list[entities.Experiment] = []
    token: str | None = None
    while max_results is None or len(found) < max_results:
        size = 1000 if max_results is None else min(1000, max_results - len(found))
        page = client.search_experiments(view_type, size, filter_string, order_by, token)
        found += page
        token = page.token
        if not token:
            break
    return found


def delete_experiment(experiment_id: str) -> None:
    """Mark an experiment and its runs as deleted; they can be restored.

    Raises:
        ResourceDoesNotExist: there is no active experiment with this id.
    """
    Client().delete_experiment(experiment_id)


def restore_experiment(experiment_id: str) -> None:
    """Restore a deleted experiment and its runs.

    Raises:
        ResourceDoesNotExist: there is no deleted experiment with this id.
    """
    Client().restore_experiment(experiment_id)


def set_experiment_tag(key: str, value: Any) -> None:
    """Set a tag of the active experiment.

    Raises:
        InvalidParameterValue: the key or value is not acceptable.
    """
    Client().set_experiment_tag(active_id(), key, value)


def set_experiment_tags(tags: dict[str, Any]) -> None:
    """Set tags of the active experiment.

    Raises:
        InvalidParameterValue: a key or value is not acceptable.
    """
    for key, value in tags.items():
        set_experiment_tag(key, value)


def delete_experiment_tag(key: str) -> None:
    """Delete a tag of the active experiment.

    Raises:
        ResourceDoesNotExist: it has no such tag.
    """
    Client().delete_experiment_tag(active_id(), key)


def active_id() -> str:
    """The id of the active experiment, which is created when it is only named so far."""
    found = active_experiment(connect(get_tracking_uri()))
    if found.experiment_id:
        return found.experiment_id
    named = get_experiment_by_name(found.name)
    return named.experiment_id if named else create_experiment(found.name)


def _by_id(connection: Connection, experiment_id: str) -> entities.Experiment:
    number = rules.experiment_id(str(experiment_id))
    found = connection.experiment(number)
    return entities.experiment(found) if found else entities.Experiment(experiment_id=number, name="")


def _by_name(connection: Connection, name: str) -> entities.Experiment:
    request = wire.GetExperimentByName(experiment_name=name)
    try:
        answer = connection.ask_quickly(request, wire.ExperimentResponse)
    except ResourceDoesNotExist:
        try:
            created = connection.ask_quickly(wire.CreateExperiment(name=name), wire.CreateExperimentResponse)
            if created is not None:
                _log.info("Experiment %r was created.", name)
                return _by_id(connection, created.experiment_id)
            answer = None
        except ResourceAlreadyExists:  # by another process, a moment ago
            answer = connection.ask_quickly(request, wire.ExperimentResponse)
    return entities.experiment(answer.experiment) if answer else entities.Experiment(experiment_id="", name=name)


def _check_active(found: entities.Experiment) -> None:
    if found.lifecycle_stage != ACTIVE:
        raise InvalidParameterValue(
            f"Experiment {found.name!r} is deleted, so no run can go to it. Restore it, remove it for good, or "
            "use another."
        )
