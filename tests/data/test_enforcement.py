"""What comes to a model is brought into its signature's form, by the rules that MLflow 3.17 was seen to follow."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from assay.core.errors import InvalidParameterValue
from assay.data.enforcement import enforce_input, enforce_values
from assay.data.prediction_params import enforce_params
from assay.data.schema import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from assay.data.types import AnyType, Array, DataType, Map, Object, Property


def columns(**kinds):
    """Named columns; a type that ends in `?` may be missing."""
    return Schema(
        [ColSpec(DataType[kind.rstrip("?")], name, required=not kind.endswith("?")) for name, kind in kinds.items()]
    )


def unnamed(*kinds):
    return Schema([ColSpec(DataType[kind]) for kind in kinds])


TWO = columns(a="double", b="long")


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame({"b": [1], "a": [1.0]}),
        {"a": 1.0, "b": 1},
        {"a": [1.0], "b": [1]},
        {"a": np.array([1.0]), "b": np.array([1])},
        [{"b": 1, "a": 1.0}],
    ],
)
def test_columns_come_in_the_order_of_the_signature(data):
    frame = enforce_input(data, TWO)
    assert [(name, str(frame[name].dtype), frame[name].tolist()) for name in frame] == [
        ("a", "float64", [1.0]),
        ("b", "int64", [1]),
    ]


def test_the_index_stays():
    frame = enforce_input(pd.DataFrame({"a": [1.0, 2.0], "b": [1, 2]}, index=["x", "y"]), TWO)
    assert frame.index.tolist() == ["x", "y"]


def test_further_columns_are_dropped_with_a_warning(caplog):
    assert enforce_input({"a": 1.0, "b": 1, "other": 2}, TWO).columns.tolist() == ["a", "b"]
    assert "['other']" in caplog.text


def test_missing_columns_are_named():
    with pytest.raises(InvalidParameterValue, match=r"\['a'\].*does not know: \['z'\]"):
        enforce_input({"z": 1.0, "b": 1}, TWO)
    assert enforce_input({"a": 1.0}, columns(a="double", b="long?")).columns.tolist() == ["a"]
    for data in (np.array([[1.0, 2.0]]), [1.0], "x", pd.Series([1.0], name="z")):
        with pytest.raises(InvalidParameterValue, match=r"\['a'"):
            enforce_input(data, columns(a="double"))


@pytest.mark.parametrize(
    ("data", "schema", "rows"),
    [
        (np.array([[1.0, 2.0]]), unnamed("double", "double"), [[1.0, 2.0]]),
        (np.array([[1.0, 2.0]]), unnamed("double"), [[1.0]]),
        ([1.0, 2.0], unnamed("double"), [[1.0], [2.0]]),
        ("a", unnamed("string"), [["a"]]),
        (pd.Series([1.0]), unnamed("double"), [[1.0]]),
        ([[1.0], [2.0, 3.0]], Schema([ColSpec(Array(DataType.double))]), [[[1.0]], [[2.0, 3.0]]]),
    ],
)
def test_columns_without_names_go_by_position(data, schema, rows):
    assert enforce_input(data, schema).to_numpy().tolist() == rows


def test_too_few_columns_without_names():
    with pytest.raises(InvalidParameterValue, match="takes 2 columns"):
        enforce_input(np.array([[1.0]]), unnamed("double", "double"))
    with pytest.raises(InvalidParameterValue, match="NoneType"):
        enforce_input(None, TWO)


HAVE = ("int8", "int16", "int32", "int64", "uint8", "uint32", "uint64", "float16", "float32", "float64", "bool")
WIDENS = {
    "boolean": {"bool"},
    "integer": {"int8", "int16", "int32", "uint8"},
    "long": {"int8", "int16", "int32", "int64", "uint8", "uint32"},
    "float": {"float16", "float32"},
    "double": {"int8", "int16", "int32", "uint8", "uint32", "float16", "float32", "float64"},
    "string": set(),
    "datetime": set(),
}


@pytest.mark.parametrize("have", HAVE)
@pytest.mark.parametrize("want", WIDENS)
def test_types_are_widened_only_without_loss(have, want):
    values = pd.Series([True, False] if have == "bool" else [2, 3]).astype(have)
    if have not in WIDENS[want]:
        with pytest.raises(InvalidParameterValue, match=f"'a' is {have}.* {want}"):
            enforce_input(pd.DataFrame({"a": values}), columns(a=want))
        return
    found = enforce_input(pd.DataFrame({"a": values}), columns(a=want))["a"]
    numbers = {"boolean": "bool", "integer": "int32", "long": "int64", "float": "float32", "double": "float64"}
    assert (str(found.dtype), found.tolist()) == (numbers[want], values.tolist())


def test_zeros_and_ones_are_floating_point_too():
    assert str(enforce_input({"a": [0, 1]}, columns(a="double"))["a"].dtype) == "float64"
    assert str(enforce_input({"a": [0, 1]}, columns(a="float"))["a"].dtype) == "float32"
    with pytest.raises(InvalidParameterValue, match="boolean"):
        enforce_input({"a": [0, 1]}, columns(a="boolean"))


def test_missing_whole_numbers_are_explained():
    with pytest.raises(InvalidParameterValue, match="when a value is missing"):
        enforce_input({"a": [1.0, None]}, columns(a="long"))
    nullable = pd.DataFrame({"a": pd.array([1, None], dtype="Int64")})
    assert enforce_input(nullable, columns(a="long?"))["a"].tolist() == [1, pd.NA]


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        ([1, 2], "long", "int64"),
        ([1.5, None], "double", "float64"),
        ([True, None], "boolean", "object"),
        ([dt.date(2020, 1, 1)], "datetime", "datetime64[ns]"),
        (["2020-01-01 10:00"], "datetime", "datetime64[ns]"),
        ([b"x"], "binary", "object"),
        (["x", None], "string", "object"),
    ],
)
def test_columns_of_objects_are_looked_into(values, kind, dtype):
    frame = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    assert str(enforce_input(frame, columns(a=kind))["a"].dtype) == dtype


def test_what_is_no_date_is_refused():
    with pytest.raises(InvalidParameterValue, match="no date"):
        enforce_input({"a": ["soon"]}, columns(a="datetime"))


def test_categories_stay_when_their_values_fit():
    frame = pd.DataFrame({"a": pd.Categorical(["x", "y"])})
    assert enforce_input(frame, columns(a="string"))["a"].dtype.name == "category"
    with pytest.raises(InvalidParameterValue, match="long"):
        enforce_input(frame, columns(a="long"))


LIST = Schema([ColSpec(Array(DataType.double), "a")])
OBJECT = Schema([ColSpec(Object((Property("k", DataType.string), Property("n", DataType.long, required=False))), "a")])


@pytest.mark.parametrize(
    ("data", "schema", "values"),
    [
        ({"a": [1, 2]}, LIST, [[1.0, 2.0]]),
        ({"a": [[1.0, 2.0], [3.0]]}, LIST, [[1.0, 2.0], [3.0]]),
        ({"a": {"k": "x", "n": 2}}, OBJECT, [{"k": "x", "n": 2}]),
        (pd.DataFrame({"a": [{"k": "x"}]}), OBJECT, [{"k": "x"}]),
        (pd.DataFrame({"a": [{"x": 1}]}), Schema([ColSpec(Map(DataType.long), "a")]), [{"x": 1}]),
        ({"a": [object]}, Schema([ColSpec(AnyType(), "a")]), [object]),
    ],
)
def test_values_within_columns(data, schema, values):
    assert enforce_input(data, schema)["a"].tolist() == values


@pytest.mark.parametrize(
    ("data", "schema", "said"),
    [
        (pd.DataFrame({"a": [1.0]}), LIST, "a list"),
        (pd.DataFrame({"a": [["x"]]}), LIST, "double"),
        (pd.DataFrame({"a": [{"k": "x", "z": 1}]}), OBJECT, r"not in the model's signature: \['z'\]"),
        (pd.DataFrame({"a": [{"n": 1}]}), OBJECT, r"missing: \['k'\]"),
        (pd.DataFrame({"a": [{"k": 1}]}), OBJECT, "key 'k'.*string"),
        (pd.DataFrame({"a": [{"x": "s"}]}), Schema([ColSpec(Map(DataType.long), "a")]), "key 'x'.*long"),
        (pd.DataFrame({"a": [[True]]}), LIST, "double"),
    ],
)
def test_values_within_columns_that_do_not_fit(data, schema, said):
    with pytest.raises(InvalidParameterValue, match=said):
        enforce_input(data, schema)


TENSOR = Schema([TensorSpec("float64", (-1, 2))])
NAMED = Schema([TensorSpec("float64", (-1,), "a"), TensorSpec("int64", (-1, 2), "b")])


def test_tensors():
    array = np.array([[1.0, 2.0]])
    assert enforce_input(array, TENSOR) is array
    assert enforce_input(pd.DataFrame({"a": [1.0], "b": [2.0]}), TENSOR).tolist() == [[1.0, 2.0]]
    texts = np.array(["a"])
    assert enforce_input(texts, Schema([TensorSpec("str", (-1,))])) is texts
    parts = {"b": np.array([[1, 2]]), "a": np.array([1.0]), "c": np.array([0])}
    assert list(enforce_input(parts, NAMED)) == ["a", "b"]
    frame = enforce_input(pd.DataFrame({"a": [1.0], "b": [[1, 2]]}), NAMED)
    assert (frame["a"].tolist(), frame["b"].tolist()) == ([1.0], [[1, 2]])


@pytest.mark.parametrize(
    ("data", "schema", "said"),
    [
        (np.array([[1, 2]]), TENSOR, "int64.*float64"),
        (np.array([[1.0, 2.0]], dtype="float32"), TENSOR, "float32"),
        (np.array([[1.0]]), TENSOR, r"\(1, 1\).*\(-1, 2\)"),
        (np.array([1.0, 2.0]), TENSOR, r"\(2,\)"),
        ([[1.0, 2.0]], TENSOR, "list"),
        ({"a": np.array([1.0])}, NAMED, r"\['b'\]"),
        ({"a": [1.0], "b": [[1, 2]]}, NAMED, "'a' is a list"),
        (np.array([1.0]), NAMED, r"\['a', 'b'\]"),
    ],
)
def test_tensors_that_do_not_fit(data, schema, said):
    with pytest.raises(InvalidParameterValue, match=said):
        enforce_input(data, schema)


def test_items_for_a_function_with_type_hints():
    schema = unnamed("string")
    for data in (["a", "b"], np.array(["a", "b"]), pd.Series(["a", "b"]), pd.DataFrame({"x": ["a", "b"]})):
        assert enforce_values(data, schema) == ["a", "b"]
    for data in ("a", ["a", 1]):
        with pytest.raises(InvalidParameterValue):
            enforce_values(data, schema)
    assert enforce_values(pd.DataFrame({"k": ["x"], "n": [1]}), Schema([ColSpec(OBJECT.inputs[0].type)])) == [
        {"k": "x", "n": 1}
    ]


PARAMS = ParamSchema(
    [
        ParamSpec("count", DataType.long, 1),
        ParamSpec("rate", DataType.double, 0.5),
        ParamSpec("rates", DataType.double, [0.5], (-1,)),
        ParamSpec("day", DataType.datetime, dt.datetime.fromisoformat("2020-01-01")),
    ]
)
DEFAULTS = {"count": 1, "rate": 0.5, "rates": [0.5], "day": dt.datetime.fromisoformat("2020-01-01")}


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        (None, {}),
        ({"count": np.int64(3)}, {"count": 3}),
        ({"rate": 2}, {"rate": 2.0}),
        ({"rates": [1, 2.5]}, {"rates": [1.0, 2.5]}),
        ({"rates": np.array([1.5])}, {"rates": [1.5]}),
        ({"day": "2021-02-03"}, {"day": dt.datetime.fromisoformat("2021-02-03")}),
        ({"count": None}, {"count": None}),
    ],
)
def test_params(given, changed):
    assert enforce_params(given, PARAMS) == DEFAULTS | changed


def test_params_that_do_not_fit_are_all_named():
    wrong = {"count": 2.0, "rate": "x", "rates": 3.0, "day": "soon"}
    with pytest.raises(InvalidParameterValue) as caught:
        enforce_params(wrong, PARAMS)
    assert all(repr(name) in str(caught.value) for name in wrong)
    for given in ({"count": True}, {"count": [1]}, [1]):
        with pytest.raises(InvalidParameterValue):
            enforce_params(given, PARAMS)


def test_unknown_params_are_left_out_with_a_warning(caplog):
    assert enforce_params({"other": 1}, PARAMS) == DEFAULTS
    assert "['other']" in caplog.text
    assert enforce_params({"a": 1}, None) == {}
