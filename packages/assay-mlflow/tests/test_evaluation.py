"""Evaluation under MLflow's names."""

from __future__ import annotations

import pandas as pd
import pytest
from mlflow.models.evaluation import evaluate as the_same

import mlflow
from mlflow import MlflowException
from mlflow.metrics import MetricValue, make_metric
from mlflow.models import EvaluationResult, MetricThreshold, evaluate


def test_models_are_evaluated_under_mlflows_names():

    def off(predictions, targets):
        return MetricValue(aggregate_results={"most": (predictions - targets).abs().max()})

    scored = pd.DataFrame({"price": [1.0, 2.0, 4.0], "guess": [1.0, 3.0, 2.0]})
    result = mlflow.evaluate(
        data=scored,
        targets="price",
        predictions="guess",
        model_type="regressor",
        extra_metrics=[make_metric(eval_fn=off, greater_is_better=False)],
    )
    assert evaluate is the_same is mlflow.evaluate
    assert isinstance(result, EvaluationResult)
    assert (result.metrics["max_error"], result.metrics["off/most"]) == (2, 2)
    mlflow.validate_evaluation_results({"max_error": MetricThreshold(threshold=2, greater_is_better=False)}, result)
    with pytest.raises(MlflowException, match="at most 1"):
        mlflow.validate_evaluation_results({"max_error": MetricThreshold(threshold=1, greater_is_better=False)}, result)
