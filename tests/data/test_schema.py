"""Schemas are made as MLflow's users write them, and a wrong one is refused where it is made."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from assay.core.errors import InvalidParameterValue
from assay.data.schema import ColSpec, ModelSignature, ParamSchema, ParamSpec, Schema, TensorSpec
from assay.data.types import AnyType, Array, DataType, Map, Object, Property

TYPED = Schema([ColSpec("double", "x"), ColSpec(DataType.long, "y", required=False)])


def test_types_are_given_by_name_or_as_numpy_has_them():
    assert ColSpec("double", "x") == ColSpec(DataType.double, "x")
    assert TensorSpec(np.dtype("float32"), [-1, 3]) == TensorSpec("float32", (-1, 3)) == TensorSpec(np.float32, (-1, 3))
    assert TensorSpec(np.dtype("U12"), (-1,)).type == "str"
    assert Array("string").dtype is DataType.string
    assert Map("long").value_type is DataType.long
    assert Object([Property("a", "any")]).properties == (Property("a", AnyType()),)
    assert ParamSpec("when", "datetime", "2020-01-02").default == dt.datetime.fromisoformat("2020-01-02")
    nested = Schema([ColSpec(Array(Object([Property("a", Map("double"))])), "rows")])
    signature = ModelSignature(inputs=nested, params=ParamSchema([ParamSpec("n", "float", 1)]))
    assert ModelSignature.from_dict(signature.to_dict()) == signature


def test_a_schema_tells_names_and_types():
    assert TYPED.input_dict()["y"].required is False
    assert TYPED.input_types_dict() == {"x": DataType.double, "y": DataType.long}
    assert (TYPED.required_input_names(), TYPED.optional_input_names()) == (["x"], ["y"])
    assert TYPED.numpy_types() == TYPED.pandas_types() == [np.dtype("float64"), np.dtype("int64")]
    assert Schema([TensorSpec("float32", (-1,))]).numpy_types() == [np.dtype("float32")]
    assert Schema([ColSpec("string")]).pandas_types() == [np.dtype("O")]


def test_types_are_told_in_numpy_and_python():
    assert [one.to_numpy() for one in DataType.all_types()] == [
        np.dtype(name) for name in ("bool", "int32", "int64", "float32", "float64", "str", "bytes", "datetime64[ns]")
    ]
    assert [one.to_python() for one in DataType] == [bool, int, int, float, float, str, bytes, dt.date]
    found = {name: DataType.from_numpy_type(np.dtype(name)) for name in ("int32", "float64", "int8", "uint64", "O")}
    assert found == {"int32": DataType.integer, "float64": DataType.double, "int8": None, "uint64": None, "O": None}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ColSpec("nope"), "'nope'"),
        (lambda: ColSpec("array"), "'array'"),
        (lambda: ColSpec(3), "no type of a signature"),
        (lambda: TensorSpec(np.float32, 3), "shape"),
        (lambda: Schema([ColSpec("double", "x"), ColSpec("double")]), "all of them, or none"),
        (lambda: Schema([TensorSpec("int8", (-1,)), TensorSpec("int8", (-1,))]), "a name for each"),
        (lambda: ParamSpec("n", "integer", "abc"), "'n' takes a value of type integer"),
        (lambda: ParamSpec("n", "long", 1.0), "'n' takes a value of type long"),
        (lambda: ParamSpec("n", "string", ["a"]), "'n' takes"),
        (lambda: ParamSpec("n", "string", "a", (-1,)), "takes a list"),
        (lambda: ParamSpec("n", "datetime", "soon"), "soon"),
        (lambda: ParamSchema([ParamSpec("n", "string", "a")] * 2), r"twice: \['n'\]"),
        (lambda: Object([]), "property"),
        (lambda: Object([Property("a", "long")] * 2), r"twice: \['a'\]"),
        (lambda: Schema([ColSpec("double")]).input_dict(), "no names"),
        (lambda: Schema([ColSpec(Array("double"))]).numpy_types(), "none of single values"),
        (lambda: Schema([TensorSpec("int8", (-1,))]).pandas_types(), "none of single values"),
    ],
)
def test_a_wrong_schema_is_refused(make, said):
    with pytest.raises(InvalidParameterValue, match=said):
        make()
