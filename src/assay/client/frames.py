"""Search results as a pandas frame, in the shape that MLflow gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd  # type: ignore[import-untyped]

    from assay.client.entities import LoggedModel, Run

_MODEL_COLUMNS = (
    "artifact_location",
    "creation_timestamp",
    "experiment_id",
    "last_updated_timestamp",
    "metrics",
    "model_id",
    "model_type",
    "name",
    "params",
    "source_run_id",
    "status",
    "status_message",
    "tags",
)
_ATTRIBUTES = ("run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time")


def runs_frame(runs: Sequence[Run]) -> pd.DataFrame:
    """One row for each run; a metric that a run lacks is NaN, a param or tag None, times are UTC timestamps.

    Raises:
        ConfigurationError: pandas is not installed.
    """
    pandas = require("pandas", extra="pandas")
    columns: dict[str, Any] = {name: [getattr(run.info, name) for run in runs] for name in _ATTRIBUTES}
    for name in ("start_time", "end_time"):
        columns[name] = pandas.to_datetime(columns[name], unit="ms", utc=True)
    for kind, missing in (("metrics", float("nan")), ("params", None), ("tags", None)):
        dictionaries = [getattr(run.data, kind) for run in runs]
        for key in dict.fromkeys(key for one in dictionaries for key in one):
            values = [one.get(key, missing) for one in dictionaries]
            columns[f"{kind}.{key}"] = values if kind == "metrics" else pandas.Series(values, dtype="object")
    frame: pd.DataFrame = pandas.DataFrame(columns)
    return frame


def models_frame(models: Sequence[LoggedModel]) -> pd.DataFrame:
    """One row for each logged model, one column for each of its fields; metrics are a list of dictionaries, or None.

    Raises:
        ConfigurationError: pandas is not installed.
    """
    pandas = require("pandas", extra="pandas")
    lines = [{**model.to_dictionary(), "status": str(model.status)} for model in models]
    frame: pd.DataFrame = pandas.DataFrame(lines, columns=_MODEL_COLUMNS)
    return frame
