"""Artifacts by URI: `runs:/<run id>/<path>`, `mlflow-artifacts:/...`, a `file:` URI, or a path on this disk."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from assay.blobs.base import ARTIFACT_SCHEME
from assay.client import artifacts, entities
from assay.client.api import Client
from assay.client.connection import connect
from assay.core import uri
from assay.core.errors import InvalidParameterValue, NotSupported, ResourceDoesNotExist

RUNS_SCHEME = "runs"


def download_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    dst_path: str | None = None,
    tracking_uri: str | None = None,
    registry_uri: str | None = None,
) -> str:
    """Fetch a file, or a directory with all below it, and return where it lies now.

    Name it by `artifact_uri`, or by `run_id` and the `artifact_path` below the run's artifacts (all of them when it is
    left out). It goes to `dst_path`, by default a new temporary directory; what is on this disk already stays where it
    is unless `dst_path` is given.

    Raises:
        InvalidParameterValue: not exactly one of `artifact_uri` and `run_id` is given, or the URI is not acceptable.
        ResourceDoesNotExist: there is no such run or artifact.
        NotSupported: the URI is one of the model registry.
    """
    del registry_uri
    run_id, path = _target(artifact_uri, run_id, artifact_path)
    if run_id is not None:
        return Client(tracking_uri).download_artifacts(run_id, path, dst_path)
    if uri.scheme(path) in ("", "file"):
        return str(_local(uri.local_path(path), dst_path))
    root, _, name = path.rstrip("/").rpartition("/")
    destination = Path(dst_path) if dst_path else Path(tempfile.mkdtemp(prefix="assay-"))
    blobs = connect(Client(tracking_uri).tracking_uri).transport.blobs(root)
    return str(artifacts.download(blobs, name, destination=destination))


def list_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    tracking_uri: str | None = None,
) -> list[entities.FileInfo]:
    """One directory level, with paths from the root of the run's artifacts, or from the URI's own directory.

    Raises:
        InvalidParameterValue: not exactly one of `artifact_uri` and `run_id` is given, or the URI is not acceptable.
        ResourceDoesNotExist: there is no such run.
        NotSupported: the URI is one of the model registry.
    """
    run_id, path = _target(artifact_uri, run_id, artifact_path)
    client = Client(tracking_uri)
    if run_id is not None:
        return client.list_artifacts(run_id, path)
    blobs = connect(client.tracking_uri).transport.blobs(path)
    return [entities.file_info(file) for file in blobs.list()]


def load_text(artifact_uri: str) -> str:
    """The text of an artifact file, read as UTF-8.

    Raises:
        ResourceDoesNotExist: there is no such artifact.
    """
    with tempfile.TemporaryDirectory(prefix="assay-") as scratch:
        return Path(download_artifacts(artifact_uri, dst_path=scratch)).read_text(encoding="utf-8")


def load_dict(artifact_uri: str) -> dict[str, Any]:
    """The dictionary in a JSON file.

    Raises:
        ResourceDoesNotExist: there is no such artifact.
        InvalidParameterValue: it holds no JSON object.
    """
    try:
        found = json.loads(load_text(artifact_uri))
    except ValueError as error:
        raise InvalidParameterValue(f"The artifact {artifact_uri!r} holds no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise InvalidParameterValue(f"The artifact {artifact_uri!r} holds JSON, but no object.")
    return found


def _target(artifact_uri: str | None, run_id: str | None, artifact_path: str | None) -> tuple[str | None, str]:
    """The run and the path below its artifacts; without a run, the URI itself."""
    if (artifact_uri is None) == (run_id is None):
        raise InvalidParameterValue("Give artifact_uri, or run_id with artifact_path: exactly one of the two.")
    if artifact_uri is None:
        return run_id, artifact_path or ""
    if artifact_path:
        raise InvalidParameterValue("artifact_path goes with run_id; put the path into artifact_uri instead.")
    kind = uri.scheme(artifact_uri)
    if kind == RUNS_SCHEME:
        return _run_and_path(artifact_uri)
    if kind == "models":
        raise NotSupported(
            f"{artifact_uri!r} names a registered model; the registry comes later. Use runs:/<id>/<path>."
        )
    if kind in ("", "file", ARTIFACT_SCHEME):
        return None, artifact_uri
    raise InvalidParameterValue(
        f"Cannot fetch {uri.redact(artifact_uri)!r}: use runs:/<run id>/<path>, or a local path."
    )


def _run_and_path(artifact_uri: str) -> tuple[str, str]:
    _, _, rest = artifact_uri.partition(":")
    run_id, _, path = rest.lstrip("/").partition("/")
    if rest.startswith("//") or not run_id:
        raise InvalidParameterValue(f"{artifact_uri!r} is not of the form runs:/<run id>/<path>.")
    return run_id, path


def _local(path: Path, dst_path: str | None) -> Path:
    if not path.exists():
        raise ResourceDoesNotExist(f"There is no file or directory {str(path)!r}. Check the path.")
    if dst_path is None:
        return path.absolute()
    target = Path(dst_path) / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, target, dirs_exist_ok=True)
    else:
        shutil.copy2(path, target)
    return target.absolute()
