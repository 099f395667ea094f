"""Module-level verbs for the files of the active run."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from assay.client.api import Client
from assay.client.fluent.runs import required_run
from assay.core import uri
from assay.core.errors import InvalidParameterValue

if TYPE_CHECKING:
    from pathlib import Path

    from assay.client.entities import FileInfo


def log_artifact(local_path: str | Path, artifact_path: str | None = None, run_id: str | None = None) -> None:
    """Keep a file, or a directory under its own name, below `artifact_path`.

    Raises:
        InvalidParameterValue: there is nothing at `local_path`, or the path is not acceptable.
    """
    client, target = _target(run_id)
    client.log_artifact(target, local_path, artifact_path)


def log_artifacts(local_dir: str | Path, artifact_path: str | None = None, run_id: str | None = None) -> None:
    """Keep everything in a directory, below `artifact_path`.

    Raises:
        InvalidParameterValue: there is no such directory, or the path is not acceptable.
    """
    client, target = _target(run_id)
    client.log_artifacts(target, local_dir, artifact_path)


def log_text(text: str, artifact_file: str, run_id: str | None = None) -> None:
    """Keep a text as a UTF-8 file.

    Raises:
        InvalidParameterValue: the path is not acceptable.
    """
    client, target = _target(run_id)
    client.log_text(target, text, artifact_file)


def log_dict(dictionary: dict[str, Any], artifact_file: str, run_id: str | None = None) -> None:
    """Keep a dictionary: as YAML when the name ends in .yaml or .yml, otherwise as JSON.

    Raises:
        InvalidParameterValue: the path is not acceptable, or JSON cannot express the dictionary.
    """
    client, target = _target(run_id)
    client.log_dict(target, dictionary, artifact_file)


def log_stream(stream: IO[bytes], artifact_file: str, run_id: str | None = None) -> None:
    """Keep everything that a binary file object still holds.

    Raises:
        InvalidParameterValue: the path is not acceptable.
    """
    client, target = _target(run_id)
    client.log_stream(target, stream, artifact_file)


def log_figure(figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None) -> None:
    """Keep a figure of Matplotlib or Plotly, in the format of the name's extension.

    Raises:
        InvalidParameterValue: it is no figure, or the path is not acceptable.
    """
    client, target = _target(None)
    client.log_figure(target, figure, artifact_file, save_kwargs=save_kwargs)


def log_image(image: Any, artifact_file: str) -> None:
    """Keep a PIL image or an array of pixels, in the format of the name's extension.

    Raises:
        InvalidParameterValue: it is no image, or the path is not acceptable.
    """
    client, target = _target(None)
    client.log_image(target, image, artifact_file)


def list_artifacts(run_id: str | None = None, artifact_path: str | None = None) -> list[FileInfo]:
    """One directory level of the files of a run, the active one by default.

    Raises:
        ResourceDoesNotExist: there is no such run.
    """
    client, target = _target(run_id)
    return client.list_artifacts(target, artifact_path)


def download_artifacts(run_id: str, artifact_path: str = "", dst_path: str | None = None) -> str:
    """Fetch a file or directory of a run into `dst_path` (a new temporary directory by default); returns its path.

    Raises:
        ResourceDoesNotExist: there is no such run or artifact.
    """
    return Client().download_artifacts(run_id, artifact_path, dst_path)


def get_artifact_uri(artifact_path: str | None = None) -> str:
    """Where the files of the active run are, or one of them.

    Raises:
        InvalidParameterValue: the path is absolute or leads out.
        ServerUnreachable: the run started without its server, which still does not answer.
    """
    run = required_run()
    root = run.connection.artifact_uri(run.info.run_id, patient=False)
    if not artifact_path:
        return root
    if artifact_path.startswith("/") or ".." in artifact_path.split("/"):
        raise InvalidParameterValue(f"Invalid artifact path {artifact_path!r}: give a relative one without '..'.")
    return uri.join(root, artifact_path)


def _target(run_id: str | None) -> tuple[Client, str]:
    if run_id is not None:
        return Client(), run_id
    run = required_run()
    return Client(run.connection.transport.uri), run.info.run_id
