"""Saves the models that the exchanges are about: `python made_models.py LIBRARY DIRECTORY`, LIBRARY assay or mlflow."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

TYPED = {
    "integer": "integer",
    "long": "long",
    "float": "float",
    "double": "double",
    "string": "string",
    "boolean": "boolean",
    "datetime": "datetime",
    "binary": "binary",
}


def told(model_input):
    """What came: its class, and types, shape and texts of what is in it."""
    import numpy as np
    import pandas as pd

    def facts(value):
        if isinstance(value, pd.DataFrame):
            columns = {str(name): facts(value[name]) for name in value.columns}
            return {"class": "DataFrame", "index": [str(one) for one in value.index], "columns": columns}
        if isinstance(value, pd.Series):
            return {"class": "Series", "dtype": str(value.dtype), "values": [repr(one) for one in value]}
        if isinstance(value, np.ndarray):
            return {"class": "ndarray", "dtype": str(value.dtype), "shape": list(value.shape), "values": repr(value)}
        if isinstance(value, dict):
            return {"class": "dict", "items": {str(name): facts(one) for name, one in value.items()}}
        return {"class": type(value).__name__, "text": repr(value)}

    return facts(model_input)


def with_params(base):
    """A model that tells what came, and the params with their types."""

    class WithParams(base):
        def predict(self, context, model_input, params=None):
            shown = {name: f"{type(value).__name__} {value!r}" for name, value in sorted(params.items())}
            return [told(model_input), shown]

    return WithParams()


def answered(model_input):
    """A prediction of the kind that the input names."""
    import datetime as dt
    import decimal

    import numpy as np
    import pandas as pd

    kinds = {
        "nan": lambda: [1.5, float("nan"), float("inf"), -float("inf")],
        "nan array": lambda: np.array([1.5, np.nan, np.inf]),
        "nan frame": lambda: pd.DataFrame(
            {"a": [1.5, np.nan], "b": ["x", None], "c": [pd.NaT, pd.Timestamp("2026-01-02")]}
        ),
        "ints": lambda: np.array([1, 2], dtype="int32"),
        "floats": lambda: np.array([0.1, 1e30, 1 / 3], dtype="float32"),
        "bools": lambda: np.array([True, False]),
        "matrix": lambda: np.array([[1.0, 2.0], [3.0, 4.0]]),
        "texts": lambda: np.array(["a", "bé"]),
        "objects": lambda: np.array(["a", 1, None, 2.5], dtype=object),
        "bytes": lambda: [b"abc\xff"],
        "bytes array": lambda: np.array([b"abc\xff", b"d"], dtype=object),
        "times": lambda: np.array(["2026-01-02T03:04:05", "NaT"], dtype="datetime64[ns]"),
        "days": lambda: np.array(["2026-01-02"], dtype="datetime64[D]"),
        "timestamps": lambda: [
            pd.Timestamp("2026-01-02 03:04:05.678901"),
            pd.Timestamp("2026-01-02", tz="Europe/Paris"),
        ],
        "datetimes": lambda: [dt.datetime(2026, 1, 2, 3, 4, 5), dt.date(2026, 1, 2)],  # noqa: DTZ001 -- such models there are
        "time of day": lambda: [dt.time(3, 4)],
        "timedelta": lambda: [dt.timedelta(seconds=90)],
        "series": lambda: pd.Series([1, 2], index=["x", "y"], name="s"),
        "nameless series": lambda: pd.Series([1.5, 2.5]),
        "frame": lambda: pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": pd.Categorical(["u", "v"])}),
        "frame of times": lambda: pd.DataFrame({"t": pd.to_datetime(["2026-01-02 03:04:05.678901234"]), "b": [b"ab"]}),
        "frame of lists": lambda: pd.DataFrame({"a": [[1, 2], [3]], "b": [np.array([1.5]), np.array([2.5])]}),
        "frame of integers that lack": lambda: pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}),
        "dict": lambda: {"a": np.array([1.5, 2.5]), "b": [1, None], "c": "text"},
        "dict of frame": lambda: {"a": pd.DataFrame({"x": [1]})},
        "list of dicts": lambda: [{"a": np.float64(1.5), "b": np.int64(3), "c": np.bool_(True)}],
        "list of arrays": lambda: [np.array([1, 2]), np.array([3])],
        "tuple": lambda: (1, "a"),
        "number": lambda: 1.5,
        "numpy number": lambda: np.float32(0.1),
        "text": lambda: "bé",
        "none": lambda: None,
        "set": lambda: {1},
        "decimal": lambda: [decimal.Decimal("1.5")],
        "complex": lambda: np.array([1 + 2j]),
        "object": lambda: [object()],
        "int keys": lambda: {1: 2},
        "fault": lambda: 1 / 0,
        "key fault": lambda: {}["absent"],
        "value fault": lambda: int("x"),
    }
    return kinds[model_input["kind"].iloc[0]]()


def doubled(model_input):
    """Arrays times two."""
    if isinstance(model_input, dict):
        return {name: array * 2 for name, array in model_input.items()}
    return model_input * 2


def shouted(model_input: list[str]) -> list[str]:
    """Texts in capitals."""
    return [one.upper() for one in model_input]


def columns(types, **optional):
    """A signature's inputs."""
    fields = [{"type": kind, "name": name, "required": True} for name, kind in types.items()]
    return json.dumps(fields + [{"type": kind, "name": name, "required": False} for name, kind in optional.items()])


def tensor(dtype, *shape, name=None):
    named = {} if name is None else {"name": name}
    return {**named, "type": "tensor", "tensor-spec": {"dtype": dtype, "shape": list(shape)}}


def param(name, kind, default, shape=None):
    return {"name": name, "type": kind, "default": default, "shape": shape}


NUMBERS = columns({"x": "double"})
MATRIX = json.dumps([tensor("float64", -1, 2)])
NAMED = json.dumps([tensor("float32", -1, 2, name="a"), tensor("int64", -1, name="b")])
PARAMS = json.dumps(
    [
        param("n", "long", 1),
        param("rate", "double", 0.5),
        param("mode", "string", "fast"),
        param("stop", "string", ["."], [-1]),
        param("since", "datetime", "2026-01-02T03:04:05"),
        param("exact", "boolean", False),
    ]
)
NESTED = json.dumps(
    [
        {"type": "array", "items": {"type": "double"}, "name": "list", "required": True},
        {
            "type": "object",
            "properties": {"k": {"type": "long", "required": True}},
            "name": "object",
            "required": True,
        },
    ]
)
MODELS = {
    "told": (told, None, None),
    "answered": (answered, None, None),
    "typed": (told, columns(TYPED, maybe="double"), None),
    "nested": (told, NESTED, None),
    "params": (with_params, NUMBERS, PARAMS),
    "matrix": (doubled, MATRIX, None),
    "arrays": (doubled, NAMED, None),
    "shouted": (shouted, None, None),
}


def iris():
    """A classifier of four columns."""
    generator = np.random.default_rng(0)
    data = pd.DataFrame(generator.normal(size=(60, 4)), columns=["a", "b", "c", "d"])
    return LogisticRegression().fit(data, (data["a"] + data["b"] > 0).astype(int))


if __name__ == "__main__":
    library, directory = sys.argv[1], Path(sys.argv[2])
    pyfunc = importlib.import_module(f"{library}.pyfunc" if library == "mlflow" else "assay.flavors.pyfunc")
    sklearn = importlib.import_module(f"{library}.sklearn" if library == "mlflow" else "assay.flavors.sklearn")
    schema = importlib.import_module("mlflow.models" if library == "mlflow" else "assay.data.schema")
    for model_name, (function, inputs, settings) in MODELS.items():
        given = {"inputs": inputs, "outputs": None, "params": settings}
        signature = schema.ModelSignature.from_dict(given) if inputs else None
        model = function(pyfunc.PythonModel) if function is with_params else function
        pyfunc.save_model(directory / model_name, python_model=model, signature=signature, pip_requirements=[])
    given = {"inputs": columns(dict.fromkeys("abcd", "double")), "outputs": None, "params": None}
    sklearn.save_model(
        iris(),
        directory / "iris",
        signature=schema.ModelSignature.from_dict(given),
        pip_requirements=[],
        serialization_format="cloudpickle",
    )
