"""Where the files of a model are: `models:` URIs followed to an artifact URI."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.client.connection import connect
from assay.core import uri
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.service.model_sources import DATED, MODELS_SCHEME, RUNS_SCHEME, parse_model_uri, parse_run_uri
from assay.wire import models as wire

if TYPE_CHECKING:
    from assay.client.api import Client
    from assay.client.entities import ModelVersion

_LOGGED = re.compile(r"m-[0-9a-f]{32}")
_MOST_STEPS = 10


def split(model_uri: str) -> tuple[str, str]:
    """A `models:` URI without the path below the model, and that path, perhaps empty.

    A time stands at the end, as queries do: `models:/fraud@champion/weights.txt?as_of=2026-11-01`.
    """
    dated = DATED.fullmatch(model_uri)
    if dated:
        return f"{dated['model']}?as_of={dated['moment']}", dated["path"].lstrip("/")
    parts = model_uri.partition(":")[2].lstrip("/").split("/")
    count = 1 if "@" in parts[0] or _LOGGED.fullmatch(parts[0]) else 2
    if model_uri.startswith(f"{MODELS_SCHEME}://"):
        return model_uri, ""
    return f"{MODELS_SCHEME}:/{'/'.join(parts[:count])}", "/".join(parts[count:])


def followed(client: Client, artifact_uri: str) -> str:
    """The artifact URI that a `models:` URI leads to, over versions that name versions; others as they are.

    Raises:
        ResourceDoesNotExist: there is no such model or version.
        InvalidParameterValue: it is no such URI, its alias or stage stands for nothing, or it leads in a circle.
    """
    found = artifact_uri
    for _ in range(_MOST_STEPS):
        if uri.scheme(found) != MODELS_SCHEME:
            return found
        model, path = split(found)
        root = _root(client, model)
        found = uri.join(root, path) if path else root
    raise InvalidParameterValue(f"{artifact_uri!r} leads through more than {_MOST_STEPS} versions. Name the last one.")


def _root(client: Client, model_uri: str) -> str:
    wanted = parse_model_uri(model_uri)
    if wanted.model_id:
        return logged_model(client, wanted.model_id).info.artifact_uri
    version = client.resolve_model_version(wanted)
    return client.get_model_version_download_uri(version.name, version.version)


def registered(client: Client, artifact_uri: str) -> ModelVersion | None:
    """The version of a registered model that a URI names, None for other URIs and for paths below a version.

    Raises:
        ResourceDoesNotExist: there is no such model or version.
        InvalidParameterValue: its alias or stage stands for nothing.
    """
    if uri.scheme(artifact_uri) != MODELS_SCHEME or split(artifact_uri)[1]:
        return None
    wanted = parse_model_uri(artifact_uri)
    return None if wanted.model_id else client.resolve_model_version(wanted)


def fixed(client: Client, artifact_uri: str) -> tuple[str, dict[str, str]]:
    """A URI of the same model that nobody can move meanwhile, and the tags of the logged model whose files it names.

    There are no tags for what is no logged model, or no longer known to be one, nor for paths below a model.

    Raises:
        ResourceDoesNotExist: there is no such run, model or version.
        InvalidParameterValue: its alias or stage stands for nothing.
    """
    if uri.scheme(artifact_uri) == RUNS_SCHEME:
        return _fixed_of_run(client, artifact_uri)
    if uri.scheme(artifact_uri) != MODELS_SCHEME or split(artifact_uri)[1]:
        return artifact_uri, {}
    wanted = parse_model_uri(artifact_uri)
    if wanted.model_id:
        return artifact_uri, _tags(logged_model(client, wanted.model_id))
    version = client.resolve_model_version(wanted)
    named = f"{MODELS_SCHEME}:/{version.name}/{version.version}"
    model_id = model_of(version)
    if not model_id:
        return named, {}
    try:
        return named, _tags(logged_model(client, model_id, deleted=True))
    except ResourceDoesNotExist:  # deleted for good, or of another store than the registry's
        return named, {}


def model_of(version: ModelVersion) -> str:
    """The id of the logged model that a version was made from, empty for none; MLflow tells it as the source."""
    source = (version.source or "").removeprefix(f"{MODELS_SCHEME}:/")
    return version.model_id or (source if _LOGGED.fullmatch(source) else "")


def _fixed_of_run(client: Client, artifact_uri: str) -> tuple[str, dict[str, str]]:
    run_id, path = parse_run_uri(artifact_uri)
    path = path.strip("/")
    if not path or "/" in path or is_artifact(client, run_id, path):
        return artifact_uri, {}
    model = logged_by_run(client, run_id, name=path)
    return f"{MODELS_SCHEME}:/{model.info.model_id}", _tags(model)


def is_artifact(client: Client, run_id: str, path: str) -> bool:
    """Whether a run has an artifact, a file or a directory, of this path.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    parent, _, _ = path.rpartition("/")
    return any(file.path == path for file in client.list_artifacts(run_id, parent or None))


def _tags(model: wire.LoggedModel) -> dict[str, str]:
    return {tag.key: tag.value for tag in model.info.tags}


def logged_model(client: Client, model_id: str, *, deleted: bool = False) -> wire.LoggedModel:
    """The logged model of this id; one that is marked as deleted only on request.

    Raises:
        ResourceDoesNotExist: there is none.
    """
    request = wire.GetLoggedModel(model_id=model_id, allow_deleted=deleted)
    return connect(client.tracking_uri).ask(request, wire.LoggedModelResponse).model


def logged_by_run(client: Client, run_id: str, *, name: str) -> wire.LoggedModel:
    """The newest model that a run logged under a name.

    Raises:
        ResourceDoesNotExist: it logged none, or there is no such run.
    """
    experiment_id = client.get_run(run_id).info.experiment_id
    found: list[wire.LoggedModel] = []
    if "'" not in name:
        request = wire.SearchLoggedModels(
            experiment_ids=[experiment_id], filter=f"name = '{name}' AND source_run_id = '{run_id}'", max_results=1
        )
        found = connect(client.tracking_uri).ask(request, wire.SearchLoggedModelsResponse).models
    if not found:
        raise ResourceDoesNotExist(f"The run {run_id!r} has neither an artifact nor a model {name!r}. Check the path.")
    return found[0]
