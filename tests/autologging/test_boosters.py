"""What the autologging of XGBoost, LightGBM and statsmodels records: what a real MLflow did, keys and values."""

from __future__ import annotations

import importlib.util
import json
import logging
from pathlib import Path

import pytest

import assay
from assay.autologging import patching

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "recorded/boosters-autolog.json").read_text())
"""From MLflow 3.17.2 with XGBoost 3.2.0, LightGBM 4.7.0 and statsmodels 0.15.0, written by trained.py."""
FLAVORS = ("sklearn", "xgboost", "lightgbm", "statsmodels")


def _trained():
    spec = importlib.util.spec_from_file_location("trained", HERE / "trained.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


trained = _trained()
X, Y = trained.X, trained.Y


@pytest.fixture(autouse=True)
def _off():
    yield
    for name in FLAVORS:
        getattr(assay, name).autolog(disable=True)
        patching.forget_choice(name)


@pytest.fixture
def warned(caplog):
    caplog.set_level(logging.WARNING, logger="assay")
    return lambda: [record.message for record in caplog.records if record.name == "assay.autologging"]


def approximately(value):
    """The same facts, with numbers that may differ by rounding."""
    if isinstance(value, dict):
        return {key: approximately(one) for key, one in value.items()}
    if isinstance(value, list):
        return [approximately(one) for one in value]
    return pytest.approx(value, rel=2e-3) if isinstance(value, float) else value


def without_datasets(models):
    """The same models, with nothing said of which data their metrics are of."""
    for model in models.values():
        model["metrics"] = [[*one[:3], "None"] for one in model["metrics"]]


def as_assay_has_it(name, expected):
    """What MLflow recorded, where Assay records it differently, and on purpose."""
    if name.startswith("statsmodels"):
        for params in (expected["params"], *(model["params"] for model in expected["models"].values())):
            params.pop("kwargs", None)  # MLflow: the mark for a missing default, as text
    elif not name.endswith("search"):
        without_datasets(expected["models"])  # MLflow: the best metrics of held-out data as those of training data
    for model in expected["models"].values():
        if model["params"] == {}:  # MLflow: a model that was begun before its training has none
            model["params"] = expected["params"]
    return expected


@pytest.mark.parametrize("name", trained.TRAININGS)
def test_recorded_as_mlflow_does(name, warned):
    trained.TRAININGS[name](assay)
    ours = trained.facts(assay, trained.last_run(assay).info.run_id)
    theirs = as_assay_has_it(name, json.loads(json.dumps(RECORDED[name])))
    if name.startswith("statsmodels"):  # MLflow records no data of them
        assert [one[4] for one in ours["inputs"]] == ([] if name == "statsmodels_frame" else ["train"])
        ours["inputs"] = []
        without_datasets(ours["models"])
    assert ours.keys() == theirs.keys()
    for part, expected in theirs.items():
        assert ours[part] == approximately(expected), part
    assert warned() == []
