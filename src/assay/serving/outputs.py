"""Predictions as the JSON of MLflow's scoring protocol, but strict: what is no number is null.

MLflow writes NaN and Infinity, which are no JSON and which only some clients read. Everything else is as MLflow has it:
tables are lists of objects, dates are ISO 8601, bytes are base64, and NumPy's times are integers of their own unit.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from assay.core.errors import AssayError

_MISSING = ("NaTType", "NAType")
_KEY = "predictions"


def encode(predictions: Any) -> bytes:
    """`{"predictions": ...}`.

    Raises:
        AssayError: they hold what JSON cannot express; says what.
    """
    try:
        return _encode({_KEY: predictions})
    except (TypeError, ValueError, RecursionError) as error:
        raise AssayError(
            f"The model's predictions cannot be written as JSON: {error}. A model that is served returns numbers, "
            "texts, dates, bytes, lists, dictionaries, arrays or data frames."
        ) from error


def _plain(value: Any) -> Any:
    """What stands for a value that JSON does not have, from NumPy, pandas and the like."""
    if hasattr(value, "columns") and hasattr(value, "dtypes"):
        return _rows(value)
    if hasattr(value, "to_frame") and hasattr(value, "index"):
        return _rows(value.to_frame())
    if hasattr(value, "tolist"):
        return value.tolist()
    if type(value).__name__ in _MISSING:
        return None
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    plain: type[Any]
    for plain in (str, float, int, dict, list):
        if isinstance(value, plain):
            return plain(value)
    raise TypeError(f"a {type(value).__name__} is among them")


_encode = msgspec.json.Encoder(enc_hook=_plain).encode


def _rows(frame: Any) -> list[dict[str, Any]]:
    names = [str(name) for name in frame.columns]
    columns = [frame.iloc[:, place].tolist() for place in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
