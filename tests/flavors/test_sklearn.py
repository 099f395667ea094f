"""scikit-learn models are saved as MLflow saves them, and come back."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from sklearn.cluster import DBSCAN
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import FunctionTransformer

import assay
from assay.core.errors import (
    ConfigurationError,
    DataLoss,
    InvalidParameterValue,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
)
from assay.data.signature import infer_signature
from assay.flavors import pyfunc, sklearn
from assay.flavors.mlmodel import Model

FILES = {"MLmodel", "conda.yaml", "model.pkl", "python_env.yaml", "requirements.txt"}
WRITTEN_BY_MLFLOW = """\
artifact_path: mlflow-artifacts:/1/models/m-1/artifacts
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    predict_fn: predict
    python_version: 3.11.7
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: {form}
    sklearn_version: 1.9.1
    skops_trusted_types: null
is_signature_from_type_hint: false
mlflow_version: 3.17.2
model_id: m-1
model_size_bytes: 1252
model_uuid: m-1
prompts: null
run_id: null
signature:
  inputs: '[{{"type": "double", "name": "alcohol", "required": true}}]'
  outputs: '[{{"type": "tensor", "tensor-spec": {{"dtype": "int64", "shape": [-1]}}}}]'
  params: null
type_hint_from_example: false
utc_time_created: '2026-11-23 00:28:06.189322'
"""


def names(directory):
    return {file.name for file in Path(directory).iterdir()}


def test_a_model_comes_back(model, frame):
    sklearn.save_model(model, "saved")
    assert names("saved") == FILES
    assert sklearn.load_model("saved").predict(frame).tolist() == model.predict(frame).tolist()
    assert names(".") >= {"saved"}
    assert not [name for name in names(".") if name.startswith(".saved")]


def test_mlmodel_has_mlflows_keys(model, frame):
    signature = infer_signature(frame, model.predict(frame))
    sklearn.save_model(model, "saved", signature=signature, metadata={"team": "x"})
    content = yaml.safe_load(Path("saved/MLmodel").read_text())
    assert content["flavors"]["sklearn"] == {
        "code": None,
        "pickled_model": "model.pkl",
        "serialization_format": "cloudpickle",
        "sklearn_version": sys.modules["sklearn"].__version__,
        "skops_trusted_types": None,
    }
    generic = content["flavors"]["python_function"]
    assert generic["loader_module"] == "mlflow.sklearn"
    assert (generic["model_path"], generic["predict_fn"]) == ("model.pkl", "predict")
    assert generic["env"] == {"conda": "conda.yaml", "virtualenv": "python_env.yaml"}
    assert content["signature"] == signature.to_dict()
    assert content["metadata"] == {"team": "x"}
    others = sum(file.stat().st_size for file in Path("saved").iterdir() if file.name != "MLmodel")
    assert content["model_size_bytes"] == others


def test_the_environment_is_pinned(model):
    sklearn.save_model(model, "saved")
    lines = Path("saved/requirements.txt").read_text().splitlines()
    assert lines == sorted(lines)
    assert f"scikit-learn=={sys.modules['sklearn'].__version__}" in lines
    assert {line.split("==")[0] for line in lines} == {"cloudpickle", "numpy", "pandas", "scikit-learn", "scipy"}
    conda = yaml.safe_load(Path("saved/conda.yaml").read_text())
    assert conda["dependencies"][-1] == {"pip": lines}
    python = yaml.safe_load(Path("saved/python_env.yaml").read_text())
    assert python["dependencies"] == ["-r requirements.txt"]


def test_pandas_is_left_out_when_the_model_never_saw_it():
    sklearn.save_model(LinearRegression().fit([[0.0], [1.0]], [0, 1]), "saved")
    assert "pandas" not in Path("saved/requirements.txt").read_text()


def test_requirements_are_the_callers_to_choose(model):
    sklearn.save_model(model, "chosen", pip_requirements=["scikit-learn"])
    assert Path("chosen/requirements.txt").read_text() == "scikit-learn\n"
    sklearn.save_model(model, "more", extra_pip_requirements=["lightgbm==4.6"])
    assert Path("more/requirements.txt").read_text().endswith("lightgbm==4.6\n")
    Path("own.txt").write_text("# mine\nscikit-learn\n")
    sklearn.save_model(model, "file", pip_requirements="own.txt")
    assert Path("file/requirements.txt").read_text() == "scikit-learn\n"
    own = {"name": "own", "dependencies": ["python=3.12", {"pip": ["scikit-learn"]}]}
    sklearn.save_model(model, "conda", conda_env=own)
    assert yaml.safe_load(Path("conda/conda.yaml").read_text()) == own
    assert Path("conda/requirements.txt").read_text() == "scikit-learn\n"
    with pytest.raises(InvalidParameterValue, match="not both"):
        sklearn.save_model(model, "both", pip_requirements=["a"], extra_pip_requirements=["b"])


def test_an_input_example_is_saved_and_gives_the_signature(model, frame):
    sklearn.save_model(model, "saved", input_example=frame.head(2))
    content = Model.load("saved")
    assert json.loads(Path("saved/input_example.json").read_text()) == {
        "columns": ["depth", "count"],
        "data": [[1.0, 1], [2.0, 2]],
    }
    assert "dataframe_split" in json.loads(Path("saved/serving_input_example.json").read_text())
    assert content.saved_input_example_info["type"] == "dataframe"
    assert content.get_input_schema().input_names() == ["depth", "count"]
    assert content.get_output_schema().is_tensor_spec()
    sklearn.save_model(model, "unsigned", input_example=frame.head(2), signature=False)
    assert Model.load("unsigned").signature is None


def test_array_examples(model, frame):
    line = LinearRegression().fit([[0.0], [1.0]], [0, 1])
    sklearn.save_model(line, "array", input_example=np.array([[0.5], [float("nan")]]), signature=False)
    assert json.loads(Path("array/input_example.json").read_text()) == [[0.5], [None]]
    assert json.loads(Path("array/serving_input_example.json").read_text()) == {"inputs": [[0.5], [None]]}
    assert Model.load("array").saved_input_example_info["type"] == "ndarray"


def test_functions_of_a_notebook_are_saved_with_the_model():
    sklearn.save_model(FunctionTransformer(lambda values: values * 2), "saved")
    assert sklearn.load_model("saved").transform(np.array([[2.0]])).tolist() == [[4.0]]
    assert set(Model.load("saved").flavors) == {"sklearn"}, "what cannot predict is no python_function"
    with pytest.raises(InvalidParameterValue, match="pickle"):
        sklearn.save_model(FunctionTransformer(lambda values: values), "plain", serialization_format="pickle")
    assert not Path("plain").exists()


def test_another_method_may_predict():
    sklearn.save_model(DBSCAN(), "saved", pyfunc_predict_fn="fit_predict", serialization_format="pickle")
    content = Model.load("saved")
    assert content.flavor("python_function")["predict_fn"] == "fit_predict"
    assert content.flavor("sklearn")["serialization_format"] == "pickle"
    assert isinstance(sklearn.load_model("saved"), DBSCAN)


def test_code_and_files_go_along(tmp_path, monkeypatch):
    module = tmp_path / "own_transform_for_test.py"
    module.write_text("def double(values):\n    return values * 2\n")
    (tmp_path / "notes.txt").write_text("hello")
    monkeypatch.syspath_prepend(str(tmp_path))
    import own_transform_for_test

    model = FunctionTransformer(own_transform_for_test.double)
    sklearn.save_model(model, "saved", code_paths=[str(module)], extra_files=["notes.txt"])
    assert Path("saved/extra_files/notes.txt").read_text() == "hello"
    assert Model.load("saved").flavor("sklearn")["extra_files"] == [{"path": "extra_files/notes.txt"}]
    del sys.modules["own_transform_for_test"]
    module.unlink()
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry != str(tmp_path)])
    assert sklearn.load_model("saved").transform(np.array([[2.0]])).tolist() == [[4.0]]
    with pytest.raises(InvalidParameterValue, match=r"nothing\.py"):
        sklearn.save_model(model, "broken", code_paths=["nothing.py"])
    assert not Path("broken").exists()


def test_a_directory_that_is_taken(model):
    Path("taken").mkdir()
    sklearn.save_model(model, "taken")
    with pytest.raises(ResourceAlreadyExists, match="taken"):
        sklearn.save_model(model, "taken")


@pytest.mark.parametrize("thing", [{"a": 1}, LinearRegression, "model"])
def test_only_estimators_are_saved(thing):
    with pytest.raises(InvalidParameterValue, match="estimator"):
        sklearn.save_model(thing, "saved")


def test_a_file_that_changed_is_not_loaded(model):
    sklearn.save_model(model, "saved")
    assert set(Model.load("saved").file_digests) == FILES - {"MLmodel"}
    Path("saved/model.pkl").write_bytes(pickle.dumps(LinearRegression()))
    with pytest.raises(DataLoss, match=r"model\.pkl"):
        sklearn.load_model("saved")
    Path("saved/model.pkl").unlink()
    with pytest.raises(DataLoss, match=r"model\.pkl"):
        sklearn.load_model("saved")


def test_formats(model):
    with pytest.raises(InvalidParameterValue, match="onnx"):
        sklearn.save_model(model, "saved", serialization_format="onnx")
    with pytest.raises(InvalidParameterValue, match="skops_trusted_types"):
        sklearn.save_model(model, "saved", serialization_format="pickle", skops_trusted_types=["a.B"])


def test_the_skops_format_runs_no_code(model, frame, monkeypatch):
    sklearn.save_model(model, "saved", serialization_format="skops")
    assert names("saved") == FILES - {"model.pkl"} | {"model.skops"}
    fields = Model.load("saved").flavor("sklearn")
    assert (fields["pickled_model"], fields["serialization_format"]) == ("model.skops", "skops")
    assert "skops==" in Path("saved/requirements.txt").read_text()
    assert "cloudpickle" not in Path("saved/requirements.txt").read_text()
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    assert sklearn.load_model("saved").predict(frame).tolist() == model.predict(frame).tolist()
    assert pyfunc.load_model("saved").predict(frame).tolist() == model.predict(frame).tolist()
    Path("saved/model.skops").write_bytes(b"PK")
    content = yaml.safe_load(Path("saved/MLmodel").read_text())
    del content["file_digests"]
    Path("saved/MLmodel").write_text(yaml.safe_dump(content))
    with pytest.raises(DataLoss, match=r"model\.skops"):
        sklearn.load_model("saved")


def test_types_that_skops_does_not_trust_are_named_by_the_user(frame, monkeypatch):
    tree = "sklearn.tree._tree.Tree"
    forest = RandomForestClassifier(n_estimators=2).fit(frame, [0, 1, 0, 1])
    with pytest.raises(InvalidParameterValue, match=rf"{tree}.*skops_trusted_types"):
        sklearn.save_model(forest, "saved", serialization_format="skops")
    assert not Path("saved").exists()
    sklearn.save_model(forest, "saved", skops_trusted_types=[tree])
    assert Model.load("saved").flavor("sklearn")["skops_trusted_types"] == [tree]
    assert sklearn.load_model("saved").predict(frame).tolist() == forest.predict(frame).tolist()
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="holds types that skops does not know"):
        sklearn.load_model("saved")


def written_by_mlflow(form):
    directory = Path("theirs")
    directory.mkdir()
    (directory / "MLmodel").write_text(WRITTEN_BY_MLFLOW.format(form=form))
    (directory / "model.pkl").write_bytes(pickle.dumps(LinearRegression().fit([[0.0], [1.0]], [0, 1])))


def test_a_model_of_mlflows_is_loaded():
    written_by_mlflow("cloudpickle")
    assert sklearn.load_model("theirs").predict([[3.0]]).round(6).tolist() == [3.0]
    content = Model.load("theirs")
    assert content.model_id == "m-1"
    assert content.signature.inputs.input_names() == ["alcohol"]


def test_what_cannot_be_loaded_says_why(monkeypatch):
    with pytest.raises(ResourceDoesNotExist, match="nowhere"):
        sklearn.load_model("nowhere")
    Path("empty").mkdir()
    with pytest.raises(ResourceDoesNotExist, match="MLmodel"):
        sklearn.load_model("empty")
    written_by_mlflow("onnx")
    with pytest.raises(InvalidParameterValue, match="'onnx'"):
        sklearn.load_model("theirs")
    Path("theirs/MLmodel").write_text(WRITTEN_BY_MLFLOW.format(form="pickle"))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        sklearn.load_model("theirs")
    monkeypatch.delenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION")
    Path("theirs/model.pkl").write_bytes(b"")
    with pytest.raises(DataLoss, match=r"model\.pkl"):
        sklearn.load_model("theirs")
    Path("theirs/MLmodel").write_text("flavors: {keras: {}}\n")
    with pytest.raises(InvalidParameterValue, match="keras"):
        sklearn.load_model("theirs")
    Path("theirs/MLmodel").write_text("{")
    with pytest.raises(InvalidParameterValue, match="damaged"):
        sklearn.load_model("theirs")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"name": "classifier"}, "classifier"),
        ({"artifact_path": "model"}, "model"),
        ({"artifact_path": "same", "name": "same"}, "same"),
        ({}, "model"),
    ],
)
def test_a_model_is_logged_with_the_active_run(model, frame, arguments, name):
    with assay.start_run() as run:
        info = sklearn.log_model(model, **arguments, input_example=frame.head(1))
    kept = assay.get_logged_model(info.model_id)
    assert (info.model_uri, info.name) == (f"models:/{kept.model_id}", name)
    assert (kept.name, kept.source_run_id, kept.status.value) == (name, run.info.run_id, "READY")
    assert (info.run_id, info.artifact_path) == (run.info.run_id, kept.artifact_location)
    assert set(info.flavors) == {"python_function", "sklearn"}
    assert info.signature.inputs.input_names() == ["depth", "count"]
    listed = {file.path for file in assay.Client().list_logged_model_artifacts(kept.model_id)}
    assert listed == FILES | {"input_example.json", "serving_input_example.json"}
    for uri in (info.model_uri, f"runs:/{run.info.run_id}/{name}"):
        assert sklearn.load_model(uri).predict(frame).tolist() == model.predict(frame).tolist()
    assert assay.list_artifacts(run.info.run_id) == []
    content = Model.load(assay.artifacts.download_artifacts(info.model_uri))
    assert (content.run_id, content.artifact_path) == (run.info.run_id, kept.artifact_location)
    assert (content.model_id, content.model_uuid) == (kept.model_id, kept.model_id)


def test_two_names_for_one_model_contradict(model):
    with pytest.raises(InvalidParameterValue, match="artifact_path"):
        sklearn.log_model(model, "one", name="two")


def test_a_registered_model_that_is_not_there_is_named():
    with pytest.raises(ResourceDoesNotExist, match="'fraud'"):
        sklearn.load_model("models:/fraud@champion")


def test_the_library_is_imported_when_it_is_used():
    import subprocess

    code = "import sys, assay, assay.flavors.sklearn; print('sklearn' in sys.modules, 'numpy' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["False", "False"]
