"""Fitted models, and a library whose state is as new for every test."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assay.flavors import FLAVORS

FRAME = pd.DataFrame({"depth": np.arange(24.0), "width": np.arange(24.0) % 5})
LABELS = (FRAME["depth"] > 11).astype(int)


@dataclass(frozen=True)
class Trained:
    """A model, and what its library says that it predicts."""

    flavor: str
    model: Any
    data: Any
    expected: Any
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def module(self):
        """The flavor that saves and loads it."""
        return importlib.import_module(FLAVORS[self.flavor].module)

    def agrees(self, model):
        """Whether this model predicts the same."""
        predict = getattr(self.module, "predict", None)
        found = predict(model, self.data) if predict else model.predict(self.data)
        return np.allclose(next(iter(found.values())) if isinstance(found, dict) else found, self.expected)


def sklearn_pipeline():
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(FRAME, LABELS)
    return Trained("sklearn", model, FRAME, model.predict(FRAME))


def sklearn_skops():
    kept = sklearn_pipeline()
    return Trained("sklearn", kept.model, kept.data, kept.expected, {"serialization_format": "skops"})


def xgboost_estimator():
    import xgboost

    model = xgboost.XGBClassifier(n_estimators=3).fit(FRAME, LABELS)
    return Trained("xgboost", model, FRAME, model.predict(FRAME))


def xgboost_booster():
    import xgboost

    data = xgboost.DMatrix(FRAME, LABELS)
    model = xgboost.train({"max_depth": 2}, data, 3)
    return Trained("xgboost", model, FRAME, model.predict(data))


def lightgbm_estimator():
    import lightgbm

    model = lightgbm.LGBMRegressor(n_estimators=3, min_child_samples=2, verbose=-1).fit(FRAME, LABELS)
    return Trained("lightgbm", model, FRAME, model.predict(FRAME))


def lightgbm_booster():
    model = lightgbm_estimator().model.booster_
    return Trained("lightgbm", model, FRAME, model.predict(FRAME))


def statsmodels_results():
    import statsmodels.api

    model = statsmodels.api.OLS(LABELS, FRAME).fit()
    return Trained("statsmodels", model, FRAME, model.predict(FRAME))


def onnx_model():
    import onnxruntime
    import skl2onnx
    from sklearn.linear_model import LinearRegression

    data = FRAME.to_numpy().astype("float32")
    model = skl2onnx.to_onnx(LinearRegression().fit(data, LABELS), data)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return Trained("onnx", model, data, session.run(None, {session.get_inputs()[0].name: data})[0])


def catboost_classifier():
    import catboost

    model = catboost.CatBoostClassifier(iterations=3, verbose=False, allow_writing_files=False).fit(FRAME, LABELS)
    return Trained("catboost", model, FRAME, model.predict(FRAME))


MAKERS = {
    maker.__name__: maker
    for maker in (
        sklearn_pipeline,
        sklearn_skops,
        xgboost_estimator,
        xgboost_booster,
        lightgbm_estimator,
        lightgbm_booster,
        statsmodels_results,
        onnx_model,
        catboost_classifier,
    )
}


@pytest.fixture(scope="session")
def library_model():
    """Train a small model of this name."""
    return lambda name: MAKERS[name]()


@pytest.fixture(autouse=True)
def _fresh(fresh_library):
    pass


@pytest.fixture
def frame():
    return pd.DataFrame({"depth": [1.0, 2.0, 3.0, 4.0], "count": [1, 2, 3, 4]})


@pytest.fixture
def model(frame):
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, [0, 1, 0, 1])
