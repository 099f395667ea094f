"""Models of each library are saved as MLflow saves them, in the library's own format, and come back."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import skops.io
import yaml

import assay
from assay.core.errors import (
    ConfigurationError,
    DataLoss,
    InvalidParameterValue,
    ResourceDoesNotExist,
)
from assay.flavors import FLAVORS
from assay.flavors.mlmodel import Model

SAVED_AS = {
    "xgboost_estimator": ("model.ubj", {"model_class": "xgboost.sklearn.XGBClassifier", "model_format": "ubj"}),
    "xgboost_booster": ("model.ubj", {"model_class": "xgboost.core.Booster", "model_format": "ubj"}),
    "lightgbm_estimator": (
        "model.skops",
        {
            "model_class": "lightgbm.sklearn.LGBMRegressor",
            "serialization_format": "skops",
            "skops_trusted_types": [
                *(f"lightgbm.sklearn.LGBM{kind}" for kind in ("Regressor", "Classifier", "Ranker")),
                *("lightgbm.basic.Booster", "collections.OrderedDict"),
            ],
        },
    ),
    "lightgbm_booster": (
        "model.lgb",
        {"model_class": "lightgbm.basic.Booster", "serialization_format": None, "skops_trusted_types": None},
    ),
    "statsmodels_results": ("model.statsmodels", {}),
    "onnx_model": (
        "model.onnx",
        {"providers": ["CUDAExecutionProvider", "CPUExecutionProvider"], "onnx_session_options": None},
    ),
    "catboost_classifier": ("model.cb", {"model_type": "CatBoostClassifier", "save_format": "cbm"}),
}
"""The file of each model, and what of the flavor's keys MLflow writes beside `data`, `code` and the version."""

VERSIONS = {
    "xgboost": "xgb_version",
    "lightgbm": "lgb_version",
    "statsmodels": "statsmodels_version",
    "onnx": "onnx_version",
    "catboost": "catboost_version",
}


@pytest.fixture(scope="module", params=SAVED_AS)
def trained(request, library_model):
    return library_model(request.param)


@pytest.fixture
def saved_as(trained, request):
    return SAVED_AS[request.node.callspec.params["trained"]]


def test_a_model_comes_back(trained):
    trained.module.save_model(trained.model, "saved")
    again = trained.module.load_model("saved")
    assert type(again) is type(trained.model)
    assert trained.agrees(again)


def test_mlmodel_has_mlflows_keys(trained, saved_as):
    file, fields = saved_as
    trained.module.save_model(trained.model, "saved", metadata={"team": "x"})
    content = yaml.safe_load(Path("saved/MLmodel").read_text())
    version = sys.modules[trained.flavor].__version__
    expected = {"data": file, "code": None, VERSIONS[trained.flavor]: version}
    assert content["flavors"][trained.flavor] == fields | expected
    generic = content["flavors"]["python_function"]
    assert generic["loader_module"] == f"mlflow.{trained.flavor}"
    assert generic["data"] == file
    assert generic["env"] == {"conda": "conda.yaml", "virtualenv": "python_env.yaml"}
    assert content["metadata"] == {"team": "x"}
    assert Path("saved", file).is_file()


def test_the_environment_is_pinned(trained):
    trained.module.save_model(trained.model, "saved")
    lines = Path("saved/requirements.txt").read_text().splitlines()
    names = {line.partition("==")[0].removesuffix("-cpu") for line in lines}
    assert {trained.flavor, "numpy"} <= names
    others = "cloudpickle numpy onnxruntime pandas pyarrow scikit-learn scipy skops".split()
    assert names <= {trained.flavor, *others}
    assert all("==" in line for line in lines)
    assert trained.module.get_default_conda_env()["dependencies"][-1]["pip"]


def test_an_input_example_gives_the_signature(trained):
    trained.module.save_model(trained.model, "saved", input_example=trained.data[:2])
    signature = Model.load("saved").signature
    assert signature.inputs.is_tensor_spec() == isinstance(trained.data, np.ndarray)
    assert signature.outputs is not None
    assert json.loads(Path("saved/input_example.json").read_text())
    trained.module.save_model(trained.model, "unsigned", input_example=trained.data[:2], signature=False)
    assert Model.load("unsigned").signature is None


def test_a_model_is_logged_and_registered(trained):
    with assay.start_run() as run:
        info = trained.module.log_model(
            trained.model,
            name="kept",
            input_example=trained.data[:2],
            params={"depth": 2},
            registered_model_name=f"own-{trained.flavor}",
        )
    assert info.run_id == run.info.run_id
    assert info.registered_model_version == 1
    assert set(info.flavors) == {"python_function", trained.flavor}
    assert assay.get_logged_model(info.model_id).params == {"depth": "2"}
    assert trained.agrees(trained.module.load_model(info.model_uri))
    assert trained.agrees(trained.module.load_model(f"models:/own-{trained.flavor}/1"))


def test_only_models_of_the_library_are_saved(trained):
    for thing in ({"a": 1}, "model", type(trained.model)):
        with pytest.raises(InvalidParameterValue, match=r"is no|is none"):
            trained.module.save_model(thing, "saved")
    assert not Path("saved").exists()
    with pytest.raises(InvalidParameterValue, match="signature=True"):
        trained.module.save_model(trained.model, "saved", signature=True)


def test_a_damaged_model_says_so(trained, saved_as):
    trained.module.save_model(trained.model, "saved")
    file = Path("saved", saved_as[0])
    file.write_bytes(b"damaged")
    with pytest.raises(DataLoss, match="has changed"):
        trained.module.load_model("saved")
    description = yaml.safe_load(Path("saved/MLmodel").read_text())
    del description["file_digests"]
    Path("saved/MLmodel").write_text(yaml.safe_dump(description))
    with pytest.raises(DataLoss, match="damaged"):
        trained.module.load_model("saved")
    file.unlink()
    with pytest.raises(ResourceDoesNotExist, match=file.name):
        trained.module.load_model("saved")
    description["flavors"][trained.flavor]["data"] = f"../saved/{file.name}"
    Path("saved/MLmodel").write_text(yaml.safe_dump(description))
    with pytest.raises(InvalidParameterValue, match="path"):
        trained.module.load_model("saved")


def test_pickles_are_loaded_by_rule(trained, saved_as, monkeypatch):
    trained.module.save_model(trained.model, "saved")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    if saved_as[0] == "model.statsmodels":
        with pytest.raises(ConfigurationError, match="pickle"):
            trained.module.load_model("saved")
    else:
        assert trained.agrees(trained.module.load_model("saved"))


@pytest.mark.parametrize("name", sorted(set(FLAVORS) - {"sklearn"}))
def test_the_library_is_imported_when_it_is_used(name):
    library = FLAVORS[name].imports
    code = f"import sys, assay; assay.{name}.load_model; print({library!r} in sys.modules, 'numpy' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["False", "False"]


@pytest.mark.parametrize("model_format", ["json", "ubj"])
def test_formats_of_xgboost(model_format, library_model):
    trained = library_model("xgboost_booster")
    trained.module.save_model(trained.model, "saved", model_format=model_format)
    assert trained.agrees(trained.module.load_model("saved"))
    with pytest.raises(InvalidParameterValue, match="model_format"):
        trained.module.save_model(trained.model, "other", model_format="../ubj")


def test_a_class_of_the_users_own_is_loaded_as_code_is(tmp_path, monkeypatch):
    import xgboost

    source = tmp_path / "own_booster_for_test.py"
    source.write_text("import xgboost\n\nclass Own(xgboost.XGBRegressor):\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    own = importlib.import_module("own_booster_for_test")
    model = own.Own(n_estimators=2).fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 4.0])
    assay.xgboost.save_model(model, "saved", code_paths=[str(source)])
    del sys.modules["own_booster_for_test"]
    source.unlink()
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry != str(tmp_path)])
    importlib.invalidate_caches()
    assert type(assay.xgboost.load_model("saved")).__name__ == "Own"
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        assay.xgboost.load_model("saved")
    assert issubclass(own.Own, xgboost.XGBModel)


@pytest.mark.parametrize("name", ["subprocess.Popen", "no_such_module.Own", "Own", "xgboost.DMatrix", "xgboost.none"])
def test_a_class_that_is_no_model_is_refused(name, library_model):
    trained = library_model("xgboost_booster")
    trained.module.save_model(trained.model, "saved")
    text = Path("saved/MLmodel").read_text()
    Path("saved/MLmodel").write_text(text.replace("xgboost.core.Booster", name))
    with pytest.raises(InvalidParameterValue, match=name):
        trained.module.load_model("saved")


@pytest.mark.parametrize("form", ["pickle", "cloudpickle"])
def test_pickles_of_lightgbm(form, library_model, monkeypatch):
    trained = library_model("lightgbm_estimator")
    trained.module.save_model(trained.model, "saved", serialization_format=form)
    assert trained.agrees(trained.module.load_model("saved"))
    text = Path("saved/MLmodel").read_text()
    Path("saved/MLmodel").write_text(text.replace(f"serialization_format: {form}", "serialization_format: onnx"))
    with pytest.raises(InvalidParameterValue, match="'onnx'"):
        trained.module.load_model("saved")
    Path("saved/MLmodel").write_text(text)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="pickle"):
        trained.module.load_model("saved")
    with pytest.raises(InvalidParameterValue, match="'onnx'"):
        trained.module.save_model(trained.model, "other", serialization_format="onnx")


def test_types_that_skops_does_not_know_are_named_by_the_user(library_model, monkeypatch):
    trained = library_model("lightgbm_estimator")
    trained.model.note = SimpleNamespace(text="mine")
    with pytest.raises(InvalidParameterValue, match=r"SimpleNamespace.*skops_trusted_types"):
        trained.module.save_model(trained.model, "saved")
    types = skops.io.get_untrusted_types(data=skops.io.dumps(trained.model))
    trained.module.save_model(trained.model, "saved", skops_trusted_types=types)
    assert trained.agrees(trained.module.load_model("saved"))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        trained.module.load_model("saved")
    monkeypatch.delenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION")
    lines = Path("saved/MLmodel").read_text().splitlines()
    Path("saved/MLmodel").write_text("\n".join(line for line in lines if "SimpleNamespace" not in line))
    with pytest.raises(InvalidParameterValue, match="nobody named"):
        trained.module.load_model("saved")


def test_the_environment_has_what_a_pickle_names(library_model):
    results = library_model("statsmodels_results").model
    results.model.note = skops.io.exceptions.UntrustedTypesFoundException
    results.model.same = [results.model.note]
    assay.statsmodels.save_model(results, "saved")
    assert f"skops=={metadata.version('skops')}" in Path("saved/requirements.txt").read_text().splitlines()


def test_results_without_their_data_are_smaller(library_model):
    trained = library_model("statsmodels_results")
    trained.module.save_model(trained.model, "whole")
    trained.module.save_model(trained.model, "bare", remove_data=True)
    sizes = [Path(name, "model.statsmodels").stat().st_size for name in ("whole", "bare")]
    assert sizes[1] < sizes[0]
    assert trained.agrees(trained.module.load_model("bare"))


def test_a_model_of_time_series_predicts_from_start_to_end():
    from statsmodels.tsa.ar_model import AutoReg

    model = AutoReg(np.arange(24.0) % 5, lags=1).fit()
    asked = pd.DataFrame({"start": [20], "end": [26]})
    assay.statsmodels.save_model(model, "saved", input_example=asked)
    found = assay.statsmodels.predict(assay.statsmodels.load_model("saved"), asked)
    assert np.allclose(found, model.predict(20, 26))
    assert Model.load("saved").get_input_schema().input_names() == ["start", "end"]
    with pytest.raises(InvalidParameterValue, match="start and end"):
        assay.statsmodels.predict(model, pd.DataFrame({"depth": [1.0]}))


def test_formats_of_catboost(library_model):
    import catboost

    trained = library_model("catboost_classifier")
    trained.module.save_model(trained.model, "saved", format="json")
    assert Model.load("saved").flavor("catboost")["save_format"] == "json"
    assert trained.agrees(trained.module.load_model("saved"))
    with pytest.raises(InvalidParameterValue, match="'cpp'"):
        trained.module.save_model(trained.model, "other", format="cpp")
    with pytest.raises(InvalidParameterValue, match="not trained"):
        trained.module.save_model(catboost.CatBoost(), "other")
    text = Path("saved/MLmodel").read_text()
    Path("saved/MLmodel").write_text(text.replace("model_type: CatBoostClassifier", "model_type: Pool"))
    with pytest.raises(InvalidParameterValue, match="'Pool'"):
        trained.module.load_model("saved")
