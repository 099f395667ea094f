"""What Assay saves, MLflow loads, by itself and as a generic model; what MLflow saves of it, Assay loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from assay.core.errors import InvalidParameterValue
from assay.flavors import pyfunc
from assay.flavors.saving import class_name
from assay.testing.environments import MLFLOW_CLIENT, made_environment

ENVIRONMENTS = Path(__file__).parents[2] / ".cache"
SIDE = Path(__file__).parent / "mlflow_side.py"
OWN_MODELS = Path(__file__).parent / "own_models.py"
LIBRARIES = """
catboost cloudpickle lightgbm numpy onnx onnxruntime pandas pyarrow scikit-learn scipy skops statsmodels xgboost-cpu
""".split()
NAMES = """
catboost_classifier lightgbm_booster lightgbm_estimator onnx_model sklearn_pipeline sklearn_skops statsmodels_results
xgboost_booster xgboost_estimator
""".split()

pytestmark = [pytest.mark.xdist_group("flavors"), pytest.mark.timeout(600)]


def described(trained):
    """The data of a model, for a process that has no Assay."""
    values = np.asarray(trained.data)
    columns = list(getattr(trained.data, "columns", ()))
    return {"flavor": trained.flavor, "rows": values.tolist(), "dtype": values.dtype.name, "columns": columns}


def answers(python, script, directory, *arguments):
    """Run a script in a directory; what it leaves in answers.json, if anything."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(directory), "MLFLOW_DISABLE_TELEMETRY": "true"}
    done = subprocess.run(
        [python, script, *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    left = directory / "answers.json"
    return json.loads(left.read_text()) if left.exists() else None


@pytest.fixture(scope="module")
def mlflow_side():
    """Run a script in an environment with MLflow, in a directory."""
    pins = (f"{name}=={metadata.version(name)}" for name in LIBRARIES)
    python = made_environment(MLFLOW_CLIENT, *pins, under=ENVIRONMENTS)

    return partial(answers, python)


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory, library_model, mlflow_side):
    """Every model, the directory where both sides saved it, and what MLflow said of Assay's."""
    directory = tmp_path_factory.mktemp("exchange")
    models = {name: library_model(name) for name in NAMES}
    (directory / "data").mkdir()
    for name, trained in models.items():
        example = trained.data[:2]
        trained.module.save_model(trained.model, directory / "ours" / name, input_example=example, **trained.options)
        (directory / "data" / f"{name}.json").write_text(json.dumps(described(trained)))
    return models, directory, mlflow_side(SIDE, directory)


@pytest.mark.parametrize("name", NAMES)
def test_mlflow_loads_what_assay_saved(exchanged, name):
    models, _, answers = exchanged
    assert answers[name]["class"] == class_name(models[name].model)
    assert np.allclose(answers[name]["predicted"], np.asarray(models[name].expected).ravel())
    assert answers[name]["example"] == 2


@pytest.mark.parametrize("name", NAMES)
def test_assay_loads_what_mlflow_saved(exchanged, name):
    models, directory, _ = exchanged
    again = models[name].module.load_model(str(directory / "theirs" / name))
    assert class_name(again) == class_name(models[name].model)
    assert models[name].agrees(again)


EXPECTED = {
    "scaled": [11.5, 21.5],
    "with a param": [13.5, 23.5],
    "example": [1.0, 2.0],
    "params": {"more": 0.5},
    "body": {"dataframe_split": {"columns": ["x"], "data": [[1.0], [2.0]]}, "params": {"more": 0.5}},
    "shouting": ["A", "B"],
    "packed": ["A"],
    "totals": [3.5],
    "doubled": [2.0, 4.0],
    "wrapping": [2.0, 4.0],
    "adds": [103.5],
    "adds, set": [203.5],
}


@pytest.fixture(scope="module")
def own_models(tmp_path_factory, mlflow_side):
    """The directory where both sides saved the same models of one's own."""
    directory = tmp_path_factory.mktemp("own")
    with_assay(OWN_MODELS, directory, "save", "ours")
    mlflow_side(OWN_MODELS, directory, "save", "theirs")
    return directory


def with_assay(script, directory, *arguments):
    return answers(sys.executable, script, directory, *arguments)


def test_models_of_ones_own_go_both_ways(own_models, mlflow_side):
    theirs = mlflow_side(OWN_MODELS, own_models, "answers", "ours")
    ours = with_assay(OWN_MODELS, own_models, "answers", "theirs")
    assert theirs.pop("signatures") == ours.pop("signatures")
    assert theirs == ours == EXPECTED


def test_their_signatures_are_enforced(own_models):
    with pytest.raises(InvalidParameterValue, match="item 0"):
        pyfunc.load_model(own_models / "theirs/shouting").predict([1])
    with pytest.raises(InvalidParameterValue, match=r"\['x'\]"):
        pyfunc.load_model(own_models / "theirs/doubled").predict({"y": [1.0]})
