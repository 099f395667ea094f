"""Classifiers: their classes, probabilities, and what cannot be measured."""

from __future__ import annotations

import logging
import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assay.core.errors import InvalidParameterValue
from assay.evaluation import evaluate

CURVES = {"roc_curve_plot", "precision_recall_curve_plot", "calibration_curve_plot"}


def classified(model, data, config=None, **arguments):
    return evaluate(model, data, targets="target", model_type="classifier", evaluator_config=config, **arguments)


def test_a_class_that_never_occurs_leaves_its_area_undefined(wine, caplog):
    model, data = wine
    with caplog.at_level(logging.WARNING, "assay"):
        result = classified(model, data[data["target"] < 2])
    assert "the class 2 never occurs" in caplog.text
    assert math.isnan(result.metrics["roc_auc"])
    assert result.metrics["accuracy_score"] == result.metrics["score"]
    absent = result.artifacts["per_class_metrics"].content.set_index("positive_class").loc[2]
    assert (absent["true_positives"], absent["false_negatives"], absent["precision_recall_auc"]) == (0, 0, 0)
    assert math.isnan(absent["roc_auc"])
    assert set(result.artifacts) > CURVES


def test_a_class_that_the_model_does_not_know_is_always_missed(wine, features):
    _, data = wine
    known = data[data["target"] < 2]
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features(known), known["target"])
    result = classified(model, data)
    unknown = result.artifacts["per_class_metrics"].content.set_index("positive_class").loc[2]
    assert (unknown["true_positives"], unknown["recall_score"], unknown["roc_auc"]) == (0, 0, 0.5)
    assert result.metrics["accuracy_score"] < 0.8
    assert result.metrics["log_loss"] > 1


def test_functions_and_objects_that_predict_give_labels_alone(wine, features):
    model, data = wine

    class Wrapped:
        def predict(self, rows):
            return model.predict(rows)[:, None]

    whole = classified(model, data)
    for other in (model.predict, Wrapped(), lambda rows: {"label": model.predict(rows)}):
        result = classified(other, data)
        assert result.metrics["f1_score"] == whole.metrics["f1_score"]
        assert not CURVES & set(result.artifacts)
        assert "roc_auc" not in result.metrics


def test_arrays_are_read_as_arrays(wine, features):
    _, data = wine
    rows, answers = features(data).to_numpy(), data["target"].to_numpy()
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, answers)
    result = evaluate(model, rows, targets=answers, model_type="classifier")
    assert result.metrics["accuracy_score"] == model.score(rows, answers)
    named = result.artifacts["feature_importance"].content
    assert min(named["feature"]) == "feature_01"
    assert set(named["method"]) == {"coef_"}


def test_curves_of_very_many_classes_are_left_out(wine, caplog):
    result = classified(*wine, {"max_classes_for_multiclass_roc_pr": 2})
    assert CURVES & set(result.artifacts) == {"calibration_curve_plot"}
    assert "max_classes_for_multiclass_roc_pr=2" in caplog.text


def test_a_model_cannot_change_the_data(cancer):
    model, data = cancer
    before = data.copy()

    def careless(rows):
        answer = model.predict(rows)
        rows.iloc[:, 0] = 0
        return answer

    classified(careless, data)
    assert data.equals(before)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"label_list": [0]}, "lacks 1, which occurs"),
        ({"pos_label": 7}, r"pos_label 7 is not among the classes \[0, 1\]"),
        ({"sample_weights": [1.0]}, "1 sample_weights for 284 rows"),
        ({"sample_weights": [math.nan] * 284}, "sample_weights are missing"),
    ],
)
def test_options_that_do_not_fit_are_refused(cancer, config, message):
    with pytest.raises(InvalidParameterValue, match=message):
        classified(*cancer, config)


def test_one_class_alone_is_no_classification(cancer):
    model, data = cancer
    benign = data[(data["target"] == 1) & (model.predict(data.drop(columns="target")) == 1)]
    with pytest.raises(InvalidParameterValue, match="label_list"):
        classified(model.predict, benign)


def test_labels_of_another_type_are_refused(cancer):
    model, data = cancer
    with pytest.raises(InvalidParameterValue, match="no prediction can be right"):
        classified(lambda rows: model.predict(rows).astype(str), data)


def test_probabilities_of_unknown_classes_are_refused(wine):
    model, data = wine

    class Unsaid:
        def predict(self, rows):
            return model.predict(rows)

        def predict_proba(self, rows):
            return np.full((len(rows), 5), 0.2)

    with pytest.raises(InvalidParameterValue, match="5 probabilities for 3 classes"):
        classified(Unsaid(), data)


@pytest.mark.parametrize("dtype", [object, "boolean", "Int64", "category", float])
def test_labels_of_every_type_of_column(cancer, dtype):
    model, data = cancer
    result = classified(model.predict, data.astype({"target": dtype}))
    assert result.metrics["accuracy_score"] == model.score(data.drop(columns="target"), data["target"])


def test_labels_of_several_types_are_refused(cancer):
    model, data = cancer
    mixed = data.astype({"target": object})
    mixed.loc[0, "target"] = "benign"
    with pytest.raises(InvalidParameterValue, match="targets are of several types"):
        classified(model.predict, mixed)
