"""Whose a model is: the question that decides whether code in it is run without being asked.

A model is one's own when its files are on this disk, put there by other means than a download of this process, and
belong to this user of the system; or when the run or logged model that it comes from was recorded by the user who asks.
A server without users takes people's word for who they are: there, this guards against accidents only.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assay.client import model_uris, origins
from assay.client.api import Client
from assay.client.context import user
from assay.core import uri
from assay.core.errors import ResourceDoesNotExist
from assay.service.model_sources import MODELS_SCHEME, RUNS_SCHEME, parse_model_uri, parse_run_uri

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER_TAG = "mlflow.user"


def is_own(model: str) -> bool:
    """Whether a model, named by URI or by its path on this disk, is of the user who asks.

    Raises:
        ResourceDoesNotExist: there is no such run or model.
    """
    if origins.is_local(model):
        path = uri.local_path(model)
        origin = origins.of(path)
        return _is_of_this_account(path) if origin is None else is_own(origin)
    names = set(_users(model))
    return names == {user()} and user() != "unknown"


def _is_of_this_account(path: Path) -> bool:
    return not hasattr(os, "geteuid") or path.stat().st_uid == os.geteuid()


def _users(model_uri: str) -> Iterator[str]:
    """Who recorded what the files of a model come from; nobody for URIs that tell no run and no model."""
    client = Client()
    if uri.scheme(model_uri) == RUNS_SCHEME:
        yield _user_of_run(client, parse_run_uri(model_uri)[0])
    if uri.scheme(model_uri) != MODELS_SCHEME:
        return
    wanted = parse_model_uri(model_uris.split(model_uri)[0])
    if wanted.model_id:
        yield _user_of_model(client, wanted.model_id)
        return
    version = client.resolve_model_version(wanted)
    model_id = model_uris.model_of(version)
    if model_id:
        yield _user_of_model(client, model_id)
    elif version.run_id:
        yield _user_of_run(client, version.run_id)
    if version.user_id:
        yield version.user_id


def _user_of_model(client: Client, model_id: str) -> str:
    try:
        info = model_uris.logged_model(client, model_id, deleted=True).info
    except ResourceDoesNotExist:  # deleted for good, or of another store than the registry's: nobody's
        return ""
    tags = {tag.key: tag.value for tag in info.tags}
    return tags.get(USER_TAG) or (_user_of_run(client, info.source_run_id) if info.source_run_id else "")


def _user_of_run(client: Client, run_id: str) -> str:
    run = client.get_run(run_id)
    return run.info.user_id or run.data.tags.get(USER_TAG, "")
