"""Artifacts by URI.

`runs:/<run id>/<path>` is an artifact of a run, or a model that it logged; `models:/<name>/<version>` and its like are
models; `mlflow-artifacts:/...`, a `file:` URI or a path say where the files are.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.blobs.base import ARTIFACT_SCHEME
from assay.blobs.open import OBJECT_SCHEMES
from assay.client import downloads, entities, model_uris, origins
from assay.client.api import Client
from assay.client.connection import connect
from assay.core import uri
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import require
from assay.service.model_sources import MODELS_SCHEME, RUNS_SCHEME, parse_run_uri

if TYPE_CHECKING:
    from PIL.Image import Image as PILImage


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
        ResourceDoesNotExist: there is no such run, model or artifact.
    """
    client = Client(tracking_uri, registry_uri)
    version = model_uris.registered(client, artifact_uri) if artifact_uri else None
    run_id, path = _target(client, artifact_uri, run_id, artifact_path)
    fetched = _downloaded(client, run_id, path, dst_path, is_model=artifact_uri is not None)
    origin = f"{MODELS_SCHEME}:/{version.name}/{version.version}" if version else artifact_uri
    origins.note(fetched, origin or f"{RUNS_SCHEME}:/{run_id}/{path}")
    was_here = run_id is None and origins.is_local(path) and dst_path is None
    if version is not None and not was_here:
        _note_version(fetched, version)
    return str(fetched)


def _downloaded(client: Client, run_id: str | None, path: str, dst_path: str | None, *, is_model: bool) -> Path:
    if run_id is None:
        return _fetched(client, path, dst_path)
    try:
        return Path(client.download_artifacts(run_id, path, dst_path))
    except ResourceDoesNotExist:
        if not is_model or not path:
            raise
        return _fetched(client, _in_logged_model(client, run_id, path), dst_path)


def _fetched(client: Client, artifact_uri: str, dst_path: str | None) -> Path:
    """What lies at a URI that names a place, on this disk."""
    if origins.is_local(artifact_uri):
        return _local(uri.local_path(artifact_uri), dst_path)
    root, _, name = artifact_uri.rstrip("/").rpartition("/")
    destination = Path(dst_path) if dst_path else Path(tempfile.mkdtemp(prefix="assay-"))
    return downloads.download(connect(client.tracking_uri).transport.blobs(root), name, destination=destination)


def _note_version(fetched: Path, version: entities.ModelVersion) -> None:
    """Say beside the files of a model which version they are, as MLflow does: in YAML, of which JSON is a part."""
    if fetched.is_dir():
        text = f"model_name: {json.dumps(version.name)}\nmodel_version: {json.dumps(version.version)}\n"
        (fetched / "registered_model_meta").write_text(text, encoding="utf-8")


def list_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    tracking_uri: str | None = None,
) -> list[entities.FileInfo]:
    """One directory level, with paths from the root of the run's artifacts, or from the URI's own directory.

    Raises:
        InvalidParameterValue: not exactly one of `artifact_uri` and `run_id` is given, or the URI is not acceptable.
        ResourceDoesNotExist: there is no such run or model.
    """
    client = Client(tracking_uri)
    run_id, path = _target(client, artifact_uri, run_id, artifact_path)
    if run_id is None:
        return _listed(client, path)
    found = client.list_artifacts(run_id, path)
    if found or artifact_uri is None or not path:
        return found
    try:
        below = _in_logged_model(client, run_id, path)
    except ResourceDoesNotExist:
        return []
    return [entities.FileInfo(f"{path}/{file.path}", file.is_dir, file.file_size) for file in _listed(client, below)]


def _listed(client: Client, artifact_uri: str) -> list[entities.FileInfo]:
    return [entities.file_info(file) for file in connect(client.tracking_uri).transport.blobs(artifact_uri).list()]


def _in_logged_model(client: Client, run_id: str, path: str) -> str:
    """The URI of a path below a run that begins with the name of a model it logged."""
    name, _, rest = path.partition("/")
    root = model_uris.logged_by_run(client, run_id, name=name).info.artifact_uri
    return uri.join(root, rest) if rest else root


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


def load_image(artifact_uri: str) -> PILImage:
    """The image in an artifact file, as Pillow has it.

    Raises:
        ResourceDoesNotExist: there is no such artifact.
        InvalidParameterValue: it holds no image.
        ConfigurationError: Pillow is not installed.
    """
    pillow = require("PIL.Image", extra="images")
    with tempfile.TemporaryDirectory(prefix="assay-") as scratch:
        data = Path(download_artifacts(artifact_uri, dst_path=scratch)).read_bytes()
    try:
        found: PILImage = pillow.open(io.BytesIO(data))
    except OSError as error:
        raise InvalidParameterValue(f"The artifact {artifact_uri!r} holds no image: {error}.") from error
    return found


def _target(
    client: Client, artifact_uri: str | None, run_id: str | None, artifact_path: str | None
) -> tuple[str | None, str]:
    """The run and the path below its artifacts; without a run, the URI itself."""
    if (artifact_uri is None) == (run_id is None):
        raise InvalidParameterValue("Give artifact_uri, or run_id with artifact_path: exactly one of the two.")
    if artifact_uri is None:
        return run_id, artifact_path or ""
    if artifact_path:
        raise InvalidParameterValue("artifact_path goes with run_id; put the path into artifact_uri instead.")
    artifact_uri = model_uris.followed(client, artifact_uri)
    kind = uri.scheme(artifact_uri)
    if kind == RUNS_SCHEME:
        return parse_run_uri(artifact_uri)
    if kind in ("", "file", ARTIFACT_SCHEME, *OBJECT_SCHEMES):
        return None, artifact_uri
    raise InvalidParameterValue(
        f"Cannot fetch {uri.redact(artifact_uri)!r}: use runs:/<run id>/<path>, a bucket's URI, or a local path."
    )


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
