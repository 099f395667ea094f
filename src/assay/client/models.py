"""The client's operations on logged models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.client import artifacts, entities
from assay.core import ids
from assay.core.errors import InvalidParameterValue
from assay.wire import models as wire
from assay.wire.artifacts import ListArtifactsResponse
from assay.wire.base import Empty, Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.blobs.base import BlobStore
    from assay.client.connection import Connection

PARAMS_AT_ONCE = 100
MODEL_PAGE = 100


class LoggedModelOperations:
    """What a client can do with logged models."""

    _connection: Connection

    def create_logged_model(
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        model_type: str | None = None,
    ) -> entities.LoggedModel:
        """Create a logged model, which is pending until it is finalized.

        Raises:
            ResourceDoesNotExist: there is no such experiment.
            InvalidParameterValue: a name, tag or param is not acceptable.
        """
        texts = _params(params)
        request = wire.CreateLoggedModel(
            experiment_id=str(experiment_id),
            model_id=f"m-{ids.hex_id()}",
            name=name or "",
            model_type=model_type or "",
            source_run_id=source_run_id or "",
            params=texts[:PARAMS_AT_ONCE],
            tags=_tags(tags),
        )
        created = self._logged_model(request)
        if len(texts) > PARAMS_AT_ONCE:
            self._log_model_params(created.model_id, texts[PARAMS_AT_ONCE:])
            return self.get_logged_model(created.model_id)
        return created

    def get_logged_model(self, model_id: str) -> entities.LoggedModel:
        """The logged model with this id.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        return self._logged_model(wire.GetLoggedModel(model_id=_model_id(model_id)))

    def finalize_logged_model(self, model_id: str, status: str | entities.LoggedModelStatus) -> entities.LoggedModel:
        """Say that a model is ready, or that it failed: `READY` or `FAILED`.

        Raises:
            ResourceDoesNotExist: there is no such model.
            InvalidParameterValue: there is no such state.
        """
        states = [state.value for state in entities.LoggedModelStatus]
        if str(status) not in states:
            raise InvalidParameterValue(f"Invalid status {status!r} of a logged model: use one of {', '.join(states)}.")
        number = entities.LoggedModelStatus(str(status)).to_int()
        return self._logged_model(wire.FinalizeLoggedModel(model_id=_model_id(model_id), status=number))

    def delete_logged_model(self, model_id: str) -> None:
        """Mark a logged model as deleted.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        self._connection.ask(wire.DeleteLoggedModel(model_id=_model_id(model_id)), Empty)

    def set_logged_model_tags(self, model_id: str, tags: dict[str, Any]) -> None:
        """Set tags of a logged model, replacing their values.

        Raises:
            ResourceDoesNotExist: there is no such model.
            InvalidParameterValue: a key or value is not acceptable.
        """
        request = wire.SetLoggedModelTags(model_id=_model_id(model_id), tags=_tags(tags))
        self._connection.ask(request, Message)  # MLflow's server leaves the model out of its answer

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Delete a tag of a logged model.

        Raises:
            ResourceDoesNotExist: there is no such model, or it has no such tag.
        """
        self._connection.ask(wire.DeleteLoggedModelTag(model_id=_model_id(model_id), tag_key=key), Empty)

    def log_model_params(self, model_id: str, params: dict[str, str]) -> None:
        """Record params of a logged model.

        Raises:
            ResourceDoesNotExist: there is no such model.
            InvalidParameterValue: a key is not acceptable, or a param has another value already.
        """
        self._log_model_params(_model_id(model_id), _params(params))

    def search_logged_models(
        self,
        experiment_ids: Sequence[str],
        filter_string: str | None = None,
        datasets: Sequence[Mapping[str, Any]] | None = None,
        max_results: int | None = None,
        order_by: Sequence[Mapping[str, Any]] | None = None,
        page_token: str | None = None,
    ) -> entities.PagedList[entities.LoggedModel]:
        """A page of the logged models that match, newest first unless `order_by` says otherwise.

        Args:
            experiment_ids: the experiments.
            filter_string: conditions on attributes, params, tags and metrics.
            datasets: which points conditions on metrics look at: `dataset_name`, and `dataset_digest` if you like.
            max_results: the size of the page.
            order_by: `field_name`, `ascending` (the default), and `dataset_name` and `dataset_digest` for metrics.
            page_token: the `token` of the page before.

        Raises:
            InvalidParameterValue: filter, order, datasets or page are not acceptable.
        """
        request = wire.SearchLoggedModels(
            experiment_ids=[str(one) for one in experiment_ids],
            filter=filter_string or None,
            datasets=[_built(wire.MetricDataset, one, "datasets") for one in datasets or ()],
            max_results=max_results,
            order_by=[_built(wire.ModelOrder, one, "order_by") for one in order_by or ()],
            page_token=page_token or None,
        )
        answer = self._connection.ask(request, wire.SearchLoggedModelsResponse)
        return entities.PagedList([entities.logged_model(one) for one in answer.models], answer.next_page_token or None)

    def log_model_artifact(self, model_id: str, local_path: str | Path, artifact_path: str | None = None) -> None:
        """Keep a file, or a directory under its own name, among the files of a logged model.

        Raises:
            ResourceDoesNotExist: there is no such model.
            InvalidParameterValue: there is nothing at `local_path`, or the path is not acceptable.
        """
        source = Path(local_path)
        target = artifacts.path_for(source, artifact_path)
        if source.is_dir():
            self.log_model_artifacts(model_id, source, target)
        else:
            artifacts.write_file(self._blobs(model_id), source, path=target)

    def log_model_artifacts(self, model_id: str, local_dir: str | Path, artifact_path: str | None = None) -> None:
        """Keep everything in a directory among the files of a logged model.

        Raises:
            ResourceDoesNotExist: there is no such model.
            InvalidParameterValue: there is no such directory, or the path is not acceptable.
        """
        artifacts.write_tree(self._blobs(model_id), Path(local_dir), path=artifact_path or "")

    def list_logged_model_artifacts(self, model_id: str, path: str | None = None) -> list[entities.FileInfo]:
        """One directory level of the files of a logged model, sorted by path.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        request = wire.ListLoggedModelArtifacts(model_id=_model_id(model_id), artifact_directory_path=path or "")
        return [entities.file_info(one) for one in self._connection.ask(request, ListArtifactsResponse).files]

    def _blobs(self, model_id: str) -> BlobStore:
        return self._connection.transport.blobs(self.get_logged_model(model_id).artifact_location)

    def _logged_model(self, request: Any) -> entities.LoggedModel:
        return entities.logged_model(self._connection.ask(request, wire.LoggedModelResponse).model)

    def _log_model_params(self, model_id: str, params: list[wire.LoggedModelParameter]) -> None:
        for begin in range(0, len(params), PARAMS_AT_ONCE):
            request = wire.LogLoggedModelParams(model_id=model_id, params=params[begin : begin + PARAMS_AT_ONCE])
            self._connection.ask(request, Empty)


def _model_id(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise InvalidParameterValue(f"Invalid model id {given!r}: give the id of a logged model, a text.")
    return given


def _params(given: Mapping[str, Any] | None) -> list[wire.LoggedModelParameter]:
    return [wire.LoggedModelParameter(key=key, value=str(value)) for key, value in (given or {}).items()]


def _tags(given: Mapping[str, Any] | None) -> list[wire.LoggedModelTag]:
    return [wire.LoggedModelTag(key=key, value=str(value)) for key, value in (given or {}).items()]


def _built(kind: Any, given: Mapping[str, Any], what: str) -> Any:
    try:
        return kind(**given)
    except TypeError as error:
        raise InvalidParameterValue(f"{given!r} is not acceptable in {what!r}: {error}.") from error
