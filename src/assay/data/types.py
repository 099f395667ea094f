"""The types of values in a model's data: single values, lists, dictionaries with known or with free keys."""

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class DataType(enum.Enum):
    """The type of one value; numbers are MLflow's."""

    boolean = 1
    integer = 2
    long = 3
    float = 4
    double = 5
    string = 6
    binary = 7
    datetime = 8

    def __repr__(self) -> str:
        return self.name

    def to_dict(self) -> dict[str, Any]:
        """The type as it stands in JSON."""
        return {"type": self.name}

    def to_numpy(self) -> Any:
        """The NumPy type that holds such values."""
        return require("numpy", extra="pandas").dtype(_NUMPY[self])

    def to_pandas(self) -> Any:
        """The type of a column of a data frame: as NumPy has it, and `object` for texts and bytes."""
        if self in (DataType.string, DataType.binary):
            return require("numpy", extra="pandas").dtype("O")
        return self.to_numpy()

    def to_python(self) -> type:
        """The class of a plain value."""
        return ACCEPTED[self][0]

    @classmethod
    def from_numpy_type(cls, dtype: Any) -> DataType | None:
        """The type whose values this NumPy type holds exactly, if there is one."""
        numpy = require("numpy", extra="pandas")
        wanted = numpy.dtype(dtype)
        return next((one for one, name in _NUMPY.items() if numpy.dtype(name) == wanted), None)

    @classmethod
    def all_types(cls) -> list[DataType]:
        """Every type there is."""
        return list(cls)


ACCEPTED: dict[DataType, tuple[type, ...]] = {
    DataType.boolean: (bool,),
    DataType.integer: (int,),
    DataType.long: (int,),
    DataType.float: (float, int),
    DataType.double: (float, int),
    DataType.string: (str,),
    DataType.binary: (bytes, bytearray),
    DataType.datetime: (dt.date, str),
}
"""The classes of plain values that a type takes; that of its own comes first."""

_NUMPY = {
    DataType.boolean: "bool",
    DataType.integer: "int32",
    DataType.long: "int64",
    DataType.float: "float32",
    DataType.double: "float64",
    DataType.string: "str",
    DataType.binary: "bytes",
    DataType.datetime: "datetime64[ns]",
}


def scalar(value: Any, kind: DataType) -> Any:
    """One plain value as one of this type.

    Raises:
        ValueError: it is not, and does not become one without a loss.
    """
    plain: Any = value
    is_truth = isinstance(value, bool) and kind is not DataType.boolean
    if is_truth or not isinstance(value, ACCEPTED[kind]):
        raise ValueError(f"takes a value of type {kind.name}, and {value!r:.100} is a {type(value).__name__}")
    if kind in (DataType.float, DataType.double):
        return float(plain)
    if kind is DataType.datetime and isinstance(value, str):
        return dt.datetime.fromisoformat(value)
    return value


@dataclass(frozen=True)
class AnyType:
    """A value of any type; nothing is checked."""

    def to_dict(self) -> dict[str, Any]:
        """The type as it stands in JSON."""
        return {"type": "any"}


@dataclass(frozen=True)
class Array:
    """A list whose items are all of one type, which may be given by name."""

    dtype: ValueType

    def __post_init__(self) -> None:
        object.__setattr__(self, "dtype", named_type(self.dtype))

    def to_dict(self) -> dict[str, Any]:
        """The type as it stands in JSON."""
        return {"type": "array", "items": self.dtype.to_dict()}


@dataclass(frozen=True)
class Property:
    """One named value of an object; its type may be given by name."""

    name: str
    dtype: ValueType
    required: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "dtype", named_type(self.dtype))

    def to_dict(self) -> dict[str, Any]:
        """The property as it stands in JSON, under its name."""
        return {self.name: {**self.dtype.to_dict(), "required": self.required}}


@dataclass(frozen=True)
class Object:
    """A dictionary with known keys.

    Raises:
        InvalidParameterValue: there is none, or one twice.
    """

    properties: tuple[Property, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "properties", tuple(self.properties))
        if not self.properties:
            raise InvalidParameterValue("An object needs a property. Use Map for a dictionary with free keys.")
        check_unique((item.name for item in self.properties), what="properties of an object")

    def to_dict(self) -> dict[str, Any]:
        """The type as it stands in JSON."""
        properties: dict[str, Any] = {}
        for item in sorted(self.properties, key=lambda one: one.name):
            properties |= item.to_dict()
        return {"type": "object", "properties": properties}


@dataclass(frozen=True)
class Map:
    """A dictionary with free keys, whose values are all of one type, which may be given by name."""

    value_type: ValueType

    def __post_init__(self) -> None:
        object.__setattr__(self, "value_type", named_type(self.value_type))

    def to_dict(self) -> dict[str, Any]:
        """The type as it stands in JSON."""
        return {"type": "map", "values": self.value_type.to_dict()}


ValueType = DataType | AnyType | Array | Object | Map


def named_type(given: Any) -> ValueType:
    """A type, given as itself or by name.

    Raises:
        InvalidParameterValue: there is no such type.
    """
    if isinstance(given, str):
        return value_type({"type": given})
    if not isinstance(given, ValueType):
        raise InvalidParameterValue(
            f"{given!r:.100} is no type of a signature. Give a DataType, its name ({', '.join(DataType.__members__)}), "
            "an Array, Object, Map or AnyType."
        )
    return given


def value_type(given: Mapping[str, Any]) -> ValueType:
    """The type behind its JSON form.

    Raises:
        InvalidParameterValue: there is no such type.
    """
    name = str(given.get("type"))
    if name == "any":
        return AnyType()
    if name == "array" and "items" in given:
        return Array(value_type(given["items"]))
    if name == "map" and "values" in given:
        return Map(value_type(given["values"]))
    if name == "object" and "properties" in given:
        return Object(
            tuple(
                Property(key, value_type(one), required=one.get("required", True))
                for key, one in given["properties"].items()
            )
        )
    if name not in DataType.__members__:
        raise InvalidParameterValue(
            f"Unknown type {name!r} in a model's signature. Known: {', '.join(DataType.__members__)}."
        )
    return DataType[name]


def check_unique(names: Iterable[Any], *, what: str) -> None:
    """Refuse names that are given twice.

    Raises:
        InvalidParameterValue: one is; says which.
    """
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise InvalidParameterValue(f"The {what} have names that stand twice: {twice}. Give each its own.")
