"""Models under MLflow's names: written, asked and changed as scripts for MLflow do it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature, convert_input_example_to_serving_input, infer_signature
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec

FRAME = pd.DataFrame({"x": [1.0, 2.0]})


class Scaled(mlflow.pyfunc.PythonModel):
    """Multiplies by a param."""

    def predict(self, context, model_input, params=None):
        return (model_input["x"] * params["factor"]).tolist()


@pytest.fixture
def scaled(tmp_path):
    place = tmp_path / "scaled"
    mlflow.pyfunc.save_model(place, python_model=Scaled(), input_example=(FRAME, {"factor": 2}))
    return str(place)


@pytest.mark.parametrize(
    ("example", "body"),
    [
        (FRAME, {"dataframe_split": {"columns": ["x"], "data": [[1.0], [2.0]]}}),
        ((FRAME, {"p": 1}), {"dataframe_split": {"columns": ["x"], "data": [[1.0], [2.0]]}, "params": {"p": 1}}),
        (np.array([[1.0]]), {"inputs": [[1.0]]}),
        ([1, 2], {"inputs": [1, 2]}),
        ({"a": [1]}, {"inputs": {"a": [1]}}),
        ("text", {"inputs": "text"}),
    ],
)
def test_an_example_becomes_a_request(example, body):
    assert json.loads(convert_input_example_to_serving_input(example)) == body
    assert convert_input_example_to_serving_input(None) is None


def test_a_request_is_tried_in_advance(scaled):
    body = mlflow.models.Model.load(scaled).get_serving_input(scaled)
    assert mlflow.models.validate_serving_input(scaled, body) == [2.0, 4.0]
    assert mlflow.models.validate_serving_input(scaled, {**json.loads(body), "params": {"factor": 3}}) == [3.0, 6.0]
    with pytest.raises(MlflowException, match="exactly one of"):
        mlflow.models.validate_serving_input(scaled, {"columns": ["x"]})
    with pytest.raises(MlflowException, match=r"\['x'\]"):
        mlflow.models.validate_serving_input(scaled, {"dataframe_split": {"columns": ["y"], "data": [[1.0]]}})


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (FRAME, "json"),
        (FRAME, "csv"),
        ("x\n1.0\n2.0\n", "csv"),
        ({"inputs": {"x": [1.0, 2.0]}}, "json"),
        ('{"dataframe_records": [{"x": 1.0}, {"x": 2.0}]}', "json"),
    ],
)
def test_predictions_are_written_as_a_server_writes_them(scaled, data, content_type, capsys, tmp_path):
    mlflow.models.predict(scaled, data, content_type=content_type, env_manager="local")
    assert json.loads(capsys.readouterr().out) == {"predictions": [2.0, 4.0]}
    mlflow.models.predict(
        scaled, data, content_type=content_type, env_manager="local", output_path=tmp_path / "answer.json"
    )
    assert json.loads((tmp_path / "answer.json").read_text()) == {"predictions": [2.0, 4.0]}


def test_predictions_for_a_file(scaled, tmp_path):
    FRAME.to_csv(tmp_path / "data.csv", index=False)
    mlflow.models.predict(
        scaled,
        input_path=tmp_path / "data.csv",
        content_type="csv",
        output_path=tmp_path / "answer.json",
        env_manager="local",
    )
    assert json.loads((tmp_path / "answer.json").read_text()) == {"predictions": [2.0, 4.0]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"input_data": FRAME}, "env_manager='local'"),
        ({"input_data": FRAME, "env_manager": "local", "install_mlflow": True}, "No environments"),
        ({"env_manager": "local"}, "exactly one"),
        ({"input_data": FRAME, "env_manager": "local", "content_type": "xml"}, "'xml'"),
        ({"input_data": [1], "env_manager": "local", "content_type": "csv"}, "data frame"),
    ],
)
def test_what_cannot_be_asked_is_refused(scaled, arguments, said):
    with pytest.raises(MlflowException, match=said):
        mlflow.models.predict(scaled, **arguments)


def test_a_written_signature_is_that_of_the_model():
    signature = ModelSignature(
        inputs=Schema([ColSpec("double", "x")]),
        outputs=Schema([TensorSpec(np.dtype(np.float64), (-1,))]),
        params=ParamSchema([ParamSpec("factor", "long", 4)]),
    )
    with mlflow.start_run() as run:
        info = mlflow.pyfunc.log_model(name="scaled", python_model=Scaled(), signature=signature)
    assert mlflow.models.get_model_info(f"runs:/{run.info.run_id}/scaled").signature == signature
    assert mlflow.pyfunc.load_model(info.model_uri).predict(FRAME) == [4.0, 8.0]
    mlflow.models.validate_schema(FRAME, signature.inputs)
    with pytest.raises(MlflowException, match="'x'"):
        mlflow.models.validate_schema(pd.DataFrame({"x": ["a"]}), signature.inputs)
    mlflow.models.set_signature(info.model_uri, infer_signature(FRAME, params={"factor": 1}))
    assert mlflow.pyfunc.load_pyfunc(info.model_uri).predict(FRAME) == [1.0, 2.0]


def test_a_flavor_written_for_mlflow_logs_and_loads(tmp_path, monkeypatch):
    (tmp_path / "flavor_of_mine.py").write_text(
        "from pathlib import Path\n\n"
        "import mlflow\n"
        "from mlflow.models import Model, infer_pip_requirements\n"
        "from mlflow.models.model import MLMODEL_FILE_NAME\n\n"
        "FLAVOR_NAME = 'flavor_of_mine'\n\n"
        "def save_model(path, mlflow_model=None, text='', **kwargs):\n"
        "    path = Path(path)\n    path.mkdir()\n    (path / 'text.txt').write_text(text)\n"
        "    mlflow_model = mlflow_model or Model()\n"
        "    mlflow.pyfunc.add_to_model(mlflow_model, loader_module=__name__, data='text.txt')\n"
        "    mlflow_model.add_flavor(FLAVOR_NAME, version='1')\n"
        "    assert infer_pip_requirements(path, FLAVOR_NAME, fallback=['a==1']) == ['a==1']\n"
        "    mlflow_model.save(path / MLMODEL_FILE_NAME)\n\n"
        "def log_model(name, text):\n"
        "    import flavor_of_mine\n\n"
        "    return Model.log(artifact_path=None, name=name, flavor=flavor_of_mine, text=text)\n\n"
        "class Repeating:\n"
        "    def __init__(self, text):\n        self.text = text\n\n"
        "    def predict(self, data):\n        return [self.text * one for one in data]\n\n"
        "def _load_pyfunc(path):\n    return Repeating(Path(path).read_text())\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import flavor_of_mine

    with mlflow.start_run():
        info = flavor_of_mine.log_model("mine", "ab")
    assert info.flavors["flavor_of_mine"] == {"version": "1"}
    assert mlflow.pyfunc.load_model(info.model_uri).predict([2]) == ["abab"]
    assert Path(mlflow.artifacts.download_artifacts(f"{info.model_uri}/text.txt")).read_text() == "ab"
