"""The body of a request as the input of a model: MLflow's scoring protocol, for a server and for files alike."""

from __future__ import annotations

import json
from email.message import Message
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from assay.core.errors import BadRequest
from assay.core.lazy import require
from assay.data.schema import ColSpec
from assay.data.types import DataType
from assay.serving import tables

if TYPE_CHECKING:
    from assay.data.schema import Schema

JSON = "application/json"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
CONTENT_TYPES = (JSON, CSV, PARQUET)

SPLIT, RECORDS, INSTANCES, INPUTS = FORMATS = ("dataframe_split", "dataframe_records", "instances", "inputs")
_OF_LANGUAGE_MODELS = ("messages", "input", "prompt")
_SPLIT_KEYS = {"columns", "index", "data"}
_TEXTS = (DataType.string, DataType.binary)


class UnsupportedMediaType(BadRequest):
    """The body is of a type that is not read here."""

    status = 415


class Input(NamedTuple):
    """What a request asks a model about: its data, and the params of the prediction as they came."""

    data: Any
    params: Any = None


def media_type(header: str) -> str:
    """The type in a Content-Type header, one of `CONTENT_TYPES`.

    Raises:
        UnsupportedMediaType: it is another, has a charset other than UTF-8, or other parameters.
    """
    if header == JSON:
        return JSON
    parsed = Message()
    parsed["content-type"] = header
    found = parsed.get_content_type() if header else ""
    if found not in CONTENT_TYPES:
        raise UnsupportedMediaType(f"The Content-Type {header[:100]!r} is not read. Send {', '.join(CONTENT_TYPES)}.")
    for name, value in (parsed.get_params() or [])[1:]:
        if name != "charset":
            raise UnsupportedMediaType(
                f"The Content-Type has the parameter {name[:100]!r}; it may only have a charset."
            )
        if str(value).lower() not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(f"The charset {value!r:.100} is not read. Send UTF-8.")
    return found


def read(body: bytes, content_type: str, schema: Schema | None, *, hinted: bool = False) -> Input:
    """What a body says, as a model with this signature takes it.

    JSON is an object with exactly one of `FORMATS`, and `params` where the model takes some; CSV and Parquet are a
    table. Where the signature names types, values are brought into them, if none is changed by that.

    Args:
        body: The bytes.
        content_type: One of `CONTENT_TYPES`.
        schema: The inputs of the model's signature; None when it has none.
        hinted: Whether that comes from a type hint: such a model takes `inputs` only, which are handed on as they are.

    Raises:
        BadRequest: the body is not of that form; says how it should be.
        InvalidParameterValue: a value cannot be of its column's type; names the column.
        ConfigurationError: pandas is not installed, or pyarrow for Parquet.
    """
    if content_type != JSON:
        return Input(_table(body, content_type, None if hinted else schema))
    content = _object(body)
    named = [name for name in FORMATS if name in content]
    if len(named) != 1:
        raise BadRequest(_no_format(content, named))
    (form,) = named
    given = content[form]
    if hinted:
        if form != INPUTS:
            raise BadRequest(f"The model's input is a list with a type hint: send it as {INPUTS!r}, not as {form!r}.")
        return Input(given, content.get("params"))
    return Input(_READERS[form](given, schema), content.get("params"))


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = _decoded(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is no JSON: {error}. It begins {body[:100]!r}.") from error
    if not isinstance(content, dict):
        raise BadRequest(
            f"The body is a JSON {type(content).__name__}. Send an object with exactly one of {', '.join(FORMATS)}."
        )
    return content


def _decoded(body: bytes) -> Any:
    """The value; NaN and Infinity, which Python's clients write although they are no JSON, count as numbers."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return json.loads(body)


def _no_format(content: dict[str, Any], named: list[str]) -> str:
    wanted = f"Send an object with exactly one of {', '.join(FORMATS)}"
    if named:
        return f"The body has {' and '.join(named)}. {wanted}."
    if spoken := [name for name in _OF_LANGUAGE_MODELS if name in content]:
        return f"The body has {spoken[0]!r}, as requests to language models have; those are not served here. {wanted}."
    if set(content) == {"columns", "data"}:
        return f"The body is of MLflow 1. {wanted}: here, put it all under {SPLIT!r}."
    return f"The body has none of the formats that are read; it has {sorted(content)!r:.300}. {wanted}."


def _split(given: Any, schema: Schema | None) -> Any:
    if not isinstance(given, dict) or not {"data"} <= set(given) <= _SPLIT_KEYS:
        found = sorted(given) if isinstance(given, dict) else type(given).__name__
        raise BadRequest(f"{SPLIT} is an object with data, and perhaps columns and index, not {found!r:.300}.")
    rows, names = given["data"], given.get("columns")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequest(f"The data of {SPLIT} is a list of rows, each a list of values.")
    if names is not None and not _are_names(names):
        raise BadRequest(f"The columns of {SPLIT} are a list of names.")
    index = given.get("index")
    quick = tables.from_rows(rows, names, schema) if names and index is None else None
    return tables.from_columns(tables.of_rows(rows, names), schema, index) if quick is None else quick


def _are_names(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(name, str | int | float) for name in given)


def _records(given: Any, schema: Schema | None) -> Any:
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise BadRequest(f"{RECORDS} is a list of objects, each a row with the names of its columns.")
    names = list(given[0]) if given else []
    rows = [list(row.values()) for row in given if list(row) == names]
    quick = tables.from_rows(rows, names, schema) if len(rows) == len(given) else None
    return tables.from_columns(tables.of_records(given), schema) if quick is None else quick


_READERS = {
    SPLIT: _split,
    RECORDS: _records,
    INSTANCES: tables.from_values,
    INPUTS: tables.from_values,
}


def _table(body: bytes, content_type: str, schema: Schema | None) -> Any:
    pandas = require("pandas", extra="pandas")
    try:
        if content_type == CSV:
            frame = pandas.read_csv(BytesIO(body), dtype=_texts(schema), encoding="utf-8")
        else:
            frame = pandas.read_parquet(BytesIO(body), engine=require("pyarrow", extra="parquet").__name__)
    except (ValueError, OSError) as error:
        raise BadRequest(f"The body cannot be read as {content_type}: {str(error).strip()}.") from error
    if schema is None:
        return frame
    return tables.from_columns({name: frame[name].tolist() for name in frame.columns}, schema)


def _texts(schema: Schema | None) -> dict[Any, type]:
    """The columns that a CSV reader must not take for numbers."""
    columns = (spec for spec in schema or () if isinstance(spec, ColSpec))
    return {spec.name: str for spec in columns if spec.name is not None and spec.type in _TEXTS}
