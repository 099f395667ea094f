"""What goes into a model and what comes out: columns, tensors, params, and the signature that joins them.

Texts are MLflow's: a signature written here is read by MLflow, and the other way round.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.lazy import require
from assay.data.types import DataType, ValueType, check_unique, named_type, scalar, value_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True)
class ColSpec:
    """One column, whose type may be given by name. `required` is False where missing values were seen."""

    type: ValueType
    name: str | int | None = None
    required: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", named_type(self.type))

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
    """One array: the name of its NumPy type and its shape, with -1 for a length that may vary.

    The type may be given as NumPy has it; texts and bytes count as one type each, of whatever length.
    """

    type: str
    shape: tuple[int, ...]
    name: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", _array_type(self.type))
        if not isinstance(self.shape, list | tuple):
            raise InvalidParameterValue(f"The shape of an array is a tuple such as (-1, 3), not {self.shape!r}.")
        object.__setattr__(self, "shape", tuple(self.shape))

    @property
    def required(self) -> bool:
        """True: an array must be given."""
        return True

    def to_dict(self) -> dict[str, Any]:
        """The tensor as it stands in JSON."""
        named = {} if self.name is None else {"name": self.name}
        return {**named, "type": "tensor", "tensor-spec": {"dtype": self.type, "shape": list(self.shape)}}

    def __repr__(self) -> str:
        shown = f"Tensor({self.type!r}, {self.shape!r})"
        return shown if self.name is None else f"{self.name!r}: {shown}"


def _array_type(given: Any) -> str:
    dtype = given if isinstance(given, str) else require("numpy", extra="pandas").dtype(given)
    name: str = getattr(dtype, "name", dtype)
    return next((text for text in ("str", "bytes") if name.startswith(text)), name)


@dataclass(frozen=True)
class Schema:
    """Columns or tensors, in order: all of them named, or none.

    Raises:
        InvalidParameterValue: a part has no name beside parts with names, or several tensors have none.
    """

    inputs: Sequence[ColSpec | TensorSpec]

    def __post_init__(self) -> None:
        named = sum(one.name is not None for one in self.inputs)
        if 0 < named < len(self.inputs):
            raise InvalidParameterValue("A schema has named and unnamed parts. Name all of them, or none.")
        if not named and len(self.inputs) > 1 and self.is_tensor_spec():
            raise InvalidParameterValue("A schema of several arrays needs a name for each.")

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
        return [name for name, one in zip(self.input_names(), self.inputs, strict=True) if one.required]

    def optional_input_names(self) -> list[str | int]:
        """The names of what may be left out."""
        return [name for name, one in zip(self.input_names(), self.inputs, strict=True) if not one.required]

    def input_dict(self) -> dict[str | int, ColSpec | TensorSpec]:
        """The parts by name.

        Raises:
            InvalidParameterValue: they have none.
        """
        if not self.has_input_names():
            raise InvalidParameterValue("The parts of the schema have no names. Read them in order, from inputs.")
        return dict(zip(self.input_names(), self.inputs, strict=True))

    def input_types_dict(self) -> dict[str | int, ValueType | str]:
        """The types by name.

        Raises:
            InvalidParameterValue: the parts have no names.
        """
        return {name: one.type for name, one in self.input_dict().items()}

    def numpy_types(self) -> list[Any]:
        """The types as NumPy has them.

        Raises:
            InvalidParameterValue: NumPy has none for a list or a dictionary.
        """
        if self.is_tensor_spec():
            numpy = require("numpy", extra="pandas")
            return [numpy.dtype(one.type) for one in self.inputs]
        return [kind.to_numpy() for kind in self._single()]

    def pandas_types(self) -> list[Any]:
        """The types of the columns of a data frame.

        Raises:
            InvalidParameterValue: it describes arrays, lists or dictionaries.
        """
        return [kind.to_pandas() for kind in self._single()]

    def _single(self) -> list[DataType]:
        kinds = [one.type for one in self.inputs]
        others = [kind for kind in kinds if not isinstance(kind, DataType)]
        if others:
            raise InvalidParameterValue(f"The schema has types that are none of single values: {others!r:.200}.")
        return [kind for kind in kinds if isinstance(kind, DataType)]

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
    """A setting of a prediction with its default; `shape` is (-1,) for a list. The type may be given by name.

    Raises:
        InvalidParameterValue: the default is of another type or shape.
    """

    name: str
    dtype: ValueType
    default: Any
    shape: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "dtype", named_type(self.dtype))
        object.__setattr__(self, "shape", None if self.shape is None else tuple(self.shape))
        try:
            object.__setattr__(self, "default", self.converted(self.default))
        except ValueError as error:
            raise InvalidParameterValue(f"The param {self.name!r} {error}. Give it a default that fits.") from error

    def converted(self, value: Any) -> Any:
        """A value of this param, brought into its type; None stays as it is.

        Raises:
            ValueError: it does not fit; says why.
        """
        if value is None or not isinstance(self.dtype, DataType):
            return value
        if hasattr(value, "tolist"):
            value = value.tolist()
        if self.shape is None:
            return scalar(value, self.dtype)
        if not isinstance(value, list | tuple):
            raise ValueError(f"takes a list, and {value!r:.100} is none")  # noqa: TRY004 -- joined with the others
        return [scalar(item, self.dtype) for item in value]

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
    """The settings that a model's prediction takes.

    Raises:
        InvalidParameterValue: one is there twice.
    """

    params: Sequence[ParamSpec]

    def __post_init__(self) -> None:
        check_unique((one.name for one in self.params), what="params of a prediction")

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
