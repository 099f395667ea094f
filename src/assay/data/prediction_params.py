"""The params of a prediction, brought into the form that a model's signature asks for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.log import logger
from assay.data.schema import DataType, ParamSchema, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logger("data")

_ACCEPTED: dict[DataType, tuple[type, ...]] = {
    DataType.boolean: (bool,),
    DataType.integer: (int,),
    DataType.long: (int,),
    DataType.float: (int, float),
    DataType.double: (int, float),
    DataType.string: (str,),
    DataType.binary: (bytes, bytearray),
    DataType.datetime: (dt.date, str),
}


def enforce_params(params: Mapping[str, Any] | None, schema: ParamSchema | None) -> dict[str, Any]:
    """All params of the schema: those that are given, and defaults for the others.

    Params that the schema does not know are left out with a warning in the log, all of them where there is no schema.

    Raises:
        InvalidParameterValue: a param is of a type or shape that cannot be brought into its own; names every one.
    """
    if params is not None and not isinstance(params, dict):
        raise InvalidParameterValue(f"The params of a prediction are a dictionary, not a {type(params).__name__}.")
    given = {str(name): value for name, value in (params or {}).items()}
    specs = {spec.name: spec for spec in schema or ()}
    if unknown := sorted(set(given) - set(specs)):
        known = ", ".join(specs) or "none"
        _log.warning("The model's signature has no params %s; they are left out. It has: %s", unknown, known)
    found, faults = {}, []
    for name, spec in specs.items():
        try:
            found[name] = _converted(given[name], spec) if name in given else spec.default
        except ValueError as error:
            faults.append(f"{name!r} {error}")
    if faults:
        raise InvalidParameterValue(f"Params of the prediction do not fit the model's signature: {'; '.join(faults)}.")
    return found


def _converted(value: Any, spec: ParamSpec) -> Any:
    """The value of a param.

    Raises:
        ValueError: it does not fit; says why.
    """
    if value is None or not isinstance(spec.dtype, DataType):
        return value
    if hasattr(value, "tolist"):
        value = value.tolist()
    if spec.shape is None:
        return _scalar(value, spec.dtype)
    if not isinstance(value, list | tuple):
        raise ValueError(f"takes a list, and {value!r:.100} is none")  # noqa: TRY004 -- joined with the others
    return [_scalar(item, spec.dtype) for item in value]


def _scalar(value: Any, kind: DataType) -> Any:
    plain: Any = value
    is_truth = isinstance(value, bool) and kind is not DataType.boolean
    if is_truth or not isinstance(value, _ACCEPTED[kind]):
        raise ValueError(f"takes a value of type {kind.name}, and {value!r:.100} is a {type(value).__name__}")
    if kind in (DataType.float, DataType.double):
        return float(plain)
    if kind is DataType.datetime and isinstance(value, str):
        return dt.datetime.fromisoformat(value)
    return value
