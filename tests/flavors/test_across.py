"""What Assay saves, MLflow loads, by itself and as a generic model; what MLflow saves of it, Assay loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import cloudpickle
import numpy as np
import pandas as pd
import pytest

from assay.core.errors import InvalidParameterValue
from assay.flavors import pyfunc
from assay.flavors.saving import class_name
from assay.testing.environments import made_environment

ENVIRONMENTS = Path(__file__).parents[2] / ".cache"
SIDE = Path(__file__).parent / "mlflow_side.py"
PYFUNC_SIDE = Path(__file__).parent / "pyfunc_side.py"
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


@pytest.fixture(scope="module")
def mlflow_side():
    """Run a script in an environment with MLflow, in a directory."""
    pins = (f"{name}=={metadata.version(name)}" for name in LIBRARIES)
    python = made_environment("mlflow-skinny==3.17.2", *pins, under=ENVIRONMENTS)

    def run(script, directory):
        environment = {"PATH": os.environ["PATH"], "HOME": str(directory), "MLFLOW_DISABLE_TELEMETRY": "true"}
        done = subprocess.run(
            [python, script], cwd=directory, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads((directory / "answers.json").read_text())

    return run


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


class Scaled(pyfunc.PythonModel):
    """Multiplies by what an artifact holds, and adds a setting and a param."""

    def load_context(self, context):
        self.factor = json.loads(Path(context.artifacts["factor"]).read_text())

    def predict(self, context, model_input, params=None):
        return model_input["x"] * self.factor + context.model_config["bias"] + params["more"]


class Shouting(pyfunc.PythonModel):
    """Has type hints and no context."""

    def predict(self, model_input: list[str]) -> list[str]:
        return [one.upper() for one in model_input]


def test_models_of_ones_own_go_both_ways(mlflow_side, tmp_path, request):
    own = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(own)  # as in a script, whose classes are saved with the model
    request.addfinalizer(lambda: cloudpickle.unregister_pickle_by_value(own))
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    (tmp_path / "factor.json").write_text("10")
    pyfunc.save_model(
        tmp_path / "ours/scaled",
        python_model=Scaled(),
        artifacts={"factor": str(tmp_path / "factor.json")},
        model_config={"bias": 1},
        input_example=(frame, {"more": 0.5}),
    )
    pyfunc.save_model(tmp_path / "ours/shouting", python_model=Shouting())
    pyfunc.save_model(tmp_path / "ours/doubled", python_model=lambda model_input: model_input * 2, input_example=frame)
    wanted = {"scaled": [11.5, 21.5], "with a param": [13.5, 23.5], "shouting": ["A", "B"], "doubled": [2.0, 4.0]}
    assert mlflow_side(PYFUNC_SIDE, tmp_path) == wanted
    scaled = pyfunc.load_model(tmp_path / "theirs/scaled")
    assert {
        "scaled": scaled.predict(frame).tolist(),
        "with a param": scaled.predict(frame, params={"more": 2.5}).tolist(),
        "shouting": pyfunc.load_model(tmp_path / "theirs/shouting").predict(["a", "b"]),
        "doubled": pyfunc.load_model(tmp_path / "theirs/doubled").predict(frame)["x"].tolist(),
    } == wanted
    with pytest.raises(InvalidParameterValue, match="item 0"):
        pyfunc.load_model(tmp_path / "theirs/shouting").predict([1])
