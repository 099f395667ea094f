"""What a request says, in the form that the model's signature asks for: columns, arrays, or as NumPy reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.core.errors import BadRequest, InvalidParameterValue
from assay.core.lazy import require
from assay.data.enforcement import NUMPY_TYPES, is_row
from assay.data.schema import TensorSpec
from assay.data.types import Array, Map, Object
from assay.serving import typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.data.schema import Schema

Columns = dict[Any, list[Any]]


def of_records(records: Sequence[Mapping[str, Any]]) -> Columns:
    """Columns from rows with names; what a row leaves out is None."""
    if not records:
        return {}
    first = records[0].keys()
    if all(row.keys() == first for row in records):
        return {name: [row[name] for row in records] for name in first}
    names = dict.fromkeys(name for row in records for name in row)
    return {name: [row.get(name) for row in records] for name in names}


def of_rows(rows: Sequence[Sequence[Any]], names: Sequence[Any] | None) -> Columns:
    """Columns from rows in order, called by their position where they have no names.

    Raises:
        BadRequest: the rows are of different lengths, or a name comes twice.
    """
    if names is None:
        names = range(len(rows[0]) if rows else 0)
    if len(set(names)) < len(names):
        raise BadRequest(f"A column comes twice in {list(names)!r:.500}. Give each its own name.")
    for place, row in enumerate(rows):
        if len(row) != len(names):
            raise BadRequest(f"Row {place} has {len(row)} values for {len(names)} columns.")
    if not rows:
        return {name: [] for name in names}
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def from_rows(rows: Sequence[Sequence[Any]], names: Sequence[Any], schema: Schema | None) -> Any:
    """Rows of numbers as the model takes them, all in one array; None where they are not what it takes as they are."""
    if schema is None or not rows or schema.is_tensor_spec() or list(names) != schema.input_names():
        return None
    kinds: set[Any] = set(schema.input_types())
    if len(kinds) > 1 or not kinds <= NUMPY_TYPES.keys():
        return None
    try:
        values = typed.array(rows, NUMPY_TYPES[kinds.pop()], "")
    except InvalidParameterValue:  # told column by column
        return None
    if values.shape != (len(rows), len(names)):
        return None
    return require("pandas", extra="pandas").DataFrame(values, columns=names)


def from_columns(columns: Columns, schema: Schema | None, index: Any = None) -> Any:
    """Named columns as the model takes them: a data frame, or arrays for a signature of tensors.

    Raises:
        BadRequest: they make no table.
        InvalidParameterValue: a value cannot be of its column's type; names the column.
    """
    if schema is not None and schema.is_tensor_spec():
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        return from_values(columns if schema.has_input_names() else rows, schema)
    content = columns if schema is None else _typed(columns, schema)
    try:
        return require("pandas", extra="pandas").DataFrame(content, index=index)
    except (TypeError, ValueError) as error:
        raise BadRequest(f"The columns make no table: {error}. Give all the same length.") from error


def _typed(columns: Columns, schema: Schema) -> Mapping[Any, Any]:
    """The columns of the signature; all as they are when some are missing, which is then told with their names."""
    names = schema.input_names() if schema.has_input_names() else list(columns)
    missing = any(name not in columns for name in schema.required_input_names()) and schema.has_input_names()
    if missing or len(names) < len(schema):
        return columns
    pairs = zip(names, schema, strict=False)
    return {name: typed.column(columns[name], spec.type, name) for name, spec in pairs if name in columns}


def from_values(value: Any, schema: Schema | None) -> Any:
    """What came as `inputs` or `instances`, as the model takes it.

    Raises:
        BadRequest: it makes no table or array.
        InvalidParameterValue: a value cannot be of the signature's type.
    """
    if schema is None:
        return _as_numpy_reads(value)
    if not schema.is_tensor_spec():
        return from_columns(_columns(value, schema), schema)
    if not schema.has_input_names():
        (spec,) = schema
        return typed.array(value, str(spec.type), "The input")
    given = _stacked(value) if _are_rows(value) else value
    if not isinstance(given, dict):
        return given
    return {
        spec.name: typed.array(given[spec.name], str(spec.type), f"The input {spec.name!r}")
        for spec in schema
        if spec.name in given
    }


def _columns(value: Any, schema: Schema) -> Columns:
    if isinstance(value, dict):
        return of_records([value]) if is_row(value, schema) else {name: _listed(one) for name, one in value.items()}
    if _are_rows(value):
        return of_records(value)
    values = _listed(value)
    if len(schema) == 1 and not schema.has_input_names() and _nested(schema):
        return {0: values}
    return of_rows([_listed(one) for one in values], None)


def _nested(schema: Schema) -> bool:
    return any(not isinstance(spec, TensorSpec) and isinstance(spec.type, Array | Map | Object) for spec in schema)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _as_numpy_reads(value: Any) -> Any:
    """Arrays of whatever type fits, in a dictionary for values with names, as MLflow hands them to such models."""
    numpy = require("numpy", extra="pandas")
    if value == []:
        return value
    given = _stacked(value) if _are_rows(value) else value
    try:
        if isinstance(given, dict):
            return {name: numpy.array(items) for name, items in given.items()}
        return numpy.array(given)
    except ValueError as error:
        raise BadRequest(f"The values make no array: {error}. Give lists of equal lengths.") from error


def _stacked(rows: Sequence[Mapping[str, Any]]) -> Columns:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row[name] for row in rows if name in row] for name in names}
