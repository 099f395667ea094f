"""What Assay saves, MLflow loads, by itself and as a generic model; what MLflow saves of it, Assay loads."""

from __future__ import annotations

import json
import os
import subprocess
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from assay.flavors.saving import class_name
from assay.testing.environments import made_environment

ENVIRONMENTS = Path(__file__).parents[2] / ".cache"
SIDE = Path(__file__).parent / "mlflow_side.py"
LIBRARIES = """
catboost cloudpickle lightgbm numpy onnx onnxruntime pandas pyarrow scikit-learn scipy statsmodels xgboost-cpu
""".split()
NAMES = """
catboost_classifier lightgbm_booster lightgbm_estimator onnx_model statsmodels_results xgboost_booster xgboost_estimator
""".split()

pytestmark = [pytest.mark.xdist_group("flavors"), pytest.mark.timeout(600)]


def described(trained):
    """The data of a model, for a process that has no Assay."""
    values = np.asarray(trained.data)
    columns = list(getattr(trained.data, "columns", ()))
    return {"flavor": trained.flavor, "rows": values.tolist(), "dtype": values.dtype.name, "columns": columns}


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory, library_model):
    """Every model, the directory where both sides saved it, and what MLflow said of Assay's."""
    pins = (f"{name}=={metadata.version(name)}" for name in LIBRARIES)
    python = made_environment("mlflow-skinny==3.17.2", *pins, under=ENVIRONMENTS)
    directory = tmp_path_factory.mktemp("exchange")
    models = {name: library_model(name) for name in NAMES}
    (directory / "data").mkdir()
    for name, trained in models.items():
        trained.module.save_model(trained.model, directory / "ours" / name, input_example=trained.data[:2])
        (directory / "data" / f"{name}.json").write_text(json.dumps(described(trained)))
    environment = {"PATH": os.environ["PATH"], "HOME": str(directory), "MLFLOW_DISABLE_TELEMETRY": "true"}
    done = subprocess.run([python, SIDE], cwd=directory, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return models, directory, json.loads((directory / "answers.json").read_text())


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
