"""Input examples, saved beside a model as MLflow saves them: the data itself, and a request body to a model server."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from assay.blobs.paths import checked_path
from assay.core.errors import InvalidParameterValue, NotSupported, ResourceDoesNotExist
from assay.core.lazy import require
from assay.data.schema import TensorSpec
from assay.data.types import DataType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from assay.data.schema import Schema

EXAMPLE_FILE = "input_example.json"
SERVING_FILE = "serving_input_example.json"


def parts(example: Any) -> tuple[Any, dict[str, Any] | None]:
    """The data and the params in an input example: a pair of them, or data alone."""
    if isinstance(example, tuple) and len(example) == 2 and isinstance(example[1], dict):
        return example
    return example, None


def save_example(directory: Path, example: Any, *, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Write an input example into a model's directory; returns what the MLmodel file says of it.

    Raises:
        InvalidParameterValue: the example is no data frame, series, array, dictionary, list or plain value.
    """
    data = _frame(_tabular(example)) if _is_frame(example) else _plain(example)
    content = {"inputs": data, "params": _plain(params)} if params else data
    (directory / EXAMPLE_FILE).write_text(json.dumps(content), encoding="utf-8")
    (directory / SERVING_FILE).write_text(serving_text(example, params=params), encoding="utf-8")
    return {
        "artifact_path": EXAMPLE_FILE,
        "serving_input_path": SERVING_FILE,
        **({"type": "dataframe", "pandas_orient": "split"} if _is_frame(example) else {"type": _kind(example)}),
        **({"params": "true"} if params else {}),
    }


def serving_text(example: Any, *, params: Mapping[str, Any] | None = None) -> str:
    """The body of a request to a model server for an input example.

    Raises:
        InvalidParameterValue: the example is no data frame, series, array, dictionary, list or plain value.
    """
    body: dict[str, Any]
    body = {"dataframe_split": _frame(_tabular(example))} if _is_frame(example) else {"inputs": _plain(example)}
    return json.dumps(body | ({"params": _plain(params)} if params else {}), indent=2)


def load_example(directory: Path, said: Mapping[str, Any], schema: Schema | None) -> tuple[Any, dict[str, Any] | None]:
    """The input example saved with a model, and its params; `said` is what the MLmodel file says of it.

    What JSON does not carry is brought back where the model's signature tells it: types of columns and of arrays.

    Raises:
        ResourceDoesNotExist: its file is missing.
        NotSupported: it is of a kind that only MLflow saves, such as a sparse matrix.
    """
    content = json.loads(_text(directory, said["artifact_path"]))
    data, params = (content["inputs"], content["params"]) if said.get("params") else (content, None)
    if said["type"] == "dataframe":
        return _typed(data, schema), params
    if said["type"] == "ndarray":
        return _arrays(data, schema), params
    if said["type"] == "json_object":
        return data, params
    raise NotSupported(f"An input example of the kind {said['type']!r} cannot be read. Make one from the data.")


def load_serving_text(directory: Path, said: Mapping[str, Any]) -> str | None:
    """The body of a request to a model server, as it was saved with a model, if it was.

    Raises:
        ResourceDoesNotExist: its file is missing.
    """
    name = said.get("serving_input_path")
    return None if name is None else _text(directory, name)


def _text(directory: Path, name: str) -> str:
    file = directory / checked_path(name)
    if not file.is_file():
        raise ResourceDoesNotExist(f"The model at {str(directory)!r} lacks its file {name!r}.")
    return file.read_text(encoding="utf-8")


def _typed(data: Any, schema: Schema | None) -> Any:
    pandas = require("pandas", extra="pandas")
    frame = pandas.DataFrame(**data) if isinstance(data, dict) else pandas.DataFrame(data)
    for spec in schema or ():
        if isinstance(spec.type, DataType) and spec.name in frame and not frame[spec.name].isna().any():
            frame[spec.name] = frame[spec.name].astype(spec.type.to_pandas())
    return frame


def _arrays(data: Any, schema: Schema | None) -> Any:
    numpy = require("numpy", extra="pandas")
    kinds = {spec.name: numpy.dtype(spec.type) for spec in schema or () if isinstance(spec, TensorSpec)}
    if isinstance(data, dict):
        return {name: numpy.array(values, dtype=kinds.get(name)) for name, values in data.items()}
    return numpy.array(data, dtype=kinds.get(None))


def _is_frame(example: Any) -> bool:
    return hasattr(example, "iloc")


def _tabular(example: Any) -> Any:
    return example.to_frame() if hasattr(example, "to_frame") else example


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
