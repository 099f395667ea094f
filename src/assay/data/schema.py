"""What goes into a model and what comes out: columns, tensors, params, and the signature that joins them.

Texts are MLflow's: a signature written here is read by MLflow, and the other way round.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


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


@dataclass(frozen=True)
class AnyType:
    """A value of any type; nothing is checked."""

    def to_dict(self) -> dict[str, Any]:
        """The type as it stands in JSON."""
        return {"type": "any"}


@dataclass(frozen=True)
class Array:
    """A list whose items are all of one type."""

    items: ValueType

    def to_dict(self) -> dict[str, Any]:
        """The type as it stands in JSON."""
        return {"type": "array", "items": self.items.to_dict()}


@dataclass(frozen=True)
class Property:
    """One named value of an object."""

    name: str
    dtype: ValueType
    required: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The property as it stands in JSON, under its name."""
        return {self.name: {**self.dtype.to_dict(), "required": self.required}}


@dataclass(frozen=True)
class Object:
    """A dictionary with known keys."""

    properties: tuple[Property, ...]

    def to_dict(self) -> dict[str, Any]:
        """The type as it stands in JSON."""
        properties: dict[str, Any] = {}
        for item in sorted(self.properties, key=lambda one: one.name):
            properties |= item.to_dict()
        return {"type": "object", "properties": properties}


@dataclass(frozen=True)
class Map:
    """A dictionary with free keys, whose values are all of one type."""

    values: ValueType

    def to_dict(self) -> dict[str, Any]:
        """The type as it stands in JSON."""
        return {"type": "map", "values": self.values.to_dict()}


ValueType = DataType | AnyType | Array | Object | Map


def value_type(given: Mapping[str, Any]) -> ValueType:
    """The type behind its JSON form.

    Raises:
        InvalidParameterValue: there is no such type.
    """
    name = str(given.get("type"))
    if name == "any":
        return AnyType()
    if name == "array":
        return Array(value_type(given["items"]))
    if name == "map":
        return Map(value_type(given["values"]))
    if name == "object":
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


@dataclass(frozen=True)
class ColSpec:
    """One column. `required` is False where missing values were seen."""

    type: ValueType
    name: str | int | None = None
    required: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The column as it stands in JSON."""
        named = {} if self.name is None else {"name": self.name}
        return {**self.type.to_dict(), **named, "required": self.required}

    def __repr__(self) -> str:
        kind = self.type.name if isinstance(self.type, DataType) else json.dumps(self.type.to_dict())
        shown = kind if self.name is None else f"{self.name!r}: {kind}"
        return f"{shown} ({'required' if self.required else 'optional'})"


@dataclass(frozen=True)
class TensorSpec:
    """One array: the name of its NumPy type and its shape, with -1 for a length that may vary."""

    type: str
    shape: tuple[int, ...]
    name: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The tensor as it stands in JSON."""
        named = {} if self.name is None else {"name": self.name}
        return {**named, "type": "tensor", "tensor-spec": {"dtype": self.type, "shape": list(self.shape)}}

    def __repr__(self) -> str:
        shown = f"Tensor({self.type!r}, {self.shape!r})"
        return shown if self.name is None else f"{self.name!r}: {shown}"


@dataclass(frozen=True)
class Schema:
    """Columns or tensors, in order."""

    inputs: Sequence[ColSpec | TensorSpec]

    def __iter__(self) -> Iterator[ColSpec | TensorSpec]:
        return iter(self.inputs)

    def __len__(self) -> int:
        return len(self.inputs)

    def __repr__(self) -> str:
        return repr(list(self.inputs))

    def is_tensor_spec(self) -> bool:
        """Whether it describes tensors."""
        return bool(self.inputs) and isinstance(self.inputs[0], TensorSpec)

    def has_input_names(self) -> bool:
        """Whether its parts are named."""
        return bool(self.inputs) and self.inputs[0].name is not None

    def input_names(self) -> list[str | int]:
        """The names, or the positions where there are none."""
        return [position if one.name is None else one.name for position, one in enumerate(self.inputs)]

    def input_types(self) -> list[ValueType | str]:
        """The types, in order."""
        return [one.type for one in self.inputs]

    def required_input_names(self) -> list[str | int]:
        """The names of what must be given."""
        return [
            name
            for name, one in zip(self.input_names(), self.inputs, strict=True)
            if isinstance(one, TensorSpec) or one.required
        ]

    def to_dict(self) -> list[dict[str, Any]]:
        """The parts as they stand in JSON."""
        return [one.to_dict() for one in self.inputs]

    def to_json(self) -> str:
        """The schema as JSON text."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Schema:
        """The schema in a JSON text.

        Raises:
            InvalidParameterValue: a type in it is unknown.
        """
        return cls([_part(given) for given in json.loads(text)])


def _part(given: Mapping[str, Any]) -> ColSpec | TensorSpec:
    if given["type"] == "tensor":
        spec = given["tensor-spec"]
        return TensorSpec(spec["dtype"], tuple(spec["shape"]), given.get("name"))
    return ColSpec(value_type(given), given.get("name"), required=given.get("required", not given.get("optional")))


@dataclass(frozen=True)
class ParamSpec:
    """A setting of a prediction with its default; `shape` is (-1,) for a list."""

    name: str
    dtype: ValueType
    default: Any
    shape: tuple[int, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The param as it stands in JSON."""
        shape = None if self.shape is None else list(self.shape)
        return {"name": self.name, "default": _plain(self.default), "shape": shape, **self.dtype.to_dict()}


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.datetime) else value


@dataclass(frozen=True)
class ParamSchema:
    """The settings that a model's prediction takes."""

    params: Sequence[ParamSpec]

    def __iter__(self) -> Iterator[ParamSpec]:
        return iter(self.params)

    def __repr__(self) -> str:
        return repr(list(self.params))

    def to_dict(self) -> list[dict[str, Any]]:
        """The params as they stand in JSON."""
        return [one.to_dict() for one in self.params]

    def to_json(self) -> str:
        """The params as JSON text."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> ParamSchema:
        """The params in a JSON text.

        Raises:
            InvalidParameterValue: a type in it is unknown.
        """
        return cls(
            [
                ParamSpec(
                    given["name"],
                    value_type(given),
                    given["default"],
                    None if given.get("shape") is None else tuple(given["shape"]),
                )
                for given in json.loads(text)
            ]
        )


@dataclass(frozen=True)
class ModelSignature:
    """Inputs, outputs and params of a model; a part that is not known is None."""

    inputs: Schema | None = None
    outputs: Schema | None = None
    params: ParamSchema | None = field(default=None)

    def to_dict(self) -> dict[str, str | None]:
        """Each part as JSON text, as it stands in an MLmodel file."""
        parts = {"inputs": self.inputs, "outputs": self.outputs, "params": self.params}
        return {name: part.to_json() if part else None for name, part in parts.items()}

    @classmethod
    def from_dict(cls, given: Mapping[str, str | None]) -> ModelSignature:
        """The signature behind the texts of an MLmodel file.

        Raises:
            InvalidParameterValue: a type in it is unknown.
        """
        inputs, outputs, params = (given.get(name) for name in ("inputs", "outputs", "params"))
        return cls(
            inputs=Schema.from_json(inputs) if inputs else None,
            outputs=Schema.from_json(outputs) if outputs else None,
            params=ParamSchema.from_json(params) if params else None,
        )

    def __repr__(self) -> str:
        return f"inputs: \n  {self.inputs!r}\noutputs: \n  {self.outputs!r}\nparams: \n  {self.params!r}\n"
