"""Regressors: errors, residuals, importance, and what cannot be measured."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor

from assay.core.errors import InvalidParameterValue
from assay.evaluation import evaluate


def regressed(model, data, **arguments):
    return evaluate(model, data, targets="target", model_type="regressor", **arguments)


def test_figures_of_a_regressor(diabetes):
    assert set(regressed(*diabetes).artifacts) == {
        "residuals_plot",
        "predicted_against_actual_plot",
        "feature_importance",
        "feature_importance_plot",
    }


@pytest.mark.parametrize(
    ("kind", "options", "method"),
    [
        (RandomForestRegressor, {"n_estimators": 10}, "feature_importances_"),
        (HistGradientBoostingRegressor, {"max_iter": 20}, "permutation"),
    ],
)
def test_importance_is_the_models_own_or_what_shuffling_costs(diabetes, features, kind, options, method):
    _, data = diabetes
    model = kind(random_state=0, **options).fit(features(data), data["target"])
    table = regressed(model, data).artifacts["feature_importance"].content
    assert set(table["method"]) == {method}
    assert set(table["feature"][:2]) == {"bmi", "s5"}
    assert table["importance"].is_monotonic_decreasing


def test_importance_can_be_left_out(diabetes):
    result = regressed(*diabetes, evaluator_config={"log_model_explainability": False})
    assert "feature_importance" not in result.artifacts


def test_shuffling_is_left_out_for_very_many_features(diabetes, features):
    _, data = diabetes
    wide = np.tile(features(data).to_numpy(), (1, 6))
    model = HistGradientBoostingRegressor(max_iter=5).fit(wide, data["target"])
    result = evaluate(model, wide, targets=data["target"], model_type="regressor")
    assert "feature_importance" not in result.artifacts


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("target", r"targets are missing \(NaN or None\) in 2 of 221 rows, first in row 3"),
        ("guess", r"predictions are missing \(NaN or None\) in 2 of 221 rows, first in row 3"),
    ],
)
def test_missing_values_are_refused_before_anything_is_logged(diabetes, column, message):
    import assay

    model, data = diabetes
    data = data.assign(guess=model.predict(data.drop(columns="target")))
    data.loc[[3, 8], column] = np.nan
    with pytest.raises(InvalidParameterValue, match=message):
        regressed(None, data, predictions="guess")
    assert assay.active_run() is None
    assert assay.search_runs(output_format="list") == []


@pytest.mark.parametrize("value", ["many", np.inf])
def test_answers_that_are_no_numbers_are_refused(diabetes, value):
    model, data = diabetes
    wrong = data.astype({"target": object})
    wrong.loc[3, "target"] = value
    with pytest.raises(InvalidParameterValue, match="targets"):
        regressed(model.predict, wrong)
