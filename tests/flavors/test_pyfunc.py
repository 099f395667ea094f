"""Models as functions: your own, scripts, and those of libraries, behind one `predict` that checks its input."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import assay
from assay.core.errors import (
    ConfigurationError,
    DataLoss,
    InvalidParameterValue,
    NotSupported,
    ResourceDoesNotExist,
)
from assay.data.signature import infer_signature
from assay.flavors import pyfunc, sklearn
from assay.flavors.mlmodel import Model

LOCK = threading.Lock()


class Scaled(pyfunc.PythonModel):
    """Multiplies by what an artifact holds, and adds a setting and a param."""

    def load_context(self, context):
        self.factor = json.loads(Path(context.artifacts["factor"]).read_text())

    def predict(self, context, model_input, params=None):
        return model_input["x"] * self.factor + context.model_config["bias"] + (params or {}).get("more", 0)


class Shouting(pyfunc.PythonModel):
    """Has type hints and no context."""

    def predict(self, model_input: list[str]) -> list[str]:
        return [one.upper() for one in model_input]

    def predict_stream(self, model_input: list[str]):
        yield from model_input


@pytest.fixture
def scaled():
    Path("factor.json").write_text("10")
    example = (pd.DataFrame({"x": [1.0]}), {"more": 0.5})
    pyfunc.save_model(
        "scaled",
        python_model=Scaled(),
        artifacts={"factor": "factor.json"},
        model_config={"bias": 1},
        input_example=example,
    )
    return "scaled"


def test_a_class_comes_back_with_artifacts_settings_and_params(scaled):
    Path("factor.json").unlink()
    model = pyfunc.load_model(scaled)
    assert model.predict({"x": [1.0, 2.0]}).tolist() == [11.5, 21.5]
    assert model.predict({"x": [1.0]}, params={"more": 4}).tolist() == [15.0]
    assert pyfunc.load_model(scaled, model_config={"bias": 2}).predict({"x": [1.0]}).tolist() == [12.5]
    assert model.unwrap_python_model().factor == 10
    assert model.model_config == {"bias": 1}
    assert model.metadata.get_input_schema().input_names() == ["x"]
    fields = Model.load(scaled).flavor("python_function")
    assert fields["artifacts"] == {"factor": {"path": "artifacts/factor.json", "uri": "factor.json"}}
    assert (fields["loader_module"], fields["python_model"]) == ("mlflow.pyfunc.model", "python_model.pkl")


def test_the_signature_is_enforced(scaled, caplog):
    model = pyfunc.load_model(scaled)
    with pytest.raises(InvalidParameterValue, match=r"\['x'\]"):
        model.predict({"y": [1.0]})
    with pytest.raises(InvalidParameterValue, match="int64"):
        model.predict({"x": [1, 2]})
    with pytest.raises(InvalidParameterValue, match="more"):
        model.predict({"x": [1.0]}, params={"more": "much"})
    assert model.predict({"x": [1.0], "other": ["a"]}, params={"unknown": 1}).tolist() == [11.5]
    assert "['other']" in caplog.text
    assert "['unknown']" in caplog.text


def test_type_hints_are_the_signature():
    pyfunc.save_model("shouting", python_model=Shouting())
    content = Model.load("shouting")
    assert content.is_signature_from_type_hint
    assert content.signature.to_dict()["inputs"] == '[{"type": "string", "required": true}]'
    model = pyfunc.load_model("shouting")
    for data in (["a", "b"], pd.DataFrame({"any": ["a", "b"]}), np.array(["a", "b"])):
        assert model.predict(data) == ["A", "B"]
    assert list(model.predict_stream(["a"])) == ["a"]
    assert content.flavor("python_function")["streamable"] is True
    with pytest.raises(InvalidParameterValue, match="item 0"):
        model.predict([1])


def test_a_function_is_a_model():
    def doubled(model_input):
        return model_input * 2

    pyfunc.save_model("doubled", python_model=doubled, input_example=np.array([[1.0]]))
    model = pyfunc.load_model("doubled")
    assert model.predict(np.array([[4.0]])).tolist() == [[8.0]]
    with pytest.raises(NotSupported, match="predict_stream"):
        model.predict_stream(np.array([[4.0]]))
    pyfunc.save_model("unsigned", python_model=doubled, input_example=np.array([[1.0]]), signature=False)
    assert Model.load("unsigned").signature is None
    signature = infer_signature(pd.DataFrame({"a": [1]}))
    pyfunc.save_model("signed", python_model=doubled, signature=signature)
    assert Model.load("signed").signature == signature


def test_pydantic_models_are_built_from_what_comes():
    pydantic = pytest.importorskip("pydantic")

    class Message(pydantic.BaseModel):
        text: str
        size: int | None = None

    def lengths(model_input):
        return [len(one.text) for one in model_input]

    lengths.__annotations__ = {"model_input": list[Message]}
    pyfunc.save_model("lengths", python_model=lengths)
    model = pyfunc.load_model("lengths")
    assert model.predict([{"text": "abc"}, {"text": "", "size": 1}]) == [3, 0]
    with pytest.raises(InvalidParameterValue, match=r"missing: \['text'\]"):
        model.predict([{"size": 1}])


def test_a_module_of_your_own_loads_its_data(monkeypatch):
    Path("own_loader_for_test.py").write_text(
        "from pathlib import Path\n\n"
        "class Fixed:\n"
        "    def __init__(self, text):\n        self.text = text\n"
        "    def predict(self, data):\n        return [self.text] * len(data)\n\n"
        "def _load_pyfunc(path):\n    return Fixed(Path(path).read_text())\n"
    )
    Path("text.txt").write_text("hello")
    monkeypatch.setattr(sys, "path", [*sys.path, str(Path.cwd())])
    pyfunc.save_model(
        "fixed", loader_module="own_loader_for_test", data_path="text.txt", code_paths=["own_loader_for_test.py"]
    )
    assert pyfunc.load_model("fixed").predict([1, 2]) == ["hello", "hello"]


def test_models_of_libraries_predict(model, frame):
    sklearn.save_model(model, "saved", input_example=frame, pyfunc_predict_fn="predict_proba")
    loaded = pyfunc.load_model("saved")
    shuffled = frame[["count", "depth"]]
    assert loaded.predict(shuffled).tolist() == model.predict_proba(frame).tolist()
    assert type(loaded.get_raw_model()) is type(model)
    with pytest.raises(InvalidParameterValue, match="get_raw_model"):
        loaded.unwrap_python_model()
    with pytest.raises(InvalidParameterValue, match=r"\['count'\]"):
        loaded.predict(frame[["depth"]])


def test_a_logged_model_is_loaded_by_every_name(frame):
    def total(model_input):
        return model_input.sum(axis=1)

    with assay.start_run() as run:
        info = pyfunc.log_model(name="total", python_model=total, input_example=frame, registered_model_name="sums")
    assay.Client().set_registered_model_alias("sums", "champion", "1")
    for uri in (
        info.model_uri,
        f"runs:/{run.info.run_id}/total",
        "models:/sums/1",
        "models:/sums@champion",
        "models:/sums/latest",
    ):
        loaded = assay.pyfunc.load_model(uri)
        assert loaded.predict(frame).tolist() == total(frame).tolist()
        assert loaded.model_id == info.model_id
    with pytest.raises(ResourceDoesNotExist, match="'nobody'"):
        assay.pyfunc.load_model("models:/nobody/1")


def test_a_class_of_a_script_is_loaded_elsewhere():
    Path("train.py").write_text(
        "import assay\n\n"
        "class Half(assay.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input):\n        return [one / 2 for one in model_input]\n\n"
        "assay.pyfunc.save_model('half', python_model=Half())\n"
    )
    subprocess.run([sys.executable, "train.py"], check=True)
    assert pyfunc.load_model("half").predict([4]) == [2.0]


def test_code_of_others_runs_only_where_that_is_allowed(monkeypatch, scaled):
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        pyfunc.load_model(scaled)


def test_a_file_that_changed_is_not_loaded(scaled):
    Path("scaled/python_model.pkl").write_bytes(pickle.dumps(LinearRegression()))
    with pytest.raises(DataLoss, match=r"python_model\.pkl"):
        pyfunc.load_model(scaled)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "exactly one"),
        ({"python_model": len, "loader_module": "x"}, "exactly one"),
        ({"python_model": 3}, "python_model must be"),
        ({"python_model": Scaled}, "python_model must be"),
        ({"python_model": "nowhere.py"}, r"nowhere\.py"),
        ({"python_model": lambda: 1}, "no input"),
        ({"python_model": lambda x: x, "signature": True}, "signature=True"),
        ({"python_model": lambda x: LOCK}, "cannot be saved"),
    ],
)
def test_what_cannot_be_saved_says_why(arguments, said):
    with pytest.raises(InvalidParameterValue, match=said):
        pyfunc.save_model("saved", **arguments)
    assert not Path("saved").exists()


def test_a_library_that_is_not_known_is_named(scaled):
    text = Path("scaled/MLmodel").read_text()
    Path("scaled/MLmodel").write_text(text.replace("mlflow.pyfunc.model", "mlflow.fastai"))
    with pytest.raises(NotSupported, match=r"mlflow\.fastai"):
        pyfunc.load_model(scaled)
