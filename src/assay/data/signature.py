"""The signature of a model, inferred from examples of what goes in and what comes out.

NumPy and pandas are looked at only when the caller's data is theirs; nothing is imported for plain Python values.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.log import logger
from assay.data.schema import ColSpec, ModelSignature, ParamSchema, ParamSpec, Schema, TensorSpec
from assay.data.types import AnyType, Array, DataType, Object, Property, ValueType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_log = logger("data")

_SCALARS: tuple[tuple[type, DataType], ...] = (
    (bool, DataType.boolean),
    (int, DataType.long),
    (float, DataType.double),
    (str, DataType.string),
    (bytes, DataType.binary),
    (bytearray, DataType.binary),
    (dt.date, DataType.datetime),
)
_INTEGER_KINDS = "iu"


def infer_signature(
    model_input: Any = None, model_output: Any = None, params: Mapping[str, Any] | None = None
) -> ModelSignature:
    """The signature that fits examples of a model's input, output and prediction params.

    Data frames and series become typed columns, NumPy and sparse arrays tensors whose first length may vary, and
    dictionaries, lists and single values typed columns. Data that fits no schema is described as of any type, with a
    warning in the log.

    Raises:
        InvalidParameterValue: no example is given, or a param's value is of a type that params cannot have.

    Example:
        >>> infer_signature({"depth": 3}, [0.5]).inputs
        ['depth': long (required)]
    """
    if model_input is None and model_output is None and params is None:
        raise InvalidParameterValue("A signature needs an example of the input, the output or the params. Give one.")
    return ModelSignature(
        inputs=None if model_input is None else _schema_or_any(model_input, "input"),
        outputs=None if model_output is None else _schema_or_any(model_output, "output"),
        params=None if not params else _params(params),
    )


def _schema_or_any(data: Any, what: str) -> Schema:
    try:
        return infer_schema(data)
    except InvalidParameterValue as error:
        _log.warning("The %s of the model is taken to be of any type: %s", what, error)
        return Schema([ColSpec(AnyType())])


def infer_schema(data: Any) -> Schema:
    """The schema that fits an example of data.

    Raises:
        InvalidParameterValue: no schema describes it.
    """
    kind = _kind(data)
    if kind == "frame":
        return Schema([_column(data[name], name) for name in data.columns])
    if kind == "series":
        return Schema([_column(data, data.name)])
    if kind == "array":
        return Schema([_tensor(data)])
    if isinstance(data, dict):
        return _schema_of_dict(data)
    if isinstance(data, list | tuple):
        return _schema_of_list(data)
    return Schema([ColSpec(_value(data))])


def _kind(data: Any) -> str:
    """Which library's data this is, without importing the library: it is loaded if the data is its own."""
    pandas, numpy, sparse = (sys.modules.get(name) for name in ("pandas", "numpy", "scipy.sparse"))
    if pandas and isinstance(data, pandas.DataFrame):
        return "frame"
    if pandas and isinstance(data, pandas.Series):
        return "series"
    if (numpy and isinstance(data, numpy.ndarray)) or (sparse and sparse.issparse(data)):
        return "array"
    return "plain"


def _tensor(data: Any, name: str | None = None) -> TensorSpec:
    if not data.shape:
        raise InvalidParameterValue("An array of no dimension is no batch of examples. Give it a first length.")
    return TensorSpec(data.dtype, (-1, *data.shape[1:]), name)


def _schema_of_dict(data: Mapping[Any, Any]) -> Schema:
    for name in data:
        if not isinstance(name, str):
            raise InvalidParameterValue(f"The key {name!r} of the example is no text. Use texts for names.")
    if data and all(_kind(value) == "array" for value in data.values()):
        return Schema([_tensor(value, name) for name, value in data.items()])
    return Schema([ColSpec(kind, name, required=required) for name, kind, required in _fields([data])])


def _schema_of_list(data: Sequence[Any]) -> Schema:
    if data and all(isinstance(one, dict) for one in data):
        return Schema([ColSpec(kind, name, required=required) for name, kind, required in _fields(data)])
    kind, required = _common(data)
    return Schema([ColSpec(kind, required=required)])


def _column(series: Any, name: Any) -> ColSpec:
    required = not bool(series.isna().any())
    dtype = series.dtype
    if dtype.name == "category":
        return ColSpec(_column(series.cat.categories.to_series(), name).type, name, required=required)
    if dtype.kind == "O" or dtype.name in ("string", "str"):
        kind, _ = _common(series.tolist())
        return ColSpec(kind, name, required=required)
    return ColSpec(_dtype(dtype), name, required=required)


def _dtype(dtype: Any) -> DataType:
    """The type of a NumPy or pandas `dtype`; what is narrower is widened to the next one that exists."""
    kind, size = dtype.kind, dtype.itemsize
    if kind == "b":
        return DataType.boolean
    if kind in _INTEGER_KINDS and (size < 4 or (kind == "i" and size == 4)):
        return DataType.integer
    if kind in _INTEGER_KINDS and (size < 8 or kind == "i"):
        return DataType.long
    if kind == "f" and size <= 8:
        return DataType.float if size <= 4 else DataType.double
    simple = {"M": DataType.datetime, "U": DataType.string, "S": DataType.binary}.get(kind)
    if simple is None:
        raise InvalidParameterValue(f"Values of type {dtype} have no place in a signature. Convert them first.")
    return simple


def _value(value: Any) -> ValueType:
    """The type of one plain value, which is not None."""
    kind = _kind(value)
    if kind == "array":
        return _array_type(value)
    if hasattr(value, "dtype") and kind == "plain":
        return _dtype(value.dtype)
    for python, found in _SCALARS:
        if isinstance(value, python):
            return found
    if isinstance(value, dict):
        fields = _fields([value])
        return Object(tuple(Property(name, dtype, required=required) for name, dtype, required in fields))
    if isinstance(value, list | tuple):
        return Array(_common(value)[0])
    raise InvalidParameterValue(f"A value of type {type(value).__name__} has no place in a signature.")


def _array_type(value: Any) -> ValueType:
    found: ValueType = _common(value.tolist())[0] if value.dtype.kind == "O" else _dtype(value.dtype)
    for _ in range(value.ndim):
        found = Array(found)
    return found


def _common(values: Sequence[Any]) -> tuple[ValueType, bool]:
    """The one type of all values, and whether none of them is missing."""
    present = [value for value in values if not _missing(value)]
    kinds = {_value(value) for value in present}
    if not kinds:
        return DataType.double if any(isinstance(value, float) for value in values) else AnyType(), False
    found = next(iter(kinds)) if len(kinds) == 1 else _merged(kinds)
    return found, len(present) == len(values)


def _missing(value: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return value is None or (pandas is not None and value is pandas.NA) or (isinstance(value, float) and value != value)  # noqa: PLR0124


def _merged(kinds: set[ValueType]) -> ValueType:
    """One type for several: objects are joined key by key, whole numbers beside floating ones count as floating."""
    objects = [kind for kind in kinds if isinstance(kind, Object)]
    if len(objects) == len(kinds):
        return _joined(objects)
    if kinds <= {DataType.long, DataType.double}:
        return DataType.double
    shown = ", ".join(sorted(repr(kind) for kind in kinds))
    raise InvalidParameterValue(f"The values are of several types ({shown}); a signature needs one. Convert them.")


def _joined(objects: Sequence[Object]) -> Object:
    properties: dict[str, list[Property]] = {}
    for one in objects:
        for item in one.properties:
            properties.setdefault(item.name, []).append(item)
    joined = []
    for name, items in properties.items():
        kinds = {item.dtype for item in items}
        required = len(items) == len(objects) and all(item.required for item in items)
        joined.append(Property(name, kinds.pop() if len(kinds) == 1 else _merged(kinds), required=required))
    return Object(tuple(joined))


def _fields(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, ValueType, bool]]:
    """Name, type and presence of every key of the rows, in order of first appearance."""
    names = dict.fromkeys(name for row in rows for name in row)
    fields = []
    for name in names:
        values = [row[name] for row in rows if name in row]
        kind, complete = _common(values)
        fields.append((name, kind, complete and len(values) == len(rows)))
    return fields


def _params(params: Mapping[str, Any]) -> ParamSchema:
    specs = []
    for name, value in params.items():
        is_list = isinstance(value, list | tuple)
        kind = _common(value)[0] if is_list else _value(value)
        if not isinstance(kind, DataType):
            raise InvalidParameterValue(
                f"The param {name!r} has the value {value!r:.100}; give a number, a text, a truth value, "
                "a date, bytes or a list of one of them."
            )
        specs.append(ParamSpec(name, kind, value, shape=(-1,) if is_list else None))
    return ParamSchema(specs)
