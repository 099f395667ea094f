"""Module-level verbs for the model registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from assay.client import model_uris
from assay.client.api import Client
from assay.client.connection import connect
from assay.client.model_versions import PAGE
from assay.core import uri
from assay.core.errors import NotSupported, ResourceAlreadyExists
from assay.core.log import logger
from assay.service import registry_rules, rules
from assay.service.model_sources import MODELS_SCHEME, RUNS_SCHEME, parse_model_uri, parse_run_uri
from assay.wire.registry import ModelVersionTag

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.client.entities import ModelVersion, PagedList, RegisteredModel
    from assay.wire.models import LoggedModelInfo

T = TypeVar("T")
_log = logger("client")


class _Source(NamedTuple):
    source: str
    run_id: str | None = None
    model_id: str | None = None


def register_model(
    model_uri: str,
    name: str,
    await_registration_for: int | None = 300,
    *,
    tags: dict[str, Any] | None = None,
    env_pack: Any = None,
) -> ModelVersion:
    """Make a model that was logged a new version of the registered model `name`, which is created when missing.

    `model_uri` is `runs:/<run id>/<path>`, `models:/<model id>`, another version (`models:/<name>/<version>`), or where
    the files are. The version is ready at once: `await_registration_for` is not needed. `tags` go to the version.

    Raises:
        ResourceDoesNotExist: there is no such run, artifact, model or version.
        InvalidParameterValue: the URI, the name or a tag is not acceptable.
        NotSupported: `env_pack` is given.

    Example:
        >>> import assay
        >>> with assay.start_run() as run:
        ...     assay.log_text("weights", "model/weights.txt")
        >>> assay.register_model(f"runs:/{run.info.run_id}/model", "fraud").version
        '1'
    """
    if env_pack is not None:
        raise NotSupported("env_pack is for Databricks' model serving. Leave it out.")
    client = Client()
    registry_rules.model_name(name)
    rules.tags(
        [ModelVersionTag(key=key, value=str(value)) for key, value in (tags or {}).items()], registry_rules.tag_value
    )
    found = _source(client, model_uri)  # nothing is created for what is not there
    try:
        client.create_registered_model(name)
        _log.info("The registered model %r was created.", name)
    except ResourceAlreadyExists:
        _log.debug("The registered model %r is there already.", name)
    version = client.create_model_version(
        name,
        found.source,
        found.run_id,
        tags,
        await_creation_for=await_registration_for,
        model_id=found.model_id,
    )
    _log.info("Version %s of the model %r was created from %s.", version.version, name, model_uri)
    return version


def _source(client: Client, model_uri: str) -> _Source:
    kind = uri.scheme(model_uri)
    if kind == RUNS_SCHEME:
        return _of_run(client, *parse_run_uri(model_uri))
    if kind != MODELS_SCHEME:
        return _Source(rules.artifact_location(model_uri, trusted=not connect(client.tracking_uri).remote))
    wanted = parse_model_uri(model_uri)
    if not wanted.model_id:
        version = client.resolve_model_version(wanted)
        return _Source(f"{MODELS_SCHEME}:/{version.name}/{version.version}")
    return _of_model(model_uris.logged_model(client, wanted.model_id).info)


def _of_run(client: Client, run_id: str, path: str) -> _Source:
    path = path.strip("/")
    if not path or model_uris.is_artifact(client, run_id, path):
        root = client.get_run(run_id).info.artifact_uri
        return _Source(uri.join(root, path) if path else root, run_id)
    return _of_model(model_uris.logged_by_run(client, run_id, name=path).info)


def _of_model(info: LoggedModelInfo) -> _Source:
    return _Source(f"{MODELS_SCHEME}:/{info.model_id}", info.source_run_id or None, info.model_id)


def search_registered_models(
    max_results: int | None = None, filter_string: str | None = None, order_by: list[str] | None = None
) -> list[RegisteredModel]:
    """All registered models that match, by name unless `order_by` says otherwise.

    Raises:
        InvalidParameterValue: filter or order is not acceptable.
    """
    client = Client()
    return _every(
        lambda size, token: client.search_registered_models(filter_string, size, order_by, token),
        most=registry_rules.MAX_MODELS_PAGE,
        max_results=max_results,
    )


def search_model_versions(
    max_results: int | None = None, filter_string: str | None = None, order_by: list[str] | None = None
) -> list[ModelVersion]:
    """All versions that match, the last changed first unless `order_by` says otherwise.

    Raises:
        InvalidParameterValue: filter or order is not acceptable.
    """
    client = Client()
    return _every(
        lambda size, token: client.search_model_versions(filter_string, size, order_by, token),
        most=PAGE,
        max_results=max_results,
    )


def _every(page_of: Callable[[int, str | None], PagedList[T]], *, most: int, max_results: int | None) -> list[T]:
    """The results of all pages, or the first `max_results`; a page holds `most` of them."""
    found: list[T] = []
    token: str | None = None
    while max_results is None or len(found) < max_results:
        page = page_of(most if max_results is None else min(most, max_results - len(found)), token)
        found += page
        token = page.token
        if not token:
            break
    return found


def set_model_version_tag(name: str, version: str | None = None, key: str | None = None, value: Any = None) -> None:
    """Set a tag of a version.

    Raises:
        ResourceDoesNotExist: there is no such version.
        InvalidParameterValue: no version is named, or the key or value is not acceptable.
    """
    Client().set_model_version_tag(name, version, key, value)
