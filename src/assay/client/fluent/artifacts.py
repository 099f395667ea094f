"""Module-level verbs for the files of the active run."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from assay.client.api import Client
from assay.client.fluent.experiments import active_id
from assay.client.fluent.runs import required_run
from assay.core import uri
from assay.core.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd  # type: ignore[import-untyped]

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


def log_image(
    image: Any,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
    synchronous: bool | None = False,
) -> None:
    """Keep an image of the active run: as `artifact_file`, or as one of the images over steps that `key` names.

    `image` is an array of pixels (height, width, and 1, 3 or 4 channels; whole numbers from 0 to 255 or fractions from
    0 to 1), a PIL image or an `assay.Image`. `step` is 0 and `timestamp` (milliseconds since the epoch) now by default.

    Raises:
        NoImage: it is no image, or not exactly one of `artifact_file` and `key` is given.
        InvalidParameterValue: the pixels, the key or the path are not acceptable.
        ConfigurationError: Pillow is not installed.
    """
    client, target = _target(None)
    client.log_image(target, image, artifact_file, key, step, timestamp, synchronous)


def log_table(data: dict[str, Any] | pd.DataFrame, artifact_file: str, run_id: str | None = None) -> None:
    """Append rows to a table of a run, the active one by default; the table is made when there is none.

    `data` is a dictionary of lists, or a pandas frame; `artifact_file` ends in `.json` or `.parquet`. Processes may
    append to the same table at the same time; every row is kept. Images in cells are kept as files of their own.

    Raises:
        InvalidParameterValue: data or name is not acceptable.

    Example:
        >>> import assay
        >>> with assay.start_run():
        ...     for step in range(2):
        ...         assay.log_table({"step": [step], "answer": ["yes"]}, "answers.json")
        ...     rows = assay.load_table("answers.json")
        >>> len(rows)
        2
    """
    client, target = _target(run_id)
    client.log_table(target, data, artifact_file)


def load_table(
    artifact_file: str, run_ids: Sequence[str] | None = None, extra_columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """The rows of a table in all runs of the active experiment that have it, or in some runs, as one frame.

    `extra_columns` say what each row tells of its run besides: `run_id` and other attributes, or keys of tags, params
    and metrics.

    Raises:
        ResourceDoesNotExist: no run has the table.
        ConfigurationError: pandas is not installed.
    """
    return Client().load_table(active_id(), artifact_file, run_ids, extra_columns)


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
