"""The client's operations on experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.client import entities
from assay.core.errors import ResourceDoesNotExist
from assay.service import rules
from assay.wire import experiments as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.client.connection import Connection

PAGE = 1000


class ExperimentOperations:
    """What a client can do with experiments."""

    _connection: Connection

    def create_experiment(
        self, name: str, artifact_location: str | None = None, tags: dict[str, Any] | None = None
    ) -> str:
        """Create an experiment and return its id.

        Raises:
            ResourceAlreadyExists: the name is taken, by an active or a deleted experiment.
            InvalidParameterValue: the name, location or a tag is not acceptable.
        """
        request = wire.CreateExperiment(
            name=rules.experiment_name(name),
            artifact_location=artifact_location,
            tags=[wire.ExperimentTag(key=key, value=str(value)) for key, value in (tags or {}).items()] or None,
        )
        return self._connection.ask(request, wire.CreateExperimentResponse).experiment_id

    def get_experiment(self, experiment_id: str) -> entities.Experiment:
        """The experiment with this id, deleted ones too.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        request = wire.GetExperiment(experiment_id=rules.experiment_id(str(experiment_id)))
        return entities.experiment(self._connection.ask(request, wire.ExperimentResponse).experiment)

    def get_experiment_by_name(self, name: str) -> entities.Experiment | None:
        """The experiment with this name, deleted ones too; None when there is none."""
        request = wire.GetExperimentByName(experiment_name=name)
        try:
            return entities.experiment(self._connection.ask(request, wire.ExperimentResponse).experiment)
        except ResourceDoesNotExist:
            return None

    def search_experiments(
        self,
        view_type: int = entities.ViewType.ACTIVE_ONLY,
        max_results: int | None = PAGE,
        filter_string: str | None = None,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> entities.PagedList[entities.Experiment]:
        """A page of experiments, newest first unless `order_by` says otherwise.

        Raises:
            InvalidParameterValue: filter, order or page is not acceptable.
        """
        request = wire.SearchExperiments(
            max_results=max_results or PAGE,
            page_token=page_token or None,
            filter=filter_string,
            order_by=list(order_by) if order_by else None,
            view_type=view_type,
        )
        answer = self._connection.ask(request, wire.SearchExperimentsResponse)
        found = [entities.experiment(one) for one in answer.experiments]
        return entities.PagedList(found, answer.next_page_token or None)

    def delete_experiment(self, experiment_id: str) -> None:
        """Mark an experiment and its runs as deleted; they can be restored.

        Raises:
            ResourceDoesNotExist: there is no active experiment with this id.
        """
        self._change(wire.DeleteExperiment(experiment_id=str(experiment_id)), experiment_id)

    def restore_experiment(self, experiment_id: str) -> None:
        """Restore a deleted experiment and its runs.

        Raises:
            ResourceDoesNotExist: there is no deleted experiment with this id.
        """
        self._change(wire.RestoreExperiment(experiment_id=str(experiment_id)), experiment_id)

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Rename an active experiment.

        Raises:
            ResourceAlreadyExists: the name is taken.
            ResourceDoesNotExist: there is no such experiment.
        """
        request = wire.UpdateExperiment(experiment_id=str(experiment_id), new_name=rules.experiment_name(new_name))
        self._change(request, experiment_id)

    def set_experiment_tag(self, experiment_id: str, key: str, value: Any) -> None:
        """Set a tag of an experiment.

        Raises:
            ResourceDoesNotExist: there is no such experiment.
            InvalidParameterValue: the key or value is not acceptable.
        """
        text = rules.experiment_tag_value(str(value), rules.key(key, "tag"))
        self._change(wire.SetExperimentTag(experiment_id=str(experiment_id), key=key, value=text), experiment_id)

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Delete a tag of an experiment.

        Raises:
            ResourceDoesNotExist: there is no such experiment, or it has no such tag.
        """
        self._change(wire.DeleteExperimentTag(experiment_id=str(experiment_id), key=key), experiment_id)

    def _change(self, request: Any, experiment_id: str) -> None:
        self._connection.ask(request, Empty)
        self._connection.forget_experiment(str(experiment_id))
