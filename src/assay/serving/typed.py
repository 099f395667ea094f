"""Values of JSON and CSV, which have few types, as the types of a model's signature, where no value changes.

5 is a `double`, 5.0 and the text "5" are a `long`; 5.5 is none. Dates stay texts, which the check of the input reads.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.lazy import require
from assay.data.enforcement import NUMPY_TYPES
from assay.data.types import DataType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.data.types import ValueType

_MOST_EXACT = 2**53
"""Beyond it, floating-point numbers leave out whole ones."""
_TRUTH = {"true": True, "false": False}
_WHITESPACE = str.maketrans("", "", " \t\r\n")


def column(values: Sequence[Any], kind: ValueType | str, name: Any) -> Any:
    """The values of a column: an array for numbers and booleans, else a list or a series of objects.

    Raises:
        InvalidParameterValue: a value cannot be of that type without being changed; names the column.
    """
    where = f"The column {name!r}"
    if kind in NUMPY_TYPES:
        return array(values, NUMPY_TYPES[kind], where)
    if kind is DataType.boolean:
        return array(values, "bool", where)
    if kind is DataType.binary:
        return [_decoded(value, where) for value in values]
    if kind is DataType.datetime and values and all(type(value) is int for value in values):
        return array(values, "int64", where).astype("datetime64[ns]")
    if kind is DataType.datetime or (kind is DataType.string and all(type(value) is str for value in values)):
        return list(values)
    return require("pandas", extra="pandas").Series(list(values), dtype=object)


def array(values: Any, dtype: str, where: str) -> Any:
    """Numbers, texts or nested lists of them as an array of a NumPy type. A null is NaN where there is such a thing.

    Raises:
        InvalidParameterValue: a value cannot be of that type without being changed; `where` begins the message.
    """
    numpy = require("numpy", extra="pandas")
    try:
        wanted = numpy.dtype(dtype)
        if wanted.kind == "f":
            return _floats(numpy.array(values, dtype="float64"), wanted)
        found = numpy.array(values)
        if wanted.kind in "iu":
            return _integers(found, wanted)
        if wanted.kind == "b":
            return _booleans(found)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidParameterValue(f"{where} cannot be read as {dtype}: {error}.") from error
    return found


def _floats(found: Any, wanted: Any) -> Any:
    if found.dtype == wanted:
        return found
    numpy = require("numpy", extra="pandas")
    with numpy.errstate(over="ignore"):
        narrow = found.astype(wanted)
    if (numpy.isinf(narrow) & ~numpy.isinf(found)).any():
        raise ValueError(f"{found[numpy.isinf(narrow)].ravel()[0]} is too large")
    return narrow


def _integers(found: Any, wanted: Any) -> Any:
    numpy = require("numpy", extra="pandas")
    if found.dtype.kind == "U":
        found = found.astype("int64")
    elif found.dtype.kind == "f" and found.size:
        broken = ~((numpy.abs(found) <= _MOST_EXACT) & (found == numpy.rint(found)))
        if broken.any():
            raise ValueError(f"{found[broken].ravel()[0]} is no whole number, or too large for one")
    elif found.dtype.kind == "O":
        raise ValueError("it holds null, or what is no number")
    limits = numpy.iinfo(wanted)
    if found.size and (found.min() < limits.min or found.max() > limits.max):
        raise ValueError(f"it holds numbers below {limits.min} or above {limits.max}")
    return found.astype(wanted)


def _booleans(found: Any) -> Any:
    kind = found.dtype.kind
    if kind == "b" or (kind == "O" and all(value is None or isinstance(value, bool) for value in found.ravel())):
        return found
    if kind in "iuf" and ((found == 0) | (found == 1)).all():
        return found.astype(bool)
    if kind == "U" and all(text.lower() in _TRUTH for text in found.ravel()):
        numpy = require("numpy", extra="pandas")
        return numpy.array([_TRUTH[text.lower()] for text in found.ravel()], dtype=bool).reshape(found.shape)
    raise ValueError("it holds what is neither true nor false")


def _decoded(value: Any, where: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value.translate(_WHITESPACE), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidParameterValue(f"{where} takes bytes as base64, and {value!r:.100} is not: {error}.") from error
