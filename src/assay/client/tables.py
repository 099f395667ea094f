"""The client's operations on tables: appended to by many, read over many runs."""

from __future__ import annotations

import io
import json
import math
import time
import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from assay.blobs import tables
from assay.blobs.paths import checked_path
from assay.client import artifacts, entities, images
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import require
from assay.wire.runs import SearchRuns, SearchRunsResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd  # type: ignore[import-untyped]

    from assay.client.connection import Connection

LOGGED_TAG = "mlflow.loggedArtifacts"
_PAGE = 1000


class TableOperations:
    """What a client can do with tables."""

    _connection: Connection

    def log_table(self, run_id: str, data: dict[str, Any] | pd.DataFrame, artifact_file: str) -> None:
        """Append rows to a table, which is made when there is none.

        Processes may append to the same table at the same time; every row is kept. Images in cells are files of their
        own, to which the table refers.

        Args:
            run_id: the run.
            data: columns by name, each a list of equally many values (or one value, for a single row); or a frame.
            artifact_file: the table; its name ends in `.json` or `.parquet`.

        Raises:
            InvalidParameterValue: data or name is not acceptable.
            ResourceDoesNotExist: there is no such run.
            ConfigurationError: pandas is needed, and not installed.
        """
        checked_path(artifact_file)
        part = tables.part_path(artifact_file, time.time_ns(), uuid.uuid4().hex)
        columns = _columns(data)
        for path, picture in _image_files(columns, artifact_file):
            artifacts.log_bytes(self._connection, run_id, picture, path=path)
        encoded = _encode(columns, path=artifact_file)
        artifacts.log_bytes(self._connection, run_id, encoded, path=part)
        if not self._connection.remote:
            known = self._connection.table_parts.setdefault((run_id, artifact_file), {})
            tables.fold(self._connection.blobs(run_id), artifact_file, known)
        self._note_table(run_id, artifact_file)

    def load_table(
        self,
        experiment_id: str,
        artifact_file: str,
        run_ids: Sequence[str] | None = None,
        extra_columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """The rows of a table in all runs of an experiment that have it, or in some runs, as one frame.

        Args:
            experiment_id: the experiment.
            artifact_file: the table.
            run_ids: the runs; all by default.
            extra_columns: what each row says of its run besides: `run_id` and other attributes, or keys of tags, params
                and metrics.

        Raises:
            ResourceDoesNotExist: no run has the table.
            InvalidParameterValue: a run has nothing by the name of an extra column.
            ConfigurationError: pandas is not installed.
        """
        pandas = require("pandas", extra="pandas")
        frames = []
        for run in self._runs_with(str(experiment_id), artifact_file, run_ids):
            frame = self._read_table(run.info.run_id, artifact_file)
            if frame is not None:
                for name in extra_columns or ():
                    frame[name] = _fact(run, name)
                frames.append(frame)
        if not frames:
            raise ResourceDoesNotExist(f"No run of experiment {experiment_id} has the table {artifact_file!r}.")
        return pandas.concat(frames, ignore_index=True)

    def _read_table(self, run_id: str, path: str) -> pd.DataFrame | None:
        pandas = require("pandas", extra="pandas")
        try:
            data = b"".join(self._connection.blobs(run_id).open(checked_path(path)).chunks())
        except ResourceDoesNotExist:
            return None
        if path.endswith(".parquet"):
            return pandas.read_parquet(io.BytesIO(data))
        rows = tables.decode(data, path=path)
        return pandas.DataFrame(rows["data"], columns=rows["columns"])

    def _runs_with(self, experiment_id: str, path: str, run_ids: Sequence[str] | None) -> list[entities.Run]:
        """The runs of an experiment that log tables, oldest first."""
        found: list[entities.Run] = []
        token: str | None = None
        while True:
            request = SearchRuns(
                experiment_ids=[experiment_id],
                filter=f"tags.`{LOGGED_TAG}` LIKE '%{PurePosixPath(path).name}%'" if run_ids is None else None,
                max_results=_PAGE,
                order_by=["attributes.start_time ASC"],
                page_token=token,
            )
            answer = self._connection.ask(request, SearchRunsResponse)
            found += [entities.run(one) for one in answer.runs]
            token = answer.next_page_token or None
            if token is None:
                return found if run_ids is None else [run for run in found if run.info.run_id in set(run_ids)]

    def _note_table(self, run_id: str, path: str) -> None:
        """Tell in a tag which tables the run has, as MLflow does; its pages look there."""
        noted = self._connection.tables.get(run_id)
        if noted is None:
            run = self._connection.find_run(run_id)
            text = entities.run(run).data.tags.get(LOGGED_TAG, "[]") if run else "[]"
            noted = self._connection.tables[run_id] = json.loads(text)
        entry = {"path": path, "type": "table"}
        if entry not in noted:
            noted.append(entry)
            self._connection.recorder(run_id).tag(LOGGED_TAG, json.dumps(noted))


def _columns(data: Any) -> dict[str, list[Any]]:
    if hasattr(data, "columns") and hasattr(data, "to_dict"):
        return {str(name): list(data[name]) for name in data.columns}
    if not isinstance(data, dict):
        raise InvalidParameterValue(f"A {type(data).__name__} is no table: give a dictionary of lists, or a frame.")
    listed = {str(name): _values(values) for name, values in data.items()}
    longest = max(map(len, listed.values()), default=0)
    return {name: values + [None] * (longest - len(values)) for name, values in listed.items()}


def _values(values: Any) -> list[Any]:
    if images.is_image(values) or isinstance(values, str | bytes | dict) or not hasattr(values, "__len__"):
        return [values]
    return list(values)


def _image_files(columns: dict[str, list[Any]], table: str) -> list[tuple[str, bytes]]:
    """The files of images in cells, which become references to them."""
    directory = f"table_images/{PurePosixPath(table).with_suffix('').as_posix()}"
    files = []
    for values in columns.values():
        for row, value in enumerate(values):
            if not images.is_image(value):
                continue
            stem = f"{directory}/{uuid.uuid4()}"
            files.append((f"{stem}.png", images.encode(value, path=f"{stem}.png")))
            files.append((f"{stem}.webp", images.compressed(value)))
            values[row] = {"type": "image", "filepath": f"{stem}.png", "compressed_filepath": f"{stem}.webp"}
    return files


def _encode(columns: dict[str, list[Any]], *, path: str) -> bytes:
    if path.endswith(".parquet"):
        return tables.parquet(require("pandas", extra="pandas").DataFrame(columns))
    lines = [list(map(_plain, row)) for row in zip(*columns.values(), strict=True)]
    return tables.encode({"columns": list(columns), "data": lines}, path=path)


def _plain(value: Any) -> Any:
    """A cell as JSON expresses it: dates as ISO text, missing numbers as null, arrays as lists."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat(timespec="milliseconds") if hasattr(value, "hour") else value.isoformat()
    return str(value)


def _fact(run: entities.Run, name: str) -> Any:
    places: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: dict(run.info),
        lambda: run.data.tags,
        lambda: run.data.params,
        lambda: run.data.metrics,
    )
    for place in places:
        if name in place():
            return place()[name]
    raise InvalidParameterValue(f"Run {run.info.run_id} has no attribute, tag, param or metric {name!r}.")
