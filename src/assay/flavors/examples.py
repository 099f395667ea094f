"""Input examples, saved beside a model as MLflow saves them: the data itself, and a request body to a model server."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE_FILE = "input_example.json"
SERVING_FILE = "serving_input_example.json"


def save_example(directory: Path, example: Any) -> dict[str, Any]:
    """Write an input example into a model's directory; returns what the MLmodel file says of it.

    Raises:
        InvalidParameterValue: the example is no data frame, series, array, dictionary, list or plain value.
    """
    if hasattr(example, "to_frame"):
        example = example.to_frame()
    is_frame = hasattr(example, "iloc")
    data = _frame(example) if is_frame else _plain(example)
    serving = {"dataframe_split": data} if is_frame else {"inputs": data}
    (directory / EXAMPLE_FILE).write_text(json.dumps(data), encoding="utf-8")
    (directory / SERVING_FILE).write_text(json.dumps(serving, indent=2), encoding="utf-8")
    return {
        "artifact_path": EXAMPLE_FILE,
        "serving_input_path": SERVING_FILE,
        **({"type": "dataframe", "pandas_orient": "split"} if is_frame else {"type": _kind(example)}),
    }


def _kind(example: Any) -> str:
    values = list(example.values()) if isinstance(example, dict) else [example]
    return "ndarray" if values and all(hasattr(value, "tolist") for value in values) else "json_object"


def _frame(frame: Any) -> dict[str, Any]:
    """A data frame as columns and rows, without its index, which no model sees."""
    columns = [name if isinstance(name, str | int) else str(name) for name in frame.columns.tolist()]
    return {
        "columns": columns,
        "data": [_plain(row) for row in frame.itertuples(index=False, name=None)],
    }


def _plain(value: Any) -> Any:
    """`value` as JSON can carry it: what is not a number counts as missing."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise InvalidParameterValue(f"A value of type {type(value).__name__} cannot stand in an input example.")
