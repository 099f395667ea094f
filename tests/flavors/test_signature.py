"""Signatures are those that MLflow 3.17.2 infers; the expected texts were recorded from it."""

from __future__ import annotations

import datetime as dt
import json
import logging

import numpy as np
import pandas as pd
import pytest

from assay.core.errors import InvalidParameterValue
from assay.data.schema import ModelSignature, Schema
from assay.data.signature import infer_signature
from assay.data.types import DataType


def column(kind, name=None, *, required=True):
    return {"type": kind, **({} if name is None else {"name": name}), "required": required}


def tensor(dtype, *shape, name=None):
    return {
        "type": "tensor",
        "tensor-spec": {"dtype": dtype, "shape": list(shape)},
        **({} if name is None else {"name": name}),
    }


FRAME = pd.DataFrame(
    {
        "i": [1, 2],
        "f": [1.0, np.nan],
        "s": ["a", "b"],
        "b": [True, False],
        "d": pd.to_datetime(["2020-01-01", "2021-01-01"]),
        "y": [b"a", b"b"],
        "f32": np.array([1, 2], dtype="float32"),
        "i8": np.array([1, 2], dtype="int8"),
        "i32": np.array([1, 2], dtype="int32"),
        "u32": np.array([1, 2], dtype="uint32"),
        "o": pd.Series(["a", None], dtype=object),
    }
)
EXTENDED = pd.DataFrame(
    {
        "c": pd.Categorical(["a", "b"]),
        "I": pd.array([1, None], dtype="Int64"),
        "B": pd.array([True, None], dtype="boolean"),
        "st": pd.array(["a", None], dtype="string"),
    }
)
NESTED = pd.DataFrame({"l": [[1, 2], [3]], "d": [{"a": 1}, {"a": 2}]})
ARRAY_OF_LONG = {"type": "array", "items": {"type": "long"}}
OBJECT = {"type": "object", "properties": {"a": {"type": "long", "required": True}}}

CASES = {
    "frame": (
        FRAME,
        [
            column("long", "i"),
            column("double", "f", required=False),
            column("string", "s"),
            column("boolean", "b"),
            column("datetime", "d"),
            column("binary", "y"),
            column("float", "f32"),
            column("integer", "i8"),
            column("integer", "i32"),
            column("long", "u32"),
            column("string", "o", required=False),
        ],
    ),
    "extension types": (
        EXTENDED,
        [
            column("string", "c"),
            column("long", "I", required=False),
            column("boolean", "B", required=False),
            column("string", "st", required=False),
        ],
    ),
    "nested cells": (
        NESTED,
        [{**ARRAY_OF_LONG, "name": "l", "required": True}, {**OBJECT, "name": "d", "required": True}],
    ),
    "numbered columns": (pd.DataFrame(np.zeros((2, 2))), [column("double", 0), column("double", 1)]),
    "half precision": (pd.DataFrame({"c": np.array([1], dtype="float16")}), [column("float", "c")]),
    "nothing but None": (pd.DataFrame({"c": [None, None]}), [column("any", "c", required=False)]),
    "series": (pd.Series([1.0, 2.0], name="q"), [column("double", "q")]),
    "unnamed series": (pd.Series([1, 2]), [column("long")]),
    "array": (np.zeros((3, 4)), [tensor("float64", -1, 4)]),
    "empty array": (np.zeros((0, 2)), [tensor("float64", -1, 2)]),
    "array of texts": (np.array(["a", "b"]), [tensor("str", -1)]),
    "named arrays": (
        {"a": np.zeros((2, 3)), "b": np.zeros(2)},
        [tensor("float64", -1, 3, name="a"), tensor("float64", -1, name="b")],
    ),
    "dictionary": (
        {"a": 1, "b": "x", "c": [1.0, 2.0], "d": {"a": 1}},
        [
            column("long", "a"),
            column("string", "b"),
            {"type": "array", "items": {"type": "double"}, "name": "c", "required": True},
            {**OBJECT, "name": "d", "required": True},
        ],
    ),
    "list": (["a", "b"], [column("string")]),
    "list of lists": ([[1, 2], [3]], [{**ARRAY_OF_LONG, "required": True}]),
    "list of dictionaries": (
        [{"a": 1}, {"a": 2, "b": "x"}],
        [column("long", "a"), column("string", "b", required=False)],
    ),
    "text": ("x", [column("string")]),
    "number": (1.5, [column("double")]),
    "bytes": (b"x", [column("binary")]),
    "time": (dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc), [column("datetime")]),
    "NumPy scalar": (np.float64(2.0), [column("double")]),
}


@pytest.mark.parametrize(("example", "expected"), CASES.values(), ids=CASES)
def test_inferred_schema(example, expected):
    found = infer_signature(example).to_dict()["inputs"]
    assert json.loads(found) == expected


@pytest.mark.parametrize(
    "example", [pd.DataFrame({"c": np.array([1], dtype="uint64")}), pd.DataFrame({"c": ["a", 1]}), [object()]]
)
def test_what_fits_no_schema_is_of_any_type_and_says_so(example, caplog):
    with caplog.at_level(logging.WARNING, logger="assay"):
        found = infer_signature(example)
    assert json.loads(found.to_dict()["inputs"]) == [column("any")]
    assert "any type" in caplog.text


def test_params():
    found = infer_signature("x", params={"t": 0.5, "k": 3, "s": "a", "l": [1, 2], "b": True}).to_dict()["params"]
    assert json.loads(found) == [
        {"name": "t", "default": 0.5, "shape": None, "type": "double"},
        {"name": "k", "default": 3, "shape": None, "type": "long"},
        {"name": "s", "default": "a", "shape": None, "type": "string"},
        {"name": "l", "default": [1, 2], "shape": [-1], "type": "long"},
        {"name": "b", "default": True, "shape": None, "type": "boolean"},
    ]
    with pytest.raises(InvalidParameterValue, match="'nested'"):
        infer_signature("x", params={"nested": {"a": 1}})


@pytest.mark.parametrize("example", [case[0] for case in CASES.values()], ids=CASES)
def test_a_signature_comes_back_from_its_text(example):
    signature = infer_signature(example, np.zeros(3), {"k": 1})
    again = ModelSignature.from_dict(signature.to_dict())
    assert again.to_dict() == signature.to_dict()


def test_a_signature_needs_an_example():
    with pytest.raises(InvalidParameterValue, match="example"):
        infer_signature()


def test_schema_tells_names_and_types():
    schema = infer_signature(pd.DataFrame({"a": [1.0], "b": [np.nan]})).inputs
    assert schema.input_names() == ["a", "b"]
    assert schema.required_input_names() == ["a"]
    assert schema.input_types() == [DataType.double, DataType.double]
    assert not schema.is_tensor_spec()
    assert infer_signature(np.zeros(2)).inputs.is_tensor_spec()
    with pytest.raises(InvalidParameterValue, match="quaternion"):
        Schema.from_json('[{"type": "quaternion"}]')
