"""The signature that the type hints of a prediction function say: `list[...]` of what one example is."""

from __future__ import annotations

import datetime as dt
import types
import typing
from typing import TYPE_CHECKING, Any

from assay.data.schema import ColSpec, ModelSignature, Schema
from assay.data.types import AnyType, Array, DataType, Map, Object, Property, ValueType

if TYPE_CHECKING:
    from collections.abc import Callable

_SCALARS = {
    str: DataType.string,
    int: DataType.long,
    float: DataType.double,
    bool: DataType.boolean,
    bytes: DataType.binary,
    dt.datetime: DataType.datetime,
}


def signature_of(function: Callable[..., Any], parameter: str) -> ModelSignature | None:
    """The signature in the hint of a function's `parameter`, and of what it returns; None without such a hint.

    An example is a `str`, `int`, `float`, `bool`, `bytes` or `datetime`, a `list` or `dict` (with texts as keys) of
    such, `Any`, or a pydantic model. Other hints, of data frames for one, say nothing of the values and count as none.
    """
    try:
        hints = typing.get_type_hints(function)
    except (NameError, TypeError):  # names that are defined elsewhere, as in `if TYPE_CHECKING:`
        return None
    inputs = _schema(hints.get(parameter))
    return None if inputs is None else ModelSignature(inputs, _schema(hints.get("return")))


def _schema(hint: Any) -> Schema | None:
    found = _type(hint)
    return Schema([ColSpec(found.dtype)]) if isinstance(found, Array) else None


def _type(hint: Any) -> ValueType | None:
    """The type that a hint names, None where it names none that a signature has."""
    if hint is Any or typing.get_origin(hint) in (typing.Union, types.UnionType):
        return AnyType()
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is list:
        items = _type(arguments[0])
        return None if items is None else Array(items)
    if origin is dict and arguments[0] is str:
        values = _type(arguments[1])
        return None if values is None else Map(values)
    return _object(hint) if isinstance(hint, type) and hasattr(hint, "model_fields") else None


def _object(model: Any) -> Object | None:
    """The fields of a pydantic model; those that may be None are optional."""
    properties = []
    for name, field in model.model_fields.items():
        arguments = typing.get_args(field.annotation)
        optional = type(None) in arguments
        others = [one for one in arguments if one is not type(None)]
        found = _type(others[0] if optional and len(others) == 1 else field.annotation)
        if found is None:
            return None
        properties.append(Property(name, found, required=not optional))
    return Object(tuple(properties)) if properties else None


def item_class(function: Callable[..., Any], parameter: str) -> Any:
    """The pydantic model that the hint of a parameter is a list of; None for other hints."""
    try:
        hint = typing.get_type_hints(function).get(parameter)
    except (NameError, TypeError):
        return None
    arguments = typing.get_args(hint)
    return arguments[0] if len(arguments) == 1 and hasattr(arguments[0], "model_validate") else None
