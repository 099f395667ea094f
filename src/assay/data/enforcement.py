"""What comes to a model for prediction, brought into the form that its signature asks for.

The rules are MLflow's: columns are put into the signature's order, further ones are dropped with a warning, and types
are widened only where no value can change. Whole numbers of 64 bits count as floating-point ones when all are 0 or 1.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.lazy import require
from assay.core.log import logger
from assay.data.schema import ColSpec, Schema, TensorSpec
from assay.data.types import AnyType, Array, DataType, Map, Object, ValueType

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logger("data")

NUMPY_TYPES = {
    DataType.integer: "int32",
    DataType.long: "int64",
    DataType.float: "float32",
    DataType.double: "float64",
}
"""The types of columns that hold numbers."""
_PYTHON: dict[DataType, tuple[type, ...]] = {
    DataType.boolean: (bool,),
    DataType.integer: (int,),
    DataType.long: (int,),
    DataType.float: (int, float),
    DataType.double: (int, float),
    DataType.string: (str,),
    DataType.binary: (bytes, bytearray),
    DataType.datetime: (dt.date, str),
}
_EXACT_IN_DOUBLE = 4
_MISSING_HINT = (
    " Whole numbers turn into floating-point ones when a value is missing; if that may happen, train on float64."
)


def enforce_input(data: Any, schema: Schema) -> Any:
    """The data as the schema asks for it: a data frame for columns, an array or a dictionary of arrays for tensors.

    Columns may come as a data frame, a series, a dictionary, an array, a list or one value; tensors as an array, a
    dictionary of arrays, or a data frame.

    Raises:
        InvalidParameterValue: a part is missing, or has a type or shape that cannot be brought into the schema's
            without loss; says which.
        ConfigurationError: pandas is not installed.
    """
    if schema.is_tensor_spec():
        return _tensors(data, schema)
    frame = _frame(data, schema)
    if _fits(frame, schema):
        return frame.copy()
    names = _names(frame, schema)
    present = [(name, spec) for name, spec in zip(names, schema, strict=True) if name is not None]
    columns = {name: _column(frame[name], spec, name) for name, spec in present}
    return require("pandas", extra="pandas").DataFrame(columns, index=frame.index)


def enforce_values(data: Any, schema: Schema) -> list[Any]:
    """Data for a function whose type hint names the type of one item: a list of such items.

    Raises:
        InvalidParameterValue: it is no list, or an item is of another type.
    """
    (spec,) = schema
    if hasattr(data, "columns"):
        data = data.to_dict("records") if len(data.columns) > 1 else data.iloc[:, 0].tolist()
    elif hasattr(data, "tolist"):
        data = data.tolist()
    if not isinstance(data, list | tuple) or not isinstance(spec, ColSpec):
        raise InvalidParameterValue(f"The model takes a list of values, not a {type(data).__name__}. Give a list.")
    return [_value(item, spec.type, f"item {place}") for place, item in enumerate(data)]


def _frame(data: Any, schema: Schema) -> Any:
    pandas = require("pandas", extra="pandas")
    if isinstance(data, pandas.DataFrame):
        return data
    if isinstance(data, pandas.Series):
        return data.to_frame()
    if isinstance(data, dict):
        return pandas.DataFrame([data] if is_row(data, schema) else data)
    if isinstance(data, list) and len(schema) == 1 and not schema.has_input_names() and _nested(schema.inputs[0]):
        return pandas.DataFrame({0: pandas.Series(data, dtype=object)})
    if isinstance(data, list | tuple) or hasattr(data, "tolist"):
        return _table(data)
    if isinstance(data, str | bytes | bool | int | float | dt.date):
        return pandas.DataFrame([data])
    raise InvalidParameterValue(
        f"The model takes columns, and a {type(data).__name__} has none. Give a data frame, a dictionary or a list."
    )


def _table(data: Any) -> Any:
    try:
        return require("pandas", extra="pandas").DataFrame(data)
    except (TypeError, ValueError) as error:
        raise InvalidParameterValue(f"The input cannot be read as columns: {error}. Give a data frame.") from error


def is_row(data: Mapping[str, Any], schema: Schema) -> bool:
    """Whether a dictionary holds one example, and not a list of values for each column."""
    nested = {spec.name for spec in schema if _nested(spec)}

    def lists(name: str, value: Any) -> bool:
        if not _listed(value):
            return False
        return name not in nested or (len(value) > 0 and (_listed(value[0]) or isinstance(value[0], dict)))

    return not any(lists(name, value) for name, value in data.items())


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple) or (hasattr(value, "tolist") and getattr(value, "ndim", 0) > 0)


def _nested(spec: ColSpec | TensorSpec) -> bool:
    return isinstance(spec.type, Array | Map | Object)


def _fits(frame: Any, schema: Schema) -> bool:
    """Whether the frame is as the schema asks, as far as its head tells; nothing is to be done then."""
    if frame.columns.tolist() != schema.input_names():
        return False
    return all(_is_settled(found, spec.type) for found, spec in zip(frame.dtypes.tolist(), schema, strict=True))


def _is_settled(found: Any, kind: ValueType | str) -> bool:
    """Whether a column of this dtype is of the type, whatever it holds."""
    if kind in NUMPY_TYPES:
        return bool(found == NUMPY_TYPES[kind])
    if kind is DataType.boolean:
        return bool(found.kind == "b")
    if kind is DataType.datetime:
        return bool(found == "datetime64[ns]")
    return kind in (DataType.string, DataType.binary) and found.name in ("object", "string", "str")


def _names(frame: Any, schema: Schema) -> list[Any]:
    """The names of the frame's columns for each part of the schema; None for an optional part that is not there."""
    present: list[Any] = frame.columns.tolist()
    if not schema.has_input_names():
        if len(present) < len(schema):
            raise InvalidParameterValue(
                f"The model takes {len(schema)} columns, by position, and the input has {len(present)}. Give all."
            )
        return present[: len(schema)]
    names = schema.input_names()
    extra = [name for name in present if name not in names]
    missing = [name for name in schema.required_input_names() if name not in present]
    if missing:
        more = f" It has columns that the model does not know: {extra}." if extra else ""
        raise InvalidParameterValue(f"The input lacks columns of the model's signature: {missing}.{more}")
    if extra:
        _log.warning("The input has columns that are not in the model's signature; they are left out: %s", extra)
    return [name if name in present else None for name in names]


def _column(values: Any, spec: ColSpec | TensorSpec, name: Any) -> Any:
    kind = spec.type
    if isinstance(kind, str | AnyType):
        return values
    if not isinstance(kind, DataType):
        checked = [_value(value, kind, f"column {name!r}") for value in values.tolist()]
        return require("pandas", extra="pandas").Series(checked, index=values.index, dtype=object)
    return _scalars(values, kind, name)


def _scalars(values: Any, kind: DataType, name: Any) -> Any:
    if values.dtype.name == "category":
        _scalars(values.cat.categories.to_series(), kind, name)
        return values
    if kind in (DataType.string, DataType.binary):
        return _checked(values, values.dtype.kind == "O" or values.dtype.name in ("string", "str"), kind, name)
    if values.dtype.kind == "O":
        values = require("pandas", extra="pandas").Series(values.tolist(), index=values.index)
    if kind is DataType.datetime:
        return _moments(values, name)
    if kind is DataType.boolean:
        booleans = values.dtype.kind == "b" or all(value is None or isinstance(value, bool) for value in values)
        return _checked(values, booleans, kind, name)
    return _numbers(values, kind, name)


def _checked(values: Any, fits: bool, kind: DataType, name: Any) -> Any:
    if fits:
        return values
    hint = _MISSING_HINT if values.dtype.kind == "f" and kind in (DataType.integer, DataType.long) else ""
    raise InvalidParameterValue(
        f"The column {name!r} is {values.dtype}, and the model's signature asks for {kind.name}. It is not converted, "
        f"because values could change. Convert it yourself.{hint}"
    )


def _moments(values: Any, name: Any) -> Any:
    pandas = require("pandas", extra="pandas")
    if values.dtype.kind == "M":
        return values if getattr(values.dtype, "tz", None) else values.astype("datetime64[ns]")
    _checked(values, values.dtype.kind == "O" or values.dtype.name in ("string", "str"), DataType.datetime, name)
    try:
        return pandas.to_datetime(values).astype("datetime64[ns]")
    except (TypeError, ValueError) as error:
        raise InvalidParameterValue(f"The column {name!r} holds what is no date or time: {error}.") from error


def _numbers(values: Any, kind: DataType, name: Any) -> Any:
    wanted = require("numpy", extra="pandas").dtype(NUMPY_TYPES[kind])
    if values.dtype.kind not in "iuf":
        return _checked(values, False, kind, name)
    has, size = values.dtype.kind, values.dtype.itemsize
    fits = (
        (has == wanted.kind and size <= wanted.itemsize)
        or (has == "u" and wanted.kind == "i" and size < wanted.itemsize)
        or (has in "iu" and kind is DataType.double and size <= _EXACT_IN_DOUBLE)
        or (has in "iu" and wanted.kind == "f" and bool(values.dropna().isin((0, 1)).all()))
    )
    _checked(values, fits, kind, name)
    if values.dtype == wanted or (wanted.kind == "i" and values.isna().any()):
        return values
    return values.astype(wanted)


def _value(value: Any, kind: ValueType, where: str) -> Any:
    """A value inside a list or dictionary, as it is, unless its type is not the one asked for."""
    if isinstance(kind, AnyType):
        return value
    if isinstance(kind, Array):
        if not _listed(value):
            raise _unfit(value, "a list", where)
        items = [_value(item, kind.dtype, where) for item in value]
        return value if hasattr(value, "tolist") else items
    if isinstance(kind, Map):
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise _unfit(value, "a dictionary with texts as keys", where)
        return {key: _value(one, kind.value_type, f"{where}, key {key!r}") for key, one in value.items()}
    if isinstance(kind, Object):
        return _object(value, kind, where)
    plain: Any = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    wrong = isinstance(plain, bool) and kind is not DataType.boolean
    if wrong or not isinstance(plain, _PYTHON[kind]):
        raise _unfit(value, kind.name, where)
    if kind in (DataType.float, DataType.double):
        number: Any = plain
        return float(number)
    return value


def _object(value: Any, kind: Object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _unfit(value, "a dictionary", where)
    known = {item.name: item for item in kind.properties}
    extra = sorted(set(value) - set(known))
    missing = sorted(name for name, item in known.items() if item.required and value.get(name) is None)
    if extra or missing:
        said = [f"keys are missing: {missing}"] if missing else []
        said += [f"keys are not in the model's signature: {extra}"] if extra else []
        raise InvalidParameterValue(f"In {where}, {'; '.join(said)}.")
    return {
        name: None if one is None else _value(one, known[name].dtype, f"{where}, key {name!r}")
        for name, one in value.items()
    }


def _unfit(value: Any, wanted: str, where: str) -> InvalidParameterValue:
    return InvalidParameterValue(
        f"In {where}, {value!r:.100} is a {type(value).__name__}, and the model's signature asks for {wanted}."
    )


def _tensors(data: Any, schema: Schema) -> Any:
    specs = [spec for spec in schema if isinstance(spec, TensorSpec)]
    pandas, numpy = require("pandas", extra="pandas"), require("numpy", extra="pandas")
    frame = isinstance(data, pandas.DataFrame)
    if not schema.has_input_names():
        return _tensor(data.to_numpy() if frame else data, specs[0])
    given = data if isinstance(data, dict) or frame else {}
    missing = [spec.name for spec in specs if spec.name not in given]
    if missing:
        raise InvalidParameterValue(
            f"The input lacks arrays of the model's signature: {missing}. Give a dictionary of NumPy arrays by name."
        )
    return {
        spec.name: _tensor(numpy.array(data[spec.name].tolist()) if frame else data[spec.name], spec) for spec in specs
    }


def _tensor(array: Any, spec: TensorSpec) -> Any:
    called = "The input" if spec.name is None else f"The input {spec.name!r}"
    if not hasattr(array, "dtype") or not hasattr(array, "shape"):
        raise InvalidParameterValue(f"{called} is a {type(array).__name__}, and the model takes a NumPy array.")
    name = array.dtype.name
    name = next((text for text in ("str", "bytes") if name.startswith(text)), name)
    if name != spec.type:
        raise InvalidParameterValue(f"{called} is of type {name}, and the model takes {spec.type}. Convert it.")
    fits = len(array.shape) == len(spec.shape) and all(
        wanted in (-1, length) for length, wanted in zip(array.shape, spec.shape, strict=False)
    )
    if not fits:
        raise InvalidParameterValue(f"{called} has the shape {array.shape}, and the model takes {spec.shape}.")
    return array
