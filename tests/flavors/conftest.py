"""Fitted models, and a library whose state is as new for every test."""

from __future__ import annotations

import os

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assay.client import connection
from assay.client.fluent import experiments, runs


@pytest.fixture(autouse=True)
def _fresh_library(_own_environment):
    yield
    while runs.active_run():
        runs.end_run()
    connection._close_all()
    experiments._active = None
    for name in ("EXPERIMENT_ID", "EXPERIMENT_NAME", "TRACKING_URI"):
        os.environ.pop(f"ASSAY_{name}", None)
        os.environ.pop(f"MLFLOW_{name}", None)


@pytest.fixture
def frame():
    return pd.DataFrame({"depth": [1.0, 2.0, 3.0, 4.0], "count": [1, 2, 3, 4]})


@pytest.fixture
def model(frame):
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, [0, 1, 0, 1])
